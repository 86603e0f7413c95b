//! Reads the list that a kernel prints, among whatever else it prints.
//!
//! ```text
//!  timeline: begin 5 events, 0 lost
//!  timeline: thread 1 main - normal       number, name, process, level
//!  timeline: thread 2 hog 1 low
//!  timeline: 1203400200 switch 1 2        nanoseconds, what, who
//!  timeline: end
//! ```
//!
//! A list that is not whole is refused, with the line at which that shows: half a list would be
//! drawn as half a run, and look like a finding about the scheduler. For the same reason the reader
//! knows what cannot happen: time does not run backwards, only who has the processor can lose it,
//! and nothing happens to a thread that has ended.

use std::collections::BTreeMap;

use super::level::Level;
use super::trace::{Event, Id, Thread, Trace, What};
use crate::Result;

/// How each line of a list begins.
pub const PREFIX: &str = "timeline:";

/// What there is to say of a run without a list.
pub const NOTHING: &str = "the run has printed no timeline";

/// The list in `console`; the last one if there are several.
pub fn parse(console: &str) -> Result<Trace> {
    let mut found = None;
    let mut open: Option<Reader> = None;
    for (index, line) in console.lines().enumerate() {
        let line = line.trim_end();
        let Some(text) = line.strip_prefix(PREFIX) else { continue };
        let wrong = |why: String| format!("line {} of the console: `{line}`: {why}", index + 1);
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        match (words.as_slice(), &mut open) {
            (["begin", ..], None) => open = Some(Reader::begin(&words).map_err(wrong)?),
            (["begin", ..], Some(_)) => {
                return Err(wrong("the list before it has no `timeline: end`".into()));
            }
            (_, None) => {
                return Err(wrong("it is outside of a list; one starts with begin".into()));
            }
            (["end"], Some(reader)) => {
                reader.end().map_err(wrong)?;
                found = open.take().map(|reader| reader.trace);
            }
            (_, Some(reader)) => reader.add(&words).map_err(wrong)?,
        }
    }
    match open {
        Some(reader) => Err(format!(
            "the timeline is cut off: {} of {} events came, and no `timeline: end`",
            reader.trace.events.len(),
            reader.expected
        )),
        None => found.ok_or_else(|| NOTHING.into()),
    }
}

/// The lines of `console` that belong to lists.
pub fn lines(console: &str) -> String {
    let lines = console.lines().filter(|line| line.starts_with(PREFIX));
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}

/// A list that is being read.
struct Reader {
    trace: Trace,
    /// How many events it says it has.
    expected: usize,
    /// The threads, and whether they have ended.
    has_ended: BTreeMap<Id, bool>,
    /// Who has the processor, if it is known already.
    holder: Option<Id>,
}

impl Reader {
    fn begin(words: &[&str]) -> Result<Self> {
        let numbers = match words {
            [_, events, "events,", lost, "lost"] => (events.parse().ok(), lost.parse().ok()),
            _ => (None, None),
        };
        let (Some(expected), Some(lost)) = numbers else {
            return Err("must read `begin N events, N lost`".into());
        };
        let trace = Trace { lost, ..Trace::default() };
        Ok(Self { trace, expected, has_ended: BTreeMap::new(), holder: None })
    }

    fn end(&self) -> Result<()> {
        let count = self.trace.events.len();
        match count == self.expected {
            true => Ok(()),
            false => Err(format!("{count} events came, but {} were announced", self.expected)),
        }
    }

    /// Takes a line of the list.
    fn add(&mut self, words: &[&str]) -> Result<()> {
        match words {
            ["thread", id, name, pid, level] => {
                let (id, base) = (number(id).map(Id)?, level_called(level)?);
                let pid = if *pid == "-" { None } else { Some(number(pid)?) };
                self.add_thread(Thread { id, name: (*name).into(), pid, base })
            }
            ["thread", ..] => Err("must read `thread ID NAME PID LEVEL`".into()),
            [time, what @ ..] => {
                let event = Event { time: number(time)?, what: happening(what)? };
                self.check(event)?;
                self.trace.events.push(event);
                Ok(())
            }
            [] => Err("it says nothing".into()),
        }
    }

    fn add_thread(&mut self, thread: Thread) -> Result<()> {
        if !self.trace.events.is_empty() {
            return Err("threads come before what happens to them".into());
        }
        if self.has_ended.insert(thread.id, false).is_some() {
            return Err(format!("there are two threads {}", thread.id.0));
        }
        self.trace.threads.push(thread);
        Ok(())
    }

    /// Whether `event` can come behind what came before, and what it changes.
    fn check(&mut self, event: Event) -> Result<()> {
        if self.trace.events.len() == self.expected {
            return Err(format!("more events come than the {} announced", self.expected));
        }
        if let Some(last) = self.trace.events.last().filter(|last| last.time > event.time) {
            return Err(format!("time runs backwards: the event before is at {}", last.time));
        }
        if let What::Switch { from, .. } = event.what
            && let Some(holder) = self.holder.filter(|holder| *holder != from)
        {
            return Err(format!("thread {} has the processor, and not {}", holder.0, from.0));
        }
        for id in event.what.ids() {
            let is_leaving = matches!(event.what, What::Switch { from, .. } if from == id);
            match self.has_ended.get(&id) {
                None => return Err(format!("there is no thread {}", id.0)),
                Some(true) if !is_leaving => return Err(format!("thread {} has ended", id.0)),
                Some(_) => {}
            }
        }
        match event.what {
            What::Switch { to, .. } => self.holder = Some(to),
            What::End(id) => drop(self.has_ended.insert(id, true)),
            _ => {}
        }
        Ok(())
    }
}

/// What the words behind the time say.
fn happening(words: &[&str]) -> Result<What> {
    let id = |word: &str| number(word).map(Id);
    Ok(match words {
        ["switch", from, to] => What::Switch { from: id(from)?, to: id(to)? },
        ["wake", one] => What::Wake(id(one)?),
        ["block", one] => What::Block(id(one)?),
        ["end", one] => What::End(id(one)?),
        ["level", one, level] => What::Level(id(one)?, level_called(level)?),
        ["tick", one] => What::Tick(id(one)?),
        _ => {
            let forms = "switch FROM TO, wake ID, block ID, end ID, level ID LEVEL, tick ID";
            return Err(format!("no event; there are {forms}, each behind its time"));
        }
    })
}

fn number(word: &str) -> Result<u64> {
    // A sign would be read as well.
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let number = word.parse().ok().filter(|_| is_number);
    number.ok_or_else(|| format!("`{word}` is no number"))
}

fn level_called(name: &str) -> Result<Level> {
    Level::parse(name).ok_or_else(|| {
        let names = Level::ALL.map(Level::name).join(", ");
        format!("there is no level {name}; there are {names}")
    })
}
