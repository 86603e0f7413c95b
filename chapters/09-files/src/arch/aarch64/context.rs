//! Contexts: what the kernel was doing, so that it can go on with it later.
//!
//! Procedure Call Standard for the Arm 64-bit Architecture, "General-purpose Registers".

use core::arch::global_asm;

use crate::memory::address::VirtAddr;

global_asm!(include_str!("context.s"), CONTEXT_SIZE = const size_of::<Saved>());

unsafe extern "C" {
    /// Notes in `from` what the kernel is doing, and goes on with `to`. It returns when somebody
    /// goes on with what was noted.
    ///
    /// # Safety
    ///
    /// - Interrupts are masked.
    /// - `to` was made by [`Context::new`] or noted here, and nobody has gone on with it since.
    /// - Its stack is there, and nobody else uses it.
    pub fn switch_context(from: *mut Context, to: Context);
}

/// What the kernel was doing: the stack pointer, below which there is nothing, and above which
/// `context.s` has put the registers.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Context(u64);

/// The registers as `context.s` puts them onto the stack.
#[repr(C)]
struct Saved {
    /// x19 to x28, x29 the frame pointer.
    registers: [u64; 11],
    /// x30: where it goes on.
    place: u64,
}

// The stack pointer must be a multiple of 16 whenever it is used.
const _: () = assert!(size_of::<Saved>().is_multiple_of(16));

impl Context {
    /// Nobody's.
    pub const NONE: Self = Self(0);

    /// That of somebody who is about to begin with `entry`, on the empty stack that ends at `top`.
    pub fn new(top: VirtAddr, entry: extern "C" fn() -> !) -> Self {
        let start = top.0 - size_of::<Saved>() as u64;
        let saved = Saved { registers: [0; 11], place: entry as usize as u64 };
        // SAFETY: the stack is empty, so nobody minds; it has room for a dozen words.
        unsafe { (start as *mut Saved).write(saved) };
        Self(start)
    }
}

#[cfg(feature = "ktest")]
#[path = "context_tests.rs"]
pub mod tests;
