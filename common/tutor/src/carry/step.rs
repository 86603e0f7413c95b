//! One step: from a chapter to the next.
//!
//! First all texts are merged in memory and all files are kept aside; then they are written. A step
//! that was broken off can be done again: what it starts from is what the journal kept.

use super::files;
use super::git::Git;
use super::journal::{Journal, State};
use super::merge::{self, Bytes, Labels, Sides};
use super::outcome::Outcome;
use crate::failure::{Failure, Result};

/// What a step does to one file.
struct Work {
    /// Its name from the chapter's folder.
    name: String,
    /// Its path in the earlier chapter, from the root.
    source: String,
    /// Its path in the later chapter, from the root.
    path: String,
    /// Its bytes there before.
    before: Bytes,
    /// Its bytes there afterwards.
    after: Bytes,
    outcome: Outcome,
}

/// Carries all files one chapter further.
pub fn step(git: &Git, journal: &mut Journal) -> Result<()> {
    let names = journal.state.travelling();
    let works = names.into_iter().map(|name| plan(git, journal, name));
    let works = works.collect::<Result<Vec<Work>>>()?;
    for work in &works {
        refuse_other_edits(journal, work)?;
    }
    // A file with a conflict is edited next, by a person, so it is kept as well.
    let is_touched =
        |work: &&Work| work.before != work.after || matches!(work.outcome, Outcome::Conflict(_));
    journal.keep(works.iter().filter(is_touched).map(|work| work.path.clone()))?;
    for work in works.iter().filter(|work| work.before != work.after) {
        write(journal, work)?;
    }
    for work in works {
        journal.state.table.entry(work.name).or_default().push(work.outcome);
    }
    journal.state.reached += 1;
    journal.save()
}

/// Merges the three texts of the file `name`.
fn plan(git: &Git, journal: &Journal, name: String) -> Result<Work> {
    let state = &journal.state;
    let [source, path] = [0, 1].map(|ahead| state.path(state.reached + ahead, &name));
    let before = journal.before(&path)?;
    let base = named_like(&before, &name, base(git, journal, &source)?);
    let theirs = named_like(&before, &name, files::read(&journal.path(&source))?);
    let labels = Labels {
        base: format!("{source}, as committed"),
        ours: format!("{path}, before the carry"),
        theirs: format!("{source}, now"),
    };
    let sides = Sides { base, ours: before.clone(), theirs };
    let (outcome, after) = merge::merge(sides, &labels)?;
    Ok(Work { name, source, path, before, after, outcome })
}

/// The file at `path` in the commit; in a chapter that the commit does not have yet, the file
/// before the carry.
fn base(git: &Git, journal: &Journal, path: &str) -> Result<Bytes> {
    let State { commit, chapters, reached, .. } = &journal.state;
    if git.has(commit, &format!("chapters/{}", chapters[*reached]))? {
        git.show(commit, path)
    } else {
        journal.before(path)
    }
}

/// The manifest `bytes` with the package's name that `owner` has; any other file as it is.
pub fn named_like(owner: &Bytes, name: &str, bytes: Bytes) -> Bytes {
    match (bytes, owner) {
        (Some(bytes), Some(owner)) if chapter_diff::is_manifest(name) => {
            Some(chapter_diff::with_name_of(&bytes, owner))
        }
        (bytes, _) => bytes,
    }
}

/// Refuses to write over what is neither the file before the carry nor its result: somebody has
/// edited it after an earlier try of this step.
fn refuse_other_edits(journal: &Journal, work: &Work) -> Result<()> {
    let now = files::read(&journal.path(&work.path))?;
    if now == work.before || now == work.after {
        return Ok(());
    }
    Err(Failure::failed(format!("{} was edited during the carry", work.path)))
}

fn write(journal: &Journal, work: &Work) -> Result<()> {
    let path = journal.path(&work.path);
    files::put(&path, &work.after)?;
    if work.outcome == Outcome::Added {
        files::copy_permissions(&journal.path(&work.source), &path)?;
    }
    Ok(())
}
