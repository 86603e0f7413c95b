//! Asks the kernel for what makes no sense, over and over: shows that whatever a program passes,
//! the answer is an error or a result, and nobody is hurt but the program.
//!
//! Which calls there are it is told by its second argument, such as `64:dpn,96:p`: the number of a
//! call, and a letter for each of its arguments. So it knows all calls of the kernel that runs it,
//! and only those.
//!
//! ```text
//!  p  an address that is used     n  a number          d  a descriptor
//!  h  the same, of which none     a  an address that   s  a signal
//!     must be right               is a number          f  flags of clone    z  zero
//!  i  a number that may be a process                    r  where to read from
//! ```

#![no_std]
#![no_main]

extern crate alloc;

mod arena;
mod calls;
mod crowd;
mod random;

use user::{Start, println};

use calls::Table;

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let number = |index| start.argument(index).and_then(|text| text.parse().ok()).unwrap_or(0);
    let table = Table::parse(start.argument(2).unwrap_or_default());
    match start.argument(1) {
        Some("pointers") => calls::pointers(table),
        Some("random") => random::random(table, number(3), number(4)),
        Some("unmap") => arena::unmap_meanwhile(number(3) as usize),
        Some("hog") => arena::hog(),
        _ => {
            println!("abuse: needs one of pointers, random, unmap, hog");
            2
        }
    }
}
