//! Tests of texts and of copies, with real pages and real faults.

use alloc::vec;
use alloc::vec::Vec;

use ktest::{Chance, expect};

use super::Program;
use super::interface::{PAGE, TextError, USER_END};
use super::text::read_text;
use crate::arch;
use crate::memory::address::VirtAddr;
use crate::memory::paging::Access;
use crate::process::space::{self, AddressSpace};

/// The first of two pages of a program. Nothing is around them.
const FIRST: u64 = 0x40_0000;

/// An address at the end of the heap's range, where nothing is mapped.
const NOWHERE: u64 = 0xffff_cfff_ffff_0000;

/// Where the second one ends.
const END: u64 = FIRST + 2 * PAGE;

/// Calls `act` with an address space in which the two pages are, while it is the processor's.
fn with_pages(act: impl FnOnce(&mut AddressSpace)) {
    let mut space = AddressSpace::new().expect("boot leaves free frames");
    space.map(VirtAddr(FIRST)..VirtAddr(END), Access::WRITE).expect("boot leaves free frames");
    // SAFETY: it stays until it is left.
    unsafe { arch::switch_page_table(space.root()) };
    act(&mut space);
    space::leave();
}

/// Fills both pages with letters, but for a zero at each of `zeroes`.
fn fill(space: &mut AddressSpace, zeroes: &[u64]) {
    let mut bytes: Vec<u8> = (0..2 * PAGE).map(letter).collect();
    zeroes.iter().for_each(|zero| bytes[(zero - FIRST) as usize] = 0);
    space.write(VirtAddr(FIRST), &bytes).expect("they are mapped");
}

fn letter(offset: u64) -> u8 {
    b'a' + (offset % 23) as u8
}

/// Reads the text at `start`, and says how long it is. All its bytes must be right.
fn length_of(start: u64, room: usize) -> Result<usize, TextError> {
    let mut buffer = vec![0; room];
    let text = read_text(&Program, start, &mut buffer)?;
    let wrong = (0..).zip(text).find(|(index, byte)| **byte != letter(start - FIRST + index));
    expect(("the text at", start, "a byte that is not the program's"), wrong, None);
    Ok(text.len())
}

ktest::test! {
    /// Texts of all lengths are read from anywhere, up to the last byte that is mapped.
    fn texts_are_read_from_anywhere() {
        let mut chance = Chance::new(1);
        with_pages(|space| {
            for round in 0..100 {
                let start = FIRST + chance.below(2 * PAGE as usize) as u64;
                let zero = match round % 3 {
                    0 => END - 1,
                    1 => start,
                    _ => start + chance.below((END - start) as usize) as u64,
                };
                fill(space, &[zero]);
                let length = (zero - start) as usize;
                for room in [length + 1, length + 2, 3 * PAGE as usize] {
                    let input = ("at", start - FIRST, "in two pages; room", room);
                    expect(input, length_of(start, room), Ok(length));
                }
            }
        });
    }

    /// Where memory is missing there is an error, and the kernel goes on.
    fn missing_texts_are_errors() {
        let mut chance = Chance::new(2);
        with_pages(|space| {
            fill(space, &[]);
            for _ in 0..50 {
                let before_end = 1 + chance.below(PAGE as usize) as u64;
                let start = END - before_end;
                let room = before_end as usize + 1 + chance.below(100);
                let input = ("a text without a zero, from the end", before_end, "room", room);
                expect(input, length_of(start, room), Err(TextError::BadAddress));
            }
            for start in [0, 1, FIRST - 1, END, USER_END - 1] {
                let seen = length_of(start, 100);
                expect(("where nothing is mapped", start), seen, Err(TextError::BadAddress));
            }
        });
    }

    /// A text whose zero has no room is too long, whatever lies behind.
    fn too_long_texts_are_told() {
        let mut chance = Chance::new(3);
        with_pages(|space| {
            fill(space, &[END - 1]);
            for room in (0..50).map(|_| 1 + chance.below(PAGE as usize)) {
                let start = END - 1 - room as u64;
                let input = ("as long as its room", room);
                expect(input, length_of(start, room), Err(TextError::TooLong));
            }
            fill(space, &[]);
            for room in (0..50).map(|_| 1 + chance.below(PAGE as usize)) {
                let input = ("up to the end of memory, as long as its room", room);
                let seen = length_of(END - room as u64, room);
                expect(input, seen, Err(TextError::TooLong));
            }
        });
    }

    /// What is the kernel's is no text.
    fn kernel_texts_are_refused() {
        with_pages(|_| {
            let text = b"kernel\0".as_ptr() as u64;
            for start in [text, USER_END, USER_END + 1, 1 << 47, !0 << 47, u64::MAX, u64::MAX - 3] {
                let seen = length_of(start, 100);
                expect(("a kernel's address", start), seen, Err(TextError::BadAddress));
            }
        });
    }

    /// A copy to where the kernel has nothing is the kernel's own bug.
    #[must_die("trap: a write at 0xffffc")]
    fn copies_to_nowhere_are_bugs() {
        with_pages(|_| {
            let (to, from) = (NOWHERE as *mut u8, FIRST as *const u8);
            // SAFETY: none. This is the bug that must be found.
            unsafe { arch::copy_from_user(to, from, 8) };
        });
    }
}
