//! Random calls about memory.
//!
//! Behind the answer of each is what all pages are then: `ABc=-.` are two that may be written, one
//! that may only be read, one of these full of zeroes, one that may not be touched, and none.

use core::{fmt, ptr};

use linux_raw_sys::general::{self, MAP_ANONYMOUS, MAP_FIXED, MAP_FIXED_NOREPLACE, MAP_PRIVATE};
use user::memory::{NONE, PAGE, READ, WRITE};
use user::{Errno, process, report};

use super::pages::{HEAP, MAPPED, NAME, ask, read_name, write_name};
use super::{Random, Shown};

/// More pages than these no call is about.
const MOST: usize = 5;

/// What may be done with pages. Whether such as may only be written can be read is the processor's.
const RIGHTS: [(u32, &str); 5] = [
    (NONE, "PROT_NONE"),
    (READ, "PROT_READ"),
    (READ | general::PROT_EXEC, "PROT_READ|PROT_EXEC"),
    (READ | WRITE, "PROT_READ|PROT_WRITE"),
    (READ | WRITE, "PROT_READ|PROT_WRITE"),
];

/// How an address is chosen.
const WAYS: [(u32, &str); 5] = [
    (0, ""),
    (MAP_FIXED, "|MAP_FIXED"),
    (MAP_FIXED, "|MAP_FIXED"),
    (MAP_FIXED, "|MAP_FIXED"),
    (MAP_FIXED_NOREPLACE, "|MAP_FIXED_NOREPLACE"),
];

impl Random {
    /// Pages that can be mapped: the first, and how many.
    fn range(&mut self) -> (usize, usize) {
        let first = self.dice.below(MAPPED);
        (first, 1 + self.dice.below(MOST.min(MAPPED - first)))
    }

    /// Pages that can be mapped, or, in one of four cases, be in the heap.
    fn range_of_any(&mut self) -> (usize, usize) {
        if !self.dice.one_in(4) {
            return self.range();
        }
        let first = self.dice.below(HEAP);
        (MAPPED + first, 1 + self.dice.below(MOST.min(HEAP - first)))
    }

    /// As many bytes as lie in `count` pages: not always all of the last one.
    fn bytes(&mut self, count: usize) -> usize {
        if self.dice.one_in(6) { count * PAGE - self.dice.below(PAGE) } else { count * PAGE }
    }

    pub fn map(&mut self) {
        if self.dice.one_in(20) {
            return self.map_wrongly();
        }
        let (first, count) = self.range();
        let (bytes, start) = (self.bytes(count), self.pages.address(first));
        let (rights, name) = self.dice.one_of(&RIGHTS);
        let (way, way_name) = self.dice.one_of(&WAYS);
        let place = match mmap(start, bytes, rights, MAP_PRIVATE | MAP_ANONYMOUS | way) {
            Ok(place) if place == start => Ok("there"),
            // Where else is the kernel's choice.
            Ok(place) => ask(general::__NR_munmap, &[place, bytes]).map(|_| "elsewhere"),
            Err(error) => Err(error),
        };
        let place = place.unwrap_or_else(|error| error.name());
        self.say_pages(format_args!("mmap({first}, {bytes}, {name}{way_name})"), place);
    }

    fn map_wrongly(&mut self) {
        let start = self.pages.address(0);
        let usual = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
        let (start, bytes, flags, what) = self.dice.one_of(&[
            (start + 8, PAGE, usual, "an odd place"),
            (start, 0, usual, "no bytes"),
            (start, PAGE, MAP_ANONYMOUS | MAP_FIXED, "neither private nor shared"),
        ]);
        let found = mmap(start, bytes, READ, flags);
        self.say_pages(format_args!("mmap(0, {what})"), Shown(found.map(|_| 0)));
    }

    pub fn unmap(&mut self) {
        let (first, count) = self.range();
        // More go than stay otherwise, and there are no holes.
        let count = if self.dice.one_in(4) { count } else { count.min(2) };
        let (start, bytes) = (self.pages.address(first), self.bytes(count));
        let odd = if self.dice.one_in(20) { 8 } else { 0 };
        let found = ask(general::__NR_munmap, &[start + odd, bytes]);
        self.say_pages(format_args!("munmap({first}+{odd}, {bytes})"), Shown(found));
    }

