//! Static programs in the ELF format: what of a file goes where in memory, and why some files do
//! not.
//!
//! A file says at which addresses its parts want to lie. Whoever believes it maps whatever its
//! author likes: over the kernel, over the stack, a terabyte of it, bytes behind the end of the
//! file. So a file is evidence, and nothing is taken from it that was not checked. All checks are
//! here and come before anything is mapped: a bad file costs nothing, and whoever maps a good one
//! has nothing left to doubt. The crate `elf` knows where the fields are; what they may say is ours
//! to decide.
//!
//! ```text
//!  file                              memory
//!  0  | file header     |            base +
//!     | program headers |---.   .--> p_vaddr  | p_filesz bytes from p_offset |
//!     | …               |   |   |             | zeroes, up to p_memsz bytes  |
//!     | segment 0       |---+---'
//!     | segment 1       |   '------> the next, on pages of its own
//! ```
//!
//! A program is linked either for its final addresses (`ET_EXEC`) or for address 0, so that it runs
//! wherever it is put (`ET_DYN`, a "static PIE"), if its own first instructions do the relocations;
//! we put it at [`PIE_BASE`]. One that asks for an interpreter wants to be linked when it starts,
//! by another program. We have none, and say which it wants.
//!
//! Three things are as Linux does them or stricter. Two segments never share a page, since a page
//! is either the one's or the other's. None may be both written and executed. And `PT_GNU_STACK`
//! is not looked at: no stack is executable here, and a file that asks for one mostly does so
//! because an assembler was not told otherwise. `PT_TLS` is the program's own business, which finds
//! it by its program headers; only its sizes are looked at.
//!
//! System V ABI, gABI 4.1, chapters 4 and 5, "ELF Header" and "Program Header".

mod error;

use core::ops::Range;

use ::elf::abi;
use ::elf::endian::LittleEndian;
use ::elf::file::{Class, ELF64_EHDR_TAILSIZE, FileHeader};
use ::elf::parse::ParseAt;
use ::elf::segment::{ProgramHeader, SegmentTable};

use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::Access;

use super::layout::{HIGHEST, LOWEST, PIE_BASE};
pub use error::{ElfError, Path};

/// The most program headers. A static program has about ten.
pub const MOST_HEADERS: u16 = 64;

/// The largest alignment: no page is larger than 1 GiB.
pub const LARGEST_ALIGNMENT: u64 = 1 << 30;

/// Bytes of the file header.
const HEADER_SIZE: u16 = (abi::EI_NIDENT + ELF64_EHDR_TAILSIZE) as u16;

type Header = FileHeader<LittleEndian>;
type Table<'a> = SegmentTable<'a, LittleEndian>;

/// A program that was found good.
#[derive(Clone, Copy, Debug)]
pub struct Elf<'a> {
    /// Its first instruction.
    pub entry: VirtAddr,
    /// Where its program headers lie in memory; 0 if no segment has them.
    pub program_headers: VirtAddr,
    /// How many there are.
    pub program_header_count: u16,
    /// What is added to every address in the file.
    pub base: u64,
    file: &'a [u8],
    table: Table<'a>,
}

/// A part of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The pages that it needs, which are no other segment's.
    pub pages: Range<VirtAddr>,
    /// What the program may do with them.
    pub access: Access,
    /// Where it begins, on the first of these pages.
    pub start: VirtAddr,
    /// How it begins. All else is zero.
    pub bytes: &'a [u8],
    /// How many bytes it has in memory, at least those.
    pub memory_size: u64,
}

/// Checks that `file` is a static program for `machine` (as in `e_machine`), and finds its parts.
pub fn read(file: &[u8], machine: u16) -> Result<Elf<'_>, ElfError> {
    let header = file_header(file, machine)?;
    let table = program_headers(file, &header)?;
    check_interpreter(file, &table)?;
    let base = base(&header, &table)?;
    check_segments(file, &table, base)?;
    check_entry(&header, &table)?;
    Ok(Elf {
        entry: VirtAddr(header.e_entry + base),
        program_headers: headers_in_memory(&header, &table, base),
        program_header_count: header.e_phnum,
        base,
        file,
        table,
    })
}

impl<'a> Elf<'a> {
    /// What is to be mapped, from the lowest address up.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'a>> + use<'a> {
        let Self { file, base, table, .. } = *self;
        loads(&table).filter_map(move |(segment, header)| {
            let start = VirtAddr(base + header.p_vaddr);
            let bytes = part_of(file, segment, &header).ok()?;
            let pages = pages(start.0, header.p_memsz)?;
            let access = access(header.p_flags);
            Some(Segment { pages, access, start, bytes, memory_size: header.p_memsz })
        })
    }
}

