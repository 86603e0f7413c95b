//! The loader of programs, with your checks in it, under the name of the kernel's own.
//!
//! Given, not to be written.
//!
//! ```text
//!  load.rs ── read ──> file.rs ── is it so? ──> checks.rs
//! ```

use core::fmt;
use core::ops::Range;

use crate::memory::address::VirtAddr;
use crate::memory::paging::Access;
use crate::process::layout;

#[forbid(unsafe_code)]
mod checks;
#[allow(dead_code, reason = "unused until the holes are filled")]
#[forbid(unsafe_code)]
mod file;
#[cfg(feature = "ktest")]
mod tests;

use file::{Program, Refused, abi};

// The checks have the kernel's own map of addresses.
const _: () = assert!(file::LOWEST == layout::LOWEST.0 && file::HIGHEST == layout::HIGHEST.0);
const _: () = assert!(file::ANYWHERE == layout::PIE_BASE);

/// Why a file is refused, as your checks say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElfError(Refused);

impl fmt::Display for ElfError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl core::error::Error for ElfError {}

/// A program that was found good.
#[derive(Clone, Copy, Debug)]
pub struct Elf<'a> {
    /// Its first instruction.
    pub entry: VirtAddr,
    /// Where its program headers lie in memory; 0 if no segment has them.
    pub program_headers: VirtAddr,
    /// How many there are.
    pub program_header_count: u16,
    program: Program<'a>,
}

/// A part of a program.
#[derive(Clone, Debug)]
pub struct Segment<'a> {
    /// The pages that it needs, which are no other segment's.
    pub pages: Range<VirtAddr>,
    /// What the program may do with them.
    pub access: Access,
    /// Where it begins, on the first of these pages.
    pub start: VirtAddr,
    /// How it begins. All else is zero.
    pub bytes: &'a [u8],
}

/// Reads the program for `machine` that `file` is, if your checks find nothing wrong with it.
pub fn read(file: &[u8], machine: u16) -> Result<Elf<'_>, ElfError> {
    let program = file::read(file, machine).map_err(ElfError)?;
    Ok(Elf {
        entry: VirtAddr(program.entry()),
        program_headers: VirtAddr(program.headers_in_memory()),
        program_header_count: program.header.e_phnum,
        program,
    })
}

impl<'a> Elf<'a> {
    /// What is to be mapped, from the lowest address up.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'a>> + use<'a> {
        self.program.parts().map(|part| {
            let mut access = Access::USER;
            access.set(Access::WRITE, part.flags & abi::PF_W != 0);
            access.set(Access::EXECUTE, part.flags & abi::PF_X != 0);
            let pages = VirtAddr(part.pages.start)..VirtAddr(part.pages.end);
            Segment { pages, access, start: VirtAddr(part.start), bytes: part.bytes }
        })
    }
}
