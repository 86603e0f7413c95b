//! What a failed test says of the promise that it tests, taken out of what a run left behind.
//!
//! That a test failed is known from the channel for verdicts. What is read here only explains it to
//! a person, so it may come from the console.

use ktest::WRONG_ANSWER;
use tutor::coroner::Ending;
use tutor::observe::SUCCESS;
use tutor::test::outcome::{Run, Tested, Verdict};

use crate::verdict::{Broken, Kind};

/// What the standard library says of a hole.
const HOLES: &[&str] = &["not yet implemented", "not implemented"];

/// How the failed `test` broke its promise on `machine`; `None` if it passed.
pub fn of_kernel(test: &Tested, machine: &str) -> Option<Broken> {
    let why = match &test.verdict {
        Verdict::Passed | Verdict::PassedBefore(_) => return None,
        Verdict::Failed(why) | Verdict::Skipped(why) => why,
    };
    let first = why.lines().next().unwrap_or_default();
    let Some(run) = &test.run else {
        return Some(Broken::new(machine, Kind::Died, first));
    };
    if !run.ending.is_limit()
        && let Some((message, place)) = panic_of(&run.console)
    {
        return Some(of_panic(machine, &message, &place));
    }
    let (kind, what) = ending(run, first);
    Some(Broken { report: run.report.clone(), ..Broken::new(machine, kind, what) })
}

/// The message of the last panic that `console` shows, and its place.
fn panic_of(console: &str) -> Option<(String, String)> {
    let lines: Vec<&str> = console.lines().collect();
    let start = lines.iter().rposition(|line| line.starts_with("panic: "))?;
    let end = lines[start..].iter().position(|line| line.starts_with("  at ")).unwrap_or(1);
    let message = lines[start..start + end.max(1)].join("\n");
    let place = lines.get(start + end).and_then(|line| line.strip_prefix("  at "));
    Some((message["panic: ".len()..].into(), place.unwrap_or_default().into()))
}

/// What a panic with `message` at `place` says.
pub fn of_panic(machine: &str, message: &str, place: &str) -> Broken {
    let first = message.lines().next().unwrap_or_default();
    let at = if place.is_empty() { String::new() } else { format!("at {}", straight(place)) };
    let drawing = drawing(message);
    let at = if drawing.is_empty() { at } else { format!("{drawing}\n{at}") };
    let field = |name: &str| {
        let line = message.lines().find_map(|line| line.trim_start().strip_prefix(name));
        line.map(|value| value.trim().to_string())
    };
    let broken = |kind, what: &str| Broken {
        report: at.clone(),
        input: field("input: "),
        ..Broken::new(machine, kind, what)
    };
    if HOLES.iter().any(|hole| first.starts_with(hole)) {
        return broken(Kind::NotStarted, first);
    }
    if first == WRONG_ANSWER {
        let (expected, seen) = (field("expected: "), field("seen: "));
        return Broken { expected, seen, ..broken(Kind::WrongAnswer, "not what was expected") };
    }
    if first.starts_with("assertion ") {
        let (expected, seen) = (field("right: "), field("left: "));
        return Broken { expected, seen, ..broken(Kind::WrongAnswer, first) };
    }
    broken(Kind::Died, &format!("it panicked: {first}"))
}

/// What is drawn below the input, if anything is.
fn drawing(message: &str) -> String {
    let lines = message.lines().skip_while(|line| !line.trim_start().starts_with("input: "));
    let drawn = lines.skip(1).take_while(|line| !line.trim_start().starts_with("expected: "));
    if message.contains("\n  expected: ") {
        drawn.collect::<Vec<_>>().join("\n")
    } else {
        String::new()
    }
}

/// `place` without detours: a file that a kernel takes from beside its sources has the way there in
/// its name.
fn straight(place: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in place.split('/') {
        match part {
            ".." if !parts.is_empty() => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What the end of a run without a panic says; `why` is why the test failed.
fn ending(run: &Run, why: &str) -> (Kind, String) {
    if why.starts_with("it was not begun, since") {
        return (Kind::NotBegun, why.into());
    }
    let headline = run.report.lines().next().unwrap_or(why).to_string();
    match run.ending {
        ending if ending.is_limit() || ending == Ending::Asleep => (Kind::Hung, headline),
        ending if ending == SUCCESS && why.starts_with("it returned") => {
            (Kind::WrongAnswer, why.into())
        }
        ending if ending == SUCCESS => {
            (Kind::Died, "it ended the run as a success, and not by a verdict".into())
        }
        _ => (Kind::Died, headline),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_part_of_the_report() {
        let message = "wrong answer\n  input: 3\n  tick 0\n   a |N.|\n  expected: 1\n  seen: 2";
        let broken = of_panic("host", message, "x.rs:3");
        assert_eq!(broken.input.as_deref(), Some("3"));
        assert_eq!(broken.report, "  tick 0\n   a |N.|\nat x.rs:3");
    }

    #[test]
    fn a_wrong_answer_has_its_parts() {
        let console = "strata\npanic: wrong answer\n  input: \"a=1\"\n  expected: 1\n  seen: 2\n  \
                       at chapters/x.rs:3:1\n  power-off\n";
        let (message, place) = panic_of(console).expect("there is one");
        let broken = of_panic("host", &message, &place);
        assert_eq!(
            (broken.kind, broken.report.as_str()),
            (Kind::WrongAnswer, "at chapters/x.rs:3:1")
        );
        assert_eq!(broken.input.as_deref(), Some("\"a=1\""));
        assert_eq!((broken.expected.as_deref(), broken.seen.as_deref()), (Some("1"), Some("2")));
    }

    #[test]
    fn places_are_named_without_detours() {
        assert_eq!(straight("a/src/../../b/c.rs:1:2"), "b/c.rs:1:2");
        assert_eq!(straight("a/b.rs"), "a/b.rs");
    }

    #[test]
    fn holes_and_other_panics_are_told_apart() {
        let kind = |message| of_panic("host", message, "").kind;
        assert_eq!(kind("not yet implemented: merge"), Kind::NotStarted);
        assert_eq!(kind("index out of bounds: 3"), Kind::Died);
        assert_eq!(kind("assertion `left == right` failed"), Kind::WrongAnswer);
    }

    #[test]
    fn an_end_without_a_panic_is_told_by_how_it_came() {
        let run = |ending| Run { ending, console: String::new(), report: "it is so\nmore".into() };
        assert_eq!(ending(&run(Ending::Asleep), "").0, Kind::Hung);
        assert_eq!(ending(&run(Ending::PoweredOff), ""), (Kind::Died, "it is so".into()));
        assert_eq!(ending(&run(SUCCESS), "it did not return").0, Kind::Died);
        assert_eq!(ending(&run(SUCCESS), "it returned, but was to die").0, Kind::WrongAnswer);
    }
}
