//! Calls about memory: to ask for it, to give it back, to say what may be done with it.
//!
//! All memory is anonymous: no file is behind it. Linux, `man 2 brk`, `man 2 mmap`, `man 2 munmap`,
//! `man 2 mprotect`, `man 2 madvise`.

use core::ops::Range;

use linux_raw_sys::errno::{EACCES, EBADF, EEXIST, EINVAL, ENODEV, ENOMEM, EPERM};
use linux_raw_sys::general as linux;

use super::{Descriptor, Errno, Kind, flags};
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::Access;
use crate::process::layout::USER_END;
use crate::process::memory::{MemoryError, Placement};
use crate::process::memory_of_current;

/// What may be done with memory, of all bits that an argument may have.
const PROTECTIONS: u32 = linux::PROT_READ | linux::PROT_WRITE | linux::PROT_EXEC;

/// Says that memory is for atomic operations, which all is.
const PROT_SEM: u32 = linux::PROT_SEM;

/// The calls about memory.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(linux::__NR_brk, "brk", &[Kind::Address], |context| brk(context.arguments)),
    Descriptor::new(
        linux::__NR_mmap,
        "mmap",
        &[
            Kind::Address,
            Kind::Size,
            Kind::Flags(flags::PROTECTION),
            Kind::Flags(flags::MAPPING),
            Kind::Int,
            Kind::Hex,
        ],
        |context| mmap(context.arguments),
    ),
    Descriptor::new(linux::__NR_munmap, "munmap", &[Kind::Address, Kind::Size], |context| {
        munmap(context.arguments)
    }),
    Descriptor::new(
        linux::__NR_mprotect,
        "mprotect",
        &[Kind::Address, Kind::Size, Kind::Flags(flags::PROTECTION)],
        |context| mprotect(context.arguments),
    ),
    Descriptor::new(
        linux::__NR_madvise,
        "madvise",
        &[Kind::Address, Kind::Size, Kind::Int],
        |context| madvise(context.arguments),
    ),
];

impl From<MemoryError> for Errno {
    fn from(error: MemoryError) -> Self {
        Self(match error {
            MemoryError::OutOfMemory | MemoryError::Hole(_) => ENOMEM,
            MemoryError::Misaligned | MemoryError::Empty => EINVAL,
            MemoryError::TooLow => EPERM,
            MemoryError::Taken => EEXIST,
            MemoryError::WriteAndExecute => EACCES,
        })
    }
}

/// `brk(end)`: makes `end` the end of the heap. The result is where the heap ends now: where it did
/// before, if that cannot be. There are no errors, as on Linux.
///
/// Left out: the limit `RLIMIT_DATA`.
pub fn brk([end, ..]: [u64; 6]) -> Result<usize, Errno> {
    let memory = memory_of_current();
    let end = memory.lock().brk(VirtAddr(end));
    Ok(end.0 as usize)
}

/// `mmap(address, bytes, protection, flags, descriptor, offset)`: gives the program memory, at
/// `address` if `MAP_FIXED` or `MAP_FIXED_NOREPLACE` says so, near it if it is free, or anywhere.
///
/// Linux: EINVAL for no bytes, an offset or a fixed address within a page, and for neither
/// `MAP_PRIVATE` nor `MAP_SHARED`; EEXIST for `MAP_FIXED_NOREPLACE` where something is; ENOMEM,
/// EBADF. Here: the same.
///
/// Differs: memory that is written and executed is refused with EACCES. So is, with EPERM, what
/// lies below 64 KiB, for everybody. Memory has its frames at once, so `MAP_POPULATE`,
/// `MAP_NORESERVE` and `MAP_LOCKED` change nothing, and what begins with `MAP_GROWSDOWN` does not
/// grow.
///
/// Left out: files (ENODEV), memory that is shared after a `fork` (`MAP_SHARED`, EINVAL), and pages
/// of other sizes (`MAP_HUGETLB`, ENOMEM).
pub fn mmap(
    [address, bytes, protection, flags, descriptor, offset]: [u64; 6],
) -> Result<usize, Errno> {
    let flags = flags as u32;
    let has = |flag: u32| flags & flag != 0;
    if !offset.is_multiple_of(FRAME_SIZE) {
        return Err(Errno(EINVAL));
    }
    if !has(linux::MAP_ANONYMOUS) {
        return Err(no_file(descriptor));
    }
    if flags & linux::MAP_TYPE != linux::MAP_PRIVATE {
        return Err(Errno(EINVAL));
    }
    if has(linux::MAP_HUGETLB) {
        return Err(Errno(ENOMEM));
    }
    let placement = match (has(linux::MAP_FIXED_NOREPLACE), has(linux::MAP_FIXED)) {
        (true, _) => Placement::FixedNoReplace,
        (false, true) => Placement::Fixed,
        (false, false) => Placement::Hint,
    };
    let access = access(protection as u32);
    let memory = memory_of_current();
    let start = memory.lock().mmap(VirtAddr(address), bytes, access, placement)?;
    Ok(start.0 as usize)
}

