//! The pages that the calls are about, and what each of them is.
//!
//! The kernel is asked to read and to write there: where the program must not, it answers with
//! EFAULT, and nobody dies. It reads the name of this thread from a page, and writes it to one; so
//! what begins a page is a text of at most 15 letters, and the rest is zeroes.
//!
//! ```text
//!  ARENA                                     the heap
//!  | 0 | 1 | 2 | … | 11 |  . nothing there   | 12 | 13 | … | 17 |
//!  mapped at random                          grows and shrinks at its end
//! ```

use core::fmt;

use linux_raw_sys::general;
use linux_raw_sys::prctl::{PR_GET_NAME, PR_SET_NAME};
use user::memory::{PAGE, brk};
use user::{Errno, report};

/// Where pages are mapped. Nothing else is there, nor near.
const ARENA: usize = 0x2000_0000_0000;

/// How many pages can be mapped.
pub const MAPPED: usize = 12;

/// How many can be in the heap.
pub const HEAP: usize = 6;

/// All of them.
const ALL: usize = MAPPED + HEAP;

/// Bytes of the name of a thread, with its zero.
pub const NAME: usize = 16;

/// What a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There is none.
    Nothing,
    /// It may not be touched.
    Closed,
    /// It may be read, and begins with this byte.
    Readable(u8),
    /// It may be written as well.
    Writable(u8),
}

/// The pages.
#[derive(Clone, Copy)]
pub struct Pages {
    /// Where those of the heap begin.
    heap: usize,
}

/// Asks for a call about the pages.
pub fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: Rust knows nothing of what is in the pages, and no other address is changed.
    unsafe { report::ask_silently(number, arguments) }
}

impl Pages {
    /// Finds out where the heap is, in which no page of ours is yet.
    pub fn begin() -> Self {
        let heap = set_end(0).next_multiple_of(PAGE);
        set_end(heap);
        Self { heap }
    }

    /// Moves the end of the heap to `bytes` behind its start; says how far behind it is then.
    pub fn set_heap_end(self, bytes: isize) -> isize {
        set_end(self.heap.wrapping_add_signed(bytes)).wrapping_sub(self.heap) as isize
    }

    /// The address of a page.
    pub fn address(self, page: usize) -> usize {
        match page.checked_sub(MAPPED) {
            None => ARENA + page * PAGE,
            Some(page) => self.heap + page * PAGE,
        }
    }

    /// What a page is.
    pub fn state(self, page: usize) -> State {
        let address = self.address(page);
        if read_name(address).is_err() {
            let normal = general::MADV_NORMAL as usize;
            let is_there = ask(general::__NR_madvise, &[address, PAGE, normal]).is_ok();
            return if is_there { State::Closed } else { State::Nothing };
        }
        let mut name = [0; NAME];
        let first = write_name(name.as_mut_ptr() as usize).map_or(b'?', |_| name[0]);
        // What was read is written to where it comes from.
        match write_name(address) {
            Ok(_) => State::Writable(first),
            Err(_) => State::Readable(first),
        }
    }

    /// Whether none of `count` pages from `page` on is missing.
    pub fn are_there(self, page: usize, count: usize) -> bool {
        (page..page + count).all(|page| self.state(page) != State::Nothing)
    }
}

/// Moves the end of the heap.
fn set_end(end: usize) -> usize {
    // SAFETY: nothing of this program is in the heap.
    unsafe { brk(end) }
}

/// Has the kernel read a name from `address`.
pub fn read_name(address: usize) -> Result<usize, Errno> {
    ask(general::__NR_prctl, &[PR_SET_NAME as usize, address])
}

/// Has the kernel write the name to `address`.
pub fn write_name(address: usize) -> Result<usize, Errno> {
    ask(general::__NR_prctl, &[PR_GET_NAME as usize, address])
}

impl fmt::Display for Pages {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        (0..ALL).try_for_each(|page| self.state(page).fmt(f))
    }
}

/// One character: a capital letter, or a plus for a zero, for what may be written.
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let shown = match *self {
            Self::Nothing => b'.',
            Self::Closed => b'-',
            Self::Readable(0) => b'=',
            Self::Readable(byte) => byte.to_ascii_lowercase(),
            Self::Writable(0) => b'+',
            Self::Writable(byte) => byte,
        };
        write!(f, "{}", char::from(shown))
    }
}
