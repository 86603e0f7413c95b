//! What a computer must have before a kernel can be built, booted and debugged: looked for, told
//! and installed.
//!
//! Three commands share one list of [`Need`]s. `doctor` looks at all of them and changes nothing;
//! `setup` installs those that are missing; and [`require`] does the same for the few that one
//! command needs, so that whoever types `make run` on a new machine gets a kernel that runs and not
//! a list of homework. That path is taken before every run and so starts one process at most, for a
//! fiftieth of a second.
//!
//! A password is never asked for: who is neither the administrator nor may act as one without it is
//! told what to type.

mod apt;
mod consent;
mod install;
mod network;
mod privilege;
mod probe;
mod report;
mod system;
mod toolchain;
mod version;

pub use probe::{find_chromium, find_gdb, find_linker, find_linux, has_firmware, version};
pub use toolchain::{Toolchain, musl_target, toolchain, variable_of};

use std::path::PathBuf;

use crate::failure::{Failure, Result};
use crate::ui;
use crate::workspace::Workspace;

/// Something that a command needs from the computer on which it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need<'a> {
    /// A C compiler, with which Rust links programs of this computer.
    Linker,
    /// A Rust that builds for every machine of `build-config.toml`.
    Targets,
    /// The formatter.
    Rustfmt,
    /// The linter.
    Clippy,
    /// This QEMU program.
    Qemu(&'a str),
    /// What runs programs for Linux that are for this architecture.
    Linux(&'a str),
    /// A Rust that builds programs for Linux with musl, for every machine. Only rustup has that.
    Musl,
    /// A debugger for this architecture.
    Gdb(&'a str),
    /// Git.
    Git,
    /// A program that shows a long text page by page.
    Pager,
    /// A browser, in which the book is tested.
    Chromium,
    /// What runs the tests of the book.
    Node,
    /// What fetches the libraries of these tests.
    Npm,
}

impl<'a> Need<'a> {
    /// What the tests of the book need, and nobody who only builds it.
    pub const BOOK_TESTS: [Self; 3] = [Self::Chromium, Self::Node, Self::Npm];

    /// All that any command needs.
    fn all(workspace: &'a Workspace) -> Vec<Self> {
        let machines = &workspace.config.machines;
        let mut needs = vec![Self::Linker, Self::Targets, Self::Rustfmt, Self::Clippy];
        needs.extend(machines.values().map(|machine| Self::Qemu(&machine.qemu)));
        needs.extend(machines.keys().filter_map(|arch| Self::linux(arch)));
        needs.push(Self::Musl);
        needs.extend(machines.keys().map(|arch| Self::Gdb(arch)));
        needs.extend([Self::Git, Self::Pager]);
        needs.extend(Self::BOOK_TESTS);
        needs
    }

    /// What runs programs for Linux that are for `arch`, if Linux itself does not, but can have it
    /// done.
    pub fn linux(arch: &'a str) -> Option<Self> {
        (cfg!(target_os = "linux") && std::env::consts::ARCH != arch).then_some(Self::Linux(arch))
    }

    /// Whether it is there; answered without asking any program for its version.
    fn is_met(&self, workspace: &Workspace) -> bool {
        match self {
            Self::Linker => probe::find_linker().is_some(),
            Self::Targets => toolchain(workspace).builds_kernels(),
            Self::Rustfmt => toolchain(workspace).has_program("cargo-fmt"),
            Self::Clippy => toolchain(workspace).has_program("cargo-clippy"),
            Self::Qemu(program) => probe::find(program).is_some(),
            Self::Linux(arch) => find_linux(arch).is_some(),
            Self::Musl => toolchain(workspace).has_all_of_musl(),
            Self::Gdb(arch) => find_gdb(arch).is_some(),
            Self::Git => probe::find("git").is_some(),
            Self::Pager => probe::find("less").is_some(),
            Self::Chromium => probe::find_chromium().is_some(),
            Self::Node => probe::find("node").is_some(),
            Self::Npm => probe::find("npm").is_some(),
        }
    }

    /// Its name in a sentence.
    fn name(&self) -> String {
        match self {
            Self::Linker => "a C compiler (it links)".into(),
            Self::Targets => "Rust's bare-metal targets".into(),
            Self::Rustfmt => "rustfmt".into(),
            Self::Clippy => "clippy".into(),
            Self::Qemu(program) => (*program).into(),
            Self::Linux(arch) => format!("qemu-{arch} (to test programs)"),
            Self::Musl => "Rust's musl targets (for test suites)".into(),
            Self::Gdb(arch) => format!("gdb for {arch}"),
            Self::Git => "git".into(),
            Self::Pager => "less".into(),
            Self::Chromium => "Chromium (to test the book)".into(),
            Self::Node => "node (to test the book)".into(),
            Self::Npm => "npm (to test the book)".into(),
        }
    }
}

/// Says what is there, what is missing and what to type; fails if something is missing.
pub fn doctor(workspace: &Workspace) -> Result<()> {
    let is_complete = report::print(workspace);
    let missing = missing(workspace, &Need::all(workspace));
    if !missing.is_empty() {
        anstream::println!("\n`make setup` installs what is missing. By hand:");
        for line in install::advice(workspace, &missing) {
            anstream::println!("    {line}");
        }
    }
    if is_complete { Ok(()) } else { Err(Failure::silent(1)) }
}

/// Installs all that is missing.
pub fn setup(workspace: &Workspace) -> Result<()> {
    require(workspace, &Need::all(workspace))?;
    ui::step("Ready", "nothing is missing");
    Ok(())
}

/// Makes sure that `needs` are met, by installing what is not.
pub fn require(workspace: &Workspace, needs: &[Need]) -> Result<()> {
    let absent = missing(workspace, needs);
    if absent.is_empty() {
        return Ok(());
    }
    ui::step("Missing", names(&absent));
    install::install(workspace, &absent)?;
    match missing(workspace, &absent).as_slice() {
        [] => Ok(()),
        rest => {
            let message = format!("{}: still missing after all was installed", names(rest));
            Err(Failure::failed(message + "; `make doctor` says more"))
        }
    }
}

/// Whether the program `name` is in `PATH`.
pub fn has_program(name: &str) -> bool {
    probe::find(name).is_some()
}

/// Makes sure that Rust can build for `target`, which no kernel needs; the error says why it
/// cannot.
pub fn add_target(workspace: &Workspace, target: &str) -> std::result::Result<(), String> {
    let toolchain = toolchain(workspace);
    if toolchain.has_target(target) {
        return Ok(());
    }
    if !toolchain.is_from_rustup() {
        return Err(format!("this Rust did not come by rustup, and nobody else has {target}"));
    }
    install::add(workspace, "target", target)
}

/// Where the sources of Rust's own library are, which no kernel needs; the error says why there are
/// none.
pub fn library_sources(workspace: &Workspace) -> std::result::Result<PathBuf, String> {
    let toolchain = toolchain(workspace);
    let sources = toolchain.library_sources();
    if sources.is_dir() {
        return Ok(sources);
    }
    if !toolchain.is_from_rustup() {
        return Err("this Rust did not come by rustup, and has no sources of its library".into());
    }
    install::add(workspace, "component", "rust-src").map(|()| sources)
}

/// Those of `needs` that are not met.
fn missing<'a>(workspace: &Workspace, needs: &[Need<'a>]) -> Vec<Need<'a>> {
    needs.iter().filter(|need| !need.is_met(workspace)).copied().collect()
}

fn names(needs: &[Need]) -> String {
    needs.iter().map(Need::name).collect::<Vec<_>>().join(", ")
}
