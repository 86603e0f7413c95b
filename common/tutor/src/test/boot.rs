//! One boot of a kernel with tests: what its verdicts say, and what they are worth.
//!
//! A test that says it returned is believed only if it said before that it started, and the last
//! one only if the run then ended as a run that went well does.

use super::listed::Listed;
use super::outcome::{Run, Tested};
use crate::observe::{SUCCESS, one_line};

/// What one boot showed.
#[derive(Debug)]
pub struct Boot {
    /// The tests that the kernel says it has.
    pub tests: Vec<Listed>,
    /// The test that was begun last.
    started: Option<usize>,
    /// Those that returned.
    returned: Vec<usize>,
    is_done: bool,
    /// How it ended.
    pub run: Run,
    /// What a person would have seen: the console, then how it ended.
    pub account: String,
}

impl Boot {
    /// A boot of which only the end is known.
    pub fn new(run: Run, account: String) -> Self {
        let (tests, returned) = (Vec::new(), Vec::new());
        Self { tests, started: None, returned, is_done: false, run, account }
    }

    /// Takes a verdict, without its nonce.
    pub fn hear(&mut self, line: &str) {
        let mut words = line.trim_start().splitn(4, ' ');
        let what = words.next().unwrap_or_default();
        let index = words.next().and_then(|word| word.parse().ok());
        let mut text = || words.next().map(str::to_string);
        match (what, index) {
            ("list", Some(index)) => {
                let name = text().unwrap_or_default();
                self.tests.push(Listed { index, name, must_die: None });
            }
            ("dies", Some(index)) => {
                let name = text().unwrap_or_default();
                self.tests.push(Listed { index, name, must_die: text() });
            }
            ("start", Some(index)) => self.started = Some(index),
            ("ok", Some(index)) if self.started == Some(index) => self.returned.push(index),
            ("done", None) => self.is_done = true,
            _ => {}
        }
    }

    /// Whether it was ended because it would not end.
    pub fn has_hung(&self) -> bool {
        self.run.ending.is_limit()
    }

    /// `tests` as those for which nobody waited.
    pub fn not_begun(&self, tests: &[&Listed]) -> Vec<Tested> {
        let why = "it was not begun, since others before it never came to an end";
        tests.iter().map(|test| Tested::failed(&test.name, why).in_a_run(&self.run)).collect()
    }

    fn has_returned(&self, index: usize) -> bool {
        self.returned.contains(&index)
    }

    fn is_success(&self) -> bool {
        self.is_done && self.run.ending == SUCCESS
    }
}

/// Judges a test that must return.
pub fn judge_return(name: &str, index: usize, boot: &Boot) -> Tested {
    Tested::from_result(name, returned(index, boot)).in_a_run(&boot.run)
}

fn returned(index: usize, boot: &Boot) -> Result<(), String> {
    if !boot.has_returned(index) {
        let why =
            if boot.started == Some(index) { "it did not return" } else { "it was not begun" };
        return Err(format!("{why}\n{}", boot.account));
    }
    if boot.started == Some(index) && !boot.is_success() {
        return Err(format!("it returned, but the run did not end as it should\n{}", boot.account));
    }
    Ok(())
}

/// Judges a test that must die, with the words `how` in the account of it.
pub fn judge_death(name: &str, index: usize, how: &str, boot: &Boot) -> Tested {
    Tested::from_result(name, died(index, how, boot)).in_a_run(&boot.run)
}

fn died(index: usize, how: &str, boot: &Boot) -> Result<(), String> {
    let why = if boot.started != Some(index) {
        "it was not begun".to_string()
    } else if boot.has_returned(index) {
        format!("it returned, but was to die of: {how}")
    } else if boot.run.ending == SUCCESS {
        "it ended the run as a success".to_string()
    } else if !one_line(&boot.account).contains(&one_line(how)) {
        format!("it died, but not of: {how}")
    } else {
        return Ok(());
    };
    Err(format!("{why}\n{}", boot.account))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coroner::Ending;

    fn boot(lines: &[&str], ending: Ending, account: &str) -> Boot {
        let run = Run { ending, console: String::new(), report: String::new() };
        let mut boot = Boot::new(run, account.into());
        lines.iter().for_each(|line| boot.hear(line));
        boot
    }

    #[test]
    fn plans_are_heard() {
        let boot = boot(&[" list 0 a::b", " dies 1 a::c page fault, reading"], SUCCESS, "");
        let must_die = Some("page fault, reading".into());
        let listed = [
            Listed { index: 0, name: "a::b".into(), must_die: None },
            Listed { index: 1, name: "a::c".into(), must_die },
        ];
        assert_eq!(boot.tests, listed);
    }

    #[test]
    fn a_test_passes_when_it_returns_and_the_run_goes_well() {
        let lines = [" start 0", " ok 0 17", " start 1", " ok 1 3", " done"];
        let good = boot(&lines, SUCCESS, "");
        assert!(judge_return("first", 0, &good).has_passed());
        assert!(judge_return("second", 1, &good).has_passed());
        assert!(!judge_return("third", 2, &good).has_passed());
        let bad_end = boot(&lines, Ending::Status(35), "");
        assert!(judge_return("first", 0, &bad_end).has_passed());
        assert!(!judge_return("second", 1, &bad_end).has_passed());
        let unfinished = boot(&lines[..4], SUCCESS, "");
        assert!(!judge_return("second", 1, &unfinished).has_passed());
    }

    #[test]
    fn a_test_that_does_not_return_fails() {
        let boot = boot(&[" start 0"], Ending::Status(35), "");
        assert!(!judge_return("first", 0, &boot).has_passed());
        assert!(!judge_return("second", 1, &boot).has_passed());
    }

    #[test]
    fn an_ok_without_a_start_is_no_verdict() {
        assert!(!judge_return("first", 0, &boot(&[" ok 0 1", " done"], SUCCESS, "")).has_passed());
    }

    #[test]
    fn a_death_is_judged_by_its_words() {
        let died = boot(&[" start 0"], Ending::Status(35), "panic: six");
        assert!(judge_death("dies", 0, "panic: six", &died).has_passed());
        assert!(!judge_death("dies", 0, "panic: seven", &died).has_passed());
        assert!(!judge_death("dies", 1, "panic: six", &died).has_passed());
        let survived = boot(&[" start 0", " ok 0 1", " done"], SUCCESS, "panic: six");
        assert!(!judge_death("dies", 0, "panic: six", &survived).has_passed());
        let pretended = boot(&[" start 0"], SUCCESS, "panic: six");
        assert!(!judge_death("dies", 0, "panic: six", &pretended).has_passed());
    }
}
