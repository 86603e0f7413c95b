//! A pipe on the host, and others who use it: what they do is laid down before, and each of their
//! deeds comes when the writer looks, waits or takes the ring.
//!
//! Given, not to be written. It has what the kernel's own has, and knows more: whose bytes are in
//! the pipe, and in which pieces.

use core::cell::RefCell;
use core::fmt;
use std::collections::VecDeque;

use super::{FileError, SIZE};

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Reads so many bytes, if they are there.
    Read(usize),
    /// Writes so many bytes, if there is room.
    Write(usize),
    /// Was the last who could read, and goes.
    Close,
    /// Ends the writer.
    Interrupt,
    /// Takes away the memory of the writer, from this byte of it on.
    Lose(usize),
}

/// What there was of the pipe at a moment. Others may change it at once.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// How many bytes there was room for.
    pub room: usize,
    /// How many there were who could read.
    pub readers: usize,
}

/// A write, and the pipe that it is for.
pub struct Writer {
    wanted: usize,
    is_impatient: bool,
    world: RefCell<World>,
}

/// The pipe, and what becomes of it.
struct World {
    used: usize,
    readers: usize,
    events: VecDeque<Event>,
    /// How many of the write's bytes are in, and of which lengths the pieces are that nothing of
    /// others came between.
    done: usize,
    pieces: Vec<usize>,
    is_last_ours: bool,
    is_in_order: bool,
    has_ring: bool,
    is_interrupted: bool,
    memory: usize,
    signals: usize,
    steps: usize,
    obstacle: Option<FileError>,
}

/// More than any write has to look for one piece.
const MOST_STEPS: usize = 1000;

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let world = self.world.borrow();
        let kind = if self.is_impatient { " with O_NONBLOCK" } else { "" };
        write!(f, "write {} bytes{kind}, ", self.wanted)?;
        write!(f, "there is room for {}, and others: {:?}", SIZE - world.used, world.events)
    }
}

impl Writer {
    /// A write of `wanted` bytes that waits, where `used` bytes are in the pipe.
    pub fn patient(wanted: usize, used: usize, events: Vec<Event>) -> Self {
        let world = World {
            used,
            readers: 1,
            events: events.into(),
            done: 0,
            pieces: vec![],
            is_last_ours: false,
            is_in_order: true,
            has_ring: false,
            is_interrupted: false,
            memory: usize::MAX,
            signals: 0,
            steps: 0,
            obstacle: None,
        };
        Self { wanted, is_impatient: false, world: RefCell::new(world) }
    }

    /// One that does not.
    pub fn impatient(wanted: usize, used: usize, events: Vec<Event>) -> Self {
        Self { is_impatient: true, ..Self::patient(wanted, used, events) }
    }

    /// How many bytes were put in, if they are the first ones of the write, in their order.
    pub fn put_in(&self) -> Option<usize> {
        let world = self.world.borrow();
        world.is_in_order.then_some(world.done)
    }

    /// The lengths of the pieces of the write that others' bytes lie between.
    pub fn pieces(&self) -> Vec<usize> {
        self.world.borrow().pieces.clone()
    }

    /// How often the thread was told by a signal.
    pub fn signals(&self) -> usize {
        self.world.borrow().signals
    }

    /// The error that the write has met.
    pub fn obstacle(&self) -> Option<FileError> {
        self.world.borrow().obstacle
    }

    // What the kernel's own has, from here on.

    pub fn wanted(&self) -> usize {
        self.wanted
    }

    pub fn is_impatient(&self) -> bool {
        self.is_impatient
    }

    pub fn look(&self) -> Seen {
        let mut world = self.world.borrow_mut();
        world.go_on();
        world.seen()
    }

    pub fn wait_until(&self, is_news: impl Fn(&Seen) -> bool) -> Result<Seen, FileError> {
        let mut world = self.world.borrow_mut();
        assert!(!self.is_impatient, "it waits, and is not to");
        assert!(!world.has_ring, "it waits, and nobody else can have the ring");
        loop {
            world.go_on();
            if world.is_interrupted {
                world.obstacle = Some(FileError::Interrupted);
                return Err(FileError::Interrupted);
            }
            if is_news(&world.seen()) {
                return Ok(world.seen());
            }
            if world.events.is_empty() {
                // At last there is always one who reads.
                assert!(world.used > 0 && world.readers > 0, "it waits for what never comes");
                world.used = 0;
            }
        }
    }

    pub fn lock(&self) -> Locked<'_> {
        let mut world = self.world.borrow_mut();
        assert!(!world.has_ring, "it takes the ring, and has it already");
        world.go_on();
        world.has_ring = true;
        Locked { writer: self }
    }

    pub fn signal(&self) {
        self.world.borrow_mut().signals += 1;
    }
}

impl World {
    fn seen(&self) -> Seen {
        Seen { room: SIZE - self.used, readers: self.readers }
    }

    /// Lets the next event come, unless somebody has the ring without whom it cannot.
    fn go_on(&mut self) {
        self.steps += 1;
        assert!(self.steps < MOST_STEPS, "it looks again and again, and never waits");
        if self.has_ring {
            return;
        }
        match self.events.pop_front() {
            Some(Event::Read(count)) if self.readers > 0 => self.used -= count.min(self.used),
            Some(Event::Write(count)) => {
                let count = count.min(SIZE - self.used);
                self.used += count;
                self.is_last_ours &= count == 0;
            }
            Some(Event::Close) => self.readers = 0,
            Some(Event::Interrupt) => self.is_interrupted = true,
            Some(Event::Lose(memory)) => self.memory = memory,
            Some(Event::Read(_)) | None => {}
        }
    }
}

/// The ring, which nobody else has meanwhile.
pub struct Locked<'a> {
    writer: &'a Writer,
}

impl Locked<'_> {
    pub fn room(&self) -> usize {
        SIZE - self.writer.world.borrow().used
    }

    pub fn put(&mut self, start: usize, count: usize) -> Result<(), FileError> {
        let world = &mut *self.writer.world.borrow_mut();
        let room = SIZE - world.used;
        assert!(count <= room, "it puts in {count} bytes, and there is room for {room}");
        assert!(start + count <= self.writer.wanted, "it puts in more than the write has");
        if start + count > world.memory {
            world.obstacle = Some(FileError::BadAddress);
            return Err(FileError::BadAddress);
        }
        if count == 0 {
            return Ok(());
        }
        world.is_in_order &= start == world.done;
        match world.pieces.last_mut() {
            Some(piece) if world.is_last_ours => *piece += count,
            _ => world.pieces.push(count),
        }
        world.used += count;
        world.done += count;
        world.is_last_ours = true;
        world.steps = 0;
        Ok(())
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        self.writer.world.borrow_mut().has_ring = false;
    }
}
