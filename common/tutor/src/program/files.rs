//! Files of the reader's beside a program of the reader's: `files="poem.txt data:usr/data"`.
//!
//! Each word is a file or a folder of this computer, and behind a colon where it is to be on the
//! machine; without one it lies at the root, where the program begins, under its own name. Links
//! stay links, and what can be executed here can be there.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path};

use build_support::Entry;

use crate::failure::{Failure, Result};

/// The kinds of a file and of a link. (Linux, `stat.h`.)
const REGULAR: u32 = 0o100_000;
const LINK: u32 = 0o120_777;

/// What is to be on the machine, by its path there.
pub type Files = BTreeMap<String, Entry>;

/// All that the words of `files=` name.
pub fn read(words: &str) -> Result<Files> {
    let list = shlex::split(words).ok_or_else(|| {
        Failure::usage(format!("files={words}: a quotation mark or a backslash has no partner"))
    })?;
    let mut files = Files::new();
    for word in &list {
        let (source, place) = match word.split_once(':') {
            Some((source, place)) => (Path::new(source), place.to_string()),
            None => (Path::new(word.as_str()), own_name(word)?),
        };
        add(&mut files, source, &place_on_machine(word, &place)?)?;
    }
    Ok(files)
}

/// The last part of the path `word`.
fn own_name(word: &str) -> Result<String> {
    let name = Path::new(word).file_name().and_then(|name| name.to_str());
    let refuse = || Failure::usage(format!("files={word}: say where it is to be: {word}:PATH"));
    name.map(String::from).ok_or_else(refuse)
}

/// `place` as the archive has it: from the root on, without ways up.
fn place_on_machine(word: &str, place: &str) -> Result<String> {
    let parts = Path::new(place).components().filter_map(|part| match part {
        Component::Normal(name) => Some(Ok(name.to_string_lossy().into_owned())),
        Component::RootDir | Component::CurDir => None,
        Component::ParentDir | Component::Prefix(_) => {
            Some(Err(Failure::usage(format!("files={word}: {place} is not below the root"))))
        }
    });
    let parts = parts.collect::<Result<Vec<_>>>()?;
    match parts.is_empty() {
        true => Err(Failure::usage(format!("files={word}: the root itself cannot be replaced"))),
        false => Ok(parts.join("/")),
    }
}

/// Adds what is at `source`, with all that is in it, as `place`.
fn add(files: &mut Files, source: &Path, place: &str) -> Result<()> {
    let refuse =
        |why: &dyn std::fmt::Display| Failure::usage(format!("files={}: {why}", source.display()));
    let told = fs::symlink_metadata(source).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => refuse(&"there is no such file"),
        _ => refuse(&error),
    })?;
    let kind = told.file_type();
    if kind.is_dir() {
        let mut names = Vec::new();
        for entry in fs::read_dir(source).map_err(|error| refuse(&error))? {
            names.push(entry.map_err(|error| refuse(&error))?.file_name());
        }
        names.sort();
        for name in names {
            let text = name.to_str().ok_or_else(|| refuse(&"a name in it is no text"))?;
            add(files, &source.join(text), &format!("{place}/{text}"))?;
        }
        return Ok(());
    }
    let entry = if kind.is_symlink() {
        let target = fs::read_link(source).map_err(|error| refuse(&error))?;
        Entry { mode: LINK, bytes: target.as_os_str().as_bytes().to_vec() }
    } else if kind.is_file() {
        let bytes = fs::read(source).map_err(|error| refuse(&error))?;
        Entry { mode: REGULAR | told.permissions().mode() & 0o777, bytes }
    } else {
        return Err(refuse(&"it is neither a file nor a folder nor a link"));
    };
    files.insert(place.to_string(), entry);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_are_found_again() {
        let folder = tempfile::tempdir().expect("there is room");
        let root = folder.path();
        fs::create_dir_all(root.join("data/deep")).expect("it is ours");
        fs::write(root.join("data/deep/a"), "A").expect("it is ours");
        fs::write(root.join("tool"), "#!/bin/sh\n").expect("it is ours");
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(root.join("tool"), mode).expect("it is ours");
        std::os::unix::fs::symlink("deep/a", root.join("data/link")).expect("it is ours");
        let words = format!("{0}/data {0}/tool:/usr/bin/t", root.display());
        let files = read(&words).unwrap_or_else(|error| panic!("{}", error.message));
        let names: Vec<_> = files.keys().map(String::as_str).collect();
        assert_eq!(names, ["data/deep/a", "data/link", "usr/bin/t"]);
        assert_eq!(files["data/deep/a"].bytes, b"A");
        assert_eq!(files["data/link"], Entry { mode: LINK, bytes: b"deep/a".to_vec() });
        assert_eq!(files["usr/bin/t"].mode, 0o100_755);
    }

    #[test]
    fn what_cannot_be_had_is_named() {
        for (words, expected) in [
            ("'a", "no partner"),
            ("/no/such", "files=/no/such: there is no such file"),
            ("/", "say where it is to be"),
            ("/etc/passwd:..", "is not below the root"),
            ("/etc/passwd:/", "the root itself"),
            ("/dev/null", "neither a file nor a folder"),
        ] {
            let error = read(words).expect_err("it cannot be had");
            assert_eq!(error.status, 2, "{words}");
            assert!(error.message.contains(expected), "{words}: {}", error.message);
        }
    }
}
