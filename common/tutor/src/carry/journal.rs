//! The journal of a carry: how far it has come, and each file as it was before.
//!
//! It lies in Git's own folder. `make clean` does not reach it there, no commit can contain it, and
//! it goes when the repository goes. A file is kept aside before it is touched, and the journal
//! says so before it happens, so it is right at every instant.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files;
use super::git::Git;
use super::merge::Bytes;
use super::outcome::{Obstacle, Outcome};
use crate::failure::{Failure, Result};

/// The folder of the journal, below Git's.
const FOLDER: &str = "strata-carry";
/// The file in it that says how far the carry has come.
const STATE: &str = "state.json";
/// The folder in it that holds the files as they were.
const BEFORE: &str = "before";

/// How far a carry has come.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct State {
    /// The commit with which everything is compared, even if another is made on the way.
    pub commit: String,
    /// The folders of the chapters: first the one with the fix, then those that it is carried to.
    pub chapters: Vec<String>,
    /// The index of the last chapter that the fix has reached.
    pub reached: usize,
    /// For each file, what became of it in the chapters after the first.
    pub table: BTreeMap<String, Vec<Outcome>>,
    /// The files that were touched, and whether they existed before.
    touched: BTreeMap<String, bool>,
}

impl State {
    /// A carry of `files` that has not begun.
    pub fn new(commit: String, chapters: Vec<String>, files: Vec<String>) -> Self {
        let table = files.into_iter().map(|name| (name, Vec::new())).collect();
        Self { commit, chapters, table, ..Self::default() }
    }

    /// Whether every chapter has been reached.
    pub fn is_finished(&self) -> bool {
        self.reached + 1 == self.chapters.len()
    }

    /// The files that go on to the next chapter.
    pub fn travelling(&self) -> Vec<String> {
        let goes_on = |row: &[Outcome]| row.last() != Some(&Outcome::Absent);
        let rows = self.table.iter().filter(|(_, row)| goes_on(row));
        rows.map(|(name, _)| name.clone()).collect()
    }

    /// The files about which a person must decide, in the last chapter that was reached.
    pub fn conflicts(&self) -> Vec<(&str, Obstacle)> {
        let rows = self.table.iter();
        let conflicts = rows.filter_map(|(name, row)| match row.last()? {
            Outcome::Conflict(obstacle) => Some((name.as_str(), *obstacle)),
            _ => None,
        });
        conflicts.collect()
    }

    /// The path, from the root, of a file of the chapter at `index`.
    pub fn path(&self, index: usize, name: &str) -> String {
        format!("chapters/{}/{name}", self.chapters[index])
    }
}

/// A carry that is going on.
pub struct Journal {
    root: PathBuf,
    folder: PathBuf,
    /// How far it has come.
    pub state: State,
}

impl Journal {
    /// Refuses if a carry is going on.
    pub fn refuse_second(git: &Git) -> Result<()> {
        if !git.private_path(FOLDER)?.exists() {
            return Ok(());
        }
        let ways = "finish it with `make carry continue=1`, or take it back with abort=1";
        Err(Failure::usage(format!("another carry is going on: {ways}")))
    }

    /// Opens the journal of a new carry.
    pub fn begin(root: &Path, git: &Git, state: State) -> Result<Self> {
        let folder = git.private_path(FOLDER)?;
        let cannot = |error| Failure::io("create", &folder, &error);
        // It is written elsewhere first: when it appears, it is whole.
        let draft = tempfile::tempdir_in(folder.parent().unwrap_or(root)).map_err(cannot)?;
        let draft = Self { root: root.to_path_buf(), folder: draft.keep(), state };
        draft.save()?;
        fs::rename(&draft.folder, &folder).map_err(cannot)?;
        Ok(Self { folder, ..draft })
    }

    /// Opens the journal of the carry that is going on, to do what `wish` says.
    pub fn open(root: &Path, git: &Git, wish: &str) -> Result<Self> {
        let folder = git.private_path(FOLDER)?;
        let path = folder.join(STATE);
        if !folder.exists() {
            return Err(Failure::usage(format!("{wish}: no carry is going on")));
        }
        let text = files::read(&path)?.unwrap_or_default();
        let state = serde_json::from_slice(&text)
            .map_err(|error| Failure::failed(format!("{} is damaged: {error}", path.display())))?;
        Ok(Self { root: root.to_path_buf(), folder, state })
    }

    /// The file at `path`, from the root, as it was before the carry.
    pub fn before(&self, path: &str) -> Result<Bytes> {
        match self.state.touched.get(path) {
            Some(true) => files::read(&self.aside(path)),
            Some(false) => Ok(None),
            None => files::read(&self.path(path)),
        }
    }

    /// Keeps the files at `paths` aside, each once.
    pub fn keep(&mut self, paths: impl IntoIterator<Item = String>) -> Result<()> {
        for path in paths {
            if self.state.touched.contains_key(&path) {
                continue;
            }
            let exists = self.path(&path).exists();
            if exists {
                files::copy(&self.path(&path), &self.aside(&path))?;
            }
            self.state.touched.insert(path, exists);
        }
        self.save()
    }

    /// Notes that a person has decided about each conflict.
    pub fn resolve(&mut self) -> Result<()> {
        for outcome in self.state.table.values_mut().filter_map(|row| row.last_mut()) {
            if matches!(outcome, Outcome::Conflict(_)) {
                *outcome = Outcome::Resolved;
            }
        }
        self.save()
    }

    /// Writes down how far the carry has come.
    pub fn save(&self) -> Result<()> {
        let path = self.folder.join(STATE);
        let draft = path.with_extension("new");
        let text = serde_json::to_vec_pretty(&self.state).expect("names and numbers are JSON");
        files::put(&draft, &Some(text))?;
        fs::rename(&draft, &path).map_err(|error| Failure::io("write", &path, &error))
    }

    /// Makes every file what it was before the carry, and returns how many that are.
    pub fn restore(self) -> Result<usize> {
        for (path, existed) in &self.state.touched {
            let there = self.path(path);
            match existed {
                true => files::copy(&self.aside(path), &there)?,
                false => files::put(&there, &None)?,
            }
        }
        let count = self.state.touched.len();
        self.end()?;
        Ok(count)
    }

    /// Closes the journal: the carry is over, having come this far.
    pub fn end(self) -> Result<State> {
        let cannot = |error| Failure::io("remove", &self.folder, &error);
        // Half a journal would be worse than none, so it goes in one step.
        let old =
            tempfile::tempdir_in(self.folder.parent().unwrap_or(&self.root)).map_err(cannot)?;
        fs::rename(&self.folder, old.path().join(FOLDER)).map_err(cannot)?;
        Ok(self.state)
    }

    /// Where the file at `path`, from the root, is.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    fn aside(&self, path: &str) -> PathBuf {
        self.folder.join(BEFORE).join(path)
    }
}
