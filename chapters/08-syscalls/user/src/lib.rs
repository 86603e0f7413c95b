//! The runtime of our programs: what stands between the kernel and a program's `main`.
//!
//! A program is a file in `src/bin`. It has no standard library, so this crate gives it the little
//! that it needs: a start, its arguments, a way to print, an end. All of it is Linux's interface,
//! and nothing else: the same files run on Linux, which is how we know that a program that fails
//! on our kernel fails because of our kernel.
//!
//! ```text
//!  kernel ──> _start ──> start::start ──> main ──> exit ──> kernel
//!             arch/      relocate, then   the
//!                        find arguments   program
//! ```

#![no_std]

extern crate alloc;

#[macro_use]
mod print;
pub mod arch;
pub mod capability;
pub mod command;
pub mod dice;
mod errors;
pub mod futex;
mod heap;
pub mod input;
pub mod memory;
mod panic;
pub mod process;
mod relocate;
pub mod report;
pub mod signal;
pub mod start;
pub mod syscall;
pub mod system;
pub mod thread;
pub mod time;

pub use print::print;
pub use start::Start;
pub use syscall::{Errno, exit, write};
