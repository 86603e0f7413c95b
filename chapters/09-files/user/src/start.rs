//! What a program finds on its stack when it starts, as Linux lays it out.
//!
//! ```text
//!  higher   texts and random bytes, to which the pointers below point
//!           ──────────────────────────────
//!           0, 0                            the end of the auxiliary vector
//!           kind, value                     one entry of it …
//!           0                               the end of the environment
//!           pointer to "NAME=value"         one text of it …
//!           0                               the end of the arguments
//!           pointer to the second argument
//!           pointer to the first argument
//!  stack ─> number of arguments             at a multiple of 16
//! ```
//!
//! System V psABI for AMD64, 3.4.1; on aarch64, Linux does the same.

use core::ffi::{CStr, c_char};
use core::iter;

use linux_raw_sys::auxvec;

use crate::relocate;
use crate::syscall::exit;

unsafe extern "Rust" {
    /// The program; its result is the exit status.
    safe fn main(start: &Start) -> i32;
}

/// Comes right after the first instructions: makes the program whole, and runs it.
///
/// # Safety
///
/// `stack` must be what the stack pointer was when the program started.
pub(crate) unsafe extern "C" fn start(stack: *const usize) -> ! {
    // SAFETY: nothing has happened in this program yet, and this is what the kernel has put there.
    unsafe { relocate::relocate(stack as usize) };
    exit(main(&Start { stack }))
}

/// What the kernel tells a program. There is one, made of what was on the stack at the start.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    stack: *const usize,
}

impl Start {
    /// Where the stack pointer was.
    pub fn stack(&self) -> usize {
        self.stack as usize
    }

    /// How many arguments there are.
    pub fn argument_count(&self) -> usize {
        self.word(0)
    }

    /// The arguments; the first is the program's own name.
    pub fn arguments(&self) -> impl Iterator<Item = &'static CStr> + use<> {
        self.texts(1)
    }

    /// The argument number `index` as text, if there is one and it is UTF-8.
    pub fn argument(&self, index: usize) -> Option<&'static str> {
        self.arguments().nth(index)?.to_str().ok()
    }

    /// The environment, in texts like `NAME=value`.
    pub fn environment(&self) -> impl Iterator<Item = &'static CStr> + use<> {
        self.texts(self.environment_index())
    }

    /// The auxiliary vector: what it is about, and its value.
    pub fn auxiliary(&self) -> impl Iterator<Item = (u32, usize)> + use<> {
        let start = *self;
        let mut index = self.environment_index();
        while start.word(index) != 0 {
            index += 1;
        }
        let entries = (index + 1..).step_by(2);
        let entries = entries.map(move |index| (start.word(index) as u32, start.word(index + 1)));
        entries.take_while(|(kind, _)| *kind != auxvec::AT_NULL)
    }

    /// The value of the auxiliary entry about `kind`.
    pub fn about(&self, kind: u32) -> Option<usize> {
        self.auxiliary().find(|(found, _)| *found == kind).map(|(_, value)| value)
    }

    /// Where the environment begins, behind the arguments and their zero.
    fn environment_index(&self) -> usize {
        self.argument_count() + 2
    }

    /// The texts to which the pointers from `index` on point, up to a zero.
    fn texts(&self, index: usize) -> impl Iterator<Item = &'static CStr> + use<> {
        let start = *self;
        let mut index = index;
        iter::from_fn(move || {
            let pointer = start.word(index) as *const c_char;
            index += 1;
            // SAFETY: the kernel puts the address of a text here, and nobody else writes there.
            (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) })
        })
    }

    /// The word number `index` of the stack, which is one that the kernel laid out.
    fn word(&self, index: usize) -> usize {
        // SAFETY: the kernel's words are here. Everybody goes from one to the next, and stops at
        // the zero that ends each part.
        unsafe { self.stack.wrapping_add(index).read() }
    }
}
