//! What the kernel expects of guarded stacks. That a guard stops whoever touches it is seen from
//! outside: the kernel must die, and the processor must name the exact address.

use core::ops::Range;

use ktest::expect;

use super::address::{FRAME_SIZE, VirtAddr};
use super::area::{Area, StackError, each};
use super::guarded::{allocate, free};
use super::kernel_area::{KernelArea, PAGES};
use crate::memory::frames;

/// Does `act` with the area, in which nothing is mapped: no test suffers from what another leaves.
fn with_area(act: impl FnOnce(&mut KernelArea)) {
    // SAFETY: tests run one after the other, and none uses a stack that another has left.
    let mut area = unsafe { KernelArea::new() };
    for page in each(&area.pages()) {
        if area.is_mapped(page) {
            area.unmap(page);
        }
    }
    act(&mut area);
}

/// A stack of `count` pages, which must be had.
fn stack(area: &mut KernelArea, count: u64) -> Range<VirtAddr> {
    let stack = allocate(area, count);
    expect(("is there room for a stack of pages", count), stack.is_ok(), true);
    stack.unwrap_or(VirtAddr(0)..VirtAddr(0))
}

/// The pages of the area from number `first` up to number `end`.
fn pages(first: u64, end: u64) -> Range<VirtAddr> {
    PAGES.start + first * FRAME_SIZE..PAGES.start + end * FRAME_SIZE
}

/// Writes words from the highest down, as calls do: all of `stack`, and `beyond` more.
fn push(stack: &Range<VirtAddr>, beyond: u64) {
    let words = (stack.end - stack.start) / 8 + beyond;
    for number in 1..=words {
        let word = (stack.end.0 - 8 * number) as *mut u64;
        // SAFETY: the stack is ours, mapped and written by nobody else. What lies beyond is not:
        // there the kernel must die.
        unsafe { word.write_volatile(number) };
    }
}

/// Reads the word at `address`, where there may be nothing.
fn read(address: VirtAddr) {
    // SAFETY: where there is nothing the kernel must die; else it is memory of the area's.
    unsafe { (address.0 as *const u64).read_volatile() };
}

ktest::test! {
    /// Every word of a stack can be written, and keeps what was written.
    fn stack_is_memory() {
        with_area(|area| {
            let stack = stack(area, 3);
            push(&stack, 0);
            for number in 1..=(stack.end - stack.start) / 8 {
                let word = stack.end.0 - 8 * number;
                // SAFETY: it was written above.
                let seen = unsafe { (word as *const u64).read_volatile() };
                expect(("word at", VirtAddr(word)), seen, number);
            }
            free(area, stack);
        });
    }

    /// The first word below a stack faults, at its own address.
    #[must_die("a write at 0xffffe00000000ff8")]
    fn overflow_faults() {
        with_area(|area| push(&stack(area, 3), 1));
    }

    /// So does the first one above it.
    #[must_die("a read at 0xffffe00000004000")]
    fn word_above_faults() {
        with_area(|area| read(stack(area, 3).end));
    }

    /// Between two stacks there is a guard: one that overflows does not reach the other.
    #[must_die("a write at 0xffffe00000004ff8")]
    fn overflow_does_not_reach_a_neighbour() {
        with_area(|area| {
            let first = stack(area, 3);
            push(&first, 0);
            let second = stack(area, 2);
            push(&second, 1);
        });
    }

    /// A stack that was given back is nothing any more.
    #[must_die("a read at 0xffffe00000001000")]
    fn freed_stack_faults() {
        with_area(|area| {
            let stack = stack(area, 1);
            push(&stack, 0);
            free(area, stack.clone());
            read(stack.start);
        });
    }

    /// The lowest place is taken that has room, and the guards of others are no room.
    fn lowest_room_is_taken() {
        with_area(|area| {
            let low = stack(area, 1);
            let middle = stack(area, 3);
            let high = stack(area, 1);
            let all = (low.clone(), middle.clone(), high.clone());
            expect("stacks of 1, 3 and 1 pages", all, (pages(1, 2), pages(3, 6), pages(7, 8)));
            free(area, middle);
            let smaller = stack(area, 2);
            expect("the middle is freed, then 2 pages", smaller.clone(), pages(3, 5));
            let last = stack(area, 1);
            expect("then 1 page", last.clone(), pages(9, 10));
            [low, high, smaller, last].into_iter().for_each(|stack| free(area, stack));
        });
    }

    /// A stack that has no room between two guards is refused.
    fn no_room_is_an_error() {
        with_area(|area| {
            expect("15 of 16 pages", allocate(area, 15), Err(StackError::NoRoom));
            let all = allocate(area, 14);
            expect("14 of 16 pages", all.clone(), Ok(pages(1, 15)));
            all.into_iter().for_each(|stack| free(area, stack));
        });
    }

    /// What was given back can be had again: pages and frames.
    fn nothing_is_lost() {
        with_area(|area| {
            // The first stack makes a table that stays.
            let first = stack(area, 2);
            free(area, first);
            let before = frames::statistics().free;
            for count in [1, 5, 14] {
                let stack = stack(area, count);
                free(area, stack);
                expect(("frames free, after pages", count), frames::statistics().free, before);
            }
        });
    }
}
