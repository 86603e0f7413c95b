//! What a command says when it cannot do what was asked.

use std::fmt::Display;
use std::io;
use std::path::Path;

/// A message for a person, and the exit status that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// 1: it was tried and did not work. 2: what was asked for does not exist. 130: interrupted.
    pub status: u8,
    /// What is wrong, and what would be right. Empty when everything has been said already.
    pub message: String,
}

/// The result of whatever may fail in a way that a person must read.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// It was tried and did not work.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { status: 1, message: message.into() }
    }

    /// What was asked for does not exist.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { status: 2, message: message.into() }
    }

    /// It did not work, and what there is to say has been said.
    pub fn silent(status: u8) -> Self {
        Self { status, message: String::new() }
    }

    /// `value` is not one of `choices`.
    pub fn not_one_of<T: Display>(
        name: &str,
        value: &str,
        choices: impl IntoIterator<Item = T>,
    ) -> Self {
        let choices: Vec<String> = choices.into_iter().map(|choice| choice.to_string()).collect();
        Self::usage(format!("{name}={value}: there is none; choose from {}", choices.join(", ")))
    }

    /// The file system refused `what` (a verb, such as "write") on `path`.
    pub fn io(what: &str, path: &Path, error: &io::Error) -> Self {
        let advice = match error.kind() {
            io::ErrorKind::StorageFull => ": the disk is full (`make clean` frees some of it)",
            io::ErrorKind::ReadOnlyFilesystem => ": the folder is read-only",
            io::ErrorKind::PermissionDenied => ": permission denied",
            io::ErrorKind::NotFound => {
                let path = path.display();
                return Self::usage(format!("cannot {what} {path}: there is no such file"));
            }
            _ => return Self::failed(format!("cannot {what} {}: {error}", path.display())),
        };
        Self::failed(format!("cannot {what} {}{advice}", path.display()))
    }
}

impl From<chapter_diff::Unreadable> for Failure {
    fn from(unreadable: chapter_diff::Unreadable) -> Self {
        Self::io("read", &unreadable.path, &unreadable.error)
    }
}
