//! The chapters as a page sees them: their files, and what changes from one to the next.
//!
//! All of it is read once, at the beginning of a build. It is some hundreds of small files, and
//! every directive asks for one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use build_support::Config;
use chapter_diff::{Change, Hunk, Kind, folder};

use crate::Result;

/// Stands for every architecture's name in a file's name.
pub const ANY_MACHINE: &str = "{arch}";

/// Lines of context around a change.
pub const CONTEXT: usize = 3;

/// What pages are made of.
pub struct Book {
    /// The repository.
    pub root: PathBuf,
    /// `build-config.toml`.
    pub config: Config,
    /// The chapters, in order.
    pub chapters: Vec<Chapter>,
}

/// A chapter's folder.
pub struct Chapter {
    /// Its number, as directives name it: `03`.
    pub number: String,
    /// Its folder's name: `03-paging`.
    pub folder: String,
    /// The texts in it, by their name from the folder.
    pub files: BTreeMap<String, String>,
    /// What differs from the chapter before; in the first, everything is new.
    pub changes: Vec<Change>,
    /// The texts of its exercises, which are no part of that.
    pub exercises: BTreeMap<String, String>,
}

/// A file that a directive names, and the machine it belongs to if the name stood for several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The architecture.
    pub arch: Option<String>,
    /// Its name from the chapter's folder.
    pub file: String,
}

impl Book {
    /// Reads the chapters of the repository at `root`.
    pub fn read(root: &Path) -> Result<Self> {
        let config = Config::read(root).map_err(|error| error.to_string())?;
        let folders: Vec<PathBuf> =
            config.chapters.iter().map(|one| root.join("chapters").join(&one.folder)).collect();
        let mut chapters = Vec::new();
        for (index, path) in folders.iter().enumerate() {
            let files = chapter_diff::read(path).map_err(|error| error.to_string())?;
            let changes = match index.checked_sub(1) {
                None => files.iter().map(|(name, bytes)| created(name, bytes)).collect(),
                Some(before) => chapter_diff::chapters(&folders[before], path)
                    .map_err(|error| error.to_string())?,
            };
            let folder = config.chapters[index].folder.clone();
            let number = folder.split('-').next().unwrap_or_default().into();
            let exercises = folder::read_if(path, |name| name.starts_with("exercises/"));
            let exercises = exercises.map_err(|error| error.to_string())?;
            let text =
                |(name, bytes): (String, Vec<u8>)| Some((name, folder::text(&bytes)?.to_string()));
            let files = files.into_iter().filter_map(text).collect();
            let exercises = exercises.into_iter().filter_map(text).collect();
            chapters.push(Chapter { number, folder, files, changes, exercises });
        }
        Ok(Self { root: root.into(), config, chapters })
    }

    /// The index of the chapter that `word` names by its number.
    pub fn chapter(&self, word: &str) -> Result<usize> {
        self.chapters.iter().position(|chapter| chapter.number == word).ok_or_else(|| {
            let numbers: Vec<&str> =
                self.chapters.iter().map(|chapter| chapter.number.as_str()).collect();
            format!("there is no chapter {word}; there are {}", numbers.join(", "))
        })
    }

    /// The names of the machines' architectures.
    pub fn machines(&self) -> impl Iterator<Item = &str> {
        self.config.machines.keys().map(String::as_str)
    }

    /// The text of a file of a chapter.
    pub fn file(&self, chapter: usize, name: &str) -> Result<&str> {
        let chapter = &self.chapters[chapter];
        chapter
            .files
            .get(name)
            .or_else(|| chapter.exercises.get(name))
            .map(String::as_str)
            .ok_or_else(|| {
                let last = name.rsplit('/').next().unwrap_or(name);
                let near =
                    chapter.files.keys().filter(|other| other.ends_with(&format!("/{last}")));
                let near: Vec<&str> = near.map(String::as_str).collect();
                let advice = if near.is_empty() {
                    String::new()
                } else {
                    format!("; {}?", near.join(" or "))
                };
                format!("chapter {} has no file {name}{advice}", chapter.number)
            })
    }

