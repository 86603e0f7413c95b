//! All files below a folder, in memory.
//!
//! The comparison and the checks look at the working tree, not at what Git has recorded: a reader
//! asks about the chapter as it stands now, and a downloaded archive has no Git. What nobody wrote
//! is left out by name and by mark.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{Result, Unreadable};

/// Files by their name from the folder, with `/` between its parts.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Folders that hold no source.
const SKIPPED: &[&str] = &[".git", "target", "node_modules"];

/// What Cargo puts into its target folder, whatever that is called.
const CACHE_MARK: &str = "CACHEDIR.TAG";

/// Reads every file below `folder`. One that does not exist is empty.
pub fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    if folder.is_dir() {
        gather(folder, "", &mut files)?;
    }
    Ok(files)
}

/// Reads every file below `folder` whose name `is_wanted`.
pub fn read_if(folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Files> {
    let mut files = read(folder)?;
    files.retain(|name, _| is_wanted(name));
    Ok(files)
}

fn gather(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    let cannot = |error| Unreadable { path: folder.into(), error };
    if folder.join(CACHE_MARK).exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let kind = entry.file_type().map_err(cannot)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
            gather(&path, &format!("{prefix}{name}/"), files)?;
        } else if kind.is_file() {
            let bytes =
                std::fs::read(&path).map_err(|error| Unreadable { path: path.clone(), error })?;
            files.insert(format!("{prefix}{name}"), bytes);
        }
    }
    Ok(())
}

/// The text in `bytes`; `None` if they are no text.
pub fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_is_read_and_builds_are_not() {
        let folder = tempfile::tempdir().expect("there is room");
        for name in ["src/main.rs", "target/x", "out/CACHEDIR.TAG", "out/y", ".github/ci.yml"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("there is room");
            std::fs::write(path, name).expect("there is room");
        }
        let files = read(folder.path()).expect("it can be read");
        assert_eq!(files.keys().collect::<Vec<_>>(), [".github/ci.yml", "src/main.rs"]);
        assert_eq!(files["src/main.rs"], b"src/main.rs");
        assert!(read(&folder.path().join("none")).expect("it is empty").is_empty());
    }

    #[test]
    fn text_is_told_from_other_bytes() {
        assert_eq!(text("a ≤ b".as_bytes()), Some("a ≤ b"));
        assert_eq!(text(b"a\0b"), None);
        assert_eq!(text(b"\xff\xfe"), None);
    }
}
