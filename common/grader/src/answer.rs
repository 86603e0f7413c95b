//! What a student answers to the question which cause a bug has.
//!
//! The right answer does not stand in the bug's own file but a digest of it, so that nobody reads
//! it by accident while looking for something else. It is no secret: whoever wants to can try all.

use sha2::{Digest, Sha256};

use crate::task::Task;

/// The promise that the right cause is named.
pub const PROMISE: &str = "cause_is_named";

/// The digest of the answer `cause`, a number from 1, to `task`.
pub fn digest(task: &Task, cause: usize) -> String {
    let digest = Sha256::digest(format!("{} {cause}", task.name));
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The number in an `answer.toml`, such as `cause = 3`.
pub fn read(text: &str) -> Option<usize> {
    let table: toml::Table = toml::from_str(text).ok()?;
    table.get("cause")?.as_integer()?.try_into().ok()
}

/// The number of the right cause.
pub fn right(task: &Task) -> Option<usize> {
    (1..=task.about.causes.len()).find(|cause| digest(task, *cause) == task.about.answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_number() {
        assert_eq!(read("cause = 3"), Some(3));
        assert_eq!(read("# nothing yet"), None);
        assert_eq!(read("cause = \"bss\""), None);
        assert_eq!(read("cause = -1"), None);
    }
}
