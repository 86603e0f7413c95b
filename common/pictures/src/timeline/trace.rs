//! What a kernel remembers of a run: its threads, and what happened to them, in order.
//!
//! It is written the way the kernel prints it, so that a list that is read and written again is the
//! same list. That is how the reader is tested.

use std::fmt;

use super::level::Level;

/// A thread's number, which no other thread of the run has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u64);

/// A thread, as it was when it began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Its number.
    pub id: Id,
    /// Its name, which has no blanks.
    pub name: String,
    /// The process that it belongs to; none if it is the kernel's own.
    pub pid: Option<u64>,
    /// The level at which it began.
    pub base: Level,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in nanoseconds since the kernel's clock began.
    pub time: u64,
    /// What.
    pub what: What,
}

/// What happened, and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The processor went over.
    Switch {
        /// Who had it.
        from: Id,
        /// Who has it now.
        to: Id,
    },
    /// A thread became ready.
    Wake(Id),
    /// A thread began to wait for something other than the processor.
    Block(Id),
    /// A thread ended.
    End(Id),
    /// A thread rose or sank.
    Level(Id, Level),
    /// A tick was charged to a thread.
    Tick(Id),
}

/// All that was remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The threads.
    pub threads: Vec<Thread>,
    /// What happened, the oldest first.
    pub events: Vec<Event>,
    /// How many older events were forgotten.
    pub lost: u64,
}

impl What {
    /// The threads that it is about.
    pub fn ids(self) -> [Id; 2] {
        match self {
            Self::Switch { from, to } => [from, to],
            Self::Wake(id)
            | Self::Block(id)
            | Self::End(id)
            | Self::Level(id, _)
            | Self::Tick(id) => [id, id],
        }
    }
}

impl fmt::Display for Thread {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { id, name, pid, base } = self;
        match pid {
            Some(pid) => write!(f, "thread {} {name} {pid} {base}", id.0),
            None => write!(f, "thread {} {name} - {base}", id.0),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} ", self.time)?;
        match self.what {
            What::Switch { from, to } => write!(f, "switch {} {}", from.0, to.0),
            What::Wake(id) => write!(f, "wake {}", id.0),
            What::Block(id) => write!(f, "block {}", id.0),
            What::End(id) => write!(f, "end {}", id.0),
            What::Level(id, level) => write!(f, "level {} {level}", id.0),
            What::Tick(id) => write!(f, "tick {}", id.0),
        }
    }
}

impl fmt::Display for Trace {
    /// Writes it as a kernel prints it.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { threads, events, lost } = self;
        writeln!(f, "timeline: begin {} events, {lost} lost", events.len())?;
        threads.iter().try_for_each(|thread| writeln!(f, "timeline: {thread}"))?;
        events.iter().try_for_each(|event| writeln!(f, "timeline: {event}"))?;
        writeln!(f, "timeline: end")
    }
}
