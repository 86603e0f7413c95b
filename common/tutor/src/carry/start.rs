//! Before a carry: what changed, and whether it can be carried.
//!
//! All that can be refused is refused here, while no file has been touched.

use super::files;
use super::git::Git;
use super::journal::{Journal, State};
use super::merge;
use super::step::named_like;
use crate::check;
use crate::failure::{Failure, Result};
use crate::ui;
use crate::workspace::Workspace;

/// Opens the journal of a carry from the chapter at `index` to the last one.
pub fn start(workspace: &Workspace, git: &Git, index: usize) -> Result<Journal> {
    Journal::refuse_second(git)?;
    let chapters = &workspace.config.chapters[index..];
    let chapters: Vec<String> = chapters.iter().map(|chapter| chapter.folder.clone()).collect();
    let first = &chapters[0];
    if chapters.len() == 1 {
        let message = format!("from={first}: it is the last chapter, there is none to carry to");
        return Err(Failure::usage(message));
    }
    let commit = git.head()?;
    if !git.has(&commit, &format!("chapters/{first}"))? {
        let message = format!("from={first}: the last commit has no such chapter; commit it first");
        return Err(Failure::usage(message));
    }
    let changed = changed(workspace, git, &commit, first)?;
    if changed.is_empty() {
        let what = "is as in the last commit: change it first, and commit after the carry";
        return Err(Failure::usage(format!("from={first}: chapters/{first} {what}")));
    }
    let state = State::new(commit, chapters, changed);
    refuse_marks(workspace, &state)?;
    let work = uncommitted(git, &state)?;
    if !work.is_empty() {
        let work = work.join(", ");
        ui::note(format_args!("not committed yet, merged with and carried on: {work}"));
    }
    Journal::begin(&workspace.root, git, state)
}

/// The files of the chapter `folder` that are not as in `commit` and that later chapters inherit.
fn changed(workspace: &Workspace, git: &Git, commit: &str, folder: &str) -> Result<Vec<String>> {
    let prefix = format!("chapters/{folder}/");
    let mut changed = Vec::new();
    for path in git.changed(commit, &prefix)? {
        let Some(name) = path.strip_prefix(&prefix).filter(|name| takes_part(name)) else {
            continue;
        };
        let now = files::read(&workspace.root.join(&path))?;
        if named_like(&now, name, git.show(commit, &path)?) != now {
            changed.push(name.into());
        }
    }
    Ok(changed)
}

/// Whether later chapters inherit the file `name`.
fn takes_part(name: &str) -> bool {
    check::is_lineal(name) || chapter_diff::is_manifest(name)
}

/// Refuses files in which a conflict has been left: it would be carried like any other change.
fn refuse_marks(workspace: &Workspace, state: &State) -> Result<()> {
    for name in state.table.keys() {
        for index in 0..state.chapters.len() {
            let path = state.path(index, name);
            let bytes = files::read(&workspace.root.join(&path))?;
            if let Some(line) = bytes.as_deref().and_then(merge::first_mark) {
                let message =
                    format!("{path}:{line}: has the marks of a conflict; resolve it first");
                return Err(Failure::failed(message));
            }
        }
    }
    Ok(())
}

/// The work in later chapters that is not committed and takes part.
pub fn uncommitted(git: &Git, state: &State) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for index in 1..state.chapters.len() {
        let changed = git.changed(&state.commit, &state.path(index, ""))?;
        let paths = state.table.keys().map(|name| state.path(index, name));
        found.extend(paths.filter(|path| changed.contains(path)));
    }
    Ok(found)
}
