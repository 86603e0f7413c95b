//! Calls about memory: to ask for it, to give it back, to say what may be done with it.
//!
//! A file can be in memory, as a copy. Linux, `man 2 brk`, `man 2 mmap`, `man 2 munmap`,
//! `man 2 mprotect`, `man 2 madvise`.

use core::ops::Range;

use linux_raw_sys::errno::{EACCES, EEXIST, EINVAL, ENOMEM, EOVERFLOW, EPERM};
use linux_raw_sys::general as linux;

use super::{Descriptor, Errno, Kind, flags};
use crate::file::description::File;
use crate::file::device::Device;
use crate::file::status::Status;
use crate::file::{Description, FileError, TREE};
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::Access;
use crate::memory::shared::Shared;
use crate::process::layout::USER_END;
use crate::process::memory::{FilePart, MappedFile, MemoryError, Placement};
use crate::process::{files, memory_of_current};

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
            MemoryError::ReadOnly | MemoryError::WriteAndExecute => EACCES,
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
/// Of a file the program gets a copy, which is made at once. EBADF, EACCES if it is not open to be
/// read, ENODEV for what is no file, but for `/dev/zero`. Who touches a page behind the end of the
/// file ends by SIGBUS. With `MAP_SHARED` it is a copy as well, so only what is never written can
/// be had so: ENODEV for memory that is written, EACCES if the file could not be.
///
/// Left out: memory that is shared after a `fork` (`MAP_SHARED` without a file, EINVAL), and pages
/// of other sizes (`MAP_HUGETLB`, ENOMEM).
pub fn mmap(
    [address, bytes, protection, flags, descriptor, offset]: [u64; 6],
) -> Result<usize, Errno> {
    let flags = flags as u32;
    let has = |flag: u32| flags & flag != 0;
    if !offset.is_multiple_of(FRAME_SIZE) {
        return Err(Errno(EINVAL));
    }
    let is_anonymous = has(linux::MAP_ANONYMOUS);
    if !is_anonymous {
        files::usable(descriptor)?;
    }
    let is_shared = match flags & linux::MAP_TYPE {
        linux::MAP_PRIVATE => false,
        linux::MAP_SHARED | linux::MAP_SHARED_VALIDATE if !is_anonymous => true,
        _ => return Err(Errno(EINVAL)),
    };
    if has(linux::MAP_HUGETLB) {
        return Err(Errno(ENOMEM));
    }
    let placement = match (has(linux::MAP_FIXED_NOREPLACE), has(linux::MAP_FIXED)) {
        (true, _) => Placement::FixedNoReplace,
        (false, true) => Placement::Fixed,
        (false, false) => Placement::Hint,
    };
    let access = access(protection as u32);
    let wish = Wish { hint: VirtAddr(address), bytes, access, placement };
    let start = match is_anonymous {
        true => wish.anonymous()?,
        false => wish.file(descriptor, offset, is_shared)?,
    };
    Ok(start.0 as usize)
}

/// The memory that is asked for.
struct Wish {
    hint: VirtAddr,
    bytes: u64,
    access: Access,
    placement: Placement,
}

impl Wish {
    /// Full of zeroes.
    fn anonymous(self) -> Result<VirtAddr, Errno> {
        let Self { hint, bytes, access, placement } = self;
        let memory = memory_of_current();
        let start = memory.lock().mmap(hint, bytes, access, placement)?;
        Ok(start)
    }

    /// With what is in the file that is open as `descriptor`, from `offset` on.
    fn file(self, descriptor: u64, offset: u64, is_shared: bool) -> Result<VirtAddr, Errno> {
        let Self { hint, bytes, access, placement } = self;
        let description = files::description(descriptor)?;
        if bytes == 0 {
            return Err(Errno(EINVAL));
        }
        check_file(&description, access, is_shared)?;
        if offset.checked_add(bytes).is_none() {
            return Err(Errno(EOVERFLOW));
        }
        if matches!(description.file, File::Device(Device::Zero)) {
            return self.anonymous();
        }
        let place = description.place().ok_or(FileError::NotMappable)?;
        let memory = memory_of_current();
        let mut memory = memory.lock();
        let tree = TREE.lock();
        let contents = tree.contents(place).map_err(|_| FileError::NotMappable)?;
        let path = tree.path_of_any(place)?;
        let Status { device, number, .. } = tree.status(place);
        let file = MappedFile { path, device, number, is_shared };
        let file = Shared::new(file).map_err(FileError::from)?;
        let part = FilePart { contents, offset, file };
        Ok(memory.mmap_file(hint, bytes, access, placement, part)?)
    }
}

/// Refuses what cannot be memory as `access` says.
fn check_file(description: &Description, access: Access, is_shared: bool) -> Result<(), FileError> {
    let is_path = description.flags() & linux::O_PATH != 0;
    description.check_readable().map_err(|error| match is_path {
        true => error,
        false => FileError::Denied,
    })?;
    if is_shared && access.contains(Access::WRITE) {
        description.check_writable().map_err(|_| FileError::Denied)?;
        return Err(FileError::NotMappable);
    }
    match description.file {
        File::Node | File::Device(Device::Zero) => Ok(()),
        _ => Err(FileError::NotMappable),
    }
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
/// Differs: memory that is to be written and executed is refused with EACCES. So is a file that is
/// shared and to be written, even if it is open to be. Whatever may be written or executed may be
/// read, too, as on most processors. Left out: PROT_GROWSDOWN (EINVAL).
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
/// there, though the rest is done. Here: the same, but what came from a file is zeroes then, too,
/// where Linux reads it anew; of that, it refuses `MADV_FREE` (EINVAL).
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
