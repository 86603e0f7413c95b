//! Mends the addresses in a program that was put somewhere else than where it was linked.
//!
//! A static position-independent program is linked as if it lay at address 0, and the kernel adds a
//! load address of its own choice. Code does not care, since it finds everything by the distance
//! from itself. But an address in data, such as a pointer in a table, is the linker's, and the
//! program's own list of relocations says where those are. Other systems leave this work to the
//! dynamic linker; a static program is alone and does it itself.
//!
//! The kernel does not say the load address, but where it has put the program headers, one of which
//! says where the linker wanted them: the difference is it. A program at a fixed address has no
//! dynamic section and nothing to mend.
//!
//! ```text
//!  stack ─> AT_PHDR ─> program headers: PT_PHDR ────> load address
//!                                       PT_DYNAMIC ─> dynamic section: DT_RELA ─> relocations
//! ```
//!
//! None of this may use an address that is not mended yet, and calls of functions may: the compiler
//! takes their addresses from a table in data. Hence numbers instead of types with methods, and
//! `inline(always)`: all of it becomes one function, which calls no other. (System V gABI, 5.)

use linux_raw_sys::auxvec;

use crate::arch;

/// Bytes in a word of the stack, and of an entry's half.
const WORD: usize = size_of::<usize>();

// A program header: its kind, flags and offset, then its address.
const PT_DYNAMIC: usize = 2;
const PT_PHDR: usize = 6;
const HEADER_ADDRESS: usize = 2 * WORD;
const HEADER_BYTES: usize = 7 * WORD;

// An entry of the dynamic section: its tag and its value.
const DT_NULL: usize = 0;
const DT_RELA: usize = 7;
const DT_RELASZ: usize = 8;

/// A relocation: where, of which kind, and what is to be added.
const RELOCATION_BYTES: usize = 3 * WORD;

/// Adds the load address to all addresses that need it.
///
/// # Safety
///
/// It must be the first thing that happens in a program, and `stack` the address of what the
/// kernel put onto its stack.
#[inline(always)]
pub unsafe fn relocate(stack: usize) {
    // SAFETY: the caller promises the same.
    let (headers, count) = unsafe { headers(stack) };
    let mut base = headers;
    let mut dynamic = 0;
    let mut header = headers;
    while header != headers.wrapping_add(count.wrapping_mul(HEADER_BYTES)) {
        // SAFETY: the kernel says that so many headers are there.
        let (kind, address) = unsafe { pair(header, HEADER_ADDRESS) };
        match kind & u32::MAX as usize {
            PT_PHDR => base = headers.wrapping_sub(address),
            PT_DYNAMIC => dynamic = address,
            _ => {}
        }
        header = header.wrapping_add(HEADER_BYTES);
    }
    if dynamic != 0 {
        // SAFETY: it is this program's, and nothing was done yet.
        unsafe { apply_all(base, base.wrapping_add(dynamic)) };
    }
}

/// Where the program headers are, and how many.
///
/// # Safety
///
/// As for [`relocate`].
#[inline(always)]
unsafe fn headers(stack: usize) -> (usize, usize) {
    // SAFETY: the number of arguments comes first.
    let mut place = stack.wrapping_add(unsafe { word(stack) }.wrapping_add(2).wrapping_mul(WORD));
    // SAFETY: behind the arguments is the environment, up to a zero.
    while unsafe { word(place) } != 0 {
        place = place.wrapping_add(WORD);
    }
    place = place.wrapping_add(WORD);
    let (mut headers, mut count) = (0, 0);
    loop {
        // SAFETY: then come pairs, up to one that says that it is the last.
        let (kind, value) = unsafe { pair(place, WORD) };
        match kind as u32 {
            auxvec::AT_NULL => return (headers, count),
            auxvec::AT_PHDR => headers = value,
            auxvec::AT_PHNUM => count = value,
            _ => {}
        }
        place = place.wrapping_add(2 * WORD);
    }
}

/// Does what the dynamic section at `dynamic` says.
///
/// # Safety
///
/// It must be this program's, whose load address is `base`, and nothing of it may have been done.
#[inline(always)]
unsafe fn apply_all(base: usize, dynamic: usize) {
    let (mut table, mut bytes) = (0, 0);
    let mut place = dynamic;
    loop {
        // SAFETY: the section goes on until the entry that ends it.
        let (tag, value) = unsafe { pair(place, WORD) };
        match tag {
            DT_NULL => break,
            DT_RELA => table = base.wrapping_add(value),
            DT_RELASZ => bytes = value,
            _ => {}
        }
        place = place.wrapping_add(2 * WORD);
    }
    let mut place = table;
    while place != table.wrapping_add(bytes) {
        // SAFETY: the table is so long.
        unsafe { apply(base, place) };
        place = place.wrapping_add(RELOCATION_BYTES);
    }
}

/// Does what the relocation at `place` says.
///
/// # Safety
///
/// It must be one of this program's, whose load address is `base`, and not yet done.
#[inline(always)]
unsafe fn apply(base: usize, place: usize) {
    // SAFETY: the caller promises that a relocation is there.
    let (offset, kind) = unsafe { pair(place, WORD) };
    // A static program has no other kind: those are about symbols of other files.
    if kind as u32 == arch::RELATIVE {
        // SAFETY: it is the relocation's third word.
        let address = base.wrapping_add(unsafe { word(place.wrapping_add(2 * WORD)) });
        // SAFETY: the linker says that an address is to be put there.
        unsafe { (base.wrapping_add(offset) as *mut usize).write(address) };
    }
}

/// The word at `address`, and the one `distance` bytes behind it.
///
/// # Safety
///
/// Both must be there, and aligned.
#[inline(always)]
unsafe fn pair(address: usize, distance: usize) -> (usize, usize) {
    // SAFETY: the caller promises that it is there.
    let first = unsafe { word(address) };
    // SAFETY: the same.
    let second = unsafe { word(address.wrapping_add(distance)) };
    (first, second)
}

/// The word at `address`.
///
/// # Safety
///
/// It must be there, and aligned.
#[inline(always)]
unsafe fn word(address: usize) -> usize {
    // SAFETY: the caller promises that it is there.
    unsafe { (address as *const usize).read() }
}