    pub fn protect(&mut self) {
        let (first, count) = self.range_of_any();
        let (start, bytes) = (self.pages.address(first), self.bytes(count));
        let (rights, name) = self.dice.one_of(&RIGHTS);
        // That a page is missing is a reason to fail already.
        let is_odd = self.dice.one_in(10) && self.pages.are_there(first, count);
        let odd = if is_odd { 8 } else { 0 };
        let found = ask(general::__NR_mprotect, &[start + odd, bytes, rights as usize]);
        self.say_pages(format_args!("mprotect({first}+{odd}, {bytes}, {name})"), Shown(found));
    }

    pub fn advise(&mut self) {
        let (first, count) = self.range_of_any();
        let (start, bytes) = (self.pages.address(first), self.bytes(count));
        let (advice, name) = self.dice.one_of(&[
            (general::MADV_DONTNEED, "MADV_DONTNEED"),
            (general::MADV_DONTNEED, "MADV_DONTNEED"),
            (general::MADV_WILLNEED, "MADV_WILLNEED"),
        ]);
        let found = ask(general::__NR_madvise, &[start, bytes, advice as usize]);
        self.say_pages(format_args!("madvise({first}, {bytes}, {name})"), Shown(found));
    }

    /// Has the kernel write to a page.
    pub fn write(&mut self) {
        let (page, _) = self.range_of_any();
        let letter = self.choose_name(1);
        let found = write_name(self.pages.address(page));
        self.say_pages(format_args!("write {letter} to {page}"), Shown(found));
    }

    /// Has the kernel write to the end of a page and to the start of the next one. If it may not
    /// write to the first, nothing is written.
    pub fn write_across(&mut self) {
        let page = self.dice.below(MAPPED - 1);
        let letter = self.choose_name(NAME - 1);
        let found = write_name(self.pages.address(page + 1) - NAME / 2);
        self.say_pages(format_args!("write {letter} across the end of {page}"), Shown(found));
    }

    /// Makes `length` times the same letter what the kernel writes.
    fn choose_name(&mut self, length: usize) -> char {
        let letter = b'A' + self.dice.below(26) as u8;
        let mut name = [0; NAME];
        name[..length].fill(letter);
        let taken = read_name(ptr::from_ref(&name) as usize);
        if taken.is_ok() { char::from(letter) } else { '?' }
    }

    /// Reads from a page, or writes to it, in a copy of this process, which may die of it.
    pub fn touch(&mut self) {
        let (page, _) = self.range_of_any();
        let byte = self.pages.address(page) as *mut u8;
        let is_written = self.dice.one_in(2);
        let pid = report::start_child(|| {
            if is_written {
                // SAFETY: the page is ours, or else the processor refuses.
                unsafe { byte.write_volatile(b'T') };
            }
            // SAFETY: as above; all bytes are values.
            i32::from(unsafe { byte.read_volatile() })
        });
        let what = if is_written { "written" } else { "read" };
        let call = format_args!("{page} is {what} by a copy");
        match process::wait(pid) {
            Ok((_, end)) => self.say(call, end),
            Err(error) => self.say(call, error.name()),
        }
    }

    /// Moves the end of the heap: not always to the end of a page, and seldom below its start,
    /// where it does not go.
    pub fn move_heap_end(&mut self) {
        let bytes = match self.dice.below(20) {
            0 => -(PAGE as isize),
            1..=3 => (1 + self.dice.below(HEAP * PAGE)) as isize,
            _ => (self.dice.below(HEAP + 1) * PAGE) as isize,
        };
        let found = self.pages.set_heap_end(bytes);
        self.say_pages(format_args!("brk({bytes})"), found);
    }

    /// Says what came of a call, and what all pages are now.
    fn say_pages(&self, call: fmt::Arguments, outcome: impl fmt::Display) {
        self.say(call, format_args!("{outcome}  {}", self.pages));
    }
}

fn mmap(start: usize, bytes: usize, rights: u32, flags: u32) -> Result<usize, Errno> {
    let (rights, flags) = (rights as usize, flags as usize);
    ask(general::__NR_mmap, &[start, bytes, rights, flags, usize::MAX, 0])
}
