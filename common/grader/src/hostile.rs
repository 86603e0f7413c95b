//! Proves that no fork gets what it has not earned, nor keeps others from being graded.
//!
//! Each case is a fork with one thing wrong. All are graded as one class; each must come to
//! nothing, for the true reason, and the honest one among them must not suffer.

use std::path::{Path, PathBuf};

use tutor::failure::{Failure, Result};

use crate::class::{self, Fork, Row};
use crate::scene::Scene;
use crate::task::Task;

/// The task that all of them hand in.
const TASK: &str = "01-boot-arguments";

/// The file that they hand in, in the task's folder.
const FILE: &str = "boot_arguments.rs";

/// A fork, and what must be said of it.
pub struct Case {
    /// Its name, which where it has one is that of a file.
    pub name: &'static str,
    /// What makes it so.
    make: fn(&Forks, &Path) -> std::io::Result<()>,
    /// Words in the reason.
    reason: &'static str,
    /// Words in the note.
    note: &'static str,
    /// Whether it has earned its points.
    is_honest: bool,
}

const HOSTILE: Case =
    Case { name: "", make: |_, _| Ok(()), reason: "", note: "", is_honest: false };

/// All of them.
pub const CASES: &[Case] = &[
    Case { name: "forges", make: Forks::file_of_case, reason: "wrong answer", ..HOSTILE },
    Case { name: "loops", make: Forks::file_of_case, reason: "hung", ..HOSTILE },
    Case {
        name: "floods",
        make: Forks::file_of_case,
        reason: "hung: it did not end within 1 MiB of output",
        ..HOSTILE
    },
    Case {
        name: "powers-off",
        make: Forks::file_of_case,
        reason: "the kernel died: it ended",
        ..HOSTILE
    },
    Case {
        name: "speaks-on-the-channel",
        make: Forks::file_of_case,
        reason: "did not compile: error: usage of an `unsafe` block",
        ..HOSTILE
    },
    Case { name: "writes-files", make: Forks::file_of_case, reason: "wrong answer", ..HOSTILE },
    Case {
        name: "does-not-compile",
        make: Forks::file_of_case,
        reason: "did not compile: error",
        ..HOSTILE
    },
    Case { name: "has-no-folder", make: |_, _| Ok(()), reason: "is missing", ..HOSTILE },
    Case {
        name: "is-not-there",
        make: |_, fork| std::fs::remove_dir_all(fork),
        reason: "no such folder",
        ..HOSTILE
    },
    Case {
        name: "hands-in-a-link",
        make: |forks, fork| {
            forks.write(fork, "common/x", "")?;
            std::fs::create_dir_all(fork.join(&forks.folder))?;
            std::os::unix::fs::symlink("/etc/passwd", fork.join(&forks.folder).join(FILE))
        },
        reason: "a link is not taken",
        ..HOSTILE
    },
    Case {
        name: "edits-the-grader",
        make: |forks, fork| {
            forks.starter(fork)?;
            forks.write(fork, "common/grader/src/verdict.rs", "//! All is well.\n")?;
            forks.write(fork, "chapters/01-boot/build.rs", "fn main() { loop {} }\n")?;
            let tests = format!("{}/tests.rs", forks.folder);
            forks.write(fork, &tests, "//! None.\n")
        },
        reason: "not started",
        note: "changed, and not taken: ",
        ..HOSTILE
    },
    Case {
        name: "takes-the-solution",
        make: |forks, fork| {
            let solution = forks.root.join(&forks.folder).join("solution").join(FILE);
            let text = format!("#[path = {solution:?}]\nmod theirs;\npub use theirs::*;\n");
            forks.write(fork, &format!("{}/{FILE}", forks.folder), &text)
        },
        reason: "it takes in a file that is not part of the tree",
        ..HOSTILE
    },
    Case {
        name: "is-honest",
        make: |forks, fork| forks.copy(fork, "solution"),
        reason: "solved",
        is_honest: true,
        ..HOSTILE
    },
];

/// A folder with all forks, which goes with it.
pub struct Forks {
    root: PathBuf,
    /// The task's folder, from the root of a repository.
    folder: String,
    place: tempfile::TempDir,
}

impl Forks {
    fn write(&self, fork: &Path, name: &str, text: &str) -> std::io::Result<()> {
        let path = fork.join(name);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, text)
    }

    /// Hands in the file of `fork`'s name.
    fn file_of_case(&self, fork: &Path) -> std::io::Result<()> {
        let name = fork.file_name().unwrap_or_default().to_string_lossy();
        let file = format!("common/grader/testdata/hostile/{name}.rs");
        let text = std::fs::read_to_string(self.root.join(file))?;
        self.write(fork, &format!("{}/{FILE}", self.folder), &text)
    }

    fn starter(&self, fork: &Path) -> std::io::Result<()> {
        self.copy(fork, ".")
    }

    fn copy(&self, fork: &Path, part: &str) -> std::io::Result<()> {
        let text = std::fs::read_to_string(self.root.join(&self.folder).join(part).join(FILE))?;
        self.write(fork, &format!("{}/{FILE}", self.folder), &text)
    }
}

/// Grades all cases as a class; what is wrong with each, if anything.
pub fn prove(scene: &Scene) -> Result<Vec<(&'static str, std::result::Result<(), String>)>> {
    let tasks: Vec<&Task> = scene.tasks.iter().filter(|task| task.name == TASK).collect();
    let Some(task) = tasks.first() else { return Ok(Vec::new()) };
    let io = |error: std::io::Error| Failure::failed(format!("cannot make forks: {error}"));
    let place = tempfile::tempdir().map_err(io)?;
    let (root, folder) = (scene.workspace.root.clone(), task.folder.clone());
    let forks = Forks { root, folder, place };
    let mut list = Vec::new();
    for case in CASES {
        let fork = forks.place.path().join(case.name);
        std::fs::create_dir_all(&fork).map_err(io)?;
        (case.make)(&forks, &fork).map_err(io)?;
        list.push(Fork { name: case.name.into(), repository: case.name.into() });
    }
    let rows = class::grade_forks(scene, &tasks, &list, &forks.place.path().join("list.csv"), 1)?;
    let judged = CASES.iter().zip(&rows).map(|(case, row)| (case.name, judge(case, row)));
    Ok(judged.collect())
}

fn judge(case: &Case, row: &Row) -> std::result::Result<(), String> {
    let Some(graded) = row.graded.first() else { return Err("it was not graded".into()) };
    let reason = graded.reason();
    if graded.is_solved() != case.is_honest || (graded.points > 0) != case.is_honest {
        return Err(format!("it gets {} points: {reason}", graded.points));
    }
    if !reason.contains(case.reason) {
        return Err(format!("the reason is not `{}`: {reason}", case.reason));
    }
    match row.note.contains(case.note) {
        true => Ok(()),
        false => Err(format!("the note does not say `{}`: {}", case.note, row.note)),
    }
}
