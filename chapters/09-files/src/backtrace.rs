//! The calls that led here, by the frame pointers.
//!
//! Each function of the kernel begins by putting its caller's frame pointer onto the stack, next to
//! the address to which it returns. The chain ends with the zero that `boot.s` began with.
//!
//! ```text
//!  frame pointer ──> | caller's frame pointer | return address |
//!                         '──> | its caller's ... |
//! ```
//!
//! A trap adds a link of its own, so the chain leads through a handler to what was interrupted. Who
//! reads it is often dying, and the chain may be what is damaged. So nothing is believed: a link
//! must be mapped, aligned, and above the one before. The kernel knows addresses only; which
//! functions and lines they are is said by the tool that ran it, which has the symbols.

use crate::arch::TrapFrame;
use crate::memory::address::VirtAddr;
use crate::memory::kernel_space;
use crate::memory::paging::Access;
use crate::process::layout::USER_END;

/// A longer chain is not told to the end: something calls itself.
const LIMIT: usize = 32;

/// Prints the way to the running function, which has the frame pointer `frame`.
pub fn print(frame: u64) {
    println!("  backtrace:");
    print_chain(frame);
}

/// Prints the way to what was interrupted.
pub fn print_interrupted(interrupted: &TrapFrame) {
    println!("  backtrace:");
    println!("    in {:?}", interrupted.place());
    // A jump to what is no code has made no frame, and whoever jumped is missing in the chain.
    let found = kernel_space::peek(|walker| walker.translate(interrupted.place()));
    let is_code = found.is_some_and(|(_, access)| access.contains(Access::EXECUTE));
    if let Some(address) = interrupted.return_address().filter(|_| !is_code) {
        println!("    from {address:?}");
    }
    print_chain(interrupted.frame_pointer());
}

fn print_chain(frame: u64) {
    let mut chain = Chain { frame };
    let mut told = 0;
    let mut calls = chain.by_ref().take(LIMIT).peekable();
    while let Some(address) = calls.next() {
        let mut count = 1;
        while calls.next_if_eq(&address).is_some() {
            count += 1;
        }
        told += count;
        match count {
            1 => println!("    from {address:?}"),
            _ => println!("    from {address:?}, {count} times"),
        }
    }
    match chain.frame {
        0 => {}
        _ if told == LIMIT => println!("    and so on"),
        frame => println!("    the chain is broken at {frame:#x}"),
    }
}

/// Return addresses, the innermost first. What is left of `frame` at the end is 0 if the chain is
/// whole.
pub struct Chain {
    /// The next frame pointer.
    pub frame: u64,
}

impl Iterator for Chain {
    type Item = VirtAddr;

    fn next(&mut self) -> Option<VirtAddr> {
        let (caller, address) = link(self.frame)?;
        // The way ends where a program came to the kernel: its stack is its own affair.
        let caller = if caller < USER_END { 0 } else { caller };
        // Callers' frames lie higher up, and the last one has none.
        if caller != 0 && caller <= self.frame {
            return None;
        }
        self.frame = caller;
        (address.0 != 0).then_some(address)
    }
}

/// The caller's frame pointer and the return address at `frame`, if they can be read.
fn link(frame: u64) -> Option<(u64, VirtAddr)> {
    let caller = read(frame)?;
    Some((caller, VirtAddr(read(frame.checked_add(8)?)?)))
}

/// The word at `address`, if there is memory.
pub fn read(address: u64) -> Option<u64> {
    let found = kernel_space::peek(|walker| walker.translate(VirtAddr(address)));
    let (_, access) = found.filter(|_| address.is_multiple_of(8))?;
    // Reading a device may change it.
    if access.contains(Access::DEVICE) {
        return None;
    }
    // A program's memory is not for the kernel to look at.
    if access.contains(Access::USER) {
        return None;
    }
    // SAFETY: the word is mapped and aligned, and any bits are a number.
    Some(unsafe { (address as *const u64).read_volatile() })
}

#[cfg(feature = "ktest")]
#[path = "backtrace/tests.rs"]
mod tests;
