//! Tries out random calls about files: `try_random SEED COUNT`.
//!
//! It prints each call and what came of it. The calls, and so the lines, are decided by the seed
//! and by the answers of the kernel: the first line that differs between two kernels shows a call
//! that one of them gets wrong, and the lines before it how to get there.
//!
//! Which of two errors a call answers with, where there is reason for both, is nobody's promise and
//! differs between Linux and Linux. So there is at most one reason in each call.

#![no_std]
#![no_main]

extern crate alloc;

mod descriptors;
mod paths;
mod things;

use user::dice::Dice;
use user::scratch::Scratch;
use user::signal::{Action, Signal, set_action};
use user::{Start, println};

use things::Things;

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let number = |index: usize, usual: u64| match start.argument(index) {
        None => Some(usual),
        Some(word) => word.parse().ok(),
    };
    let (Some(seed), Some(count)) = (number(1, 1), number(2, 500)) else {
        println!("use: try_random SEED COUNT");
        return 2;
    };
    // A pipe that nobody reads is an error here, and not the end.
    let _ = set_action(Signal(linux_raw_sys::general::SIGPIPE), Action::Ignore);
    let scratch = Scratch::enter("try-random");
    paths::begin();
    let mut random = Random { dice: Dice::new(seed), things: Things::default() };
    for index in 1..=count {
        random.call(index);
    }
    scratch.leave();
    0
}

/// What decides on the next call.
struct Random {
    dice: Dice,
    things: Things,
}

impl Random {
    /// Makes one call, whose line begins with `index`.
    fn call(&mut self, index: u64) {
        let line = match self.dice.below(24) {
            0..=4 => self.open(),
            5 => self.make_folder(),
            6 => self.unlink(),
            7 => self.remove_folder(),
            8 | 9 => self.rename(),
            10 => self.link(),
            11 => self.symlink(),
            12 => self.look_at_path(),
            13 => self.truncate(),
            14 | 15 => self.read(),
            16 | 17 => self.write(),
            18 => self.seek(),
            19 => self.duplicate(),
            20 => self.set_flags(),
            21 => self.make_pipe(),
            22 => self.look_at_descriptor(),
            _ => self.close(),
        };
        println!("{index} {line}");
    }
}
