//! Says how much memory the kernel has, and how much of it nobody uses.

#![no_std]
#![no_main]

use user::{Start, println, system};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    match system::state() {
        Ok(state) => {
            let used = state.total.saturating_sub(state.free);
            println!("{:>10} {:>10} {:>10}", "total KiB", "used KiB", "free KiB");
            println!("{:10} {:10} {:10}", state.total / 1024, used / 1024, state.free / 1024);
            0
        }
        Err(error) => {
            println!("free: {error}");
            1
        }
    }
}
