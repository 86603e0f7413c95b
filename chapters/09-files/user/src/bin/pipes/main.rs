//! Tries pipes: between processes, with several writers, at both ends of their lives, and asks what
//! is ready.
//!
//! Each part has its own status for each thing that can be wrong, counted from 1, and a hundred
//! would be too many for one part; 0 is right. The first argument may name one part. Two are not
//! among those that run without: they wait until somebody ends them.

#![no_std]
#![no_main]

extern crate alloc;

mod calls;
mod edges;
mod flows;
mod ready;

use user::{Start, println};

/// A part, and what it tries.
struct Part {
    name: &'static str,
    run: fn() -> i32,
}

const fn part(name: &'static str, run: fn() -> i32) -> Part {
    Part { name, run }
}

static PARTS: [Part; 10] = [
    part("line", flows::line),
    part("records", flows::records),
    part("early", flows::early),
    part("pump", flows::pump),
    part("ends", edges::ends),
    part("errors", edges::errors),
    part("faults", edges::faults),
    part("descriptors", edges::descriptors),
    part("poll", ready::poll),
    part("select", ready::select),
];

/// Parts that somebody has to end.
static ENDLESS: [Part; 3] = [
    part("read", || edges::wait_for_ever(edges::Way::Read)),
    part("write", || edges::wait_for_ever(edges::Way::Write)),
    part("ask", || edges::wait_for_ever(edges::Way::Ask)),
];

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let name = start.argument(1);
    let is_named = |part: &&Part| name.is_none_or(|name| part.name == name);
    let endless = ENDLESS.iter().filter(|_| name.is_some());
    for part in PARTS.iter().chain(endless).filter(is_named) {
        match (part.run)() {
            0 => println!("pipes: {} is right", part.name),
            wrong => {
                println!("pipes: {}: {wrong} is wrong", part.name);
                return wrong;
            }
        }
    }
    0
}

/// Stops at the first thing that is wrong: the result is the number of it, behind those `before`.
fn check(before: i32, things: &[bool]) -> i32 {
    let wrong = things.iter().position(|is_right| !is_right);
    wrong.map_or(0, |index| before + 1 + index as i32)
}
