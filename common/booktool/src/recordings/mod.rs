//! What runs print, recorded: the console of each chapter, its timeline if it has one, and what
//! each experiment ends with.
//!
//! A page shows a recording, so that the book can be built without booting anything; and every
//! recording can be made again, to find out whether it is still true. It keeps the numbers of one
//! run, since a reader follows addresses from line to line; the comparison masks those that another
//! compiler or another machine's QEMU would change.
//!
//! ```text
//!  book/src/recorded/03-aarch64.txt                a chapter's console
//!  book/src/recorded/07-aarch64-timeline.txt       who ran when
//!  book/src/broken/03-no-way-across.toml           an experiment
//!  book/src/recorded/broken/03-no-way-across-aarch64.txt
//! ```

mod console;
mod experiment;
mod outcome;
mod said;
mod scene;
mod shorten;
mod timeline;
mod trial;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use build_support::Config;

use crate::Result;
use console::Console;
use outcome::Outcome;
use timeline::Timeline;
use trial::Trials;

pub use experiment::{Experiment, experiment};
pub use scene::{Scene, scenes};

/// Where recordings are kept, from the root of the repository.
const RECORDED: &str = "book/src/recorded";

/// What is recorded.
#[derive(clap::Args)]
pub struct Arguments {
    /// Compare with the recordings there are instead of replacing them
    #[arg(long)]
    check: bool,
    /// One kind of them only
    #[arg(value_enum)]
    kind: Option<Kind>,
    /// Those of one chapter only, such as 3
    #[arg(long)]
    chapter: Option<usize>,
}

/// A kind of recordings.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// What each chapter prints
    Consoles,
    /// Who ran when, in each chapter that tells
    Timelines,
    /// What each experiment ends with
    Experiments,
}

/// Something that is recorded on one machine.
enum Subject {
    Console(Console),
    Timeline(Timeline),
    Experiment { experiment: Experiment, arch: String },
}

impl Subject {
    /// Its name, which is that of its file without the ending.
    fn name(&self) -> String {
        match self {
            Self::Console(console) => console.name(),
            Self::Timeline(timeline) => timeline.name(),
            Self::Experiment { experiment, arch } => experiment.recording(arch),
        }
    }

    /// What of a recording must be the same the next time.
    fn essence(&self) -> fn(&str) -> String {
        match self {
            Self::Experiment { experiment, .. } if experiment.is_refused => said::error_codes,
            Self::Timeline(_) => pictures::timeline::without_time,
            _ => pictures::masked,
        }
    }

    fn is_wanted(&self, arguments: &Arguments) -> bool {
        let (kind, chapter) = match self {
            Self::Console(console) => (Kind::Consoles, console.chapter),
            Self::Timeline(timeline) => (Kind::Timelines, timeline.chapter),
            Self::Experiment { experiment, .. } => (Kind::Experiments, experiment.chapter),
        };
        arguments.kind.is_none_or(|only| only == kind)
            && arguments.chapter.is_none_or(|only| only == chapter)
    }

    /// Runs it, and returns what a reader would see.
    fn record(&self, root: &Path, trials: &mut Trials) -> Result<String> {
        let text = match self {
            Self::Console(console) => console.record(root),
            Self::Timeline(timeline) => timeline.record(root),
            Self::Experiment { experiment, arch } => trials.run(experiment, arch),
        }?;
        // Nobody sees blanks at the end of a line, and editors remove them.
        Ok(text.lines().map(|line| line.trim_end().to_string() + "\n").collect())
    }
}

/// Makes the recordings below `root` again that `arguments` ask for.
pub fn record(root: &Path, arguments: &Arguments) -> Result<()> {
    let config = Config::read(root).map_err(|error| error.to_string())?;
    let subjects = subjects(root, &config)?;
    remove_orphans(root, &subjects, arguments.check)?;
    let wanted = subjects.iter().filter(|subject| subject.is_wanted(arguments));
    let wanted: Vec<&Subject> = wanted.collect();
    let mut trials = Trials::new(root);
    let mut failures = 0;
    for (index, subject) in wanted.iter().enumerate() {
        let file = file_of(&subject.name());
        anstream::eprintln!("[{:>2}/{}] {}", index + 1, wanted.len(), subject.name());
        let outcome = subject.record(root, &mut trials).and_then(|text| match arguments.check {
            true => outcome::compare(&root.join(&file), &text, subject.essence()),
            false => outcome::write(&root.join(&file), &text),
        });
        let outcome = outcome.unwrap_or_else(Outcome::Failed);
        outcome.tell(&subject.name());
        failures += usize::from(outcome.is_failure());
    }
    match failures {
        0 => Ok(()),
        count => Err(format!("{count} of {} recordings: see above", wanted.len())),
    }
}

/// All there is to record: the consoles, the timelines, then the experiments in the order of their
/// files.
fn subjects(root: &Path, config: &Config) -> Result<Vec<Subject>> {
    let consoles = console::all(config).map(Subject::Console);
    let experiments = experiment::all(root, config)?;
    let trials = experiments.into_iter().flat_map(|experiment| {
        let machines = experiment.machines.clone();
        machines
            .into_iter()
            .map(move |arch| Subject::Experiment { experiment: experiment.clone(), arch })
    });
    let timelines = timeline::all(config).map(Subject::Timeline);
    Ok(consoles.chain(timelines).chain(trials).collect())
}

/// Where the recording called `name` is kept, from the root of the repository.
fn file_of(name: &str) -> PathBuf {
    Path::new(RECORDED).join(format!("{name}.txt"))
}

/// What was recorded under `name`.
fn kept(root: &Path, name: &str) -> Result<String> {
    let file = file_of(name);
    std::fs::read_to_string(root.join(&file)).map_err(|error| {
        let file = file.display();
        format!("cannot read {file}: {error}; `cargo run -p booktool -- record` makes it")
    })
}

/// The console of a run of chapter `index`, counted from 0, on `arch`.
pub fn console(root: &Path, index: usize, arch: &str) -> Result<String> {
    kept(root, &console::name(index + 1, arch))
}

/// The timeline of a run of chapter `index`, counted from 0, on `arch`.
pub fn timeline(root: &Path, index: usize, arch: &str) -> Result<String> {
    kept(root, &Timeline { chapter: index + 1, arch: arch.into() }.name())
}

/// Removes recordings that nothing makes any more, or refuses them.
fn remove_orphans(root: &Path, subjects: &[Subject], is_check: bool) -> Result<()> {
    let known: BTreeSet<PathBuf> =
        subjects.iter().map(|subject| file_of(&subject.name())).collect();
    for folder in [RECORDED.to_string(), format!("{RECORDED}/broken")] {
        let Ok(entries) = std::fs::read_dir(root.join(&folder)) else { continue };
        for entry in entries.flatten() {
            let file = Path::new(&folder).join(entry.file_name());
            if entry.path().is_dir() || known.contains(&file) {
                continue;
            }
            if is_check {
                return Err(format!("{}: nothing makes this recording", file.display()));
            }
            std::fs::remove_file(entry.path())
                .map_err(|error| format!("cannot remove {}: {error}", file.display()))?;
            anstream::eprintln!("removed {}", file.display());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
