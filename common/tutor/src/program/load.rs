//! The initramfs of a run: the chapter's own, with a program of the reader's in it.
//!
//! The kernel runs what `etc/init` names and nothing else: texts that end with a zero byte, the
//! program's path first, then its arguments.

use std::path::{Path, PathBuf};

use build_support::{Entry, pack_entries, unpack};

use super::file::Program;
use super::files::Files;
use crate::failure::{Failure, Result};
use crate::kernel;

/// The file that names the program.
const INIT: &str = "etc/init";

/// Where `program` is in the initramfs, which is also the name by which it is called.
pub fn path_of(program: &Program) -> String {
    format!("bin/{}", program.name)
}

/// The words of `args=`, taken apart as a shell does.
pub fn words(arguments: &str) -> Result<Vec<String>> {
    let words = shlex::split(arguments).ok_or_else(|| {
        Failure::usage(format!("args={arguments}: a quotation mark or a backslash has no partner"))
    })?;
    match words.iter().find(|word| word.contains('\0')) {
        Some(word) => Err(Failure::usage(format!("args={word:?}: an argument has no zero byte"))),
        None => Ok(words),
    }
}

/// A copy of `archive` in which `program` is.
pub fn with_program(archive: &[u8], program: &Program) -> std::result::Result<Vec<u8>, String> {
    let mut entries = unpack(archive).map_err(|error| format!("the initramfs: {error}"))?;
    entries.insert(path_of(program), Entry::program(program.bytes.clone()));
    pack_entries(entries)
}

/// A copy of `archive` in which `files` are.
fn with_files(archive: &[u8], files: Files) -> std::result::Result<Vec<u8>, String> {
    let mut entries = unpack(archive).map_err(|error| format!("the initramfs: {error}"))?;
    entries.extend(files);
    pack_entries(entries)
}

/// A copy of `archive` with which the kernel runs the program at `path` with `arguments`.
pub fn with_init(
    archive: &[u8],
    path: &str,
    arguments: &[String],
) -> std::result::Result<Vec<u8>, String> {
    let mut entries = unpack(archive).map_err(|error| format!("the initramfs: {error}"))?;
    let texts = std::iter::once(path).chain(arguments.iter().map(String::as_str));
    let init = texts.flat_map(|text| text.bytes().chain([0])).collect();
    entries.insert(INIT.into(), Entry::file(init));
    pack_entries(entries)
}

/// Writes a copy of the file `archive` with `program` and `files` in it to `folder`; gives its
/// place.
pub fn load(
    archive: &Path,
    program: &Program,
    files: Files,
    arguments: &[String],
    folder: &Path,
) -> Result<PathBuf> {
    let packed = with_files(&kernel::read(archive)?, files)
        .and_then(|archive| with_program(&archive, program))
        .and_then(|archive| with_init(&archive, &path_of(program), arguments))
        .map_err(|why| Failure::failed(format!("cannot add {}: {why}", program.name)))?;
    let file = folder.join("initramfs");
    kernel::write(&file, &packed)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(name: &str) -> Program {
        Program { name: name.into(), bytes: b"\x7fELF".to_vec() }
    }

    #[test]
    fn the_kernel_finds_the_program_and_its_arguments() {
        let before = [
            ("bin/cat".to_string(), Entry::program(b"old".to_vec())),
            ("etc/motd".to_string(), Entry::file(b"hello".to_vec())),
        ];
        let before = pack_entries(before.into()).expect("the names are right");
        let arguments = ["a b", "", "ä"].map(String::from);
        let archive = with_program(&before, &program("cat"))
            .and_then(|archive| with_init(&archive, "bin/cat", &arguments));
        let files = unpack(&archive.expect("there is room")).expect("it is an archive");
        assert_eq!(files["etc/init"].bytes, "bin/cat\0a b\0\0ä\0".as_bytes());
        assert_eq!(files["bin/cat"], Entry::program(b"\x7fELF".to_vec()));
        assert!(files.contains_key("etc/motd"));
    }

    #[test]
    fn arguments_are_taken_apart_as_a_shell_does() {
        let words = |text: &str| words(text).expect("all is closed");
        assert_eq!(words(r#"-c 'echo "a  b"' "" x\ y"#), ["-c", "echo \"a  b\"", "", "x y"]);
        assert!(words("  ").is_empty());
    }

    #[test]
    fn what_is_not_closed_is_wrong_use() {
        for text in ["'a", "\"a", "a\\"] {
            let failure = words(text).expect_err("it is not closed");
            assert_eq!(failure.status, 2);
            assert!(failure.message.starts_with("args="), "{}", failure.message);
        }
        assert_eq!(words("a\0b").expect_err("it cannot be passed").status, 2);
    }

    #[test]
    fn what_is_no_archive_is_told() {
        assert!(with_program(b"", &program("x")).is_err());
        assert!(with_init(b"", "bin/x", &[]).is_err());
    }
}
