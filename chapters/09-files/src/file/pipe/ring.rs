//! The bytes in a pipe: a ring of frames, each taken when the first byte comes to it.
//!
//! ```text
//!           start          start + used
//!  0          v                  v                        SIZE
//!  |  frame  |  frame  |  frame  |         |         |         |
//!  '──────────^^^^^^^^^^^^^^^^^^^^─────────────────────────────'
//!                     used             room
//! ```
//!
//! What is copied in comes from programs, and what is copied out goes to them, so either may fail
//! in the middle. Bytes are in the ring when all of a piece are there, and leave it as they are
//! copied: none is lost, and none comes twice.

use core::slice;

use crate::file::FileError;
use crate::memory::address::FRAME_SIZE;
use crate::memory::frames::{self, Frame};

/// How many frames there are at most.
const FRAMES: usize = 16;

/// How many bytes there is room for. (Linux, `man 7 pipe`, "Pipe capacity".)
pub const SIZE: usize = FRAMES * FRAME_SIZE as usize;

/// The bytes in a pipe.
#[derive(Debug)]
pub struct Ring {
    frames: [Option<Frame>; FRAMES],
    start: usize,
    used: usize,
}

impl Ring {
    /// An empty one, without a frame.
    pub const fn new() -> Self {
        Self { frames: [const { None }; FRAMES], start: 0, used: 0 }
    }

    /// How many bytes are in it.
    pub fn used(&self) -> usize {
        self.used
    }

    /// How many more there is room for.
    pub fn room(&self) -> usize {
        SIZE - self.used
    }

    /// Puts `count` bytes in, for which there is room: all of them, or none if there is no memory
    /// or `fill` fails. It is told how many it has filled already, and says how many more it has.
    pub fn push(
        &mut self,
        count: usize,
        mut fill: impl FnMut(usize, &mut [u8]) -> usize,
    ) -> Result<(), FileError> {
        let mut done = 0;
        while done < count {
            let part = self.part(self.start + self.used + done, count - done)?;
            let length = part.len();
            if fill(done, part) < length {
                return Err(FileError::BadAddress);
            }
            done += length;
        }
        self.used += count;
        Ok(())
    }

    /// Takes out up to `count` bytes. `empty` is told how many it has taken already, and says how
    /// many of these it takes; the rest stay. The result is how many were taken.
    pub fn pop(
        &mut self,
        count: usize,
        mut empty: impl FnMut(usize, &[u8]) -> usize,
    ) -> Result<usize, FileError> {
        let mut done = 0;
        let wanted = count.min(self.used);
        while done < wanted {
            let part = self.part(self.start, wanted - done)?;
            let length = part.len();
            let taken = empty(done, part);
            self.start = (self.start + taken) % SIZE;
            self.used -= taken;
            done += taken;
            if taken < length {
                break;
            }
        }
        self.give_back();
        Ok(done)
    }

    /// Up to `count` bytes from place `place` on that lie in one frame.
    fn part(&mut self, place: usize, count: usize) -> Result<&mut [u8], FileError> {
        let (index, offset) = (place / PAGE % FRAMES, place % PAGE);
        let frame = match &mut self.frames[index] {
            Some(frame) => frame,
            empty => empty.insert(frames::allocate().map_err(|_| FileError::NoMemory)?),
        };
        // SAFETY: the frame is ours alone, it is memory, and any bytes are good.
        let bytes = unsafe { slice::from_raw_parts_mut(frame.start().as_ptr::<u8>(), PAGE) };
        Ok(&mut bytes[offset..PAGE.min(offset + count)])
    }

    /// Gives back all frames but one, once there is nothing in them.
    fn give_back(&mut self) {
        if self.used == 0 {
            self.start = 0;
            self.frames[1..].fill_with(|| None);
        }
    }
}

const PAGE: usize = FRAME_SIZE as usize;
