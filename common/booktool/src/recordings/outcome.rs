//! What became of a recording: written, still true, or not.
//!
//! It is told in the words of Rust's own test harness, which the host tool can read already.

use std::path::Path;

use crate::Result;

/// What became of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was kept in a file.
    Written,
    /// It says what the one before said.
    Equal,
    /// There is something wrong.
    Failed(String),
}

impl Outcome {
    /// Whether something is wrong.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// Tells it of the recording called `name`.
    pub fn tell(&self, name: &str) {
        match self {
            Self::Written => {}
            Self::Equal => anstream::println!("test {name} ... ok"),
            Self::Failed(why) => {
                anstream::println!("test {name} ... FAILED\n---- {name} stdout ----\n{why}\n----");
            }
        }
    }
}

/// Keeps `text` in `file`.
pub fn write(file: &Path, text: &str) -> Result<Outcome> {
    file.parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(file, text))
        .map(|()| Outcome::Written)
        .map_err(|error| format!("cannot write {}: {error}", file.display()))
}

/// Compares `text` with what `file` has kept: of each line, its `essence`.
pub fn compare(file: &Path, text: &str, essence: fn(&str) -> String) -> Result<Outcome> {
    let kept = std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    Ok(match pictures::first_difference(&kept, text, essence) {
        None => Outcome::Equal,
        Some((kept, recorded)) => Outcome::Failed(format!(
            "out of date: it shows `{kept}`, a run prints `{recorded}`; \
             `cargo run -p booktool -- record` records it again"
        )),
    })
}
