//! Debian's kernel on the same machine, and our programs on both.
//!
//! On this computer's own Linux some calls cannot be compared: its version and its file systems are
//! whatever they are, and a program for another processor runs in an emulation of Linux that makes
//! its own mistakes. Debian's kernel is the same for everybody, and runs where ours does.
//!
//! Its archive is our kernel's: with our programs, of which `tries` is the first process. It runs
//! what `etc/tries` lists, one after the other, so all of it needs one boot. Our own kernel boots
//! more often, since the time of a run and what is printed in it have limits, and is given the list
//! as arguments.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use build_support::{Entry, Machine, pack_entries, unpack};

use super::super::linux::Linux;
use super::super::oracle::{Oracle, Trial};
use super::super::outcome::Tested;
use super::Suite;
use super::debian::{architecture, fetch_newest};
use super::sections::{DONE, Sections, compare, sections};
use crate::failure::{Failure, Result};
use crate::inherit;
use crate::kernel::{self, Recipe, Voice};
use crate::watch;

/// What the group is called.
pub const NAME: &str = "Debian's kernel";

/// The program that runs the others, and its list.
const RUNNER: &str = "tries";
const LIST: &str = "etc/tries";

/// The programs that make random calls, and how many with each seed.
const RANDOM: [&str; 2] = ["try_chance", "try_random"];
const CALLS: usize = 500;

/// So many seeds are tried, this many in one run of ours.
const SEEDS: usize = 100;
const SEEDS_AT_ONCE: usize = 10;

/// The programs that are about the terminal or read from it: here it is a serial port, with
/// somebody at the other end who types nothing.
const OF_A_TERMINAL: &[&str] = &["try_console", "try_input"];

/// Memory for Debian's kernel, which needs more than ours.
const MEMORY: &str = "512M";

/// How long its run may take.
const PATIENCE: Duration = Duration::from_secs(600);

/// Runs the programs on both kernels; tests with `only` in their names.
pub fn run(suite: &Suite, only: &str) -> Result<Vec<Tested>> {
    let Suite { workspace, arch, machine, .. } = *suite;
    let package = kernel::package_of(&workspace.config.chapters[suite.index].folder);
    let recipe = Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
    let kernel = kernel::build(workspace, recipe, Voice::Quiet)?;
    let archive = kernel.initramfs.as_deref().map_or(Ok(Vec::new()), kernel::read)?;
    let files = entries(&archive)?;
    let runs = runs(&files, only);
    if !files.contains_key(&format!("bin/{RUNNER}")) || runs.is_empty() {
        return Ok(Vec::new());
    }
    let image = match image(suite) {
        Ok(image) => image,
        Err(why) => return Ok(vec![Tested::skipped(NAME, why)]),
    };
    let lines: Vec<String> = runs.iter().flat_map(|run| run.lines.clone()).collect();
    let theirs = match boot(&image, arch, machine, &with_list(&files, &lines)?)? {
        Ok(said) => sections(&said),
        Err(why) => return Ok(vec![Tested::failed(NAME, why)]),
    };
    let mut tested = Vec::new();
    for run in &runs {
        let linux = Linux::find(arch).ok_or_else(|| Failure::failed(Linux::missing(arch)))?;
        let oracle = Oracle::new(workspace, &kernel, arch, machine, linux, archive.clone())?;
        let ours = match oracle.heard_on_kernel(&run.trial(), "", |_, _| ())? {
            Ok(ended) => sections(&ended.said),
            Err(why) => {
                tested.push(Tested::failed(&run.name, why));
                continue;
            }
        };
        tested.extend(run.compare(&theirs, &ours, only));
    }
    Ok(tested)
}

/// Programs that our kernel runs in one boot.
struct Run {
    name: String,
    /// Their lines in the list.
    lines: Vec<String>,
    /// Whether each is a test; if not, all of them are one.
    are_tests: bool,
}

