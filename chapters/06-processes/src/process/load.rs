//! Loading: what an ELF file asks for becomes memory of an address space.
//!
//! Each segment gets pages of its own, with the access that it asks for and no more: code is never
//! written, data never executed. What the file has of it is copied; the rest is the zeroes that the
//! frames come with, which is how `.bss` is made. (Linux maps the file's own pages instead and
//! copies when they are written; that needs page faults that are no errors, and a cache of files.)
//!
//! At the other end of the address space is the stack, with what the program is told at its start.

use alloc::vec::Vec;
use core::fmt;

use super::arguments::{self, Start, StartError};
use super::elf::{self, Elf, ElfError};
use super::space::AddressSpace;
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::{Access, MapError};
use crate::process::layout::USER_END;
use crate::{arch, timer};

/// Bytes of a program's stack. Below it nothing is mapped.
pub const STACK_BYTES: u64 = 16 * FRAME_SIZE;

/// How much of it the program's arguments may take up at most: a quarter, as on Linux.
const ARGUMENT_BYTES: usize = (STACK_BYTES / 4) as usize;

/// Bytes of a program header.
const PROGRAM_HEADER_BYTES: u64 = 56;

/// Where a program begins.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The first instruction.
    pub place: VirtAddr,
    /// The stack pointer.
    pub stack: VirtAddr,
}

/// Why a program cannot be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// There is no such file.
    NotFound,
    /// It is no program for this machine.
    Elf(ElfError),
    /// Its arguments have no room.
    Arguments(StartError),
    /// There is not enough memory.
    Memory(MapError),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NotFound => write!(f, "no such file"),
            Self::Elf(error) => error.fmt(f),
            Self::Arguments(error) => error.fmt(f),
            Self::Memory(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for LoadError {}

impl From<ElfError> for LoadError {
    fn from(error: ElfError) -> Self {
        Self::Elf(error)
    }
}

impl From<StartError> for LoadError {
    fn from(error: StartError) -> Self {
        Self::Arguments(error)
    }
}

impl From<MapError> for LoadError {
    fn from(error: MapError) -> Self {
        Self::Memory(error)
    }
}

/// Loads the program in `file` into `space`. `name` is what it is told to be called.
pub fn load(
    space: &mut AddressSpace,
    file: &[u8],
    name: &str,
    arguments: &[&[u8]],
    environment: &[&[u8]],
) -> Result<Entry, LoadError> {
    let elf = elf::read(file, arch::ELF_MACHINE)?;
    for segment in elf.segments() {
        space.map(segment.pages, segment.access)?;
        space.write(segment.start, segment.bytes)?;
    }
    let start = Start {
        arguments,
        environment,
        name: name.as_bytes(),
        platform: arch::NAME.as_bytes(),
        random: random(),
        auxiliary: &auxiliary(&elf),
    };
    Ok(Entry { place: elf.entry, stack: load_stack(space, &start)? })
}

/// Makes the stack, with what the program is told at its start; the result is the stack pointer.
fn load_stack(space: &mut AddressSpace, start: &Start) -> Result<VirtAddr, LoadError> {
    let top = VirtAddr(USER_END);
    space.map(VirtAddr(USER_END - STACK_BYTES)..top, Access::WRITE)?;
    let mut room = Vec::new();
    room.try_reserve_exact(ARGUMENT_BYTES).map_err(|_| MapError::OutOfFrames)?;
    room.resize(ARGUMENT_BYTES, 0);
    let stack = arguments::lay_out(&mut room, top, start)?;
    let used = (top - stack) as usize;
    space.write(stack, &room[ARGUMENT_BYTES - used..])?;
    Ok(stack)
}

/// What the program is told about itself and the machine: pairs of a key and a value. (Linux,
/// `include/uapi/linux/auxvec.h`.)
fn auxiliary(elf: &Elf) -> [(u64, u64); 14] {
    use linux_raw_sys::auxvec as key;
    [
        (key::AT_HWCAP, arch::hardware_capabilities()),
        (key::AT_PAGESZ, FRAME_SIZE),
        (key::AT_CLKTCK, u64::from(crate::config::TICK_HERTZ)),
        (key::AT_PHDR, elf.program_headers.0),
        (key::AT_PHENT, PROGRAM_HEADER_BYTES),
        (key::AT_PHNUM, elf.program_header_count.into()),
        (key::AT_BASE, 0),
        (key::AT_FLAGS, 0),
        (key::AT_ENTRY, elf.entry.0),
        (key::AT_UID, 0),
        (key::AT_EUID, 0),
        (key::AT_GID, 0),
        (key::AT_EGID, 0),
        (key::AT_SECURE, 0),
    ]
    .map(|(key, value)| (u64::from(key), value))
}

/// Bytes that differ from program to program. They are made of the time, so they surprise only who
/// cannot read a clock: a kernel that has secrets needs a better source.
fn random() -> [u8; 16] {
    // Each step of SplitMix64 spreads every bit of its input over the result.
    let mut state = arch::counter() ^ timer::now().as_nanos() as u64;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    };
    let words = [next(), next()];
    core::array::from_fn(|index| words[index / 8].to_le_bytes()[index % 8])
}
