//! What changes from one chapter to the next, file by file.
//!
//! A chapter's exercises, bugs and its README belong to it alone, and its package cannot have its
//! predecessor's name: none of them is a change that a reader should see.

use std::path::Path;

use similar::{ChangeTag, TextDiff};

use crate::Result;
use crate::folder::{self, Files};

/// Folders that a chapter shares with no other.
const OWN: &[&str] = &["exercises/", "bugs/"];

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only the later chapter has it.
    New,
    /// Both have it, and they differ.
    Changed,
    /// Only the earlier chapter has it.
    Removed,
}

/// A file that is not the same in both chapters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its name from the chapter's folder.
    pub name: String,
    /// What happened to it.
    pub kind: Kind,
    /// Its bytes in the earlier chapter; empty if it is new.
    pub old: Vec<u8>,
    /// Its bytes in the later chapter; empty if it is removed.
    pub new: Vec<u8>,
}

/// Lines that a change puts in and takes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Lines that only the later chapter has.
    pub inserted: usize,
    /// Lines that only the earlier chapter has.
    pub deleted: usize,
}

impl Change {
    /// Both texts; `None` if one of them is no text.
    pub fn texts(&self) -> Option<(&str, &str)> {
        Some((folder::text(&self.old)?, folder::text(&self.new)?))
    }

    /// How many lines the change puts in and takes out; none for what is no text.
    pub fn lines(&self) -> Lines {
        let mut lines = Lines::default();
        let Some((old, new)) = self.texts() else {
            return lines;
        };
        for change in TextDiff::from_lines(old, new).iter_all_changes() {
            match change.tag() {
                ChangeTag::Insert => lines.inserted += 1,
                ChangeTag::Delete => lines.deleted += 1,
                ChangeTag::Equal => {}
            }
        }
        lines
    }
}

impl std::ops::AddAssign for Lines {
    fn add_assign(&mut self, other: Self) {
        self.inserted += other.inserted;
        self.deleted += other.deleted;
    }
}

/// What changes from the chapter in the folder `earlier` to the one in `later`, by name.
pub fn chapters(earlier: &Path, later: &Path) -> Result<Vec<Change>> {
    let mut old = read(earlier)?;
    let new = read(later)?;
    for manifest in MANIFESTS {
        if let (Some(old), Some(new)) = (old.get_mut(*manifest), new.get(*manifest)) {
            *old = with_name_of(old, new);
        }
    }
    Ok(trees(old, new))
}

/// The files of the chapter in `folder` that take part in a comparison.
pub fn read(folder: &Path) -> Result<Files> {
    folder::read_if(folder, |name| {
        name != "README.md" && !OWN.iter().any(|part| name.starts_with(part))
    })
}

/// The manifests of a chapter: of its kernel, and of its programs.
const MANIFESTS: &[&str] = &["Cargo.toml", "user/Cargo.toml"];

/// Whether `name` is a manifest, which names a package: that name is no other chapter's.
pub fn is_manifest(name: &str) -> bool {
    MANIFESTS.contains(&name)
}

fn trees(mut old: Files, new: Files) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, new) in new {
        match old.remove(&name) {
            Some(old) if old == new => {}
            Some(old) => changes.push(Change { name, kind: Kind::Changed, old, new }),
            None => changes.push(Change { name, kind: Kind::New, old: Vec::new(), new }),
        }
    }
    let removed = |(name, old)| Change { name, kind: Kind::Removed, old, new: Vec::new() };
    changes.extend(old.into_iter().map(removed));
    changes.sort_by(|one, other| one.name.cmp(&other.name));
    changes
}

/// The manifest `old` with the name that `new` has, of the package and of its program.
pub fn with_name_of(old: &[u8], new: &[u8]) -> Vec<u8> {
    let texts = (folder::text(old), folder::text(new));
    let (Some(old_text), Some(new_text)) = texts else {
        return old.to_vec();
    };
    match (name_line(old_text), name_line(new_text)) {
        (Some(old_line), Some(new_line)) => old_text.replace(old_line, new_line).into(),
        _ => old.to_vec(),
    }
}

fn name_line(manifest: &str) -> Option<&str> {
    manifest.lines().find(|line| line.starts_with("name ") || line.starts_with("name="))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(name, text)| (name.to_string(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn new_changed_and_removed_are_told_apart() {
        let old = files(&[("same", "s\n"), ("both", "a\nb\n"), ("old", "o\n")]);
        let new = files(&[("same", "s\n"), ("both", "a\nc\nd\n"), ("new", "n\n")]);
        let found: Vec<_> = trees(old, new)
            .into_iter()
            .map(|change| (change.name.clone(), change.kind, change.lines()))
            .collect();
        let lines = |inserted, deleted| Lines { inserted, deleted };
        let expected = [
            ("both".into(), Kind::Changed, lines(2, 1)),
            ("new".into(), Kind::New, lines(1, 0)),
            ("old".into(), Kind::Removed, lines(0, 1)),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn package_name_is_no_change_and_a_dependency_is() {
        let old = b"[package]\nname = \"strata-01\"\nversion = \"1\"\n";
        let new = b"[package]\nname = \"strata-02\"\nversion = \"1\"\n";
        assert_eq!(with_name_of(old, new), new);
        let new = b"[package]\nname = \"strata-02\"\nversion = \"1\"\nspin = \"1\"\n";
        assert_ne!(with_name_of(old, new), new);
    }

    #[test]
    fn both_manifests_of_a_chapter_may_have_names_of_their_own() {
        let root = tempfile::tempdir().expect("there is room");
        for (name, text) in [
            ("one/Cargo.toml", "name = \"strata-06\"\n"),
            ("one/user/Cargo.toml", "name = \"strata-06-user\"\n[lib]\nname = \"user\"\n"),
            ("one/user/src/lib.rs", "same\n"),
            ("two/Cargo.toml", "name = \"strata-07\"\n"),
            ("two/user/Cargo.toml", "name = \"strata-07-user\"\n[lib]\nname = \"user\"\n"),
            ("two/user/src/lib.rs", "other\n"),
        ] {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("there is room");
            std::fs::write(path, text).expect("there is room");
        }
        let changes = chapters(&root.path().join("one"), &root.path().join("two"));
        let changes = changes.expect("both can be read");
        let names: Vec<&str> = changes.iter().map(|change| change.name.as_str()).collect();
        assert_eq!(names, ["user/src/lib.rs"]);
    }

    #[test]
    fn exercises_and_readme_take_no_part() {
        let root = tempfile::tempdir().expect("there is room");
        for name in [
            "one/src/main.rs",
            "two/src/main.rs",
            "two/README.md",
            "two/exercises/1.rs",
            "two/bugs/1.rs",
        ] {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("there is room");
            std::fs::write(path, "same").expect("there is room");
        }
        let changes = chapters(&root.path().join("one"), &root.path().join("two"));
        assert_eq!(changes.expect("both can be read"), []);
    }

    #[test]
    fn bytes_that_are_no_text_have_no_lines() {
        let new = vec![0xff, b'\n'];
        let change = Change { name: "x".into(), kind: Kind::New, old: Vec::new(), new };
        assert_eq!((change.texts(), change.lines()), (None, Lines::default()));
    }
}