/// Why the file that is open as `descriptor` cannot be memory: there is none, or it is the console.
fn no_file(descriptor: u64) -> Errno {
    Errno(if matches!(descriptor as u32, 0..=2) { ENODEV } else { EBADF })
}

/// `munmap(address, bytes)`: takes away what the program has there. What is not there need not be.
///
/// Linux: EINVAL for no bytes, an address within a page, or beyond a program's; ENOMEM if memory
/// would be in too many pieces. Here: the same; who has 4096 of them has too many already.
pub fn munmap([address, bytes, ..]: [u64; 6]) -> Result<usize, Errno> {
    let pages = pages(address, bytes).filter(|pages| pages.end <= VirtAddr(USER_END));
    let pages = pages.filter(|pages| !pages.is_empty()).ok_or(Errno(EINVAL))?;
    let memory = memory_of_current();
    memory.lock().munmap(&pages)?;
    Ok(0)
}

/// `mprotect(address, bytes, protection)`: says what the program may do there.
///
/// Linux: EINVAL for an address within a page and for unknown bits; ENOMEM if something of it is
/// not there, though what comes before has changed. Here: the same.
///
/// Differs: memory that is to be written and executed is refused with EACCES. Whatever may be
/// written or executed may be read, too, as on most processors. Left out: PROT_GROWSDOWN (EINVAL).
pub fn mprotect([address, bytes, protection, ..]: [u64; 6]) -> Result<usize, Errno> {
    let protection = protection as u32;
    if !VirtAddr(address).is_aligned(FRAME_SIZE) {
        return Err(Errno(EINVAL));
    }
    if bytes == 0 {
        return Ok(0);
    }
    let pages = pages(address, bytes).filter(|pages| !pages.is_empty()).ok_or(Errno(ENOMEM))?;
    if protection & !(PROTECTIONS | PROT_SEM) != 0 {
        return Err(Errno(EINVAL));
    }
    let memory = memory_of_current();
    memory.lock().mprotect(&pages, access(protection))?;
    Ok(0)
}

/// `madvise(address, bytes, advice)`: says how the program will use its memory. Pages that it does
/// not need (`MADV_DONTNEED`) are zeroes from then on. They keep their frames, as do those of
/// `MADV_FREE`, which may keep what is in them; all other advice is heard, and nothing comes of it.
///
/// Linux: EINVAL for an address within a page and for unknown advice; ENOMEM if something is not
/// there, though the rest is done. Here: the same, but what came from the program's file is zeroes
/// then, too, where Linux reads it anew; of that, it refuses `MADV_FREE` (EINVAL).
///
/// Left out (EINVAL): advice that changes what `fork` does, and what is for other pages than ours.
pub fn madvise([address, bytes, advice, ..]: [u64; 6]) -> Result<usize, Errno> {
    let advice = advice as u32;
    if !ADVICE.contains(&advice) {
        return Err(Errno(EINVAL));
    }
    let pages = pages(address, bytes).ok_or(Errno(EINVAL))?;
    let memory = memory_of_current();
    let mut memory = memory.lock();
    if advice == linux::MADV_DONTNEED {
        memory.clear(&pages);
    }
    memory.check_all(&pages)?;
    Ok(0)
}

/// The advice that is heard.
const ADVICE: [u32; 10] = [
    linux::MADV_NORMAL,
    linux::MADV_RANDOM,
    linux::MADV_SEQUENTIAL,
    linux::MADV_WILLNEED,
    linux::MADV_DONTNEED,
    linux::MADV_FREE,
    linux::MADV_HUGEPAGE,
    linux::MADV_NOHUGEPAGE,
    linux::MADV_DONTDUMP,
    linux::MADV_DODUMP,
];

/// The pages that the `bytes` from `address` on lie in, if a page begins there and all have an
/// address.
fn pages(address: u64, bytes: u64) -> Option<Range<VirtAddr>> {
    let start = Some(VirtAddr(address)).filter(|start| start.is_aligned(FRAME_SIZE))?;
    Some(start..start.checked_add(bytes.checked_next_multiple_of(FRAME_SIZE)?)?)
}

/// What `protection` allows the program. Whatever else may be done, it may read.
fn access(protection: u32) -> Access {
    let mut access = Access::empty();
    access.set(Access::USER, protection & PROTECTIONS != 0);
    access.set(Access::WRITE, protection & linux::PROT_WRITE != 0);
    access.set(Access::EXECUTE, protection & linux::PROT_EXEC != 0);
    access
}
