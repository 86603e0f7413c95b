//! `make grade-all`: a list of forks, and one table of what they came to.
//!
//! Of a fork nothing is run but the files that its student was to write, put onto this repository.
//! Each task is graded by a process of its own, with limits on time, memory and output: whatever a
//! fork does, the others are graded.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use indicatif::ProgressBar;
use serde::Deserialize;
use tutor::failure::{Failure, Result};
use tutor::settings::Settings;
use tutor::ui;
use tutor::watch;

use crate::confine;
use crate::grade;
use crate::one;
use crate::pristine;
use crate::process::finish;
use crate::scene::Scene;
use crate::task::Task;
use crate::verdict::{Graded, Outcome};

/// How long one task of one fork may take on the clock on the wall. Its builds and runs have limits
/// of their own, by what they use: this one is for a computer that is busy otherwise.
const PATIENCE: Duration = Duration::from_secs(600);

/// How long a repository may take to be fetched.
const CLONE_PATIENCE: Duration = Duration::from_secs(120);

/// A row of the list.
#[derive(Clone, Debug, Deserialize)]
pub struct Fork {
    /// Who it is.
    pub name: String,
    /// A folder, from the list's own, or something that `git clone` takes.
    pub repository: String,
}

/// What a fork came to.
pub struct Row {
    /// Whose it is.
    pub name: String,
    /// Its tasks.
    pub graded: Vec<Graded>,
    /// What is to be said of the whole.
    pub note: String,
}

/// Grades all forks of a list.
pub fn grade_all(settings: &Settings) -> Result<()> {
    let scene = Scene::open(settings)?;
    let tasks = scene.tasks_of(settings)?;
    let Some(file) = settings.get("file") else {
        return Err(Failure::usage("file= is missing: a list with the columns name,repository"));
    };
    let file = scene.workspace.root.join(file);
    let forks = read(&file)?;
    scene.require()?;
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    let jobs = settings.number("jobs", 1)?.map_or(cores.div_ceil(2), |jobs| jobs as usize);
    let rows = grade_forks(&scene, &tasks, &forks, &file, jobs.min(forks.len().max(1)))?;
    let results = file.with_extension("results.csv");
    // First the screen: hours of work must not be lost to a full disk.
    for row in &rows {
        let (points, out_of) = crate::results::total(&row.graded);
        anstream::println!("{:24} {points}/{out_of} {}", row.name, row.note);
    }
    write(&results, &tasks, &rows, scene.seed)?;
    ui::note(format_args!("seed={}; written to {}", scene.seed, results.display()));
    Ok(())
}

fn read(file: &Path) -> Result<Vec<Fork>> {
    let wrong = |error: csv::Error| match error.kind() {
        csv::ErrorKind::Io(error) => Failure::io("read", file, error),
        _ => {
            Failure::usage(format!("{}: {error}; the columns are name,repository", file.display()))
        }
    };
    let refused = |why: &str| Failure::usage(format!("{}: {why}", file.display()));
    if file.is_dir() {
        return Err(refused("a folder; a list is needed, with the columns name,repository"));
    }
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(file).map_err(wrong)?;
    let heads = reader.headers().map_err(wrong)?;
    if !["name", "repository"].iter().all(|wanted| heads.iter().any(|head| head == *wanted)) {
        let heads = heads.iter().collect::<Vec<_>>().join(",");
        return Err(refused(&format!("its first line must be name,repository and is `{heads}`")));
    }
    let forks: Vec<Fork> =
        reader.deserialize().collect::<std::result::Result<_, _>>().map_err(wrong)?;
    match forks.is_empty() {
        true => Err(refused("there is nobody in it")),
        false => Ok(forks),
    }
}

