//! From the linker's ELF file to what a loader takes.
//!
//! An x86_64 kernel is loaded as the ELF file that it is. An aarch64 kernel is a Linux `Image`: its
//! segments, one behind the other at the distances they will have in memory. (Loaded as ELF it
//! would get no devicetree.)
//!
//! A loader may clear what lies behind a segment's bytes in the file, and QEMU's memory is zero
//! anyway. So a kernel that forgets to clear its bss works, until it is run on hardware.
//! [`without_bss`] takes the hint to clear from the ELF file, and [`bss`] says where a test can put
//! dirt.

use std::fmt;
use std::ops::Range;

use object::elf::{EM_AARCH64, EM_X86_64, FileHeader64, PT_LOAD, ProgramHeader64};
use object::endian::LittleEndian as Little;
use object::read::elf::{FileHeader, ProgramHeader};
use object::{Object, ObjectSymbol};

type Header = FileHeader64<Little>;
type Segment = ProgramHeader64<Little>;

/// Why a file is not a kernel of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackError {
    /// It is not an ELF file, or a damaged one.
    NotElf,
    /// It is for a processor that is not ours.
    WrongMachine(u16),
    /// Nothing of it is to be loaded.
    Empty,
    /// A segment lies on another one, or farther away than any image is long.
    Misplaced(u64),
    /// Something is said to lie here, and nothing is loaded there.
    Unloaded(u64),
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NotElf => write!(f, "no 64-bit little-endian ELF file"),
            Self::WrongMachine(number) => write!(f, "it is for ELF machine {number}"),
            Self::Empty => write!(f, "it has nothing to load"),
            Self::Misplaced(address) => {
                write!(f, "what it loads at {address:#x} is no part of one image with the rest")
            }
            Self::Unloaded(address) => write!(f, "it loads nothing at {address:#x}"),
        }
    }
}

impl std::error::Error for PackError {}

/// The name of the architecture that `elf` is for.
pub fn arch(elf: &[u8]) -> Result<&'static str, PackError> {
    match header(elf)?.e_machine(Little) {
        EM_AARCH64 => Ok("aarch64"),
        EM_X86_64 => Ok("x86_64"),
        other => Err(PackError::WrongMachine(other)),
    }
}

/// What a loader is given in place of `elf`; `None` if that is `elf` itself.
pub fn pack(elf: &[u8]) -> Result<Option<Vec<u8>>, PackError> {
    match arch(elf)? {
        "aarch64" => flatten(elf).map(Some),
        _ => Ok(None),
    }
}

/// The addresses that `elf` claims without having bytes for them.
pub fn bss(elf: &[u8]) -> Result<Range<u64>, PackError> {
    let last = segments(elf)?.last().copied().ok_or(PackError::Empty)?;
    let start = last.p_paddr(Little);
    Ok(start + last.p_filesz(Little)..start + last.p_memsz(Little))
}

/// The address of the symbol `name` of `elf`, if it has one.
pub fn symbol(elf: &[u8], name: &str) -> Option<u64> {
    let file = object::File::parse(elf).ok()?;
    file.symbol_by_name(name).map(|symbol| symbol.address())
}

/// The `length` bytes that `elf` has for `address`, by which its code knows them.
pub fn bytes_at(elf: &[u8], address: u64, length: u64) -> Result<&[u8], PackError> {
    let is_there = |segment: &Segment| {
        let distance = address.checked_sub(segment.p_vaddr(Little));
        let end = distance.and_then(|distance| distance.checked_add(length));
        end.is_some_and(|end| end <= segment.p_filesz(Little))
    };
    let segment = segments(elf)?.into_iter().find(is_there).ok_or(PackError::Unloaded(address))?;
    let bytes = segment.data(Little, elf).map_err(|()| PackError::NotElf)?;
    let start = (address - segment.p_vaddr(Little)) as usize;
    Ok(&bytes[start..start + length as usize])
}

/// `elf` with segments that claim no more memory than they have bytes.
pub fn without_bss(elf: &[u8]) -> Result<Vec<u8>, PackError> {
    let table = header(elf)?.e_phoff(Little) as usize;
    let mut trimmed = elf.to_vec();
    let count = header(elf)?.program_headers(Little, elf).map_err(|_| PackError::NotElf)?.len();
    for index in 0..count {
        let start = table + index * size_of::<Segment>();
        // p_filesz and p_memsz are the fifth and the sixth of a program header's 64-bit words.
        trimmed.copy_within(start + 32..start + 40, start + 40);
    }
    Ok(trimmed)
}

fn flatten(elf: &[u8]) -> Result<Vec<u8>, PackError> {
    /// No image is longer: a segment beyond this has a wrong address in the linker script.
    const LONGEST: u64 = 1 << 30;
    let segments = segments(elf)?;
    let base = segments.first().ok_or(PackError::Empty)?.p_paddr(Little);
    let mut image = Vec::new();
    for segment in segments {
        let bytes = segment.data(Little, elf).map_err(|()| PackError::NotElf)?;
        let address = segment.p_paddr(Little);
        let offset = address - base;
        if !bytes.is_empty() {
            if offset < image.len() as u64 || offset > LONGEST {
                return Err(PackError::Misplaced(address));
            }
            image.resize(offset as usize, 0);
            image.extend_from_slice(bytes);
        }
    }
    Ok(image)
}

