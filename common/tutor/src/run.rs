//! `make run`: boots a kernel, with the console on this terminal, and says how it ended.

use std::path::Path;
use std::time::Duration;

use build_support::Machine;

use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::observe::{self, SUCCESS};
use crate::qemu::{Console, Launch};
use crate::selection;
use crate::session::Session;
use crate::settings::Settings;
use crate::ui;
use crate::watch::{self, Limits, Outcome};
use crate::workspace::Workspace;

/// The settings of `make run`.
pub const SETTINGS: &[&str] = &["chapter", "arch", "mem", "cpus", "timeout", "bootargs"];

/// The settings of `make run` that do not choose the kernel.
pub const BOOT_SETTINGS: &[&str] = &["mem", "cpus", "timeout", "bootargs"];

/// Builds a chapter and boots it, on one machine after the other if there are two.
pub fn run(workspace: &Workspace, settings: &Settings) -> Result<()> {
    let chapter =
        &workspace.config.chapters[selection::chapter_or_last(settings, &workspace.config)?];
    let machines = selection::machines_or_default(settings, &workspace.config)?;
    let wishes = Wishes::read(settings, chapter.time_limit_seconds)?;
    for (arch, machine) in machines {
        doctor::require(workspace, &[Need::Targets, Need::Qemu(&machine.qemu)])?;
        let package = kernel::package_of(&chapter.folder);
        let recipe =
            Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
        let kernel = kernel::build(workspace, recipe, Voice::Aloud)?;
        boot(workspace, &kernel, arch, machine, &wishes)?;
    }
    Ok(())
}

/// Boots the kernel in `elf`, which Cargo has built: `cargo run` in a chapter ends up here.
pub fn boot_elf(workspace: &Workspace, elf: &Path, settings: &Settings) -> Result<()> {
    let elf = std::path::absolute(elf).unwrap_or_else(|_| elf.into());
    let bytes = kernel::read(&elf)?;
    let arch = crate::packing::arch(&bytes).map_err(|why| kernel::not_a_kernel(&elf, why))?;
    let machine = &workspace.config.machines[arch];
    doctor::require(workspace, &[Need::Qemu(&machine.qemu)])?;
    let limit = workspace.config.chapters.iter().map(|chapter| chapter.time_limit_seconds).max();
    let wishes = Wishes::read(settings, limit.unwrap_or_default())?;
    boot(workspace, &kernel::from_elf(elf)?, arch, machine, &wishes)
}

/// How the reader wants the machine to be.
pub struct Wishes {
    memory: Option<String>,
    cpus: Option<u64>,
    arguments: String,
    time_limit: Option<Duration>,
}

impl Wishes {
    /// Reads them from `settings`; `seconds` is the time limit unless there is another.
    pub fn read(settings: &Settings, seconds: u64) -> Result<Self> {
        let seconds = settings.number("timeout", 0)?.unwrap_or(seconds);
        Ok(Self {
            memory: memory(settings)?,
            cpus: cpus(settings)?,
            arguments: settings.get("bootargs").unwrap_or_default().into(),
            time_limit: (seconds > 0).then(|| Duration::from_secs(seconds)),
        })
    }

    /// Tells them to `launch`.
    pub fn apply(&self, launch: &mut Launch) {
        launch.memory = self.memory.clone();
        launch.cpus = self.cpus;
        launch.arguments = self.arguments.clone().into();
    }
}

/// The value of `mem=`, such as `64M` or `2G`.
fn memory(settings: &Settings) -> Result<Option<String>> {
    let Some(text) = settings.get("mem") else {
        return Ok(None);
    };
    let (digits, unit) = text.split_at(text.len() - text.ends_with(['M', 'G']) as usize);
    let is_number = digits.parse::<u32>().is_ok_and(|number| number > 0);
    if is_number && !unit.is_empty() {
        return Ok(Some(text.into()));
    }
    Err(Failure::usage(format!("mem={text}: must be a size such as 64M or 2G")))
}

/// The value of `cpus=`.
fn cpus(settings: &Settings) -> Result<Option<u64>> {
    match settings.number("cpus", 1)? {
        Some(number @ 9..) => Err(Failure::usage(format!("cpus={number}: must be 1 to 8"))),
        number => Ok(number),
    }
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
    let mut launch =
        Launch::new(arch, machine, &kernel.image, Console::Terminal { copy: copy.clone() });
    wishes.apply(&mut launch);
    ui::step(
        "Booting",
        format_args!("{} on {arch} ({} {})", name_of(kernel), machine.machine, machine.cpu),
    );
    if ui::is_watched() {
        ui::note("Ctrl-A X ends QEMU; so does Ctrl-C");
    }

    let mut session = Session::start(launch, false)?;
    let limits = Limits { time: wishes.time_limit, ..Limits::default() };
    let outcome = watch::watch(&mut session, arch, limits, |_| {});
    match outcome {
        Outcome::Ended(SUCCESS) => Ok(()),
        Outcome::Interrupted => Err(Failure::silent(130)),
        Outcome::Ended(ending) => {
            let is_silent = std::fs::metadata(&copy).map_or(true, |file| file.len() == 0);
            let report =
                observe::report(&mut session, kernel, arch, &workspace.root, ending, is_silent);
            anstream::eprintln!("\n{report}");
            Err(Failure::silent(1))
        }
    }
}

fn name_of(kernel: &Kernel) -> String {
    kernel.elf.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
