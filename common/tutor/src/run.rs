//! `make run`: boots a kernel, with the console on this terminal, and says how it ended.

use std::io::{IsTerminal, Write};
use std::path::Path;

use build_support::Machine;

use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::grader;
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::keyboard;
use crate::observe::{self, SUCCESS};
use crate::program;
use crate::prompts::Typed;
use crate::qemu::{Console, Launch};
use crate::selection;
use crate::session::{News, Session};
use crate::settings::Settings;
use crate::tail::Tail;
use crate::ui;
use crate::watch::{self, Limits, Outcome};
use crate::wishes::Wishes;
use crate::workspace::Workspace;

/// The settings of `make run`.
pub const SETTINGS: &[&str] = &[
    "chapter", "arch", "mem", "cpus", "gic", "timeout", "bootargs", "args", "program", "files",
    "strace", "release", "counted", "bug",
];

/// The settings of `make run` that do not choose the kernel.
pub const BOOT_SETTINGS: &[&str] =
    &["mem", "cpus", "gic", "timeout", "bootargs", "args", "strace", "counted"];

/// Builds a chapter and boots it, on one machine after the other if there are two.
pub fn run(workspace: &Workspace, settings: &Settings) -> Result<()> {
    if settings.get("bug").is_some() {
        return grader::become_grader(workspace, "run", settings);
    }
    if let Some(path) = settings.get("program") {
        return program::run(workspace, settings, path);
    }
    if settings.get("files").is_some() {
        return Err(Failure::usage("files=: they are for a program=; name one"));
    }
    let index = selection::chapter_or_last(settings, &workspace.config)?;
    let chapter = &workspace.config.chapters[index];
    let machines = selection::machines_or_default(settings, &workspace.config)?;
    let wishes = Wishes::read(settings, chapter.time_limit_seconds)?;
    let has_shell = workspace.config.has_shell(index);
    wishes.check_for_chapter(&chapter.folder, has_shell)?;
    let wishes = wishes.for_input(has_shell);
    machines.iter().try_for_each(|(arch, _)| wishes.check_for(arch))?;
    let package = kernel::package_of(&chapter.folder);
    let mut outcome = Ok(());
    for (arch, machine) in machines {
        doctor::require(workspace, &[Need::Targets, Need::Qemu(&machine.qemu)])?;
        let recipe = Recipe {
            package: &package,
            arch,
            machine,
            has_tests: false,
            is_release: wishes.is_release,
        };
        let kernel = kernel::build(workspace, recipe, Voice::Aloud)?;
        // A kernel that dies on one machine may live on the other: that is worth knowing.
        match boot(workspace, &kernel, arch, machine, &wishes) {
            Err(failure) if failure.status == 130 => return Err(failure),
            Err(failure) => outcome = Err(failure),
            Ok(()) => {}
        }
    }
    outcome
}

/// Boots the kernel in `elf`, which Cargo has built: `cargo run` in a chapter ends up here.
pub fn boot_elf(workspace: &Workspace, elf: &Path, settings: &Settings) -> Result<()> {
    let elf = std::path::absolute(elf).unwrap_or_else(|_| elf.into());
    let bytes = kernel::read(&elf)?;
    let arch = crate::packing::arch(&bytes).map_err(|why| kernel::not_a_kernel(&elf, why))?;
    let machine = &workspace.config.machines[arch];
    doctor::require(workspace, &[Need::Qemu(&machine.qemu)])?;
    let limit = workspace.config.chapters.iter().map(|chapter| chapter.time_limit_seconds).max();
    let kernel = kernel::from_elf(&workspace.config, elf)?;
    let wishes = Wishes::read(settings, limit.unwrap_or_default())?.for_input(kernel.has_shell);
    wishes.check_for(arch)?;
    boot(workspace, &kernel, arch, machine, &wishes)
}

fn boot(
    workspace: &Workspace,
    kernel: &Kernel,
    arch: &str,
    machine: &Machine,
    wishes: &Wishes,
) -> Result<()> {
    let folder = tempfile::tempdir()
        .map_err(|e| Failure::io("create a folder in", &std::env::temp_dir(), &e))?;
    let copy = folder.path().join("console");
    // A file or a pipe wants lines, and only a terminal carriage returns.
    let is_terminal =
        std::io::stdout().is_terminal() && (!kernel.has_shell || keyboard::is_person());
    let console = match is_terminal {
        true => Console::Terminal { copy: copy.clone() },
        false => Console::Heard,
    };
    let is_typed = kernel.has_shell && !is_terminal;
    let _direct = (is_typed && keyboard::is_person()).then(keyboard::Direct::begin);
    let way_out = way_out(&console, kernel.has_shell);
    let mut launch = Launch::new(arch, machine, kernel, console);
    wishes.apply(&mut launch);
    launch.typed.extend(is_typed.then_some(Typed::INPUT));
    ui::step(
        "Booting",
        format_args!("{} on {arch} ({} {})", name_of(kernel), machine.machine, machine.cpu),
    );
    if ui::is_watched() {
        ui::note(way_out);
    }

    let mut session = Session::start(launch, false)?;
    let limits = Limits { time: wishes.time_limit, ..Limits::default() };
    let mut printed = Tail::default();
    let outcome = watch::watch(&mut session, machine, arch, limits, |_, news| {
        if let News::Console(bytes) = news {
            printed.add(bytes);
            pass_on(bytes);
        }
    });
    match outcome {
        Outcome::Ended(SUCCESS) => Ok(()),
        Outcome::Interrupted => Err(Failure::silent(130)),
        Outcome::Ended(ending) => {
            printed.add_file(&copy);
            let (root, console) = (&workspace.root, printed.text());
            let report = observe::report(&mut session, kernel, arch, root, ending, &console);
            anstream::eprintln!("\n{report}");
            Err(Failure::silent(1))
        }
    }
}

/// How a person ends a run.
fn way_out(console: &Console, has_shell: bool) -> &'static str {
    match (console, has_shell) {
        (Console::Terminal { .. }, true) => {
            "`exit` leaves the shell, and Ctrl-A X ends QEMU; Ctrl-C is for what runs in the shell"
        }
        (Console::Terminal { .. }, false) => "Ctrl-A X ends QEMU; so does Ctrl-C",
        _ => "Ctrl-C ends QEMU",
    }
}

/// Writes the console's text to standard output, without carriage returns.
pub fn pass_on(bytes: &[u8]) {
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'\r').collect();
    let mut output = std::io::stdout();
    // Whoever reads it may have enough: the run goes on all the same.
    let _ = output.write_all(&text).and_then(|()| output.flush());
}

/// The name of `kernel`'s package.
pub fn name_of(kernel: &Kernel) -> String {
    kernel.elf.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
