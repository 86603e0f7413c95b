//! Texts in the memory of made-up programs, which notes what is touched; and made-up faults.

use std::cell::{Cell, RefCell};

use exercise_host::{Property, holds_for, properties};
use interface::{Fault, Memory, NotThere, PAGE, TextError, USER_END};
use ktest::expect;
use proptest::prelude::*;
use proptest::sample::select;

#[allow(dead_code, reason = "unused until the holes are filled")]
mod interface;
#[forbid(unsafe_code)]
mod recovery;
#[forbid(unsafe_code)]
mod text;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    texts_are_read,
    nothing_else_is_touched,
    missing_memory_is_an_error,
    kernel_addresses_are_refused,
    too_long_is_an_error_of_its_own,
    pages_are_read_at_once,
    copies_are_given_up,
    other_faults_are_bugs,
];

/// The first address of the kernel's half.
const KERNEL: u64 = 0xffff_8000_0000_0000;

/// What is in a buffer before it is used: letters and zeroes.
const OLD: &[u8] = b"old\0";

/// Pages of a program, in a row, that end where nothing is mapped.
struct Pages {
    start: u64,
    bytes: Vec<u8>,
    copies: Cell<usize>,
    /// What was touched, from the first byte to the one behind the last.
    touched: RefCell<Vec<(u64, u64)>>,
}

impl Pages {
    /// Four pages that end at `end`, with the zero of the text in them.
    fn new(case: &Case) -> Self {
        let start = case.end - 4 * PAGE;
        let mut bytes: Vec<u8> = (0..4 * PAGE).map(|index| 1 + (index % 250) as u8).collect();
        if let Some(zero) = case.zero() {
            bytes[(zero - start) as usize] = 0;
        }
        Self { start, bytes, copies: Cell::new(0), touched: RefCell::default() }
    }

    fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl Memory for Pages {
    fn copy(&self, from: u64, to: &mut [u8]) -> Result<(), NotThere> {
        let end = from.checked_add(to.len() as u64);
        let is_user = end.is_some_and(|end| end <= USER_END);
        assert!(is_user, "{} bytes from {from:#x} on: not all are below USER_END", to.len());
        self.copies.set(self.copies.get() + 1);
        if to.is_empty() {
            return Ok(());
        }
        self.touched.borrow_mut().push((from, from + to.len() as u64));
        let offset = from.checked_sub(self.start).ok_or(NotThere)? as usize;
        let bytes = self.bytes.get(offset..offset + to.len()).ok_or(NotThere)?;
        to.copy_from_slice(bytes);
        Ok(())
    }
}

/// A text, and a buffer for it.
#[derive(Clone, Debug)]
struct Case {
    /// Where the program's memory ends.
    end: u64,
    /// How far below that the text begins.
    before_end: u64,
    /// How long it is. One that is longer than `before_end` has no zero.
    length: u64,
    /// Room in the buffer, beyond what is needed.
    spare: usize,
}

impl Case {
    fn start(&self) -> u64 {
        self.end - self.before_end
    }