/// Says `error`, unless what must be is so.
fn ensure(is_so: bool, error: ElfError) -> Result<(), ElfError> {
    if is_so { Ok(()) } else { Err(error) }
}

/// The file header, if it is one of a program for `machine`.
fn file_header(file: &[u8], machine: u16) -> Result<Header, ElfError> {
    use ElfError as E;
    ensure(file.starts_with(&abi::ELFMAGIC), E::NotElf)?;
    let too_short = E::TooShort { length: file.len() };
    let (ident, tail) = file.split_first_chunk::<{ abi::EI_NIDENT }>().ok_or(too_short)?;
    let (class, data) = (ident[abi::EI_CLASS], ident[abi::EI_DATA]);
    let version = ident[abi::EI_VERSION];
    ensure(class == abi::ELFCLASS64, E::Class { class })?;
    ensure(data == abi::ELFDATA2LSB, E::ByteOrder { data })?;
    ensure(version == abi::EV_CURRENT, E::Version { version: version.into() })?;
    let header = FileHeader::parse_tail((LittleEndian, Class::ELF64, 0, 0), tail);
    let header = header.map_err(|_| too_short)?;
    let (kind, found, version) = (header.e_type, header.e_machine, header.version);
    ensure(version == abi::EV_CURRENT.into(), E::Version { version })?;
    ensure(matches!(kind, abi::ET_EXEC | abi::ET_DYN), E::Type { kind })?;
    ensure(found == machine, E::Machine { found, machine })?;
    let (size, count) = (header.e_ehsize, header.e_phnum);
    ensure(size == HEADER_SIZE, E::HeaderSize { size, expected: HEADER_SIZE })?;
    ensure((1..=MOST_HEADERS).contains(&count), E::Count { count })?;
    Ok(header)
}

/// The program headers, if they are where the file header says.
fn program_headers<'a>(file: &'a [u8], header: &Header) -> Result<Table<'a>, ElfError> {
    let expected = ProgramHeader::size_for(Class::ELF64) as u16;
    let (size, offset) = (header.e_phentsize, header.e_phoff);
    ensure(size == expected, ElfError::EntrySize { size, expected })?;
    ensure(offset >= HEADER_SIZE.into(), ElfError::TableInHeader { offset })?;
    let table = part(file, offset, u64::from(size) * u64::from(header.e_phnum));
    let table = table.ok_or(ElfError::TableOutside { offset, length: file.len() })?;
    Ok(SegmentTable::new(LittleEndian, Class::ELF64, table))
}

/// Refuses a program that another one must link first.
fn check_interpreter(file: &[u8], table: &Table) -> Result<(), ElfError> {
    if let Some((segment, header)) = of_type(table, abi::PT_INTERP).next() {
        let path = part_of(file, segment, &header)?;
        return Err(ElfError::Interpreter { path: Path::new(path) });
    }
    Ok(())
}

/// What is to be added to the addresses in the file.
fn base(header: &Header, table: &Table) -> Result<u64, ElfError> {
    let mut largest = 1;
    for (segment, ProgramHeader { p_align, .. }) in loads(table) {
        // 0 and 1 both say that there is none.
        let alignment = p_align.max(1);
        let is_good = alignment.is_power_of_two() && alignment <= LARGEST_ALIGNMENT;
        ensure(is_good, ElfError::Alignment { segment, alignment })?;
        largest = alignment.max(largest);
    }
    let is_movable = header.e_type == abi::ET_DYN;
    Ok(if is_movable { PIE_BASE & !(largest - 1) } else { 0 })
}

/// Checks each segment, and that they are in order and none is on a page of another.
fn check_segments(file: &[u8], table: &Table, base: u64) -> Result<(), ElfError> {
    for (segment, header) in of_type(table, abi::PT_LOAD).chain(of_type(table, abi::PT_TLS)) {
        check_size(file, segment, &header)?;
    }
    let mut previous = None;
    for (segment, header) in loads(table) {
        check_access(segment, header.p_flags)?;
        let pages = check_addresses(segment, &header, base)?;
        if let Some((other, Range { start, end })) = previous {
            ensure(pages.start >= start, ElfError::Order { segment, other })?;
            let is_apart = pages.start >= end || pages.end <= start;
            ensure(is_apart, ElfError::SharedPage { segment, other, page: pages.start })?;
        }
        previous = Some((segment, pages));
    }
    Ok(())
}

