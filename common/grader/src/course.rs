//! `make course`: a copy of the repository without solutions, for a class to fork.
//!
//! Whatever Git knows is copied as it stands, but for the reference solutions and the wrong ones: a
//! wrong solution is the right one with one mistake in it. A mark in the copy says that this was
//! done on purpose, so that the tests there do not miss them.

use std::path::{Path, PathBuf};
use std::process::Command;

use tutor::failure::{Failure, Result};
use tutor::settings::Settings;
use tutor::ui;
use tutor::workspace::Workspace;

/// The mark, at the root of a copy.
pub const MARK: &str = ".course";

/// What it says to who opens it.
const WORDS: &str = "Made by `make course`: the solutions are not here.\n";

/// Folders of a task that are left out.
const SECRETS: &[&str] = &["solution", "wrong", "wrong-cause"];

/// Folders of a chapter that tasks are in.
const TASKS: &[&str] = &["exercises", "bugs"];

/// Makes the copy in the folder `file=`, which must not exist yet.
pub fn course(settings: &Settings) -> Result<()> {
    let workspace = Workspace::open()?;
    let Some(folder) = settings.get("file") else {
        return Err(Failure::usage("file= is missing: the folder to make, such as file=../course"));
    };
    let folder = workspace.root.join(folder);
    if folder.exists() {
        return Err(Failure::usage(format!("file={}: it exists already", folder.display())));
    }
    let files = known(&workspace.root)?;
    let taken: Vec<&String> = files.iter().filter(|name| !is_secret(name)).collect();
    for name in &taken {
        copy(&workspace.root, &folder, name)?;
    }
    let mark = folder.join(MARK);
    std::fs::write(&mark, WORDS).map_err(|error| Failure::io("write", &mark, &error))?;
    let (taken, left) = (taken.len(), files.len() - taken.len());
    ui::step("Made", format_args!("{}: {taken} files, {left} left out", folder.display()));
    ui::note("make a repository of it with `git init`; keep this one to grade with");
    Ok(())
}

/// Whether the repository at `root` is such a copy.
pub fn is_course(root: &Path) -> bool {
    root.join(MARK).exists()
}

/// Whether the file `name` belongs to a solution.
pub fn is_secret(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    matches!(parts.as_slice(), ["chapters", _, tasks, _, part, _, ..]
        if TASKS.contains(tasks) && SECRETS.contains(part))
}

/// The files that Git knows.
fn known(root: &Path) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    let output = git.arg("-C").arg(root).args(["ls-files", "-z"]).output();
    let output = output.map_err(|error| Failure::failed(format!("cannot start git: {error}")))?;
    if !output.status.success() {
        return Err(Failure::failed(
            "this is no repository of Git's: only what it knows is copied",
        ));
    }
    let names = String::from_utf8_lossy(&output.stdout);
    Ok(names.split('\0').filter(|name| !name.is_empty()).map(String::from).collect())
}

fn copy(root: &Path, folder: &Path, name: &str) -> Result<()> {
    let target: PathBuf = folder.join(name);
    let parent = target.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent).map_err(|error| Failure::io("create", parent, &error))?;
    match std::fs::copy(root.join(name), &target) {
        Err(error) => Err(Failure::io("copy", &root.join(name), &error)),
        Ok(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn solutions_are_left_out_and_all_else_stays() {
        for name in [
            "chapters/02-frames/exercises/1-buddy/solution/buddy.rs",
            "chapters/02-frames/exercises/1-buddy/wrong/joins-once.toml",
            "chapters/01-boot/bugs/lost-pointer/solution/answer.toml",
            "chapters/01-boot/bugs/lost-pointer/wrong-cause/answer.toml",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "chapters/02-frames/exercises/1-buddy/buddy.rs",
            "chapters/02-frames/exercises/mod.rs",
            "chapters/02-frames/src/memory/wrong.rs",
            "common/grader/src/solution/x.rs",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
