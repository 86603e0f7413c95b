//! What a command says when it cannot do what was asked.

/// A message for a person, and the exit status that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// 1: it was tried and did not work. 2: what was asked for does not exist.
    pub status: u8,
    /// What is wrong, and what would be right.
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
}
