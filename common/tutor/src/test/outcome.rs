//! What a test came to.

use crate::coroner::Ending;

/// A test that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// Its name.
    pub name: String,
    /// What it came to.
    pub verdict: Verdict,
    /// The run that showed it, if it was one of a kernel.
    pub run: Option<Run>,
}

/// How a run of a kernel ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// How it ended.
    pub ending: Ending,
    /// What the kernel printed.
    pub console: String,
    /// What the coroner said of the end.
    pub report: String,
}

/// What a test came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Passed,
    /// Not so; why.
    Failed(String),
    /// It could not be run here; why.
    Skipped(String),
    /// It stands for so many that passed before, with what is here now.
    PassedBefore(usize),
}

impl Tested {
    /// `name` passed.
    pub fn passed(name: &str) -> Self {
        Self { name: name.into(), verdict: Verdict::Passed, run: None }
    }

    /// `name` failed because of `why`.
    pub fn failed(name: &str, why: impl Into<String>) -> Self {
        Self { name: name.into(), verdict: Verdict::Failed(why.into()), run: None }
    }

    /// `name` could not be run because of `why`.
    pub fn skipped(name: &str, why: impl Into<String>) -> Self {
        Self { name: name.into(), verdict: Verdict::Skipped(why.into()), run: None }
    }

    /// `name` stands for `count` that passed before.
    pub fn passed_before(name: &str, count: usize) -> Self {
        Self { name: name.into(), verdict: Verdict::PassedBefore(count), run: None }
    }

    /// `name` passed if `result` is good, else failed with the error.
    pub fn from_result(name: &str, result: Result<(), String>) -> Self {
        match result {
            Ok(()) => Self::passed(name),
            Err(why) => Self::failed(name, why),
        }
    }

    /// The same, shown by `run`.
    pub fn in_a_run(self, run: &Run) -> Self {
        Self { run: Some(run.clone()), ..self }
    }

    /// Whether it passed.
    pub fn has_passed(&self) -> bool {
        self.verdict == Verdict::Passed
    }
}

/// How many tests came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// As it should be.
    pub passed: usize,
    /// Not so.
    pub failed: usize,
    /// Could not be run here.
    pub skipped: usize,
    /// Passed before, and were not run again.
    pub before: usize,
}

impl Tally {
    /// Counts `tests` too.
    pub fn add(&mut self, tests: &[Tested]) {
        for test in tests {
            match test.verdict {
                Verdict::Passed => self.passed += 1,
                Verdict::Failed(_) => self.failed += 1,
                Verdict::Skipped(_) => self.skipped += 1,
                Verdict::PassedBefore(count) => self.before += count,
            }
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Self { passed, failed, skipped, before } = *self;
        if before > 0 && (passed, failed, skipped) == (0, 0, 0) {
            return write!(f, "{before} passed before");
        }
        write!(f, "{passed} passed, {failed} failed")?;
        for (count, what) in [(skipped, "skipped"), (before, "passed before")] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_counts_each_kind() {
        let mut tally = Tally::default();
        tally.add(&[Tested::passed("a"), Tested::failed("b", "why"), Tested::passed("c")]);
        assert_eq!(tally.to_string(), "2 passed, 1 failed");
        tally.add(&[Tested::skipped("d", "no debugger")]);
        assert_eq!(tally.to_string(), "2 passed, 1 failed, 1 skipped");
        tally.add(&[Tested::passed_before("e", 7)]);
        assert_eq!(tally.to_string(), "2 passed, 1 failed, 1 skipped, 7 passed before");
        assert_eq!(Tally { before: 7, ..Tally::default() }.to_string(), "7 passed before");
    }
}
