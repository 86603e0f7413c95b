//! What a file must be like to be loaded.
//!
//! Every number in it is an allegation of whoever made it. So sums are made with `checked_add`, and
//! a size is compared with what is there before anything is taken from it.

use core::ops::Range;

use super::file::{
    HEADER_BYTES, HIGHEST, Header, Headers, LARGEST_ALIGNMENT, LOWEST, MOST_HEADERS, PAGE,
    PROGRAM_HEADER_BYTES, ProgramHeader, Refused, abi, loads,
};

/// Checks the first bytes of `file`: that they are those of an ELF file of 64 bits with the lowest
/// byte first, and that there is a whole file header.
pub fn check_beginning(file: &[u8]) -> Result<(), Refused> {
    ensure(file.starts_with(&abi::ELFMAGIC), "it is no ELF file")?;
    ensure(file.len() as u64 >= HEADER_BYTES, "it ends within its header")?;
    ensure(file[abi::EI_CLASS] == abi::ELFCLASS64, "it is not of 64 bits")?;
    ensure(file[abi::EI_DATA] == abi::ELFDATA2LSB, "the lowest byte does not come first")?;
    ensure(file[abi::EI_VERSION] == abi::EV_CURRENT, "it is of another version")
}

/// Checks the file header of a file of `length` bytes: that it is a program for `machine`, and that
/// its program headers are where it says.
pub fn check_header(header: &Header, length: u64, machine: u16) -> Result<(), Refused> {
    ensure(matches!(header.e_type, abi::ET_EXEC | abi::ET_DYN), "it is no program")?;
    ensure(header.e_machine == machine, "it is for another machine")?;
    ensure(header.version == u32::from(abi::EV_CURRENT), "it is of another version")?;
    ensure(u64::from(header.e_ehsize) == HEADER_BYTES, "its header has another size")?;
    let (size, count) = (u64::from(header.e_phentsize), header.e_phnum);
    ensure(size == PROGRAM_HEADER_BYTES, "its program headers have another size")?;
    ensure((1..=MOST_HEADERS).contains(&count), "it has no program headers, or too many")?;
    ensure(header.e_phoff >= HEADER_BYTES, "its program headers are in its header")?;
    let end = header.e_phoff.checked_add(size * u64::from(count));
    ensure(end.is_some_and(|end| end <= length), "its program headers are not in the file")
}

/// Checks the program headers of a file of `length` bytes, to whose addresses `base` is added.
pub fn check_segments(headers: &Headers, base: u64, length: u64) -> Result<(), Refused> {
    let needs_another = headers.iter().any(|it| it.p_type == abi::PT_INTERP);
    ensure(!needs_another, "it needs an interpreter")?;
    for segment in headers.iter().filter(|it| matches!(it.p_type, abi::PT_LOAD | abi::PT_TLS)) {
        check_bytes(&segment, length)?;
    }
    let mut free = LOWEST;
    for segment in loads(headers) {
        check_access(&segment)?;
        check_alignment(&segment)?;
        let pages = pages(&segment, base).ok_or(Refused("a segment ends behind all addresses"))?;
        ensure(pages.start >= free, "a segment is too low, or on a page of the one before")?;
        ensure(pages.end <= HIGHEST, "a segment is where the stack or the kernel is")?;
        free = pages.end;
    }
    Ok(())
}

/// Checks that the first instruction is in the file, in code.
pub fn check_entry(header: &Header, headers: &Headers) -> Result<(), Refused> {
    let is_code = loads(headers).filter(|it| it.p_flags & abi::PF_X != 0).any(|it| {
        let offset = header.e_entry.checked_sub(it.p_vaddr);
        offset.is_some_and(|offset| offset < it.p_filesz)
    });
    ensure(is_code, "the entry is in no code of the file")
}

/// Checks that a segment's bytes are in the file, and that it has room for them in memory.
fn check_bytes(segment: &ProgramHeader, length: u64) -> Result<(), Refused> {
    ensure(segment.p_filesz <= segment.p_memsz, "more of a segment is in the file than in memory")?;
    let end = segment.p_offset.checked_add(segment.p_filesz);
    let is_there = segment.p_filesz == 0 || end.is_some_and(|end| end <= length);
    ensure(is_there, "a segment is not in the file")
}

/// Checks that somebody may use a segment, and nobody both write and execute it.
fn check_access(segment: &ProgramHeader) -> Result<(), Refused> {
    let flags = segment.p_flags & (abi::PF_R | abi::PF_W | abi::PF_X);
    let is_both = flags & abi::PF_W != 0 && flags & abi::PF_X != 0;
    ensure(!is_both, "a segment may be written and executed")?;
    ensure(flags != 0, "a segment may not be used")
}

/// Checks the alignment of a segment, and that it is at the same place of a page in the file.
fn check_alignment(segment: &ProgramHeader) -> Result<(), Refused> {
    // 0 and 1 both say that there is none.
    let alignment = segment.p_align.max(1);
    let is_good = alignment.is_power_of_two() && alignment <= LARGEST_ALIGNMENT;
    ensure(is_good, "an alignment is no power of two, or too large")?;
    let is_congruent = segment.p_vaddr % PAGE == segment.p_offset % PAGE;
    ensure(is_congruent, "a segment is at another place of a page in memory than in the file")
}

/// The pages that a segment needs, if there are such addresses.
fn pages(segment: &ProgramHeader, base: u64) -> Option<Range<u64>> {
    let start = segment.p_vaddr.checked_add(base)?;
    let end = start.checked_add(segment.p_memsz)?;
    Some(start / PAGE * PAGE..end.checked_next_multiple_of(PAGE)?)
}

/// Refuses for `reason`, unless it is so.
fn ensure(is_so: bool, reason: &'static str) -> Result<(), Refused> {
    if is_so { Ok(()) } else { Err(Refused(reason)) }
}
