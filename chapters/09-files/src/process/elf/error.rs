//! Why a file is no program that we run: each obstacle, with the value that is in the way.
//!
//! Segments are counted as `readelf --program-headers` shows them, from 0, of whatever type.

use core::fmt;

use super::{HIGHEST, LARGEST_ALIGNMENT, LOWEST, MOST_HEADERS};
use crate::memory::address::VirtAddr;

/// Why a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElfError {
    /// It does not begin as an ELF file does.
    NotElf,
    /// It ends within its header.
    TooShort { length: usize },
    /// It is not of 64 bits.
    Class { class: u8 },
    /// The lowest byte of a number does not come first.
    ByteOrder { data: u8 },
    /// The format has another version.
    Version { version: u32 },
    /// It is an object file, a core dump, or something else that does not run.
    Type { kind: u16 },
    /// It is for another machine.
    Machine { found: u16, machine: u16 },
    /// Its header has another size.
    HeaderSize { size: u16, expected: u16 },
    /// Its program headers have another size.
    EntrySize { size: u16, expected: u16 },
    /// It has no program headers, or too many.
    Count { count: u16 },
    /// The program headers overlap the header.
    TableInHeader { offset: u64 },
    /// The program headers are not all in the file.
    TableOutside { offset: u64, length: usize },
    /// Another program must link it first.
    Interpreter { path: Path },
    /// The alignment is none, or larger than any page.
    Alignment { segment: usize, alignment: u64 },
    /// More bytes are in the file than in memory.
    Size { segment: usize, in_file: u64, in_memory: u64 },
    /// The bytes are not all in the file.
    Outside { segment: usize, offset: u64, size: u64, length: usize },
    /// What may be executed could be changed.
    WritableCode { segment: usize },
    /// Nobody may use it.
    NoAccess { segment: usize },
    /// It is not at the same place in its page as in the file.
    Congruence { segment: usize, address: u64, offset: u64 },
    /// It ends behind the last address of all.
    Overflow { segment: usize, address: u64, size: u64 },
    /// It begins where nothing may be.
    TooLow { segment: usize, start: VirtAddr },
    /// It ends where the stack or the kernel is.
    TooHigh { segment: usize, end: VirtAddr },
    /// It is below one that came before.
    Order { segment: usize, other: usize },
    /// Its first page is another's, too.
    SharedPage { segment: usize, other: usize, page: VirtAddr },
    /// The first instruction is not in the file, or may not be executed.
    Entry { entry: u64 },
}

impl fmt::Display for ElfError {
    #[expect(clippy::too_many_lines, reason = "it is a table: a line for each obstacle, or two")]
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match *self {
            Self::NotElf => write!(f, "not an ELF file"),
            Self::TooShort { length } => write!(f, "ends within its header, after {length} bytes"),
            Self::Class { class } => write!(f, "class is {class}, not 2: it is not of 64 bits"),
            Self::ByteOrder { data } => write!(f, "byte order is {data}, not 1: little-endian"),
            Self::Version { version } => write!(f, "version is {version}, not 1"),
            Self::Type { kind } => write!(f, "type is {kind}, not 2 or 3: it is no program"),
            Self::Machine { found, machine } => {
                write!(f, "machine is {found:#x}, not {machine:#x}")
            }
            Self::HeaderSize { size, expected } => {
                write!(f, "header has {size} bytes, not {expected}")
            }
            Self::EntrySize { size, expected } => {
                write!(f, "program headers have {size} bytes, not {expected}")
            }
            Self::Count { count } => {
                write!(f, "has {count} program headers, not 1 to {MOST_HEADERS}")
            }
            Self::TableInHeader { offset } => {
                write!(f, "program headers begin at {offset:#x}, inside the header")
            }
            Self::TableOutside { offset, length } => {
                write!(f, "program headers at {offset:#x} are not all in its {length:#x} bytes")
            }
            Self::Interpreter { path } => write!(f, "needs the interpreter {path}"),
            Self::Alignment { segment, alignment } => write!(
                f,
                "segment {segment} is aligned to {alignment:#x}, \
                 no power of two up to {LARGEST_ALIGNMENT:#x}"
            ),
            Self::Size { segment, in_file, in_memory } => write!(
                f,
                "segment {segment} has {in_file:#x} bytes in the file, \
                 more than the {in_memory:#x} in memory"
            ),
            Self::Outside { segment, offset, size, length } => write!(
                f,
                "segment {segment} is {size:#x} bytes at {offset:#x}, \
                 not all in the file of {length:#x}"
            ),
            Self::WritableCode { segment } => {
                write!(f, "segment {segment} may be written and executed")
            }
            Self::NoAccess { segment } => {
                write!(f, "segment {segment} may not be read, written or executed")
            }
            Self::Congruence { segment, address, offset } => write!(
                f,
                "segment {segment} is at {address:#x} in memory and {offset:#x} in the file, \
                 not at the same place of a page"
            ),
            Self::Overflow { segment, address, size } => write!(
                f,
                "segment {segment} is {size:#x} bytes at {address:#x}, beyond the last address"
            ),
            Self::TooLow { segment, start } => {
                write!(f, "segment {segment} begins at {start:?}, below {LOWEST:?}")
            }
            Self::TooHigh { segment, end } => {
                write!(f, "segment {segment} ends at {end:?}, above {HIGHEST:?}")
            }
            Self::Order { segment, other } => {
                write!(f, "segment {segment} is below segment {other}, not in order")
            }
            Self::SharedPage { segment, other, page } => {
                write!(f, "segments {other} and {segment} share the page at {page:?}")
            }
            Self::Entry { entry } => {
                write!(f, "entry {entry:#x} is in no code of the file")
            }
        }
    }
}

impl core::error::Error for ElfError {}

/// The beginning of a path: as much as an error has room for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Path {
    bytes: [u8; Self::LIMIT],
    length: usize,
}

impl Path {
    const LIMIT: usize = 48;

    /// What of `text` is before the first zero.
    pub fn new(text: &[u8]) -> Self {
        let mut bytes = [0; Self::LIMIT];
        let end = text.iter().position(|&byte| byte == 0).unwrap_or(text.len());
        let length = end.min(Self::LIMIT);
        bytes[..length].copy_from_slice(&text[..length]);
        Self { bytes, length }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        // A file may call its interpreter what it likes, but not draw on our console.
        write!(f, "{}", self.bytes[..self.length].escape_ascii())
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}
