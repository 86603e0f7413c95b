//! What a task came to: which promises are kept, which are broken and how, and what it is worth.

use serde::{Deserialize, Serialize};

use crate::task::Task;

/// A task that was graded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Graded {
    /// The task's name.
    pub task: String,
    /// What it is called in a command.
    pub call: String,
    /// Its title.
    pub title: String,
    /// What it came to.
    pub outcome: Outcome,
    /// What it is worth so.
    pub points: u32,
    /// The most that it can be worth.
    pub out_of: u32,
    /// What the cases of its tests came from.
    pub seed: u64,
    /// Its promises, where they were tested.
    pub promises: Vec<Tried>,
    /// What helps, if the mistake is a known one: its name, and the hint.
    pub hint: Option<(String, String)>,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// What a task came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// All promises are kept.
    Solved,
    /// The compiler refused it; its words.
    DidNotCompile(String),
    /// It could not be graded: files are missing, or it used up its time. Why.
    Refused(String),
    /// A promise is broken, in this way.
    Broken(Kind),
}

/// How a promise is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// A hole is still there.
    NotStarted,
    /// It never came to an end.
    Hung,
    /// It took the kernel, or the program on the host, with it.
    Died,
    /// It came to another end than it should.
    WrongAnswer,
    /// Nobody knows: too much before it never came to an end. Which tests these are is the
    /// compiler's doing, since they stand in the order in which it leaves them.
    NotBegun,
}

/// A promise that was tested.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tried {
    /// Its name.
    pub name: String,
    /// It, in a sentence.
    pub says: String,
    /// How it is broken, on each machine where it is.
    pub broken: Vec<Broken>,
}

/// What broke a promise on one machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// `aarch64`, `x86_64` or `host`.
    pub machine: String,
    /// How.
    pub kind: Kind,
    /// In one line, what happened.
    pub what: String,
    /// The smallest input that shows it, if there is one.
    pub input: Option<String>,
    /// What should have come of it.
    pub expected: Option<String>,
    /// What came.
    pub seen: Option<String>,
    /// Where, or what the coroner says.
    pub report: String,
}

impl Broken {
    /// What happened on `machine`, and no more than that.
    pub fn new(machine: &str, kind: Kind, what: impl Into<String>) -> Self {
        let (input, expected, seen) = (None, None, None);
        let (machine, report) = (machine.into(), String::new());
        Self { machine, kind, what: what.into(), input, expected, seen, report }
    }

    /// All that is said of it.
    fn text(&self) -> String {
        let parts = [&self.input, &self.expected, &self.seen].into_iter().flatten();
        parts.chain([&self.what, &self.report]).cloned().collect::<Vec<_>>().join("\n")
    }
}

impl Outcome {
    /// Its name in one line.
    pub fn headline(&self) -> String {
        match self {
            Self::Solved => "solved".into(),
            Self::DidNotCompile(_) => "did not compile".into(),
            Self::Refused(why) => why.lines().next().unwrap_or_default().into(),
            Self::Broken(kind) => kind.name().into(),
        }
    }
}

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::Hung => "hung",
            Self::Died => "the kernel died",
            Self::WrongAnswer => "wrong answer",
            Self::NotBegun => "not begun",
        }
    }
}

impl Graded {
    /// `task`, of which nothing is known but `outcome`.
    pub fn new(task: &Task, outcome: Outcome, seed: u64) -> Self {
        Self {
            task: task.name.clone(),
            call: task.call.clone(),
            title: task.about.title.clone(),
            points: if outcome == Outcome::Solved { task.about.points } else { 0 },
            out_of: task.about.points,
            outcome,
            seed,
            promises: Vec::new(),
            hint: None,
            seconds: 0.0,
        }
    }

    /// `task`, judged by its `promises`.
    pub fn of_promises(task: &Task, promises: Vec<Tried>, seed: u64) -> Self {
        let kinds = promises.iter().flat_map(|one| &one.broken).map(|broken| broken.kind);
        let outcome = kinds.min().map_or(Outcome::Solved, Outcome::Broken);
        let hint = hint(task, &promises, &outcome);
        Self { promises, hint, ..Self::new(task, outcome, seed) }
    }

    /// Whether it was solved.
    pub fn is_solved(&self) -> bool {
        self.outcome == Outcome::Solved
    }

    /// In one line, what it came to and why.
    pub fn reason(&self) -> String {
        let first = self.promises.iter().flat_map(|one| &one.broken).min_by_key(|one| one.kind);
        match (&self.outcome, first) {
            (Outcome::Broken(kind), Some(broken)) => {
                let name = self.promises.iter().find(|one| one.broken.contains(broken));
                let name = name.map_or("", |one| one.name.as_str());
                format!("{}: {} ({name}, {})", kind.name(), broken.what, broken.machine)
            }
            (Outcome::DidNotCompile(said), _) => {
                let error = said.lines().find(|line| line.starts_with("error"));
                format!("did not compile: {}", error.unwrap_or_default())
            }
            (outcome, _) => outcome.headline(),
        }
    }
}

/// The hint of the known mistake that breaks just these promises. One of which no test was begun
/// may be broken by it or not.
fn hint(task: &Task, promises: &[Tried], outcome: &Outcome) -> Option<(String, String)> {
    if matches!(outcome, Outcome::Solved | Outcome::Broken(Kind::NotStarted)) {
        return None;
    }
    let broken: Vec<&Tried> = promises.iter().filter(|one| !one.broken.is_empty()).collect();
    let text: String =
        broken.iter().flat_map(|one| &one.broken).map(|one| one.text() + "\n").collect();
    let find = |is_right: fn(&[String], &[&Tried]) -> bool| {
        task.about.wrongs.iter().find(|wrong| {
            is_right(&wrong.breaks, &broken) && wrong.words.iter().all(|words| text.contains(words))
        })
    };
    let wrong = find(is_all).or_else(|| find(may_be_all))?;
    Some((wrong.name.clone(), wrong.hint.clone()))
}

/// Whether `breaks` are just the promises in `broken`.
fn is_all(breaks: &[String], broken: &[&Tried]) -> bool {
    breaks.len() == broken.len() && may_be_all(breaks, broken)
}

/// Whether `breaks` may be the promises in `broken`: all of those that were seen to be.
fn may_be_all(breaks: &[String], broken: &[&Tried]) -> bool {
    let was_seen = |one: &Tried| one.broken.iter().any(|broken| broken.kind != Kind::NotBegun);
    breaks.iter().all(|name| broken.iter().any(|one| one.name == *name))
        && broken.iter().all(|one| breaks.contains(&one.name) || !was_seen(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(name: &str, kind: Kind) -> Tried {
        let broken = vec![Broken::new("aarch64", kind, "")];
        Tried { name: name.into(), says: String::new(), broken }
    }

    #[test]
    fn what_was_not_begun_may_be_right() {
        let all = [tried("a", Kind::Hung), tried("b", Kind::NotBegun)];
        let broken: Vec<&Tried> = all.iter().collect();
        let breaks = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
            (is_all(&names, &broken), may_be_all(&names, &broken))
        };
        assert_eq!(breaks(&["a", "b"]), (true, true));
        assert_eq!(breaks(&["a"]), (false, true));
        assert_eq!(breaks(&["b"]), (false, false));
        assert_eq!(breaks(&["a", "c"]), (false, false));
        assert_eq!(breaks(&["a", "b", "c"]), (false, false));
    }
}
