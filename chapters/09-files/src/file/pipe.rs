//! Pipes: what one writes and another reads, in this order.
//!
//! ```text
//!  write ──> description ── end ──┐                      ┌── end ── description ──> read
//!                                 └──> ring of 64 KiB ───┘
//!  waits for room, or fails if nobody reads        waits for bytes, or ends if nobody writes
//! ```
//!
//! Two locks share the work. The ring is behind a [`Mutex`], since bytes are copied from and to
//! programs meanwhile, which takes long and may have to wait. What others wait for is three
//! numbers, behind a [`Lock`]: they are looked at by those who wait, with interrupts masked. Only
//! who has the ring changes how much is in it.
//!
//! Up to [`ATOMIC`] bytes of one write stay together, whoever else writes. What is longer goes in
//! such pieces, and others may come between them.
//!
//! Linux, `man 7 pipe`.

#[cfg(exercise = "09-pipe-buf")]
#[path = "../../../09-files/exercises/1-pipe-buf/mod.rs"]
mod exercise_pipe_buf;
mod ring;
mod side;

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use linux_raw_sys::general::{O_NONBLOCK, O_RDONLY, O_WRONLY, PIPE_BUF};

use super::description::{File, Readiness};
use super::status::{Kind, Status, Times};
use super::{Buffer, Description, FileError, news};
use crate::memory::shared::Shared;
use crate::process::send::{self, To};
use crate::process::signal::Signal;
use crate::scheduler;
use crate::scheduler::mutex::Mutex;
use crate::scheduler::wait_queue::WaitQueue;
use crate::sync::Lock;
use crate::syscall::time::time_of_day;
use ring::Ring;
pub use ring::SIZE;
pub use side::Side;

/// How many bytes of one write are never torn.
pub const ATOMIC: usize = PIPE_BUF as usize;

/// The file system that pipes would be in.
const DEVICE: u64 = 3;

/// The number that the next pipe gets; the first is that of what is sent in place of a terminal.
static NEXT: AtomicU64 = AtomicU64::new(2);

/// A pipe.
pub struct Pipe {
    number: u64,
    made: Duration,
    /// Protects the bytes.
    ring: Mutex<Ring>,
    /// Protects what others wait for. Nothing is locked while it is held.
    state: Lock<State>,
    /// Those who wait for bytes.
    readers: WaitQueue,
    /// Those who wait for room.
    writers: WaitQueue,
}

/// What others wait for.
#[derive(Clone, Copy, Debug)]
struct State {
    /// How many bytes there are.
    used: usize,
    /// How many ends can read, and how many can write; one that does both counts in each.
    readers: usize,
    writers: usize,
}

/// An end of a pipe. When one goes the other side is told: it may have been the last.
#[derive(Debug)]
pub struct End {
    pipe: Shared<Pipe>,
    side: Side,
}

/// Makes a pipe: what reads from it, and what writes to it, both with `flags`.
pub fn new(flags: u32) -> Result<[Shared<Description>; 2], FileError> {
    let pipe = Shared::new(Pipe::new())?;
    let open = |side, flags| {
        let end = End::new(pipe.clone(), side);
        Shared::new(Description::new(File::Pipe(end), None, flags))
    };
    let kept = flags & O_NONBLOCK;
    Ok([open(Side::Read, O_RDONLY | kept)?, open(Side::Write, O_WRONLY | kept)?])
}

impl End {
    fn new(pipe: Shared<Pipe>, side: Side) -> Self {
        pipe.state.lock().ends(side).for_each(|count| *count += 1);
        Self { pipe, side }
    }

    /// Another end of the same pipe, for what `flags` say. It does not wait until somebody has the
    /// other side open, as opening a pipe with a name of its own (a FIFO) would.
    pub fn reopen(&self, flags: u32) -> Result<Self, FileError> {
        Ok(Self::new(self.pipe.clone(), Side::of(flags)?))
    }

    /// Reads what there is, and waits until there is something. Nothing comes when nobody is left
    /// who could write.
    pub fn read(&self, buffer: &mut Buffer, is_impatient: bool) -> Result<usize, FileError> {
        if buffer.len() == 0 {
            return Ok(0);
        }
        loop {
            let is_news = |state: &State| state.used > 0 || state.writers == 0;
            if self.pipe.wait(&self.pipe.readers, is_impatient, is_news)?.used == 0 {
                return Ok(0);
            }
            match self.pipe.take(buffer)? {
                // Another was quicker.
                0 => {}
                count => return Ok(count),
            }
        }
    }

