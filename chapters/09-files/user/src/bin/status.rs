//! Ends with the status that its argument says: shows that a status gets to whoever waits.

#![no_std]
#![no_main]

use user::{Start, println};

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    match start.argument(1).map(str::parse) {
        Some(Ok(status)) => status,
        _ => {
            println!("status: needs a number, such as 42");
            2
        }
    }
}