    fn zero(&self) -> Option<u64> {
        (self.length < self.before_end).then(|| self.start() + self.length)
    }
}

fn case() -> impl Strategy<Value = Case> {
    let ends = select(vec![0x40_4000, 0x7f00_0000_0000, USER_END]);
    let near = prop_oneof![1..60_u64, 1..3 * PAGE];
    (ends, near, any::<prop::sample::Index>(), any::<bool>(), 0..5000_usize).prop_map(
        |(end, before_end, length, is_last, spare)| {
            let length = length.index(before_end as usize) as u64;
            let length = if is_last { before_end - 1 } else { length };
            Case { end, before_end, length, spare }
        },
    )
}

/// Reads the text of `case` into a buffer with `room`; the result is its length.
fn read(case: &Case, pages: &Pages, room: usize) -> Result<usize, TextError> {
    let mut buffer: Vec<u8> = OLD.iter().copied().cycle().take(room).collect();
    let text = text::read_text(pages, case.start(), &mut buffer)?;
    let offset = (case.start() - pages.start) as usize;
    let there = &pages.bytes[offset..];
    let wrong = text.iter().zip(there).position(|(byte, there)| byte != there);
    expect((case, "the first byte that is not the program's"), wrong, None);
    Ok(text.len())
}

/// Reads the text of `case`, for which there is room.
fn read_all(case: &Case) -> (Pages, Result<usize, TextError>) {
    let pages = Pages::new(case);
    let seen = read(case, &pages, case.length as usize + 1 + case.spare);
    (pages, seen)
}

fn texts_are_read() {
    holds_for(case(), |case| {
        expect(("the length of", &case), read_all(&case).1, Ok(case.length as usize));
    });
}

fn nothing_else_is_touched() {
    holds_for(case(), |case| {
        let pages = Pages::new(&case);
        let room = case.length as usize + 1 + case.spare;
        // Whatever comes of it: the copies are the question.
        let _ = read(&case, &pages, room);
        let last_page = case.zero().unwrap_or_default() / PAGE * PAGE + PAGE;
        let beyond = pages.touched.borrow().iter().map(|it| it.1).find(|end| *end > last_page);
        let input = (&case, "room", room, "touched behind the zero's page, up to");
        expect(input, beyond, None);
    });
}

fn missing_memory_is_an_error() {
    holds_for((case(), 1..5000_usize), |(case, more)| {
        let endless = Case { length: case.before_end, ..case.clone() };
        let pages = Pages::new(&endless);
        let room = case.before_end as usize + more;
        let seen = read(&endless, &pages, room);
        expect((&endless, "no zero; room", room), seen, Err(TextError::BadAddress));
        let outside = outside(&case);
        let mut buffer = vec![1; more];
        let seen = text::read_text(&pages, outside, &mut buffer).map(<[u8]>::len);
        let input = (&case, "a text from", outside, "on, where nothing is mapped");
        expect(input, seen, Err(TextError::BadAddress));
    });
}

/// An address at which nothing is mapped.
fn outside(case: &Case) -> u64 {
    let below = case.end - 4 * PAGE - 1;
    [0, below / 2, below, case.end][case.spare % 4]
}

fn kernel_addresses_are_refused() {
    let places = select(vec![USER_END, USER_END + 1, 1 << 47, !0 << 47, u64::MAX - 5, u64::MAX]);
    holds_for((places, case(), 1..5000_usize), |(start, case, room)| {
        let pages = Pages::new(&Case { end: USER_END, ..case });
        let mut buffer = vec![1; room];
        let seen = text::read_text(&pages, start, &mut buffer).map(<[u8]>::len);
        expect(("a text at", start, "room", room), seen, Err(TextError::BadAddress));
        expect(("a text at", start, "copies"), pages.copies.get(), 0);
    });
}

fn too_long_is_an_error_of_its_own() {
    holds_for((case(), any::<prop::sample::Index>()), |(case, index)| {
        // Room for all or for some of it, but not for the zero.
        for room in [case.length as usize, 1 + index.index(case.before_end as usize)] {
            let room = room.min(case.length as usize);
            if room > 0 {
                let pages = Pages::new(&case);
                let seen = read(&case, &pages, room);
                expect((&case, "room", room), seen, Err(TextError::TooLong));
                let last = pages.touched.borrow().iter().map(|it| it.1).max();
                let limit = Some(case.start() + room as u64);
                expect((&case, "room", room, "touched beyond it"), last.max(limit), limit);
            }
        }
        let endless = Case { length: case.before_end, ..case.clone() };
        let seen = read(&endless, &Pages::new(&endless), case.before_end as usize);
        let input = (&endless, "no zero, and room up to the end of memory");
        expect(input, seen, Err(TextError::TooLong));
    });
}

fn pages_are_read_at_once() {
    holds_for(case(), |case| {
        let (pages, _) = read_all(&case);
        let count = (case.start() + case.length) / PAGE - case.start() / PAGE + 1;
        let seen = pages.copies.get();
        expect((&case, "copies of at most", count), seen, seen.min(count as usize));
        expect((&case, "the end of memory"), pages.end(), case.end);
    });
}

/// A fault in a copy, at a user's address.
fn fault() -> impl Strategy<Value = Fault> {
    let kernel = (KERNEL..u64::MAX - 4096).prop_map(|it| it / 4 * 4);
    let addresses = prop_oneof![Just(0), Just(USER_END - 1), 0..USER_END];
    (kernel, 1..300_u64, any::<prop::sample::Index>(), addresses).prop_map(
        |(begin, length, index, address)| {
            let place = begin + index.index(length as usize) as u64;
            Fault { address, place, copies: begin..begin + length }
        },
    )
}

fn copies_are_given_up() {
    holds_for(fault(), |fault| {
        expect(("a fault in a copy", &fault), recovery::recover(&fault), Some(fault.copies.end));
    });
}

fn other_faults_are_bugs() {
    let kernel = prop_oneof![Just(USER_END), Just(u64::MAX), KERNEL..u64::MAX];
    holds_for((fault(), kernel, 1..1000_u64), |(fault, kernel, distance)| {
        let bug = Fault { address: kernel, ..fault.clone() };
        expect(("the kernel's side of a copy is missing", &bug), recovery::recover(&bug), None);
        let (begin, end) = (fault.copies.start, fault.copies.end);
        for place in [begin - distance, begin - 1, end, end + distance, fault.address] {
            let bug = Fault { place, ..fault.clone() };
            expect(("a fault of no copy", &bug), recovery::recover(&bug), None);
        }
    });
}
