//! The way from the kernel's page faults to your recovery, and from your text to its memory.
//!
//! Given, not to be written.
//!
//! ```text
//!  text.rs ── copy ──> arch ── page fault ──> recovery.rs
//!     ^                                           |
//!     '────────── could not be done ──────────────'
//! ```

use super::user::{UserSlice, is_user};
use crate::arch::TrapFrame;
use crate::memory::address::VirtAddr;
use crate::process::layout;
use interface::{Fault, Memory, NotThere};

#[allow(dead_code, reason = "unused until the holes are filled")]
mod interface;
#[forbid(unsafe_code)]
mod recovery;
#[cfg(feature = "ktest")]
mod tests;
#[allow(dead_code, reason = "only tests read texts yet")]
#[forbid(unsafe_code)]
mod text;

const _: () = assert!(interface::USER_END == layout::USER_END);

/// Lets a copy that was interrupted by a fault at `address` go on, if your recovery says where.
pub(super) fn recover(address: VirtAddr, frame: &mut TrapFrame) -> bool {
    let fault = Fault { address: address.0, place: frame.place().0, copies: TrapFrame::copies() };
    let place = recovery::recover(&fault);
    place.inspect(|place| frame.go_on_at(*place)).is_some()
}

/// The memory of the program whose address space is active.
#[allow(dead_code, reason = "only tests read texts yet")]
struct Program;

impl Memory for Program {
    fn copy(&self, from: u64, to: &mut [u8]) -> Result<(), NotThere> {
        assert!(is_user(VirtAddr(from)), "{from:#x} is not in the programs' half");
        let slice = UserSlice::new(from, to.len());
        let slice = slice.expect("copies end in the programs' half, too");
        slice.read(0, to).map(|_| ()).map_err(|_| NotThere)
    }
}
