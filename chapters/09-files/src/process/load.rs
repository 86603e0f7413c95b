//! Loading: what an ELF file asks for becomes memory of an address space.
//!
//! Each segment gets pages of its own, with the access that it asks for and no more: code is never
//! written, data never executed. What the file has of it is copied; the rest is the zeroes that the
//! frames come with, which is how `.bss` is made. (Linux maps the file's own pages instead and
//! copies when they are written; that needs page faults that are no errors, and a cache of files.)
//!
//! At the other end of the address space is the stack, with what the program is told at its start.

use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};

use super::arguments::{self, Start, StartError};
use super::elf::{self, Elf, ElfError};
use super::layout::STACK_ROOM;
use super::memory::Memory;
use crate::file::FileError;
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::MapError;
use crate::scheduler::SpawnError;
use crate::{arch, timer};

/// Bytes of a program's stack, below its arguments. Below it nothing is mapped. All of it is copied
/// at each `fork`, so it is no larger than what programs use that do not know of its size.
pub const STACK_BYTES: u64 = 32 * FRAME_SIZE;

/// How much the program's arguments may take up at most: a quarter of the room that is for the
/// stack, as on Linux.
pub const ARGUMENT_BYTES: usize = (STACK_ROOM / 4) as usize;

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
    /// What would have to be a folder is a file.
    NotAFolder,
    /// It is a folder, or nobody may execute it.
    NotExecutable,
    /// It is no program for this machine.
    Elf(ElfError),
    /// Its arguments have no room.
    Arguments(StartError),
    /// There is not enough memory.
    Memory(MapError),
    /// The thread that wants it is to end.
    Interrupted,
    /// Its file cannot be had.
    File(FileError),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NotFound => write!(f, "no such file"),
            Self::NotAFolder => write!(f, "not a folder"),
            Self::NotExecutable => write!(f, "not executable"),
            Self::Elf(error) => error.fmt(f),
            Self::Arguments(error) => error.fmt(f),
            Self::Memory(error) => error.fmt(f),
            Self::Interrupted => write!(f, "the thread is to end"),
            Self::File(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for LoadError {}

impl From<ElfError> for LoadError {
    fn from(error: ElfError) -> Self {
        Self::Elf(error)
    }
}

impl From<FileError> for LoadError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::NotFound => Self::NotFound,
            FileError::NotAFolder => Self::NotAFolder,
            FileError::NoMemory => Self::Memory(MapError::OutOfFrames),
            error => Self::File(error),
        }
    }
}

impl From<TryReserveError> for LoadError {
    fn from(_: TryReserveError) -> Self {
        Self::Memory(MapError::OutOfFrames)
    }
}

impl From<StartError> for LoadError {
    fn from(error: StartError) -> Self {
        Self::Arguments(error)
    }
}

impl From<SpawnError> for LoadError {
    fn from(_: SpawnError) -> Self {
        Self::Memory(MapError::OutOfFrames)
    }
}

impl From<MapError> for LoadError {
    fn from(error: MapError) -> Self {
        Self::Memory(error)
    }
}

/// Loads the program in `file` into `memory`. `name` is what it is told to be called.
pub fn load(
    memory: &mut Memory,
    file: &[u8],
    name: &[u8],
    arguments: &[&[u8]],
    environment: &[&[u8]],
) -> Result<Entry, LoadError> {
    let elf = elf::read(file, arch::ELF_MACHINE)?;
    for segment in elf.segments() {
        memory.set_heap_start(segment.pages.end);
        memory.map(segment.pages, segment.access)?;
        memory.write(segment.start, segment.bytes)?;
    }
    let start = Start {
        arguments,
        environment,
        name,
        platform: arch::NAME.as_bytes(),
        random: random(),
        auxiliary: &auxiliary(&elf),
    };
    Ok(Entry { place: elf.entry, stack: load_stack(memory, &start)? })
}

/// Makes the stack, with what the program is told at its start; the result is the stack pointer.
fn load_stack(memory: &mut Memory, start: &Start) -> Result<VirtAddr, LoadError> {
    let bytes = enough(start).min(ARGUMENT_BYTES);
    let top = memory.map_stack(STACK_BYTES + (bytes as u64).next_multiple_of(FRAME_SIZE))?;
    let mut room = Vec::new();
    room.try_reserve_exact(bytes).map_err(|_| MapError::OutOfFrames)?;
    room.resize(bytes, 0);
    let stack = arguments::lay_out(&mut room, top, start)?;
    let used = (top - stack) as usize;
    let stack_bytes = &room[bytes - used..];
    memory.write(stack, stack_bytes)?;
    // The pointer to the first argument is behind the number of them; the others are behind it.
    if let (Some(pointer), false) = (stack_bytes.get(8..16), start.arguments.is_empty()) {
        let first = VirtAddr(u64::from_le_bytes(pointer.try_into().unwrap_or_default()));
        let length: usize = start.arguments.iter().map(|text| text.len() + 1).sum();
        memory.set_arguments(first..first + length as u64);
    }
    Ok(stack)
}

/// As many bytes as what the program is told takes up, or more.
fn enough(start: &Start) -> usize {
    let texts = start.arguments.iter().chain(start.environment);
    // Each has a zero behind it and an address; all else is as much for every program.
    let bytes = texts.fold(0_usize, |sum, text| sum.saturating_add(text.len() + 1 + 8));
    bytes.saturating_add(start.name.len() + REST)
}

/// Bytes that are enough for all that a program is told beside its name and texts.
const REST: usize = 512;

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

/// Another number for each who asks for random bytes.
static DRAWN: AtomicU64 = AtomicU64::new(0);

/// Bytes that differ from program to program. They are made of the time, so they surprise only who
/// cannot read a clock: a kernel that has secrets needs a better source.
pub fn random() -> [u8; 16] {
    // Each step of SplitMix64 spreads every bit of its input over the result.
    let mut state = arch::counter() ^ timer::now().as_nanos() as u64;
    // Who asks twice may be faster than the counter.
    state ^= DRAWN.fetch_add(1 << 32, Ordering::Relaxed);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    };
    let words = [next(), next()];
    core::array::from_fn(|index| words[index / 8].to_le_bytes()[index % 8])
}