/// Grades `forks`, `jobs` of them at once, each job in a slot of its own.
pub fn grade_forks(
    scene: &Scene,
    tasks: &[&Task],
    forks: &[Fork],
    list: &Path,
    jobs: usize,
) -> Result<Vec<Row>> {
    let bar = grade::bar(forks.len() as u64);
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for slot in 0..jobs {
            let (bar, next, rows) = (&bar, &next, &rows);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(fork) = forks.get(index).filter(|_| !watch::is_interrupted()) else {
                        return;
                    };
                    let row = grade_fork(scene, tasks, fork, list, slot, bar);
                    rows.lock().expect("no job panics with it").insert(index, row);
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    match watch::is_interrupted() {
        true => Err(Failure::silent(130)),
        false => Ok(rows.into_inner().expect("no job panicked").into_values().collect()),
    }
}

fn grade_fork(
    scene: &Scene,
    tasks: &[&Task],
    fork: &Fork,
    list: &Path,
    slot: usize,
    bar: &ProgressBar,
) -> Row {
    let name = fork.name.clone();
    let folder = match fetch(scene, fork, list, slot) {
        Ok(folder) => folder,
        Err(why) => {
            let refused =
                |task: &&Task| Graded::new(task, Outcome::Refused(why.clone()), scene.seed);
            return Row { name, graded: tasks.iter().map(refused).collect(), note: why };
        }
    };
    let note = pristine::others(&folder, &scene.workspace.root, &scene.tasks);
    let note = note.map_or_else(
        |failure| failure.message,
        |changed| pristine::note(&changed).unwrap_or_default(),
    );
    let mut graded = Vec::new();
    for task in tasks {
        bar.set_message(format!("{name}: {}", task.call));
        let result = grade_task(scene, task, &folder, slot);
        graded.push(
            result.unwrap_or_else(|why| Graded::new(task, Outcome::Refused(why), scene.seed)),
        );
    }
    Row { name, graded, note }
}

/// The folder of `fork`, fetched if it is elsewhere.
fn fetch(
    scene: &Scene,
    fork: &Fork,
    list: &Path,
    slot: usize,
) -> std::result::Result<PathBuf, String> {
    if fork.repository.is_empty() {
        return Err("no repository is named".into());
    }
    let folder = list.parent().unwrap_or(Path::new(".")).join(&fork.repository);
    if folder.is_dir() {
        return Ok(folder);
    }
    if !fork.repository.contains(':') {
        return Err(format!("{}: there is no such folder", fork.repository));
    }
    let folder = one::slot(scene, &slot.to_string()).join("fork");
    // There is none the first time.
    let _ = std::fs::remove_dir_all(&folder);
    let mut git = Command::new("git");
    git.args(["clone", "--quiet", "--depth", "1", "--"]).arg(&fork.repository).arg(&folder);
    git.env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null());
    match finish(&mut git, CLONE_PATIENCE) {
        Ok((true, _, _)) => Ok(folder),
        Ok((false, _, said)) => {
            let fatal = said.lines().find(|line| line.starts_with("fatal: "));
            let why = fatal.or(said.lines().last()).unwrap_or_default();
            Err(format!("cannot be cloned: {}", why.trim_start_matches("fatal: ")))
        }
        Err(why) => Err(format!("cannot be cloned: {why}")),
    }
}

/// Grades `task` in a process of its own; the error is why there is no verdict.
fn grade_task(
    scene: &Scene,
    task: &Task,
    fork: &Path,
    slot: usize,
) -> std::result::Result<Graded, String> {
    let own = one::slot(scene, &slot.to_string());
    let (home, temporary) = (own.join("home"), own.join("tmp"));
    for folder in [&home, &temporary] {
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut words = confine::without_network();
    words.push(program.into());
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    let mut fork_word = OsString::from("fork=");
    fork_word.push(fork);
    let arch = if scene.machines.len() == 1 { &scene.machines[0] } else { "both" };
    command.arg("grade-one").arg(format!("task={}", task.name)).arg(fork_word);
    command.args([format!("slot={slot}"), format!("arch={arch}"), format!("seed={}", scene.seed)]);
    for (variable, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        let usual = std::env::home_dir().unwrap_or_default().join(folder);
        command.env(variable, std::env::var_os(variable).unwrap_or(usual.into()));
    }
    command.env("HOME", home).env("TMPDIR", temporary).env("CARGO_NET_OFFLINE", "true");
    command.stdin(Stdio::null());
    let (_, said, complaint) = finish(&mut command, PATIENCE)?;
    serde_json::from_str(said.trim()).map_err(|_| {
        let last = complaint.lines().last().unwrap_or("it said nothing");
        format!("no verdict: {}", last.chars().take(200).collect::<String>())
    })
}

/// Writes one row for each fork: all points, the points of each task, the reasons.
fn write(file: &Path, tasks: &[&Task], rows: &[Row], seed: u64) -> Result<()> {
    let wrong = |error: csv::Error| Failure::failed(format!("{}: {error}", file.display()));
    let mut writer = csv::Writer::from_path(file).map_err(wrong)?;
    let calls = || tasks.iter().map(|task| task.name.clone());
    let mut heads: Vec<String> = ["name", "points", "out of", "seed"].map(String::from).to_vec();
    heads.extend(calls());
    heads.extend(calls().map(|call| format!("{call}: why")));
    heads.push("note".into());
    writer.write_record(&heads).map_err(wrong)?;
    for row in rows {
        let (points, out_of) = crate::results::total(&row.graded);
        let mut cells = vec![plain(&row.name)];
        cells.extend([points.to_string(), out_of.to_string(), seed.to_string()]);
        cells.extend(row.graded.iter().map(|one| one.points.to_string()));
        cells.extend(row.graded.iter().map(|one| plain(&one.reason())));
        cells.push(plain(&row.note));
        writer.write_record(&cells).map_err(wrong)?;
    }
    writer.flush().map_err(|error| Failure::io("write", file, &error))
}

/// `text` so that no spreadsheet takes it for a formula: part of it is a student's.
fn plain(text: &str) -> String {
    let text: String = text.chars().take(300).collect();
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_formula() {
        assert_eq!(plain("=1+1"), "'=1+1");
        assert_eq!(plain("solved"), "solved");
    }
}
