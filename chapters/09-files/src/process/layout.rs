//! The map of a program's addresses, the same on both machines.
//!
//! ```text
//!  0000_0000_0000_0000  nothing           a null pointer, and a field behind it
//!  0000_0000_0001_0000  programs          at the addresses that their file names
//!  0000_5555_5555_0000  programs          that run anywhere
//!  0000_7fff_ff7f_f000  the stack         from its top down, as much as is mapped
//!  0000_7fff_ffff_f000  nothing           the last page of the lower half
//! ```
//!
//! The addresses are those that Linux uses where it does not choose them by chance. The last page
//! stays empty for the sake of one instruction on x86_64: behind a `syscall` at its end, the next
//! address would be one that the processor cannot return to.

use crate::memory::address::VirtAddr;

/// The first address that a program may use.
pub const LOWEST: VirtAddr = VirtAddr(0x1_0000);

/// Where a program lies that runs anywhere, if it does not ask for an alignment above 64 KiB.
pub const PIE_BASE: u64 = 0x5555_5555_0000;

/// The first address that is no program's.
pub const USER_END: u64 = 0x7fff_ffff_f000;

/// The first address behind the stack.
pub const STACK_TOP: VirtAddr = VirtAddr(USER_END);

/// Room for the stack: 8 MiB.
pub const STACK_ROOM: u64 = 0x80_0000;

/// The first address that no segment of a program may use.
pub const HIGHEST: VirtAddr = VirtAddr(STACK_TOP.0 - STACK_ROOM);
