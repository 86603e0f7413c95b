//! Says how long the machine has been running, and how many processes there are.

#![no_std]
#![no_main]

use user::{Start, println, system};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    match system::state() {
        Ok(state) => {
            let seconds = state.uptime.as_secs();
            let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
            println!("up {hours}:{minutes:02}:{seconds:02}, {} processes", state.processes);
            0
        }
        Err(error) => {
            println!("uptime: {error}");
            1
        }
    }
}
