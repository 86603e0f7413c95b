//! Where the bytes of a read go, and where those of a write come from.
//!
//! Mostly that is memory of the program, in one piece or in several. The kernel reads files as
//! well: programs, to run them. A program's memory may end in the middle. What was copied before
//! that counts, so copies tell how far they came.

use crate::memory::address::FRAME_SIZE;
use crate::process::user::UserSlice;

/// Memory that is read into, or written from.
#[derive(Debug)]
pub enum Buffer<'a> {
    /// Pieces of the program's, one behind the other.
    Program(&'a [UserSlice]),
    /// The kernel's.
    Kernel(&'a mut [u8]),
}

impl Buffer<'_> {
    /// How many bytes there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Program(pieces) => pieces.iter().map(UserSlice::len).sum(),
            Self::Kernel(bytes) => bytes.len(),
        }
    }

    /// Copies `bytes` to place `offset` and on. The result is how many that were: fewer, if memory
    /// ends in between, or if there is no more room.
    pub fn put(&mut self, offset: usize, bytes: &[u8]) -> usize {
        match self {
            Self::Program(pieces) => each(pieces, offset, bytes.len(), |piece, place, range| {
                piece.write(place, &bytes[range]).is_ok()
            }),
            Self::Kernel(memory) => {
                let room = memory.get_mut(offset..).unwrap_or_default();
                let count = room.len().min(bytes.len());
                room[..count].copy_from_slice(&bytes[..count]);
                count
            }
        }
    }

    /// Fills `bytes` from place `offset` on. The result is how many that were, as with `put`.
    pub fn get(&self, offset: usize, bytes: &mut [u8]) -> usize {
        match self {
            Self::Program(pieces) => each(pieces, offset, bytes.len(), |piece, place, range| {
                piece.read(place, &mut bytes[range]).is_ok()
            }),
            Self::Kernel(memory) => {
                let there = memory.get(offset..).unwrap_or_default();
                let count = there.len().min(bytes.len());
                bytes[..count].copy_from_slice(&there[..count]);
                count
            }
        }
    }
}

/// Lets `copy` have the `count` bytes from place `offset` on, each time no more than there are of
/// one piece on one page: so whatever it cannot copy is not there as a whole. The result is how
/// many bytes were copied.
fn each(
    pieces: &[UserSlice],
    offset: usize,
    count: usize,
    mut copy: impl FnMut(&UserSlice, usize, core::ops::Range<usize>) -> bool,
) -> usize {
    let (mut before, mut done) = (0, 0);
    for piece in pieces {
        let start = before;
        before += piece.len();
        while done < count && offset + done < before {
            let place = offset + done - start;
            let to_page_end =
                FRAME_SIZE as usize - (piece.start().0 as usize + place) % FRAME_SIZE as usize;
            let part = to_page_end.min(count - done).min(piece.len() - place);
            if !copy(piece, place, done..done + part) {
                return done;
            }
            done += part;
        }
    }
    done
}
