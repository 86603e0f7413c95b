//! A loader that believes what a file says, but for what your checks refuse.
//!
//! Given, not to be written. It reads the fields by the crate `elf`, adds what is to be added and
//! takes the bytes from where they are said to be. It looks at nothing twice: a sum that is too
//! large, or a place behind the end of the file, ends it by a panic. So each check comes right
//! before what relies on it.

use core::fmt;
use core::ops::Range;

pub use ::elf::abi;
use ::elf::endian::LittleEndian;
use ::elf::file::{Class, FileHeader};
pub use ::elf::segment::ProgramHeader;
use ::elf::segment::SegmentTable;

use super::checks;

/// The file header. Its fields are called as in the specification: `e_type`, `e_machine`, `e_entry`
/// and so on; `e_version` alone is `version`.
pub type Header = FileHeader<LittleEndian>;

/// All program headers. `iter()` goes through them, and gives each as a [`ProgramHeader`] with the
/// fields `p_type`, `p_flags`, `p_offset`, `p_vaddr`, `p_filesz`, `p_memsz` and `p_align`.
pub type Headers<'a> = SegmentTable<'a, LittleEndian>;

/// Bytes of a page.
pub const PAGE: u64 = 4096;

/// Bytes of the file header.
pub const HEADER_BYTES: u64 = 64;

/// Bytes of a program header.
pub const PROGRAM_HEADER_BYTES: u64 = 56;

/// The most program headers.
pub const MOST_HEADERS: u16 = 64;

/// The largest alignment that a program may ask for: 1 GiB.
pub const LARGEST_ALIGNMENT: u64 = 1 << 30;

/// The first address that a program may use.
pub const LOWEST: u64 = 0x1_0000;

/// The first address that no segment may use: from there on is the stack's room.
pub const HIGHEST: u64 = 0x7fff_ffff_f000 - 0x80_0000;

/// Where a program is put that runs anywhere, if it does not ask for an alignment above 64 KiB.
pub const ANYWHERE: u64 = 0x5555_5555_0000;

/// Why a file is refused, in a few words of yours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused(pub &'static str);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A program that your checks let through.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// The file header.
    pub header: Header,
    /// What is added to every address in the file.
    pub base: u64,
    file: &'a [u8],
    headers: Headers<'a>,
}

/// A part of it, as it comes to lie in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Where it begins.
    pub start: u64,
    /// The pages that it gets.
    pub pages: Range<u64>,
    /// What may be done with it: `p_flags`.
    pub flags: u32,
    /// How it begins. All else is zero.
    pub bytes: &'a [u8],
    /// How many bytes it has in memory.
    pub memory_size: u64,
}

/// Reads `file`, a program for `machine`.
pub fn read(file: &[u8], machine: u16) -> Result<Program<'_>, Refused> {
    let length = file.len() as u64;
    checks::check_beginning(file)?;
    let header = header(file);
    checks::check_header(&header, length, machine)?;
    let headers = headers(file, &header);
    let base = base(&header, &headers);
    checks::check_segments(&headers, base, length)?;
    checks::check_entry(&header, &headers)?;
    Ok(Program { header, base, file, headers })
}

/// What is to be loaded: segments of the type `PT_LOAD`. One without bytes in memory is nothing.
pub fn loads<'a>(headers: &Headers<'a>) -> impl Iterator<Item = ProgramHeader> + use<'a> {
    headers.iter().filter(|it| it.p_type == abi::PT_LOAD && it.p_memsz > 0)
}

impl<'a> Program<'a> {
    /// Where it begins.
    pub fn entry(&self) -> u64 {
        self.header.e_entry + self.base
    }

    /// What goes where.
    pub fn parts(&self) -> impl Iterator<Item = Part<'a>> + use<'a> {
        let Self { file, base, headers, .. } = *self;
        loads(&headers).map(move |it| {
            let start = it.p_vaddr + base;
            let end = (start + it.p_memsz).next_multiple_of(PAGE);
            let pages = start / PAGE * PAGE..end;
            let bytes = bytes(file, it.p_offset, it.p_filesz);
            Part { start, pages, flags: it.p_flags, bytes, memory_size: it.p_memsz }
        })
    }

    /// Where the program headers come to lie in memory; 0 if no part has all of them.
    pub fn headers_in_memory(&self) -> u64 {
        let (offset, size) = (self.header.e_phoff, table_bytes(&self.header));
        let found = loads(&self.headers).find(|it| {
            it.p_offset <= offset && offset + size <= it.p_offset.saturating_add(it.p_filesz)
        });
        found.map_or(0, |it| self.base + it.p_vaddr + (offset - it.p_offset))
    }
}

fn header(file: &[u8]) -> Header {
    let fields = &file[abi::EI_NIDENT..HEADER_BYTES as usize];
    let header = FileHeader::parse_tail((LittleEndian, Class::ELF64, 0, 0), fields);
    header.expect("it has all its bytes")
}

fn headers<'a>(file: &'a [u8], header: &Header) -> Headers<'a> {
    let table = bytes(file, header.e_phoff, table_bytes(header));
    SegmentTable::new(LittleEndian, Class::ELF64, table)
}

fn table_bytes(header: &Header) -> u64 {
    u64::from(header.e_phnum) * u64::from(header.e_phentsize)
}

/// What is added to all addresses: nothing, or as much as puts the program where it may be.
fn base(header: &Header, headers: &Headers) -> u64 {
    let largest = loads(headers).map(|it| it.p_align.max(1)).max().unwrap_or(1);
    if header.e_type == abi::ET_DYN { ANYWHERE & !(largest - 1) } else { 0 }
}

/// The `size` bytes from `offset` on. Where none are, the offset means nothing.
fn bytes(file: &[u8], offset: u64, size: u64) -> &[u8] {
    if size == 0 { &[] } else { &file[offset as usize..(offset + size) as usize] }
}
