//! `make debug`: a kernel under the debugger.
//!
//! QEMU starts with its processor stopped and offers it to gdb, which runs the machine up to the
//! kernel's entry: what the firmware does before is not ours. With `server=PORT` only QEMU starts,
//! and waits for whoever comes: an editor, or gdb in another terminal.
//!
//! The kernel prints on the same terminal, as any program under gdb does. That stays readable since
//! QEMU writes a character at the moment when the kernel sends it: while gdb shows its prompt the
//! machine stands still. What was printed is also kept, for gdb's full-screen windows, which it
//! would blur: there the command `console` shows it.
//!
//! The keyboard is gdb's. Whoever wants to type to the kernel takes two terminals and
//! `server=PORT`: the console is where QEMU is.

mod debugger;
mod target;

use std::path::PathBuf;

use crate::coroner::Ending;
use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::observe::SUCCESS;
use crate::qemu::{Console, Launch};
use crate::selection;
use crate::settings::Settings;
use crate::ui;
use crate::watch;
use crate::wishes::Wishes;
use crate::workspace::Workspace;

use debugger::Script;
use target::{Door, Target};

/// What `make debug` may be told.
pub const SETTINGS: &[&str] =
    &["chapter", "arch", "mem", "cpus", "gic", "bootargs", "args", "server"];

/// What gdb's `help stop-in` says.
const STOP_IN: &str = "\
Stop in a function of the kernel: kmain, console::print.
Usage: stop-in FUNCTION
gdb's own `break` wants the whole path of a Rust function, such as strata_01_boot::kmain. This
command knows its first part, which is the kernel's name.";

/// What gdb's `help console` says.
const CONSOLE: &str = "Show all that the kernel has printed.";

/// Builds a chapter and debugs it.
pub fn debug(workspace: &Workspace, settings: &Settings) -> Result<()> {
    let index = selection::chapter_or_last(settings, &workspace.config)?;
    let (arch, machine) = selection::machine(settings, &workspace.config)?;
    let wishes = Wishes::read(settings, 0)?;
    wishes.check_for(arch)?;
    let port = port(settings)?;
    doctor::require(workspace, &[Need::Targets, Need::Qemu(&machine.qemu)])?;
    if port.is_none() {
        doctor::require(workspace, &[Need::Gdb(arch)])?;
    }

    let stage = Stage::build(workspace, index, arch, Voice::Aloud)?;
    let console = Console::Terminal { copy: stage.console.clone() };
    let mut launch = Launch::new(arch, machine, &stage.kernel, console);
    wishes.apply(&mut launch);
    match port {
        Some(port) => serve(&launch, &stage, port),
        None => attend(&launch, &stage),
    }
}

/// Lets the debugger stop chapter `index` in `kmain` and try our commands; returns what it says.
///
/// It fails if the debugger does not get there, or complains.
pub fn trial(workspace: &Workspace, index: usize, arch: &str) -> Result<String> {
    let stage = Stage::build(workspace, index, arch, Voice::Quiet)?;
    let folder = temporary_folder()?;
    let door = Door::Socket(folder.path().join("gdb"));
    let console = Console::File(folder.path().join("console"));
    let machine = &workspace.config.machines[arch];
    let launch = Launch::new(arch, machine, &stage.kernel, console);
    let _target = Target::start(&launch, &door)?;
    let mut script = stage.script(&door);
    script.add(["stop-in kmain", "continue", "here", "regs", "system", "image", "bytes $sp 32"]);
    let (said, complained) = script.run_alone(&find_gdb(arch)?)?;
    let mut complaints = complained.lines().filter(|line| !line.starts_with("warning: "));
    match complaints.next() {
        None if said.contains("::kmain (boot=") => Ok(said),
        _ => Err(Failure::failed(format!("gdb did not do as it was told:\n{said}{complained}"))),
    }
}

/// What a debugger needs of a kernel, in files with names that do not change from chapter to
/// chapter, so that an editor's settings can name them.
struct Stage {
    arch: String,
    /// The kernel's crate, which starts the path of its functions.
    crate_name: String,
    kernel: Kernel,
    /// The commands that a debugger reads first.
    script: PathBuf,
    /// A copy of what the kernel prints.
    console: PathBuf,
    /// The repository.
    root: PathBuf,
}

impl Stage {
    fn build(workspace: &Workspace, index: usize, arch: &str, voice: Voice) -> Result<Self> {
        let machine = &workspace.config.machines[arch];
        let package = kernel::package_of(&workspace.config.chapters[index].folder);
        let recipe =
            Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
        let kernel = kernel::build(workspace, recipe, voice)?;
        let folder = workspace.target_folder().join("strata").join(arch);
        let stage = Self {
            arch: arch.into(),
            crate_name: package.replace('-', "_"),
            script: folder.join("debug.gdb"),
            console: folder.join("debug-console.txt"),
            root: workspace.root.clone(),
            kernel,
        };
        let elf = folder.join("debug.elf");
        kernel::write(&elf, &kernel::read(&stage.kernel.elf)?)?;
        kernel::write(&stage.script, stage.commands().as_bytes())?;
        Ok(stage)
    }

