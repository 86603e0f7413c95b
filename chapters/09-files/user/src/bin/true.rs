//! Ends well.

#![no_std]
#![no_main]

use user::Start;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    0
}