fn header(elf: &[u8]) -> Result<&Header, PackError> {
    let header = Header::parse(elf).map_err(|_| PackError::NotElf)?;
    header.endian().map_err(|_| PackError::NotElf)?;
    Ok(header)
}

/// The segments that are loaded, by address.
fn segments(elf: &[u8]) -> Result<Vec<Segment>, PackError> {
    let all = header(elf)?.program_headers(Little, elf).map_err(|_| PackError::NotElf)?;
    let mut loaded: Vec<_> =
        all.iter().filter(|segment| segment.p_type(Little) == PT_LOAD).copied().collect();
    loaded.sort_by_key(|segment| segment.p_paddr(Little));
    Ok(loaded)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An ELF file for `machine` with segments of (address, bytes, size in memory).
    fn elf(machine: u16, segments: &[(u64, &[u8], u64)]) -> Vec<u8> {
        let mut file = b"\x7fELF\x02\x01\x01".to_vec();
        file.resize(16, 0);
        file.extend([2, 0]);
        file.extend(machine.to_le_bytes());
        file.extend(1u32.to_le_bytes());
        for word in [0x1000u64, 64, 0] {
            file.extend(word.to_le_bytes());
        }
        file.extend(0u32.to_le_bytes());
        for half in [64u16, 56, segments.len() as u16, 64, 0, 0] {
            file.extend(half.to_le_bytes());
        }
        let mut offset = 64 + 56 * segments.len() as u64;
        for (address, bytes, size) in segments {
            file.extend([PT_LOAD, 5].iter().flat_map(|word| word.to_le_bytes()));
            for word in [offset, *address, *address, bytes.len() as u64, *size, 1] {
                file.extend(word.to_le_bytes());
            }
            offset += bytes.len() as u64;
        }
        segments.iter().for_each(|(_, bytes, _)| file.extend(*bytes));
        file
    }

    const SEGMENTS: &[(u64, &[u8], u64)] = &[(0x1000, b"text", 4), (0x1008, b"data", 0x100)];

    #[test]
    fn image_keeps_distances_and_leaves_bss_out() {
        let image = pack(&elf(EM_AARCH64, SEGMENTS)).expect("it is a kernel");
        assert_eq!(image.as_deref(), Some(&b"text\0\0\0\0data"[..]));
    }

    #[test]
    fn x86_64_is_loaded_as_it_is() {
        assert_eq!(pack(&elf(EM_X86_64, SEGMENTS)), Ok(None));
    }

    #[test]
    fn bss_is_what_has_no_bytes() {
        let file = elf(EM_X86_64, SEGMENTS);
        assert_eq!(bss(&file), Ok(0x100c..0x1108));
        let trimmed = without_bss(&file).expect("it is a kernel");
        assert_eq!(bss(&trimmed), Ok(0x100c..0x100c));
    }

    #[test]
    fn bytes_are_found_by_their_address() {
        let file = elf(EM_X86_64, SEGMENTS);
        assert_eq!(bytes_at(&file, 0x1009, 2), Ok(&b"at"[..]));
        assert_eq!(bytes_at(&file, 0x1008, 4), Ok(&b"data"[..]));
        for (address, length) in [(0x1008, 5), (0x1004, 1), (0xfff, 1), (0x1008, u64::MAX)] {
            assert_eq!(bytes_at(&file, address, length), Err(PackError::Unloaded(address)));
        }
    }

    #[test]
    fn arch_is_read() {
        assert_eq!(arch(&elf(EM_AARCH64, SEGMENTS)), Ok("aarch64"));
        assert_eq!(arch(&elf(EM_X86_64, SEGMENTS)), Ok("x86_64"));
    }

    #[test]
    fn what_is_no_kernel_is_refused() {
        assert_eq!(pack(b"#!/bin/sh"), Err(PackError::NotElf));
        assert_eq!(pack(&elf(40, SEGMENTS)), Err(PackError::WrongMachine(40)));
        assert_eq!(pack(&elf(EM_AARCH64, &[])), Err(PackError::Empty));
        for address in [0x1003, 0xffff_ffff_8000_0000] {
            let segments: &[(u64, &[u8], u64)] = &[(0x1000, b"text", 4), (address, b"data", 4)];
            assert_eq!(pack(&elf(EM_AARCH64, segments)), Err(PackError::Misplaced(address)));
        }
        let mut damaged = elf(EM_AARCH64, SEGMENTS);
        damaged.truncate(damaged.len() - 2);
        assert_eq!(pack(&damaged), Err(PackError::NotElf));
    }
}
