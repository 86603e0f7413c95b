//! Stacks that come and go in any order, in an area that is a set, until frames run out.

use std::collections::BTreeSet;
use std::ops::Range;

use address::{FRAME_SIZE, VirtAddr};
use area::{Area, StackError};
use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;

#[allow(dead_code, reason = "the kernel uses the rest")]
#[path = "../../src/memory/address.rs"]
mod address;
mod area;
#[forbid(unsafe_code)]
mod guarded;
#[allow(dead_code, reason = "the kernel uses the rest")]
#[path = "../../src/memory/layout.rs"]
mod layout;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![any_stacks_are_guarded, running_out_is_undone];

/// Pages of the area.
const PAGES: u64 = 16;

/// An area of which it is only known which pages are mapped.
struct Model {
    mapped: BTreeSet<u64>,
    frames: usize,
}

impl Area for Model {
    fn pages(&self) -> Range<VirtAddr> {
        page(0)..page(PAGES)
    }

    fn is_mapped(&self, page: VirtAddr) -> bool {
        self.mapped.contains(&number(page))
    }

    fn map(&mut self, page: VirtAddr) -> Result<(), StackError> {
        let is_there = self.pages().contains(&page) && page.is_aligned(FRAME_SIZE);
        assert!(is_there, "page {page:?} of {:?} is mapped", self.pages());
        if self.mapped.len() == self.frames {
            return Err(StackError::OutOfFrames);
        }
        assert!(self.mapped.insert(number(page)), "page number {} is mapped twice", number(page));
        Ok(())
    }

    fn unmap(&mut self, page: VirtAddr) {
        let is_mapped = self.mapped.remove(&number(page));
        assert!(is_mapped, "page number {} is unmapped, and maps nothing", number(page));
    }
}

/// The page of this number.
fn page(number: u64) -> VirtAddr {
    VirtAddr(0xffff_e000_0000_0000 + number * FRAME_SIZE)
}

fn number(page: VirtAddr) -> u64 {
    (page - self::page(0)) / FRAME_SIZE
}

/// What is done.
#[derive(Clone, Copy, Debug)]
enum Step {
    Allocate {
        pages: u64,
    },
    /// Gives back one of those that are out, modulo their number.
    Free {
        which: usize,
    },
}

fn story() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (1..5_u64).prop_map(|pages| Step::Allocate { pages }),
        2 => (0..8_usize).prop_map(|which| Step::Free { which }),
    ];
    vec(step, 0..16)
}

/// Where the lowest room for `count` pages is, by definition.
fn room(out: &[Range<u64>], count: u64) -> Option<Range<u64>> {
    let is_free = |page: u64| out.iter().all(|stack| !stack.contains(&page));
    let firsts = 1..PAGES.saturating_sub(count);
    let has_room = |first: &u64| (*first - 1..*first + count + 1).all(is_free);
    firsts.into_iter().find(has_room).map(|first| first..first + count)
}

fn check(story: &[Step], frames: usize) {
    let mut area = Model { mapped: BTreeSet::new(), frames };
    let mut out: Vec<Range<u64>> = Vec::new();
    for step in story {
        match *step {
            Step::Allocate { pages } => {
                let owned: u64 = out.iter().map(|stack| stack.end - stack.start).sum();
                let expected = match room(&out, pages) {
                    None => Err(StackError::NoRoom),
                    Some(_) if owned + pages > frames as u64 => Err(StackError::OutOfFrames),
                    Some(room) => Ok(room),
                };
                let seen = guarded::allocate(&mut area, pages);
                let seen = seen.map(|stack| number(stack.start)..number(stack.end));
                expect((story, "with frames", frames, "pages"), seen.clone(), expected);
                out.extend(seen);
            }
            Step::Free { which } if !out.is_empty() => {
                let stack = out.swap_remove(which % out.len());
                guarded::free(&mut area, page(stack.start)..page(stack.end));
            }
            Step::Free { .. } => {}
        }
        let expected: BTreeSet<u64> = out.iter().cloned().flatten().collect();
        expect((story, "with frames", frames, "mapped"), &area.mapped, &expected);
    }
}

fn any_stacks_are_guarded() {
    holds_for(story(), |story| check(&story, PAGES as usize));
}

fn running_out_is_undone() {
    holds_for((story(), 0..6_usize), |(story, frames)| check(&story, frames));
}
