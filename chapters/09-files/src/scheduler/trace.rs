//! What happened lately: the last few thousand events, with their times.
//!
//! A scheduler is judged by what it does over time, and nobody can watch it: printing each switch
//! would take longer than what is between two of them. So an event is noted in a ring, which costs
//! a few instructions, and the ring is read out at the end. (`make timeline` draws it.)
//!
//! ```text
//!  timeline: thread 4 hog 2 low          number, name, process, level
//!  timeline: 1203400200 switch 3 4       nanoseconds, what, who
//! ```

use core::time::Duration;

use super::policy::Level;
use super::thread::{Serial, Thread};
use super::{Scheduler, with};
use crate::process::{Name, Pid};
use crate::sync::Lock;

/// How many events are remembered.
const EVENTS: usize = 8192;

/// How many threads are remembered.
const THREADS: usize = 64;

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The processor went from one thread to another.
    Switch(Serial, Serial),
    /// A thread became ready.
    Wake(Serial),
    /// A thread began to wait.
    Block(Serial),
    /// A thread ended.
    End(Serial),
    /// A thread stands at another level than when it ran last.
    Level(Serial, Level),
    /// A tick was charged to a thread.
    Tick(Serial),
}

/// What is told of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Named {
    serial: Serial,
    name: Name,
    pid: Option<Pid>,
    base: Level,
}

/// The last so many of something.
struct Ring<T, const SIZE: usize> {
    entries: [Option<T>; SIZE],
    /// How many there ever were.
    count: usize,
}

/// Protects the events. Nothing else may be locked while it is held.
static RECORD: Lock<Ring<(Duration, Event), EVENTS>> = Lock::new(Ring::new());

/// Protects the names of threads. Nothing else may be locked while it is held.
static NAMES: Lock<Ring<Named, THREADS>> = Lock::new(Ring::new());

/// Notes that `event` happens at `now`.
pub fn record(now: Duration, event: Event) {
    RECORD.lock().push((now, event));
}

/// Notes that there is a thread.
pub(super) fn name(thread: &Thread) {
    let Thread { serial, name, base, .. } = *thread;
    NAMES.lock().push(Named {
        serial,
        name,
        pid: thread.program().map(|program| program.pid),
        base,
    });
}

/// Forgets all events, and notes where each thread stands.
pub fn clear() {
    forget();
    with(Scheduler::show_levels);
}

fn forget() {
    RECORD.lock().count = 0;
}

/// Prints all that is remembered. What happens meanwhile is noted, but not printed.
pub fn print() {
    let (first, count) = RECORD.lock().remembered();
    println!("timeline: begin {} events, {first} lost", count - first);
    let (first_name, names) = NAMES.lock().remembered();
    for Named { serial, name, pid, base } in (first_name..names).filter_map(|n| NAMES.lock().get(n))
    {
        let level = word(base);
        match pid {
            Some(pid) => println!("timeline: thread {} {name} {pid} {level}", serial.0),
            None => println!("timeline: thread {} {name} - {level}", serial.0),
        }
    }
    for (time, event) in (first..count).filter_map(|number| RECORD.lock().get(number)) {
        let time = time.as_nanos();
        match event {
            Event::Switch(from, to) => println!("timeline: {time} switch {} {}", from.0, to.0),
            Event::Wake(thread) => println!("timeline: {time} wake {}", thread.0),
            Event::Block(thread) => println!("timeline: {time} block {}", thread.0),
            Event::End(thread) => println!("timeline: {time} end {}", thread.0),
            Event::Level(thread, level) => {
                println!("timeline: {time} level {} {}", thread.0, word(level));
            }
            Event::Tick(thread) => println!("timeline: {time} tick {}", thread.0),
        }
    }
    println!("timeline: end");
}

/// What a level is called.
pub fn word(level: Level) -> &'static str {
    match level {
        Level::Idle => "idle",
        Level::Low => "low",
        Level::Normal => "normal",
        Level::High => "high",
        Level::Realtime => "realtime",
    }
}

impl<T: Copy, const SIZE: usize> Ring<T, SIZE> {
    const fn new() -> Self {
        Self { entries: [None; SIZE], count: 0 }
    }

    fn push(&mut self, entry: T) {
        self.entries[self.count % SIZE] = Some(entry);
        self.count += 1;
    }

    /// The number of the first that is remembered, and the number behind the last.
    fn remembered(&self) -> (usize, usize) {
        (self.count.saturating_sub(SIZE), self.count)
    }

    /// The one with this number, or the one that took its place.
    fn get(&self, number: usize) -> Option<T> {
        self.entries[number % SIZE]
    }
}

#[cfg(feature = "ktest")]
pub(super) mod tests;
