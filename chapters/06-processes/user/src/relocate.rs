//! Mends the addresses in a program that was put somewhere else than where it was linked.
//!
//! A static position-independent program is linked as if it lay at address 0, and the kernel adds a
//! load address of its own choice. Code does not care, since it finds everything by the distance
//! from itself. But an address in data, such as a pointer in a table, is the linker's, and the
//! program's own list of relocations says where those are. Other systems leave this work to the
//! dynamic linker; a static program is alone and does it itself, before it uses any such address.
//!
//! The kernel does not say the load address, but where it has put the program headers, one of which
//! says where the linker wanted them: the difference is it. A program at a fixed address has no
//! dynamic section and nothing to mend.
//!
//! System V gABI, chapter 5.

use linux_raw_sys::auxvec;

use crate::arch;
use crate::start::Start;

/// A program header.
#[repr(C)]
struct ProgramHeader {
    kind: u32,
    flags: u32,
    offset: usize,
    address: usize,
    physical: usize,
    file_size: usize,
    memory_size: usize,
    alignment: usize,
}

const PT_DYNAMIC: u32 = 2;
const PT_PHDR: u32 = 6;

/// An entry of the dynamic section.
#[repr(C)]
struct Dynamic {
    tag: usize,
    value: usize,
}

const DT_NULL: usize = 0;
const DT_RELA: usize = 7;
const DT_RELASZ: usize = 8;

/// A relocation: what is to be done at `offset`.
#[repr(C)]
struct Relocation {
    offset: usize,
    info: usize,
    addend: usize,
}

/// Adds the load address to all addresses that need it.
///
/// # Safety
///
/// It must be the first thing that happens in a program, and `start` what the kernel told it.
pub unsafe fn relocate(start: &Start) {
    let find = |kind| {
        let count = start.about(auxvec::AT_PHNUM)?;
        let headers = start.about(auxvec::AT_PHDR)? as *const ProgramHeader;
        // SAFETY: the kernel says that so many headers are there.
        let headers = unsafe { core::slice::from_raw_parts(headers, count) };
        headers.iter().find(|header| header.kind == kind)
    };
    let (Some(own), Some(dynamic)) = (find(PT_PHDR), find(PT_DYNAMIC)) else {
        return;
    };
    let base = start.about(auxvec::AT_PHDR).unwrap_or(own.address).wrapping_sub(own.address);
    let dynamic = base.wrapping_add(dynamic.address) as *const Dynamic;
    // SAFETY: the linker puts the dynamic section there, and the kernel has moved it by `base`.
    let value = |tag| unsafe { value_of(dynamic, tag) };
    let table = base.wrapping_add(value(DT_RELA)) as *const Relocation;
    for index in 0..value(DT_RELASZ) / size_of::<Relocation>() {
        // SAFETY: the linker's table has so many entries.
        let relocation = unsafe { table.add(index).read() };
        // SAFETY: each names a word of ours, and this is the first time.
        unsafe { apply(base, &relocation) };
    }
}

/// The value of the entry `tag` of a dynamic section; zero if there is none.
///
/// # Safety
///
/// `entry` must be the first of a dynamic section.
unsafe fn value_of(mut entry: *const Dynamic, tag: usize) -> usize {
    loop {
        // SAFETY: the section goes on until the entry that ends it.
        let Dynamic { tag: found, value } = unsafe { entry.read() };
        if found == tag || found == DT_NULL {
            return if found == tag { value } else { 0 };
        }
        entry = entry.wrapping_add(1);
    }
}

/// Does what `relocation` says.
///
/// # Safety
///
/// It must be one of this program's, whose load address is `base`, and not yet done.
unsafe fn apply(base: usize, relocation: &Relocation) {
    let place = base.wrapping_add(relocation.offset) as *mut usize;
    // A static program has no other kind: those are about symbols of other files.
    if relocation.info as u32 == arch::RELATIVE {
        // SAFETY: the linker says that an address of 8 bytes is to be put there.
        unsafe { place.write_unaligned(base.wrapping_add(relocation.addend)) };
    }
}
