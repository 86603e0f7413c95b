//! What a student has done so far: kept in a file of the student's own, so that lists are quick.
//!
//! A result counts as long as the files are what was tested. The hints that were read are counted,
//! so that each call gives the next.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tutor::failure::{Failure, Result};

use crate::candidate::Candidate;
use crate::task::Task;
use crate::verdict::{Graded, Kind, Outcome};

/// The file, at the root of the repository; Git ignores it.
const FILE: &str = ".progress.json";

/// What is known.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Progress {
    #[serde(skip)]
    file: PathBuf,
    /// By the task's name.
    #[serde(default)]
    tasks: BTreeMap<String, Known>,
}

/// What is known of one task.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Known {
    /// How many hints were read.
    #[serde(default)]
    hints: usize,
    /// The digest of the files that were tested last, and what came of it.
    tested: Option<(String, Outcome)>,
}

/// How far a student is with a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// There are holes yet: how many.
    Holes(usize),
    /// There are none, and what is there has not been tested.
    Untested,
    /// What is there was tested.
    Tested(Outcome),
    /// A file is missing.
    Missing(String),
}

impl Progress {
    /// Reads what is known of the repository at `root`; what cannot be read is forgotten.
    pub fn read(root: &Path) -> Self {
        let file = root.join(FILE);
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let known = serde_json::from_str::<Self>(&text).unwrap_or_default();
        Self { file, ..known }
    }

    /// Remembers what came of the files of `candidate`.
    pub fn record(&mut self, task: &Task, candidate: &Candidate, graded: &Graded) -> Result<()> {
        let tested = digest(task, candidate).map(|digest| (digest, graded.outcome.clone()));
        self.tasks.entry(task.name.clone()).or_default().tested = tested;
        self.write()
    }

    /// The number of the next hint of `task`, from 0, of `count`; the last one again and again.
    pub fn next_hint(&mut self, task: &Task, count: usize) -> Result<usize> {
        let known = self.tasks.entry(task.name.clone()).or_default();
        let next = known.hints.min(count.saturating_sub(1));
        known.hints = next + 1;
        self.write()?;
        Ok(next)
    }

    /// How far the files of `candidate` are.
    pub fn state(&self, task: &Task, candidate: &Candidate) -> State {
        let files = match candidate.files(task) {
            Ok(files) => files,
            Err(why) => return State::Missing(why),
        };
        let known = self.tasks.get(&task.name).and_then(|known| known.tested.as_ref());
        let holes = files.iter().map(|(_, bytes)| holes(bytes)).sum();
        match known {
            Some((tested, outcome)) if Some(tested) == digest(task, candidate).as_ref() => {
                match outcome {
                    Outcome::Broken(Kind::NotStarted) if holes > 0 => State::Holes(holes),
                    outcome => State::Tested(outcome.clone()),
                }
            }
            _ if holes > 0 => State::Holes(holes),
            _ => State::Untested,
        }
    }

    fn write(&self) -> Result<()> {
        let text = serde_json::to_string_pretty(self).expect("it is plain data") + "\n";
        std::fs::write(&self.file, text).map_err(|error| Failure::io("write", &self.file, &error))
    }
}

/// How many holes a file has.
fn holes(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).matches("todo!(").count()
}

/// A digest of all that is a student's in `task`.
fn digest(task: &Task, candidate: &Candidate) -> Option<String> {
    let mut digest = Sha256::new();
    for (place, bytes) in candidate.files(task).ok()? {
        digest.update(place.as_bytes());
        digest.update(bytes.len().to_le_bytes());
        digest.update(&bytes);
    }
    digest.update(candidate.answer(task).unwrap_or_default());
    Some(digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

impl State {
    /// It, in a few words.
    pub fn words(&self) -> String {
        match self {
            Self::Holes(1) => "1 hole left".into(),
            Self::Holes(holes) => format!("{holes} holes left"),
            Self::Untested => "not tested".into(),
            Self::Tested(outcome) => outcome.headline(),
            Self::Missing(why) => why.clone(),
        }
    }

    /// Whether it is solved.
    pub fn is_solved(&self) -> bool {
        *self == Self::Tested(Outcome::Solved)
    }
}