    /// The files that `name` stands for: one, or one for each machine.
    pub fn named(&self, name: &str) -> Vec<Named> {
        if !name.contains(ANY_MACHINE) {
            return vec![Named { arch: None, file: name.into() }];
        }
        let of =
            |arch: &str| Named { arch: Some(arch.into()), file: name.replace(ANY_MACHINE, arch) };
        self.machines().map(of).collect()
    }

    /// What a chapter does to the file `name`.
    pub fn change(&self, chapter: usize, name: &str) -> Result<&Change> {
        let changes = &self.chapters[chapter].changes;
        if let Some(change) = changes.iter().find(|change| change.name == name) {
            return Ok(change);
        }
        self.file(chapter, name)?;
        Err(format!("chapter {} does not change {name}", self.chapters[chapter].number))
    }

    /// The hunks of what a chapter does to the file `name`: all, or the one that contains `text`.
    pub fn hunks(&self, chapter: usize, name: &str, text: Option<&str>) -> Result<Vec<Hunk>> {
        let hunks = chapter_diff::hunks(self.change(chapter, name)?, CONTEXT);
        let Some(text) = text else { return Ok(hunks) };
        let has_it = |hunk: &Hunk| hunk.changed().any(|row| row.text.contains(text));
        let count = hunks.iter().filter(|hunk| has_it(hunk)).count();
        match count {
            1 => Ok(hunks.into_iter().filter(has_it).collect()),
            0 => Err(format!("no changed line of {name} contains `{text}`")),
            _ => Err(format!("{count} hunks of {name} contain `{text}`; name one")),
        }
    }
}

/// A file that comes with the first chapter.
fn created(name: &str, bytes: &[u8]) -> Change {
    Change { name: name.into(), kind: Kind::New, old: Vec::new(), new: bytes.into() }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The chapters of this repository.
    pub fn book() -> Book {
        Book::read(&crate::root()).expect("the repository can be read")
    }

    #[test]
    fn chapters_are_named_by_their_numbers() {
        let book = book();
        assert_eq!(book.chapter("03"), Ok(2));
        let message = book.chapter("3").expect_err("it has two digits");
        assert!(message.contains("01, 02"), "{message}");
    }

    #[test]
    fn a_missing_file_is_told_with_one_like_it() {
        let message = book().file(0, "src/cpu.rs").expect_err("it is below arch");
        assert!(message.contains("src/arch/aarch64/cpu.rs or "), "{message}");
    }

    #[test]
    fn all_of_the_first_chapter_is_new() {
        let book = book();
        let first = &book.chapters[0];
        assert_eq!(first.changes.len(), first.files.len());
        assert!(first.changes.iter().all(|change| change.kind == Kind::New));
    }

    #[test]
    fn one_name_stands_for_both_machines() {
        let names: Vec<String> =
            book().named("src/arch/{arch}/boot.s").into_iter().map(|one| one.file).collect();
        assert_eq!(names, ["src/arch/aarch64/boot.s", "src/arch/x86_64/boot.s"]);
    }

    #[test]
    fn a_hunk_is_found_by_its_text() {
        let book = book();
        assert_eq!(book.hunks(3, "src/main.rs", None).map(|hunks| hunks.len() > 1), Ok(true));
        assert_eq!(book.hunks(3, "src/main.rs", Some("heap")).map(|hunks| hunks.len()), Ok(1));
        let none = book.hunks(3, "src/main.rs", Some("no such text")).expect_err("it is not there");
        assert!(none.contains("no changed line"), "{none}");
        let same = book.hunks(3, "src/panic.rs", None).expect_err("it is the same");
        assert!(same.contains("does not change"), "{same}");
    }
}
