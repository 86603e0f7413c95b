//! What a check has to say: what is wrong, where, and what would put it right.

use std::fmt;

use crate::failure::Failure;
use crate::ui::{DIM, STRONG, styled};

/// Something that is not as it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// The file, from the root of the repository; empty if it is about none.
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do; empty if `what` or `detail` says it.
    pub advice: String,
    /// More lines, as the program that found it wrote them.
    pub detail: String,
}

/// What a check returns.
pub type Verdict = Result<(), Vec<Finding>>;

impl Finding {
    /// Something wrong in `file`.
    pub fn new(
        file: impl Into<String>,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        let (file, what, advice) = (file.into(), what.into(), advice.into());
        Self { file, what, advice, ..Self::default() }
    }

    /// The same, at a line.
    pub fn at(self, line: impl Into<Option<usize>>) -> Self {
        Self { line: line.into(), ..self }
    }
}

impl From<chapter_diff::Unreadable> for Finding {
    fn from(unreadable: chapter_diff::Unreadable) -> Self {
        Failure::from(unreadable).into()
    }
}

impl From<Failure> for Finding {
    fn from(failure: Failure) -> Self {
        Self::new("", failure.message, "")
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let place = match self.line {
            Some(line) => format!("{}:{line}: ", self.file),
            None if self.file.is_empty() => String::new(),
            None => format!("{}: ", self.file),
        };
        write!(f, "    {}{}", styled(STRONG, place), self.what)?;
        if !self.advice.is_empty() {
            write!(f, "\n        {}", styled(DIM, &self.advice))?;
        }
        for line in self.detail.lines() {
            write!(f, "\n        {line}")?;
        }
        Ok(())
    }
}

/// The verdict on `findings`: no news is good news.
pub fn verdict(findings: Vec<Finding>) -> Verdict {
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_comes_first_and_advice_below() {
        let finding = Finding::new("a.rs", "is wrong", "make it right").at(7);
        let text = anstream::adapter::strip_str(&finding.to_string()).to_string();
        assert_eq!(text, "    a.rs:7: is wrong\n        make it right");
        let text = Finding::new("", "is wrong", "").to_string();
        assert_eq!(anstream::adapter::strip_str(&text).to_string(), "    is wrong");
    }

    #[test]
    fn a_verdict_is_good_without_findings_only() {
        assert_eq!(verdict(Vec::new()), Ok(()));
        assert!(verdict(vec![Finding::default()]).is_err());
    }
}
