//! `make run`: boots a kernel, with the console on this terminal, and says how it ended.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use build_support::Machine;

use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::grader;
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::observe::{self, SUCCESS};
use crate::qemu::{Console, Launch};
use crate::selection;
use crate::session::{News, Session};
use crate::settings::Settings;
use crate::tail::Tail;
use crate::ui;
use crate::watch::{self, Limits, Outcome};
use crate::workspace::Workspace;

/// The settings of `make run`.
pub const SETTINGS: &[&str] =
    &["chapter", "arch", "mem", "cpus", "gic", "timeout", "bootargs", "args", "counted", "bug"];

/// The settings of `make run` that do not choose the kernel.
pub const BOOT_SETTINGS: &[&str] =
    &["mem", "cpus", "gic", "timeout", "bootargs", "args", "counted"];

/// Builds a chapter and boots it, on one machine after the other if there are two.
pub fn run(workspace: &Workspace, settings: &Settings) -> Result<()> {
    if settings.get("bug").is_some() {
        return grader::become_grader(workspace, "run", settings);
    }
    let chapter =
        &workspace.config.chapters[selection::chapter_or_last(settings, &workspace.config)?];
    let machines = selection::machines_or_default(settings, &workspace.config)?;
    let wishes = Wishes::read(settings, chapter.time_limit_seconds)?;
    machines.iter().try_for_each(|(arch, _)| wishes.check_for(arch))?;
    let package = kernel::package_of(&chapter.folder);
    let mut outcome = Ok(());
    for (arch, machine) in machines {
        doctor::require(workspace, &[Need::Targets, Need::Qemu(&machine.qemu)])?;
        let recipe =
            Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
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
    let wishes = Wishes::read(settings, limit.unwrap_or_default())?;
    wishes.check_for(arch)?;
    boot(workspace, &kernel::from_elf(elf)?, arch, machine, &wishes)
}

/// How the reader wants the machine to be.
pub struct Wishes {
    memory: Option<String>,
    cpus: Option<u64>,
    gic: Option<u64>,
    arguments: String,
    is_counted: bool,
    /// On the clock on the wall.
    pub time_limit: Option<Duration>,
}

impl Wishes {
    /// Reads them from `settings`; `seconds` is the time limit unless there is another.
    pub fn read(settings: &Settings, seconds: u64) -> Result<Self> {
        let seconds = settings.number("timeout", 0)?.unwrap_or(seconds);
        Ok(Self {
            memory: memory(settings)?,
            cpus: cpus(settings)?,
            gic: gic(settings)?,
            arguments: arguments(settings),
            is_counted: is_counted(settings)?,
            time_limit: (seconds > 0).then(|| Duration::from_secs(seconds)),
        })
    }

    /// The same, with `word` behind the other boot arguments.
    pub fn with_argument(mut self, word: &str) -> Self {
        let blank = if self.arguments.is_empty() { "" } else { " " };
        self.arguments += &format!("{blank}{word}");
        self
    }

    /// Whether a machine of architecture `arch` can be so.
    pub fn check_for(&self, arch: &str) -> Result<()> {
        match self.gic {
            Some(version) if arch != "aarch64" => Err(Failure::usage(format!(
                "gic={version}: only aarch64 has this interrupt controller, not {arch}"
            ))),
            _ => Ok(()),
        }
    }

    /// Tells them to `launch`.
    pub fn apply(&self, launch: &mut Launch) {
        launch.memory = self.memory.clone();
        launch.cpus = self.cpus;
        launch.gic = self.gic;
        launch.arguments = self.arguments.clone().into();
        launch.is_counted = self.is_counted;
    }
}

/// The value of `gic=`.
fn gic(settings: &Settings) -> Result<Option<u64>> {
    match settings.get("gic") {
        None => Ok(None),
        Some("2") => Ok(Some(2)),
        Some("3") => Ok(Some(3)),
        Some(text) => Err(Failure::usage(format!("gic={text}: must be 2 or 3"))),
    }
}

/// The value of `counted=`.
fn is_counted(settings: &Settings) -> Result<bool> {
    match settings.get("counted") {
        None => Ok(false),
        Some("1") => Ok(true),
        Some(value) => Err(Failure::not_one_of("counted", value, ["1"])),
    }
}

/// The boot arguments: those of `bootargs=`, then those of `args=`. A chapter's page names the
/// words that choose what its run shows as `args=`, so that whoever has set `bootargs=` keeps it.
fn arguments(settings: &Settings) -> String {
    let words = ["bootargs", "args"].into_iter().filter_map(|name| settings.get(name));
    words.collect::<Vec<_>>().join(" ")
}

/// The value of `mem=`, such as `64M` or `2G`.
fn memory(settings: &Settings) -> Result<Option<String>> {
    let Some(text) = settings.get("mem") else {
        return Ok(None);
    };
    let (digits, unit) = text.split_at(text.len() - text.ends_with(['M', 'G']) as usize);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.parse::<u32>().is_ok_and(|number| number > 0);
    if is_number && !unit.is_empty() {
        return Ok(Some(text.into()));
    }
    Err(Failure::usage(format!("mem={text}: must be a size such as 64M or 2G")))
}

/// The value of `cpus=`.
fn cpus(settings: &Settings) -> Result<Option<u64>> {
    match settings.get("cpus").map(|text| (text, text.parse())) {
        None => Ok(None),
        Some((_, Ok(number @ 1..=8))) => Ok(Some(number)),
        Some((text, _)) => Err(Failure::usage(format!("cpus={text}: must be 1 to 8"))),
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
    // A file or a pipe wants lines, and only a terminal carriage returns.
    let console = match std::io::stdout().is_terminal() {
        true => Console::Terminal { copy: copy.clone() },
        false => Console::Heard,
    };
    let mut launch = Launch::new(arch, machine, kernel, console);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(words: &[&str]) -> Result<Wishes> {
        let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
        Wishes::read(&Settings::read(&words, SETTINGS).expect("the names are known"), 30)
    }

    #[test]
    fn an_interrupt_controller_has_a_version_and_a_machine() {
        let wishes_for = |word: &str, arch: &str| wishes(&[word])?.check_for(arch);
        assert_eq!(wishes_for("gic=3", "aarch64"), Ok(()));
        assert_eq!(wishes_for("gic=2", "aarch64"), Ok(()));
        assert_eq!(wishes_for("gic=", "x86_64"), Ok(()));
        for (word, arch) in [("gic=4", "aarch64"), ("gic=v3", "aarch64"), ("gic=3", "x86_64")] {
            let failure = wishes_for(word, arch).expect_err("there is no such machine");
            assert_eq!(failure.status, 2);
            assert!(failure.message.starts_with(word), "{}", failure.message);
        }
    }

    #[test]
    fn arguments_come_behind_boot_arguments() {
        let arguments = |words: &[&str]| wishes(words).map(|wishes| wishes.arguments);
        assert_eq!(arguments(&[]), Ok(String::new()));
        assert_eq!(arguments(&["args=overflow"]), Ok("overflow".into()));
        assert_eq!(arguments(&["args=c d", "bootargs=a b"]), Ok("a b c d".into()));
        let more = |words: &[&str]| wishes(words).map(|wishes| wishes.with_argument("x").arguments);
        assert_eq!((more(&[]), more(&["args=a"])), (Ok("x".into()), Ok("a x".into())));
    }

    #[test]
    fn time_is_counted_if_asked_for() {
        let is_counted = |words: &[&str]| wishes(words).map(|wishes| wishes.is_counted);
        assert_eq!((is_counted(&[]), is_counted(&["counted=1"])), (Ok(false), Ok(true)));
        assert_eq!(is_counted(&["counted=yes"]).expect_err("it is neither").status, 2);
    }
}