    /// The commands that make a debugger know this kernel.
    fn commands(&self) -> String {
        let scripts = self.root.join("common/tutor/gdb");
        format!(
            "file {:?}\nsource {}\nsource {}\n\
             with language c -- strata-learn\n\
             define stop-in\n    break {}::$arg0\nend\n\
             document stop-in\n{STOP_IN}\nend\n\
             define console\n    shell cat -- {}\nend\n\
             document console\n{CONSOLE}\nend\n",
            // gdb splits what `file` gets into words, as a shell does, and takes the others whole.
            self.kernel.elf.display().to_string(),
            scripts.join("strata.gdb").display(),
            scripts.join(format!("{}.gdb", self.arch)).display(),
            self.crate_name,
            debugger::quote(&self.console.to_string_lossy()),
        )
    }

    /// A session that goes through `door` and stands at the kernel's entry.
    fn script(&self, door: &Door) -> Script {
        let mut script = Script::new(&self.script);
        script.add([&format!("target remote {}", door.address()), "thbreak *&_start", "continue"]);
        script
    }
}

/// Debugs here.
fn attend(launch: &Launch, stage: &Stage) -> Result<()> {
    let gdb = find_gdb(launch.arch)?;
    let folder = temporary_folder()?;
    let door = Door::Socket(folder.path().join("gdb"));
    let mut target = Target::start(launch, &door)?;
    ui::step("Debugging", format_args!("{} on {}", stage.crate_name, launch.arch));
    ui::note(format_args!("what the kernel prints is also in {}", stage.console.display()));
    if launch.arch == "x86_64" {
        ui::note("the entry is 32-bit code, which gdb shows as if it were 64-bit code");
    }
    let mut script = stage.script(&door);
    script.add(["strata"]);
    script.run(&gdb)?;
    if let Some(words) = target.status().and_then(ending) {
        ui::note(words);
    }
    Ok(())
}

/// What QEMU's exit status tells about the kernel; nothing if it was the debugger that ended QEMU.
fn ending(status: i32) -> Option<String> {
    match Ending::Status(status) {
        Ending::Status(0) => None,
        SUCCESS => Some(format!("the kernel ended with status {status}, which is success")),
        _ => Some(format!("the kernel ended with status {status}; success is 33")),
    }
}

/// Lets others debug.
fn serve(launch: &Launch, stage: &Stage, port: u16) -> Result<()> {
    let door = Door::Port(port);
    let mut target = Target::start(launch, &door)?;
    ui::step("Waiting", format_args!("for a debugger on {}; Ctrl-C ends this", door.address()));
    let gdb = doctor::find_gdb(launch.arch).unwrap_or_else(|| "gdb".into());
    let command = stage.script(&door).command_line(&gdb);
    ui::note(format_args!("in another terminal: {command}"));
    while !target.has_ended() {
        if watch::is_interrupted() {
            return Err(Failure::silent(130));
        }
    }
    Ok(())
}

/// The value of `server=`.
fn port(settings: &Settings) -> Result<Option<u16>> {
    let Some(number) = settings.number("server", 1)? else {
        return Ok(None);
    };
    let wrong = |_| Failure::usage(format!("server={number}: must be a port from 1 to 65535"));
    u16::try_from(number).map(Some).map_err(wrong)
}

fn find_gdb(arch: &str) -> Result<String> {
    let missing = || Failure::failed(format!("no gdb for {arch}; `make setup` installs one"));
    doctor::find_gdb(arch).ok_or_else(missing)
}

fn temporary_folder() -> Result<tempfile::TempDir> {
    let parent = std::env::temp_dir();
    tempfile::tempdir().map_err(|error| Failure::io("create a folder in", &parent, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that the debugger reads for `arch`.
    fn scripts(arch: &str) -> String {
        let root = std::path::absolute("../..").expect("there is a current folder");
        let stage = Stage {
            arch: arch.into(),
            crate_name: "strata_01_boot".into(),
            kernel: Kernel {
                elf: "kernel".into(),
                image: "kernel".into(),
                initramfs: None,
                sleeps: false,
                has_shell: false,
            },
            script: "debug.gdb".into(),
            console: "console.txt".into(),
            root: root.clone(),
        };
        let folder = root.join("common/tutor/gdb");
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("it is ours");
        read("strata.gdb") + &read(&format!("{arch}.gdb")) + &stage.commands()
    }

    #[test]
    fn every_command_is_defined_once_and_then_documented() {
        for arch in ["aarch64", "x86_64"] {
            let text = scripts(arch);
            let names: Vec<&str> =
                text.lines().filter_map(|line| line.strip_prefix("define ")).collect();
            assert!(names.contains(&"stop-in") && names.contains(&"regs"));
            for name in names {
                let find = |what: &str| text.match_indices(&format!("\n{what} {name}\n")).count();
                assert_eq!((find("define"), find("document")), (1, 1), "{name} on {arch}");
                let place = |what: &str| text.find(&format!("\n{what} {name}\n"));
                assert!(place("define") < place("document"), "{name} on {arch}");
            }
        }
    }

    #[test]
    fn only_a_kernel_that_ended_by_itself_is_told_of() {
        assert_eq!(ending(0), None);
        assert!(ending(33).is_some_and(|words| words.ends_with("success")));
        assert!(ending(35).is_some_and(|words| words.contains("status 35")));
    }
}
