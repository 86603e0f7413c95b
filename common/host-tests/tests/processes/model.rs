//! What a good file is, so plainly that it is right at a glance: each rule once, in numbers that
//! never overflow, each segment compared with each other.
//!
//! The fields are read by the crate `object`, which is not the one that the kernel reads them with.

use object::LittleEndian as LE;
use object::elf::{FileHeader64, PT_INTERP, PT_LOAD, PT_TLS, ProgramHeader64};
use object::pod;

use crate::memory::paging::Access;
use crate::process::elf::Elf;

const PAGE: u128 = 4096;
/// Below it, nothing may be.
const LOW: u128 = 0x1_0000;
/// From it on, nothing may be: the stack's highest address, less 8 MiB.
const HIGH: u128 = 0x7fff_ffff_f000 - (8 << 20);

/// A file as `object` sees it.
pub struct File<'a> {
    bytes: &'a [u8],
    header: &'a FileHeader64<LE>,
    table: &'a [ProgramHeader64<LE>],
}

/// A program header, in numbers that do not overflow.
#[derive(Clone, Copy, Debug)]
struct Part {
    kind: u32,
    flags: u32,
    offset: u128,
    address: u128,
    in_file: u128,
    in_memory: u128,
    alignment: u128,
}

impl Part {
    fn is_loaded(&self) -> bool {
        self.kind == PT_LOAD && self.in_memory > 0
    }

    /// The first page and the first behind the last.
    fn pages(&self, base: u128) -> (u128, u128) {
        let end = base + self.address + self.in_memory;
        ((base + self.address) / PAGE, end.div_ceil(PAGE))
    }

    fn is_good(&self, base: u128, length: u128) -> bool {
        let has_size = [PT_LOAD, PT_TLS].contains(&self.kind);
        let is_inside = self.in_file == 0 || self.offset + self.in_file <= length;
        let has_good_size = !has_size || self.in_file <= self.in_memory && is_inside;
        let (start, end) = self.pages(base);
        has_good_size
            && self.kind != PT_INTERP
            && (!self.is_loaded()
                || [1, 2, 4, 5, 6].contains(&(self.flags & 7))
                    && self.alignment.max(1).is_power_of_two()
                    && self.alignment <= 1 << 30
                    && self.address % PAGE == self.offset % PAGE
                    && start * PAGE >= LOW
                    && end * PAGE <= HIGH)
    }
}