impl Run {
    /// What our kernel is to run.
    fn trial(&self) -> Trial {
        let lines: Vec<&str> = self.lines.iter().map(String::as_str).collect();
        Trial::new(RUNNER, &lines)
    }

    fn compare(&self, theirs: &Sections, ours: &Sections, only: &str) -> Vec<Tested> {
        let mut outcomes = self.lines.iter().map(|line| (line, compare(line, theirs, ours)));
        if self.are_tests {
            let tests = outcomes.map(|(line, outcome)| Tested::from_result(&name(line), outcome));
            return tests.filter(|test| test.name.contains(only)).collect();
        }
        let outcome = outcomes.try_for_each(|(_, outcome)| outcome);
        vec![Tested::from_result(&self.name, outcome)]
    }
}

/// What the test of the program in `line` is called.
fn name(line: &str) -> String {
    format!("{} as on Debian's kernel", line.trim_start_matches("bin/"))
}

/// What is run with the programs in `files`: those with `only` in the names of their tests.
fn runs(files: &BTreeMap<String, Entry>, only: &str) -> Vec<Run> {
    let names = files.keys().filter_map(|path| path.strip_prefix("bin/"));
    let is_tried = |name: &&str| {
        name.starts_with("try_") && !RANDOM.contains(name) && !OF_A_TERMINAL.contains(name)
    };
    let lines = names.filter(is_tried).map(|name| format!("bin/{name}"));
    let lines: Vec<String> = lines.filter(|line| name(line).contains(only)).collect();
    let all = Run { name: NAME.into(), lines, are_tests: true };
    let mut runs = vec![all];
    for program in RANDOM.iter().filter(|name| files.contains_key(&format!("bin/{name}"))) {
        runs.extend((1..=SEEDS).step_by(SEEDS_AT_ONCE).map(|first| random(program, first)));
    }
    runs.retain(|run| !run.lines.is_empty() && (run.are_tests || run.name.contains(only)));
    runs
}

/// The run with the random calls of `program` whose first seed is `first`.
fn random(program: &str, first: usize) -> Run {
    let last = first + SEEDS_AT_ONCE - 1;
    let lines = (first..=last).map(|seed| format!("bin/{program} {seed} {CALLS}"));
    let name = format!("{program}, seeds {first} to {last}, as on Debian's kernel");
    Run { name, lines: lines.collect(), are_tests: false }
}

fn entries(archive: &[u8]) -> Result<BTreeMap<String, Entry>> {
    unpack(archive).map_err(|error| Failure::failed(format!("the initramfs: {error}")))
}

/// An archive of `files` with a list of `lines`; Linux looks for its first process in `init`.
pub fn with_list(files: &BTreeMap<String, Entry>, lines: &[String]) -> Result<Vec<u8>> {
    let mut files = files.clone();
    let list = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    files.insert(LIST.into(), Entry::file(list.into_bytes()));
    if let Some(runner) = files.get(&format!("bin/{RUNNER}")).cloned() {
        files.insert("init".into(), runner);
    }
    pack_entries(files).map_err(Failure::failed)
}

/// The kernel's file; the error says why it cannot be had here.
pub fn image(suite: &Suite) -> std::result::Result<PathBuf, String> {
    let package = format!("linux-image-cloud-{}", architecture(suite.arch));
    let files = fetch_newest(suite.workspace, suite.arch, "kernel", &package)?;
    let folder = files.join("boot");
    let entries = std::fs::read_dir(&folder).map_err(|error| error.to_string())?;
    let mut paths = entries.flatten().map(|entry| entry.path());
    let is_kernel = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("vmlinuz-"))
    };
    paths.find(is_kernel).ok_or_else(|| format!("there is no kernel in {package}"))
}

