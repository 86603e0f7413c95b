//! Writes to pipes, your way: the kernel takes this for its own `End::write`.
//!
//! Given, not to be written. How much of a write goes into the ring, and when, stands in
//! `write.rs`; what it needs for that is here.
//!
//! ```text
//!  End::write ──> write.rs ── look, wait_until, lock, room, put, signal ──> mod.rs
//! ```

use core::cell::Cell;

use super::{ATOMIC, Buffer, End, FileError, Pipe, Ring, SIZE, Side, State, tell_writer};
use crate::scheduler;
use crate::scheduler::Interrupted;
use crate::scheduler::mutex::Guard;

#[cfg(feature = "ktest")]
mod tests;
#[forbid(unsafe_code)]
#[allow(dead_code, unused_imports, reason = "until its holes are filled")]
mod write;

/// A write, and the pipe that it is for.
pub struct Writer<'a> {
    pipe: &'a Pipe,
    buffer: &'a Buffer<'a>,
    is_impatient: bool,
    has_ring: Cell<bool>,
}

/// What there was of the pipe at a moment. Others may change it at once.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "unused until the holes are filled")]
pub struct Seen {
    /// How many bytes there was room for.
    pub room: usize,
    /// How many there were who could read.
    pub readers: usize,
}

impl From<State> for Seen {
    fn from(state: State) -> Self {
        Self { room: SIZE - state.used, readers: state.readers }
    }
}

impl End {
    /// Writes `buffer`, as you have it.
    pub fn write(&self, buffer: &Buffer, is_impatient: bool) -> Result<usize, FileError> {
        let has_ring = Cell::new(false);
        write::write(&Writer { pipe: &self.pipe, buffer, is_impatient, has_ring })
    }
}

#[allow(dead_code, reason = "unused until the holes are filled")]
impl Writer<'_> {
    /// How many bytes the write has.
    pub fn wanted(&self) -> usize {
        self.buffer.len()
    }

    /// Whether it wants an error where it would have to wait: O_NONBLOCK.
    pub fn is_impatient(&self) -> bool {
        self.is_impatient
    }

    /// Looks at the pipe.
    pub fn look(&self) -> Seen {
        (*self.pipe.state.lock()).into()
    }

    /// Sleeps until `is_news`, which is asked of what is seen now and after each change. The result
    /// is what it was told of last; the error is that the thread is to end.
    ///
    /// # Panics
    ///
    /// When the write is not to wait, or has the ring, without which nobody can read.
    pub fn wait_until(&self, is_news: impl Fn(&Seen) -> bool) -> Result<Seen, FileError> {
        assert!(!self.is_impatient, "it waits, and is not to");
        assert!(!self.has_ring.get(), "it waits, and nobody else can have the ring");
        if scheduler::is_interrupted() {
            return Err(Interrupted.into());
        }
        let look = || Some(self.look()).filter(&is_news);
        Ok(self.pipe.writers.wait_until_interrupted(look)?)
    }

    /// Takes the ring. While you have it, nobody else reads or writes.
    ///
    /// # Panics
    ///
    /// When the write has it already.
    pub fn lock(&self) -> Locked<'_> {
        assert!(!self.has_ring.get(), "it takes the ring, and has it already");
        // In tests, others come in between as often as they can.
        #[cfg(feature = "ktest")]
        scheduler::yield_now();
        let ring = Some(self.pipe.ring.lock());
        self.has_ring.set(true);
        Locked { writer: self, ring, has_put: false }
    }

    /// Sends SIGPIPE to the thread that writes.
    pub fn signal(&self) {
        tell_writer();
    }
}

/// The ring, which nobody else has meanwhile. When this is dropped, those who wait for bytes are
/// told.
pub struct Locked<'a> {
    writer: &'a Writer<'a>,
    ring: Option<Guard<'a, Ring>>,
    has_put: bool,
}

#[allow(dead_code, reason = "unused until the holes are filled")]
impl Locked<'_> {
    /// How many bytes there is room for.
    pub fn room(&self) -> usize {
        self.ring.as_ref().map_or(0, |ring| ring.room())
    }

    /// Puts `count` bytes of the write in, from byte `start` of it on: all of them, or none if
    /// there is an error.
    ///
    /// # Panics
    ///
    /// When there is no room for them.
    pub fn put(&mut self, start: usize, count: usize) -> Result<(), FileError> {
        let Some(ring) = &mut self.ring else { return Ok(()) };
        let (room, buffer) = (ring.room(), self.writer.buffer);
        assert!(count <= room, "it puts in {count} bytes, and there is room for {room}");
        ring.push(count, |place, bytes| buffer.get(start + place, bytes))?;
        self.has_put = true;
        Ok(())
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        let Some(ring) = self.ring.take() else { return };
        self.writer.pipe.state.lock().used = ring.used();
        drop(ring);
        self.writer.has_ring.set(false);
        if self.has_put {
            self.writer.pipe.tell(Side::Write);
        }
    }
}