/// Checks that a segment's bytes are in the file, and that memory has room for them.
fn check_size(file: &[u8], segment: usize, header: &ProgramHeader) -> Result<(), ElfError> {
    let (in_file, in_memory) = (header.p_filesz, header.p_memsz);
    ensure(in_file <= in_memory, ElfError::Size { segment, in_file, in_memory })?;
    part_of(file, segment, header).map(|_| ())
}

fn check_access(segment: usize, flags: u32) -> Result<(), ElfError> {
    let access = access(flags);
    let is_both = access.contains(Access::WRITE | Access::EXECUTE);
    ensure(!is_both, ElfError::WritableCode { segment })?;
    ensure(flags & (abi::PF_R | abi::PF_W | abi::PF_X) != 0, ElfError::NoAccess { segment })
}

/// The pages of a segment, if a program may have them, and if they are made of pages of the file.
fn check_addresses(
    segment: usize,
    header: &ProgramHeader,
    base: u64,
) -> Result<Range<VirtAddr>, ElfError> {
    let &ProgramHeader { p_vaddr, p_offset, p_memsz, .. } = header;
    let is_congruent = p_vaddr % FRAME_SIZE == p_offset % FRAME_SIZE;
    let (address, offset) = (p_vaddr, p_offset);
    ensure(is_congruent, ElfError::Congruence { segment, address, offset })?;
    let pages = p_vaddr.checked_add(base).and_then(|start| pages(start, p_memsz));
    let pages = pages.ok_or(ElfError::Overflow { segment, address, size: p_memsz })?;
    ensure(pages.start >= LOWEST, ElfError::TooLow { segment, start: pages.start })?;
    ensure(pages.end <= HIGHEST, ElfError::TooHigh { segment, end: pages.end })?;
    Ok(pages)
}

/// Checks that the first instruction is in the file, and may be executed.
fn check_entry(header: &Header, table: &Table) -> Result<(), ElfError> {
    let entry = header.e_entry;
    let is_code = loads(table).any(|(_, header)| {
        let offset = entry.checked_sub(header.p_vaddr);
        access(header.p_flags).contains(Access::EXECUTE)
            && offset.is_some_and(|offset| offset < header.p_filesz)
    });
    ensure(is_code, ElfError::Entry { entry })
}

/// Where the program headers are, if a segment has all of them.
fn headers_in_memory(header: &Header, table: &Table, base: u64) -> VirtAddr {
    let size = u64::from(header.e_phentsize) * u64::from(header.e_phnum);
    let found = loads(table).find_map(|(_, segment)| {
        let offset = header.e_phoff.checked_sub(segment.p_offset)?;
        (offset + size <= segment.p_filesz).then(|| VirtAddr(base + segment.p_vaddr + offset))
    });
    found.unwrap_or_default()
}

/// What is to be loaded. (A segment without bytes is nothing.)
fn loads<'a>(table: &Table<'a>) -> impl Iterator<Item = (usize, ProgramHeader)> + use<'a> {
    of_type(table, abi::PT_LOAD).filter(|(_, header)| header.p_memsz > 0)
}

/// The program headers of this type, and their places in the table.
fn of_type<'a>(
    table: &Table<'a>,
    kind: u32,
) -> impl Iterator<Item = (usize, ProgramHeader)> + use<'a> {
    table.iter().enumerate().filter(move |(_, header)| header.p_type == kind)
}

fn access(flags: u32) -> Access {
    let mut access = Access::USER;
    access.set(Access::WRITE, flags & abi::PF_W != 0);
    access.set(Access::EXECUTE, flags & abi::PF_X != 0);
    access
}

/// The pages of `size` bytes from `start` on.
fn pages(start: u64, size: u64) -> Option<Range<VirtAddr>> {
    let end = start.checked_add(size)?.checked_next_multiple_of(FRAME_SIZE)?;
    Some(VirtAddr(start).align_down(FRAME_SIZE)..VirtAddr(end))
}

fn part_of<'a>(
    file: &'a [u8],
    segment: usize,
    header: &ProgramHeader,
) -> Result<&'a [u8], ElfError> {
    let (offset, size) = (header.p_offset, header.p_filesz);
    if size == 0 {
        return Ok(&[]); // Where nothing lies means nothing.
    }
    let outside = ElfError::Outside { segment, offset, size, length: file.len() };
    part(file, offset, size).ok_or(outside)
}

/// The `size` bytes from `offset` on.
fn part(file: &[u8], offset: u64, size: u64) -> Option<&[u8]> {
    let start = usize::try_from(offset).ok()?;
    let end = start.checked_add(usize::try_from(size).ok()?)?;
    file.get(start..end)
}
