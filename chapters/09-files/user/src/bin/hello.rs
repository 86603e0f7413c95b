//! Greets: shows that a program starts, gets its arguments and its environment, and can end.

#![no_std]
#![no_main]

use user::{Start, println};

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    println!("hello from user space");
    for (index, argument) in start.arguments().enumerate() {
        println!("argument {index}: {argument:?}");
    }
    for variable in start.environment() {
        println!("environment: {variable:?}");
    }
    0
}