    /// Writes all of `buffer`, and waits for room where need be; or no more than there is room for,
    /// if it is not to wait. The result is how many bytes were written before there was an error,
    /// or the error if it was none.
    #[cfg(not(exercise = "09-pipe-buf"))]
    pub fn write(&self, buffer: &Buffer, is_impatient: bool) -> Result<usize, FileError> {
        let wanted = buffer.len();
        let mut done = 0;
        while done < wanted && !(done > 0 && scheduler::is_interrupted()) {
            let result = self.pipe.put(buffer, done, is_impatient);
            if result == Err(FileError::BrokenPipe) {
                tell_writer();
            }
            match result {
                Ok(count) => done += count,
                Err(_) if done > 0 => break,
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    /// Whether a read or a write would wait.
    pub fn readiness(&self) -> Readiness {
        let State { used, readers, writers } = *self.pipe.state.lock();
        let (reads, writes) = (self.side.reads(), self.side.writes());
        Readiness {
            can_read: reads && used > 0,
            can_write: writes && SIZE - used >= ATOMIC,
            is_hung_up: reads && writers == 0,
            is_broken: writes && readers == 0,
        }
    }

    /// How many bytes may be read.
    pub fn readable(&self) -> usize {
        self.pipe.state.lock().used
    }

    /// What can be told of it.
    pub fn status(&self) -> Status {
        let made = self.pipe.made;
        Status {
            device: DEVICE,
            number: self.pipe.number,
            kind: Kind::Pipe,
            mode: 0o600,
            links: 1,
            owner: 0,
            group: 0,
            opens: 0,
            size: 0,
            blocks: 0,
            times: Times { accessed: made, modified: made, changed: made },
        }
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.pipe.state.lock().ends(self.side).for_each(|count| *count -= 1);
        self.pipe.tell(self.side);
    }
}

/// Sends SIGPIPE to the thread that has written to nobody; the kernel's own know by the error.
fn tell_writer() {
    if let Some(program) = scheduler::program() {
        let writer = To::Thread(program.tid, Some(program.pid));
        send::send(Some(program.pid), writer, Signal::Pipe.into());
    }
}

impl Pipe {
    fn new() -> Self {
        Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            made: time_of_day(),
            ring: Mutex::new(Ring::new()),
            state: Lock::new(State { used: 0, readers: 0, writers: 0 }),
            readers: WaitQueue::new(),
            writers: WaitQueue::new(),
        }
    }

    /// Waits in `queue` until `is_news`. The result is what was seen.
    fn wait(
        &self,
        queue: &WaitQueue,
        is_impatient: bool,
        is_news: impl Fn(&State) -> bool,
    ) -> Result<State, FileError> {
        let look = || Some(*self.state.lock()).filter(&is_news);
        if is_impatient {
            return look().ok_or(FileError::WouldWait);
        }
        Ok(queue.wait_until_interrupted(look)?)
    }

    /// Takes out what there is and what has room in `buffer`.
    fn take(&self, buffer: &mut Buffer) -> Result<usize, FileError> {
        let mut ring = self.ring.lock();
        let is_empty = ring.used() == 0;
        let count = ring.pop(buffer.len(), |done, bytes| buffer.put(done, bytes))?;
        self.state.lock().used = ring.used();
        drop(ring);
        match count {
            0 if is_empty => return Ok(0),
            0 => return Err(FileError::BadAddress),
            _ => self.tell(Side::Read),
        }
        Ok(count)
    }

    /// Puts in the next piece of `buffer`, of which `done` bytes are in; waits for room first. The
    /// result is how long it was: nothing, if another was quicker.
    #[cfg(not(exercise = "09-pipe-buf"))]
    fn put(&self, buffer: &Buffer, done: usize, is_impatient: bool) -> Result<usize, FileError> {
        let piece = ATOMIC.min(buffer.len() - done);
        // Who does not wait for more takes what there is, but tears nothing.
        let needed = if is_impatient && buffer.len() > ATOMIC { 1 } else { piece };
        let is_news = |state: &State| state.readers == 0 || SIZE - state.used >= needed;
        if self.wait(&self.writers, is_impatient, is_news)?.readers == 0 {
            return Err(FileError::BrokenPipe);
        }
        let mut ring = self.ring.lock();
        if ring.room() < needed {
            return Ok(0);
        }
        let count = piece.min(ring.room());
        ring.push(count, |place, bytes| buffer.get(done + place, bytes))?;
        self.state.lock().used = ring.used();
        drop(ring);
        self.tell(Side::Write);
        Ok(count)
    }

    /// Tells those who wait for what an end of `side` does: its reading makes room for writers, its
    /// writing has bytes for readers. And all who ask.
    fn tell(&self, side: Side) {
        if side.reads() {
            self.writers.wake_all();
        }
        if side.writes() {
            self.readers.wake_all();
        }
        news::tell();
    }
}

impl State {
    /// The numbers of ends among which one of `side` counts.
    fn ends(&mut self, side: Side) -> impl Iterator<Item = &mut usize> {
        let readers = side.reads().then_some(&mut self.readers);
        readers.into_iter().chain(side.writes().then_some(&mut self.writers))
    }
}

#[cfg(feature = "ktest")]
#[path = "pipe_tests.rs"]
pub(super) mod tests;
