//! Tries out random calls about memory and processes: `try_chance SEED COUNT`.
//!
//! It prints each call and what came of it. The calls, and so the lines, are decided by the seed
//! and by the answers of the kernel: the first line that differs between two kernels shows a call
//! that one of them gets wrong, and the lines before it how to get there.
//!
//! Three things it must not say, since they differ between Linux and Linux: an address that the
//! kernel chooses, the number of a process, and whatever depends on who runs first. And which of
//! two errors a call answers with is nobody's promise: so there is at most one reason in each call.
//!
//! This program has no heap of its own: the end of the heap is one of the things that it moves.

#![no_std]
#![no_main]

mod children;
mod errands;
mod memory;
mod pages;
mod processes;

use core::fmt;
use core::ops::RangeInclusive;

use user::dice::Dice;
use user::{Errno, Start, println, report};

use children::Children;
use pages::Pages;

/// The seeds that are tried if none is given.
const SEEDS: RangeInclusive<u64> = 1..=4;

/// So many calls are made with a seed if nobody says how many.
const CALLS: u64 = 500;

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let number = |index: usize| start.argument(index).map(str::parse).transpose();
    let (Ok(seed), Ok(count)) = (number(1), number(2)) else {
        println!("use: try_chance SEED COUNT");
        return 2;
    };
    let seeds = seed.map_or(SEEDS, |seed| seed..=seed);
    for seed in seeds {
        // This may be the first process, to which orphans come. Its child gets none.
        report::child(format_args!("seed {seed}"), || make_calls(seed, count.unwrap_or(CALLS)));
    }
    0
}

fn make_calls(seed: u64, count: u64) -> i32 {
    let (dice, pages) = (Dice::new(seed), Pages::begin());
    let mut random = Random { dice, index: 0, pages, children: Children::default() };
    (0..count).for_each(|_| random.call());
    random.end_all();
    0
}

/// What decides on the next call.
struct Random {
    dice: Dice,
    /// How many calls there were.
    index: u64,
    pages: Pages,
    children: Children,
}

impl Random {
    /// Makes one call.
    fn call(&mut self) {
        self.index += 1;
        match self.dice.below(24) {
            0..=4 => self.map(),
            5 => self.unmap(),
            6..=8 => self.protect(),
            9 => self.advise(),
            10 | 11 => self.write(),
            12 => self.write_across(),
            13 => self.touch(),
            14 => self.move_heap_end(),
            15..=17 => self.start(),
            18 | 19 => self.signal(),
            20..=22 => self.wait_for_one(),
            _ => self.wait_for_any(),
        }
    }

    /// Says what came of a call.
    fn say(&self, call: fmt::Arguments, outcome: impl fmt::Display) {
        println!("{} {call} = {outcome}", self.index);
    }
}

/// What a call answers.
struct Shown(Result<usize, Errno>);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.0 {
            Ok(number) => number.fmt(f),
            Err(error) => error.name().fmt(f),
        }
    }
}
