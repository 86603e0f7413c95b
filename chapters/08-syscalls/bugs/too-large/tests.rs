//! What holds when no length is too large.

use ktest::expect;

use super::memory::{Memory, MemoryError, Placement};
use crate::memory::address::VirtAddr;
use crate::memory::paging::Access;

/// Lengths that no program can have, some of them by a page or less.
const LENGTHS: [u64; 5] = [u64::MAX, u64::MAX - 1, u64::MAX - 4094, 1 << 63, 1 << 47];

/// A place that a program may have, and the ways to ask for it.
const PLACE: VirtAddr = VirtAddr(0x40_0000);
const WAYS: [Placement; 3] = [Placement::Hint, Placement::Fixed, Placement::FixedNoReplace];

ktest::test! {
    /// Whoever asks for more than there is is told so.
    fn huge_lengths_are_refused() {
        for bytes in LENGTHS {
            for way in WAYS {
                let mut memory = Memory::new().expect("boot leaves free frames");
                let seen = memory.mmap(PLACE, bytes, Access::USER, way);
                let input = ("bytes", format_args!("{bytes:#x}"), way);
                expect(input, seen, Err(MemoryError::OutOfMemory));
            }
        }
    }

    /// Regions have a page at least, whatever is asked for.
    fn no_region_is_empty() {
        for bytes in LENGTHS {
            let mut memory = Memory::new().expect("boot leaves free frames");
            let _ = memory.mmap(VirtAddr(0), bytes, Access::USER, Placement::Hint);
            let input = ("regions, after bytes", format_args!("{bytes:#x}"));
            expect(input, memory.regions().iter().len(), 0);
        }
    }
}
