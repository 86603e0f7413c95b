//! Sleeps a little, works a little, and so on: like a program that somebody types at. It measures
//! how late it is woken, which is what somebody would feel.

#![no_std]
#![no_main]

use core::time::Duration;

use user::{Start, println, time};

/// How often it sleeps.
const NAPS: u32 = 20;

/// How long.
const NAP: Duration = Duration::from_millis(30);

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let mut latest = Duration::ZERO;
    for _ in 0..NAPS {
        let Ok(before) = time::now() else { return 1 };
        if time::sleep(NAP).is_err() {
            return 1;
        }
        let Ok(after) = time::now() else { return 1 };
        if after < before + NAP {
            return 2;
        }
        latest = latest.max(after - before - NAP);
    }
    println!("naps: {NAPS} of {} ms, at most {} ms late", NAP.as_millis(), latest.as_millis());
    0
}
