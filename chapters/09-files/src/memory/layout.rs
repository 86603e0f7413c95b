//! The map of virtual addresses, the same on both machines.
//!
//! ```text
//!  0000_0000_0000_0000  programs              the page at 0 is never mapped
//!  ffff_8000_0000_0000  all physical memory   the direct map: PhysAddr::as_ptr
//!  ffff_c000_0000_0000  the kernel's heap
//!  ffff_d000_0000_0000  pages that come when they are touched
//!  ffff_e000_0000_0000  kernel stacks         each with a guard page
//!  ffff_ffff_8000_0000  the kernel's image
//! ```
//!
//! The processor translates 48 bits, of which the highest must be repeated in all bits above. So
//! there are two halves with a large hole between them; the lower is for programs, the upper is
//! ours.

/// Where physical memory begins to be mapped.
pub const DIRECT_MAP: u64 = 0xffff_8000_0000_0000;

/// Where the kernel's heap begins.
pub const HEAP: u64 = 0xffff_c000_0000_0000;

/// Where pages come when they are touched.
pub const LAZY: u64 = 0xffff_d000_0000_0000;

/// Where kernel stacks are.
pub const STACKS: u64 = 0xffff_e000_0000_0000;

/// The first address behind them.
pub const STACKS_END: u64 = 0xffff_f000_0000_0000;

/// How much memory the direct map has room for: 64 TiB.
pub const DIRECT_MAP_BYTES: u64 = HEAP - DIRECT_MAP;

/// How far the image's addresses are above those at which it lies in memory: the way from its GiB
/// to the last but one. (`linker.ld` computes the same.)
pub const IMAGE_OFFSET: u64 = 0xffff_ffff_8000_0000 - (crate::config::LOAD_ADDRESS & !0x3fff_ffff);
