//! Which files a program was compiled from.
//!
//! A student's file may take in others, by `#[path]` or `include!`. Those that are part of the tree
//! it may have; a file from elsewhere on the grader's computer may be a solution. What was read is
//! not guessed from the text, where macros can hide it: the compiler itself lists it for Cargo.

use std::path::Path;

/// The first file in `list`, which Cargo wrote beside a program, that is below none of `folders`.
pub fn stranger(list: &Path, folders: &[&Path]) -> Option<String> {
    let text = std::fs::read_to_string(list).ok()?;
    let (_, files) = text.split_once(": ")?;
    let is_known = |file: &String| {
        let path = std::fs::canonicalize(file).unwrap_or_else(|_| file.into());
        folders.iter().any(|folder| path.starts_with(folder))
    };
    names(files).into_iter().find(|file| !is_known(file))
}

/// The names in a list: blanks divide them, unless a backslash stands in front.
fn names(files: &str) -> Vec<String> {
    let joined = files.trim_end().replace("\\ ", "\0");
    joined.split_ascii_whitespace().map(|name| name.replace('\0', " ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_from_elsewhere_is_found() {
        let folder = tempfile::tempdir().expect("there is room");
        let root = folder.path().canonicalize().expect("it is there");
        let (own, other) = (root.join("own tree/a.rs"), root.join("other/b.rs"));
        for file in [&own, &other] {
            std::fs::create_dir_all(file.parent().expect("it has one")).expect("there is room");
            std::fs::write(file, "").expect("there is room");
        }
        let escaped = |path: &Path| path.display().to_string().replace(' ', "\\ ");
        let list = root.join("program.d");
        let write = |files: &[&Path]| {
            let files: Vec<String> = files.iter().map(|file| escaped(file)).collect();
            std::fs::write(&list, format!("/p: {}\n", files.join(" "))).expect("there is room");
        };
        write(&[&own]);
        assert_eq!(stranger(&list, &[&root.join("own tree")]), None);
        let around = root.join("own tree/../other/b.rs");
        write(&[&own, &around]);
        let found = stranger(&list, &[&root.join("own tree")]);
        assert_eq!(found, Some(around.display().to_string()));
    }
}