/// What Debian's kernel and its programs print; the inner error says why they printed nothing.
pub fn boot(
    image: &Path,
    arch: &str,
    machine: &Machine,
    archive: &[u8],
) -> Result<std::result::Result<Vec<u8>, String>> {
    let room = tempfile::tempdir()
        .map_err(|error| Failure::io("create a folder in", &std::env::temp_dir(), &error))?;
    let initrd = room.path().join("initramfs");
    kernel::write(&initrd, archive)?;
    let console = if arch == "aarch64" { "ttyAMA0" } else { "ttyS0" };
    // Five levels of page tables would give programs more addresses than our kernel does.
    let arguments = format!("console={console} quiet loglevel=0 panic=-1 no5lvl");
    let mut qemu = Command::new(&machine.qemu);
    qemu.args(["-M", &machine.machine, "-cpu", &machine.cpu, "-accel", "tcg", "-m", MEMORY]);
    qemu.args(["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]);
    qemu.args(["-serial", "stdio", "-append", &arguments]);
    qemu.arg("-kernel").arg(image).arg("-initrd").arg(&initrd);
    qemu.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    inherit::pass_on(&mut qemu, &[]);
    let cannot = |error| Failure::failed(format!("cannot start {}: {error}", machine.qemu));
    let child = qemu.spawn().map_err(cannot)?;
    hear(child)
}

/// All that `child` prints until it ends.
fn hear(mut child: Child) -> Result<std::result::Result<Vec<u8>, String>> {
    let mut output = child.stdout.take().expect("it is piped");
    let listener = thread::spawn(move || {
        let mut said = Vec::new();
        output.read_to_end(&mut said).map(|_| said)
    });
    let start = Instant::now();
    while !listener.is_finished() && start.elapsed() < PATIENCE && !watch::is_interrupted() {
        thread::sleep(Duration::from_millis(20));
    }
    let has_ended = listener.is_finished();
    // Errors mean that it has ended meanwhile.
    let _ = child.kill();
    let _ = child.wait();
    if watch::is_interrupted() {
        return Err(Failure::silent(130));
    }
    let said = listener.join().ok().and_then(|said| said.ok()).unwrap_or_default();
    let end = String::from_utf8_lossy(&said[said.len().saturating_sub(500)..]).into_owned();
    Ok(match has_ended {
        true if end.contains(DONE) => Ok(said),
        true => Err(format!("Debian's kernel ended before the programs did\n{end}")),
        false => Err(format!("it has not ended within {} s\n{end}", PATIENCE.as_secs())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> BTreeMap<String, Entry> {
        let entry = |name: &&str| (format!("bin/{name}"), Entry::program(b"\x7fELF".to_vec()));
        names.iter().map(entry).collect()
    }

    #[test]
    fn programs_are_chosen_by_the_names_of_their_tests() {
        let files = files(&["try_a", "try_b", "try_chance", "try_input", "try_random", "sh"]);
        let all = runs(&files, "");
        assert_eq!(all[0].lines, ["bin/try_a", "bin/try_b"]);
        assert_eq!(all.len(), 1 + 2 * SEEDS / SEEDS_AT_ONCE);
        assert_eq!(all[1].lines[1], "bin/try_chance 2 500");
        assert_eq!(all.last().map(|run| run.lines.len()), Some(SEEDS_AT_ONCE));
        let some = runs(&files, "try_b");
        assert_eq!((some.len(), some[0].lines.len()), (1, 1));
        assert_eq!(runs(&files, "try_random, seeds 11 to 20").len(), 1);
        assert!(runs(&files, "nothing").is_empty());
    }

    #[test]
    fn the_list_is_in_the_archive() {
        let lines = ["bin/try_a".to_string(), "bin/try_b 1".into()];
        let archive = with_list(&files(&["try_a", "tries"]), &lines).expect("there is room");
        let found = entries(&archive).expect("it is an archive");
        assert_eq!(found[LIST].bytes, b"bin/try_a\nbin/try_b 1\n");
        assert_eq!(found["init"], found["bin/tries"]);
    }
}
