//! Kernel stacks, each with a guard below it.
//!
//! A stack that is full goes on into whatever lies below. So nothing is mapped there: the next push
//! faults, and the trap says what happened. Below each stack lie as many unmapped bytes as a stack
//! has, which costs addresses and no memory, and gives all addresses within stacks one bit that is
//! 0 and all below them the same bit as 1.
//!
//! ```text
//!  STACKS                                         each slot is 2 * SIZE bytes
//!  | stack 0  | nothing  | stack 1  | nothing  |
//!  ^          ^          ^          ^
//!  |          top of 0   |          top of 1
//!  bit is 0   1          0          1
//! ```
//!
//! Below stack 0 nothing is mapped, either: the heap ends far away. The boot stack lies in the
//! image, aligned in the same way, with one page missing below it.

use alloc::vec::Vec;
use core::mem;
use core::ops::Range;

use super::address::{FRAME_SIZE, VirtAddr};
use super::paging::MapError;
use super::{layout, pages};
use crate::config::STACK_BYTES;
use crate::image;
use crate::sync::Lock;

/// Bytes in a stack.
pub const SIZE: u64 = STACK_BYTES as u64;

/// The number of the bit that is 0 in all addresses within a stack.
pub const OVERFLOW_BIT: u32 = SIZE.trailing_zeros();

const _: () = assert!(SIZE.is_power_of_two() && SIZE >= 4096);

/// Protects the slots. While it is held, there may be allocations.
static SLOTS: Lock<Slots> = Lock::new(Slots { count: 0, free: Vec::new() });

/// Which slots there are.
struct Slots {
    /// How many were ever used.
    count: usize,
    /// Those that are free again. It has room for all, so that a stack can always be given back.
    free: Vec<usize>,
}

/// A stack that somebody owns.
#[derive(Debug)]
pub struct Stack {
    slot: usize,
}

impl Stack {
    /// Makes a stack.
    pub fn new() -> Result<Self, MapError> {
        let slot = SLOTS.lock().take()?;
        let stack = Self { slot };
        if let Err(error) = pages::map(stack.range()) {
            // Nothing is mapped there.
            SLOTS.lock().free.push(mem::ManuallyDrop::new(stack).slot);
            return Err(error);
        }
        Ok(stack)
    }

    /// Its addresses.
    pub fn range(&self) -> Range<VirtAddr> {
        let start = VirtAddr(layout::STACKS + self.slot as u64 * 2 * SIZE);
        start..start + SIZE
    }

    /// Gives it to somebody who never gives it back. The result is where it begins: its upper end.
    pub fn leak(self) -> VirtAddr {
        mem::ManuallyDrop::new(self).range().end
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: `new` mapped it, and the owner is gone.
        unsafe { pages::unmap(self.range()) };
        SLOTS.lock().free.push(self.slot);
    }
}

impl Slots {
    /// A slot that is not in use.
    fn take(&mut self) -> Result<usize, MapError> {
        if let Some(slot) = self.free.pop() {
            return Ok(slot);
        }
        let room = self.free.try_reserve(self.count + 1);
        room.map_err(|_| MapError::OutOfFrames)?;
        self.count += 1;
        Ok(self.count - 1)
    }
}

/// The page below the boot stack, for which `linker.ld` leaves room. Nothing is mapped there.
pub fn boot_guard() -> Range<usize> {
    let stack = image::boot_stack().start;
    stack - FRAME_SIZE as usize..stack
}

/// Whether `address` lies right below a stack, where nothing is mapped.
pub fn is_guard(address: VirtAddr) -> bool {
    let slots = VirtAddr(layout::STACKS - SIZE)..VirtAddr(layout::STACKS_END);
    let guard = boot_guard();
    let is_below_slot = slots.contains(&address) && address.0 & 1 << OVERFLOW_BIT != 0;
    is_below_slot || guard.contains(&(address.0 as usize))
}

#[cfg(feature = "ktest")]
mod tests {
    use super::{SIZE, Stack, is_guard};
    use crate::image;
    use crate::memory::address::VirtAddr;
    use crate::memory::{frames, kernel_space, take_all};

    fn is_mapped(address: VirtAddr) -> bool {
        kernel_space::look(|walker| walker.find(address)).is_some()
    }

    ktest::test! {
        /// A stack is mapped from its first byte to its last, and nothing is right below and above.
        fn stack_is_mapped_between_guards() {
            let stack = Stack::new().expect("boot leaves free frames");
            let range = stack.range();
            let last = VirtAddr(range.end.0 - 1);
            assert!(is_mapped(range.start) && is_mapped(last));
            let below = VirtAddr(range.start.0 - 1);
            assert!(!is_mapped(below) && !is_mapped(range.end));
            assert!(is_guard(below) && is_guard(VirtAddr(range.start.0 - SIZE)));
            assert!(!is_guard(range.start) && !is_guard(last));
        }

        /// Two stacks have nothing in common, and what is given back is used again.
        fn stacks_are_apart_and_come_back() {
            let first = Stack::new().expect("boot leaves free frames");
            let second = Stack::new().expect("boot leaves free frames");
            assert_ne!(first.range(), second.range());
            let range = second.range();
            drop(second);
            assert!(!is_mapped(range.start));
            assert_eq!(Stack::new().expect("there is one more").range(), range);
        }

        /// A stack costs its frames, and gives all of them back.
        fn stacks_leave_nothing_behind() {
            drop(Stack::new().expect("boot leaves free frames"));
            let before = frames::statistics();
            for _ in 0..100 {
                drop(Stack::new().expect("boot leaves free frames"));
            }
            assert_eq!(frames::statistics(), before);
        }

        /// Where there are too few frames there is no stack, and nothing is lost.
        fn no_memory_is_no_stack() {
            drop(Stack::new().expect("boot leaves free frames"));
            let before = frames::statistics();
            let taken = take_all();
            assert!(Stack::new().is_err());
            drop(taken);
            assert_eq!(frames::statistics(), before);
            assert!(Stack::new().is_ok());
        }

        /// Nothing is mapped right below the boot stack.
        fn boot_stack_has_a_guard() {
            let stack = VirtAddr(image::boot_stack().start as u64);
            assert!(is_mapped(stack) && !is_guard(stack));
            let below = VirtAddr(stack.0 - 1);
            assert!(!is_mapped(below) && is_guard(below));
            assert!(stack.is_aligned(2 * SIZE));
        }
    }
}