impl<'a> File<'a> {
    /// The file, if it has its headers.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let (header, _) = pod::from_bytes::<FileHeader64<LE>>(bytes).ok()?;
        let offset = usize::try_from(header.e_phoff.get(LE)).ok()?;
        let count = header.e_phnum.get(LE).into();
        let (table, _) = pod::slice_from_bytes(bytes.get(offset..)?, count).ok()?;
        Some(Self { bytes, header, table })
    }

    fn parts(&self) -> Vec<Part> {
        let part = |header: &ProgramHeader64<LE>| Part {
            kind: header.p_type.get(LE),
            flags: header.p_flags.get(LE),
            offset: header.p_offset.get(LE).into(),
            address: header.p_vaddr.get(LE).into(),
            in_file: header.p_filesz.get(LE).into(),
            in_memory: header.p_memsz.get(LE).into(),
            alignment: header.p_align.get(LE).into(),
        };
        self.table.iter().map(part).collect()
    }

    fn loaded(&self) -> Vec<Part> {
        self.parts().into_iter().filter(Part::is_loaded).collect()
    }

    /// What is added to all addresses: for a movable program, a multiple of all its alignments.
    fn base(&self) -> u128 {
        let alignments = self.loaded().into_iter().map(|part| part.alignment.max(1));
        let largest = alignments.max().unwrap_or(1);
        let is_movable = self.header.e_type.get(LE) == 3;
        if is_movable { 0x5555_5555_0000 / largest * largest } else { 0 }
    }

    /// Whether it must be loaded.
    pub fn is_good(&self, machine: u16) -> bool {
        let (loaded, base, length) = (self.loaded(), self.base(), self.bytes.len() as u128);
        let pages: Vec<_> = loaded.iter().map(|part| part.pages(base)).collect();
        let is_ordered = pages.is_sorted() && pages.is_sorted_by_key(|(_, end)| end);
        let is_apart =
            (0..pages.len()).all(|one| (0..one).all(|other| pages[other].1 <= pages[one].0));
        self.has_good_header(machine)
            && self.parts().iter().all(|part| part.is_good(base, length))
            && is_ordered
            && is_apart
            && loaded.iter().any(|part| self.is_entry_in(part))
    }

    fn has_good_header(&self, machine: u16) -> bool {
        let header = self.header;
        header.e_ident.magic == *b"\x7fELF"
            && (header.e_ident.class, header.e_ident.data, header.e_ident.version) == (2, 1, 1)
            && [2, 3].contains(&header.e_type.get(LE))
            && header.e_machine.get(LE) == machine
            && header.e_version.get(LE) == 1
            && header.e_ehsize.get(LE) == 64
            && header.e_phentsize.get(LE) == 56
            && (1..=64).contains(&header.e_phnum.get(LE))
            && header.e_phoff.get(LE) >= 64
    }

    fn is_entry_in(&self, part: &Part) -> bool {
        let entry: u128 = self.header.e_entry.get(LE).into();
        let code = part.address..part.address + part.in_file;
        part.flags & 1 != 0 && code.contains(&entry)
    }

    /// Checks that `elf` says of this file what is so.
    pub fn check(&self, elf: &Elf) {
        let base = self.base() as u64;
        assert_eq!(elf.base, base);
        assert_eq!(elf.entry.0, base + self.header.e_entry.get(LE));
        assert_eq!(elf.program_header_count, self.header.e_phnum.get(LE));
        let (segments, loaded) = (elf.segments().collect::<Vec<_>>(), self.loaded());
        assert_eq!(segments.len(), loaded.len());
        for (segment, part) in segments.iter().zip(&loaded) {
            let (start, end) = part.pages(self.base());
            assert_eq!(u128::from(segment.pages.start.0), start * PAGE);
            assert_eq!(u128::from(segment.pages.end.0), end * PAGE);
            assert!(segment.pages.contains(&segment.start));
            assert_eq!(u128::from(segment.start.0), part.address + self.base());
            assert_eq!(u128::from(segment.memory_size), part.in_memory);
            assert_eq!(segment.bytes.len() as u128, part.in_file);
            let offset = part.offset as usize;
            let bytes =
                if part.in_file == 0 { &[] } else { &self.bytes[offset..][..segment.bytes.len()] };
            assert_eq!(segment.bytes, bytes);
            assert_eq!(segment.access.contains(Access::WRITE), part.flags & 2 != 0);
            assert_eq!(segment.access.contains(Access::EXECUTE), part.flags & 1 != 0);
            assert!(segment.access.contains(Access::USER));
            assert!(!segment.access.contains(Access::WRITE | Access::EXECUTE));
        }
        self.check_headers(elf);
    }

    /// Checks that the program headers are in memory where `elf` says, or nowhere.
    fn check_headers(&self, elf: &Elf) {
        let table = pod::bytes_of_slice(self.table);
        let address = elf.program_headers.0;
        let mut places = elf.segments().filter_map(|segment| {
            let offset = usize::try_from(address.checked_sub(segment.start.0)?).ok()?;
            segment.bytes.get(offset..offset + table.len())
        });
        if address == 0 {
            let (start, length) = (u128::from(self.header.e_phoff.get(LE)), table.len() as u128);
            let has_all =
                |part: &Part| part.offset <= start && start + length <= part.offset + part.in_file;
            assert!(!self.loaded().iter().any(has_all));
        } else {
            assert_eq!(places.next(), Some(table));
        }
    }
}
