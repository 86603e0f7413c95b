//! The calls about files as they are, for programs that try them out.
//!
//! Whoever tries a call out wants to say every argument, also a wrong one, and to see every answer.
//! So these take flags as numbers and leave it to the kernel to refuse. ARM64 has only the calls
//! that take a folder's descriptor beside a path; both machines use those here.
//!
//! (Linux's manual pages, section 2; each function has the name of its call.)

use core::ffi::CStr;
use core::mem::MaybeUninit;

use linux_raw_sys::general;

use crate::syscall::{Errno, call};

/// What a call answers.
pub type Answer = Result<usize, Errno>;

/// What a call says of a file; its fields lie elsewhere on each machine.
pub type Stat = general::stat;

/// Stands for the folder that the process is in.
pub const HERE: usize = general::AT_FDCWD as isize as usize;

/// The bits of a mode that say what kind of thing it is.
pub const KIND: u32 = general::S_IFMT;

/// Where a path is looked for: below a folder's descriptor, or [`HERE`].
pub type At<'a> = (usize, &'a CStr);

/// A path that begins where the process is.
pub fn here(path: &CStr) -> At<'_> {
    (HERE, path)
}

/// Asks for `number` with `arguments` and zeroes.
///
/// # Safety
///
/// The system call must do nothing to this program's memory that Rust does not know of.
unsafe fn ask(number: u32, arguments: &[usize]) -> Answer {
    let mut all = [0; 6];
    all[..arguments.len()].copy_from_slice(arguments);
    // SAFETY: the caller promises the same.
    unsafe { call(number, all) }
}

/// Asks for a call whose arguments are numbers, and which changes no memory of ours.
fn about_numbers(number: u32, arguments: &[usize]) -> Answer {
    // SAFETY: nothing of the memory changes.
    unsafe { ask(number, arguments) }
}

/// Asks for a call about a path and numbers.
fn about_path(number: u32, (folder, path): At, arguments: &[usize]) -> Answer {
    let mut all = [folder, path.as_ptr() as usize, 0, 0, 0, 0];
    all[2..2 + arguments.len()].copy_from_slice(arguments);
    // SAFETY: the kernel reads the path.
    unsafe { call(number, all) }
}

/// Opens `at`, or makes a file there with the rights `mode`.
pub fn openat(at: At, flags: u32, mode: u32) -> Answer {
    about_path(general::__NR_openat, at, &[flags as usize, mode as usize])
}

/// Opens the file at `path`; what is made has the usual rights.
pub fn open(path: &CStr, flags: u32) -> Answer {
    openat(here(path), flags, 0o666)
}

/// Closes `descriptor`.
pub fn close(descriptor: usize) -> Answer {
    about_numbers(general::__NR_close, &[descriptor])
}

/// Reads into `bytes`.
pub fn read(descriptor: usize, bytes: &mut [u8]) -> Answer {
    // SAFETY: the kernel writes into the bytes, which are lent to us for that.
    unsafe { ask(general::__NR_read, &[descriptor, bytes.as_mut_ptr() as usize, bytes.len()]) }
}

/// Reads into `bytes` from `offset` on.
pub fn pread64(descriptor: usize, bytes: &mut [u8], offset: i64) -> Answer {
    let arguments = [descriptor, bytes.as_mut_ptr() as usize, bytes.len(), offset as usize];
    // SAFETY: as for `read`.
    unsafe { ask(general::__NR_pread64, &arguments) }
}

/// Writes `bytes`.
pub fn write(descriptor: usize, bytes: &[u8]) -> Answer {
    crate::syscall::write(descriptor, bytes)
}

/// Moves to `offset`, counted from what `whence` says.
pub fn lseek(descriptor: usize, offset: i64, whence: u32) -> Answer {
    about_numbers(general::__NR_lseek, &[descriptor, offset as usize, whence as usize])
}

/// What there is to say of the file behind `descriptor`.
pub fn fstat(descriptor: usize) -> Result<Stat, Errno> {
    let mut stat = MaybeUninit::<Stat>::zeroed();
    // SAFETY: the kernel writes to where there is room for it.
    unsafe { ask(general::__NR_fstat, &[descriptor, stat.as_mut_ptr() as usize]) }?;
    // SAFETY: it consists of numbers, all of which were written, by the kernel or before.
    Ok(unsafe { stat.assume_init() })
}

/// What there is to say of the file at `at`.
pub fn newfstatat(at: At, flags: u32) -> Result<Stat, Errno> {
    let mut stat = MaybeUninit::<Stat>::zeroed();
    about_path(general::__NR_newfstatat, at, &[stat.as_mut_ptr() as usize, flags as usize])?;
    // SAFETY: as for `fstat`.
    Ok(unsafe { stat.assume_init() })
}

/// What there is to say of the file at `path`, behind all links.
pub fn stat(path: &CStr) -> Result<Stat, Errno> {
    newfstatat(here(path), 0)
}

/// Makes a folder.
pub fn mkdirat(at: At, mode: u32) -> Answer {
    about_path(general::__NR_mkdirat, at, &[mode as usize])
}

/// Makes a folder with the usual rights.
pub fn mkdir(path: &CStr) -> Answer {
    mkdirat(here(path), 0o777)
}

/// Takes a name away.
pub fn unlinkat(at: At, flags: u32) -> Answer {
    about_path(general::__NR_unlinkat, at, &[flags as usize])
}

/// Takes the name of a file away.
pub fn unlink(path: &CStr) -> Answer {
    unlinkat(here(path), 0)
}

/// Takes the name of a folder away.
pub fn rmdir(path: &CStr) -> Answer {
    unlinkat(here(path), general::AT_REMOVEDIR)
}

/// Gives what is at `from` the name `to`.
pub fn renameat2(from: At, to: At, flags: u32) -> Answer {
    let arguments = [to.0, to.1.as_ptr() as usize, flags as usize];
    about_path(general::__NR_renameat2, from, &arguments)
}

/// The same without flags, where the process is.
pub fn rename(from: &CStr, to: &CStr) -> Answer {
    renameat2(here(from), here(to), 0)
}

/// Gives the file at `from` also the name `to`.
pub fn linkat(from: At, to: At, flags: u32) -> Answer {
    let arguments = [to.0, to.1.as_ptr() as usize, flags as usize];
    about_path(general::__NR_linkat, from, &arguments)
}

/// Makes a link with the text `target`.
pub fn symlinkat(target: &CStr, at: At) -> Answer {
    let arguments = [target.as_ptr() as usize, at.0, at.1.as_ptr() as usize];
    // SAFETY: the kernel reads both texts.
    unsafe { ask(general::__NR_symlinkat, &arguments) }
}

/// Makes a link with the text `target`, where the process is.
pub fn symlink(target: &CStr, path: &CStr) -> Answer {
    symlinkat(target, here(path))
}

/// Puts the text of a link into `bytes`.
pub fn readlinkat(at: At, bytes: &mut [u8]) -> Answer {
    // The kernel writes into the bytes, which are lent to us for that.
    about_path(general::__NR_readlinkat, at, &[bytes.as_mut_ptr() as usize, bytes.len()])
}

/// Makes the file behind `descriptor` `length` bytes long.
pub fn ftruncate(descriptor: usize, length: i64) -> Answer {
    about_numbers(general::__NR_ftruncate, &[descriptor, length as usize])
}

/// Makes the file at `path` `length` bytes long.
pub fn truncate(path: &CStr, length: i64) -> Answer {
    // SAFETY: the kernel reads the path.
    unsafe { ask(general::__NR_truncate, &[path.as_ptr() as usize, length as usize]) }
}

/// A second descriptor for the same, the lowest that is free.
pub fn dup(descriptor: usize) -> Answer {
    about_numbers(general::__NR_dup, &[descriptor])
}

/// Makes `new` a second descriptor for `old`.
pub fn dup3(old: usize, new: usize, flags: u32) -> Answer {
    about_numbers(general::__NR_dup3, &[old, new, flags as usize])
}

/// Asks about a descriptor, or changes it.
pub fn fcntl(descriptor: usize, operation: u32, argument: usize) -> Answer {
    about_numbers(general::__NR_fcntl, &[descriptor, operation as usize, argument])
}

/// Makes a pipe: the descriptor to read from, and that to write to.
pub fn pipe2(flags: u32) -> Result<[usize; 2], Errno> {
    let mut ends = [-1_i32; 2];
    // SAFETY: the kernel writes to where there is room for two numbers.
    unsafe { ask(general::__NR_pipe2, &[ends.as_mut_ptr() as usize, flags as usize]) }?;
    Ok(ends.map(|end| end as usize))
}

/// Puts the next entries of a folder into `bytes`.
pub fn getdents64(descriptor: usize, bytes: &mut [u8]) -> Answer {
    let arguments = [descriptor, bytes.as_mut_ptr() as usize, bytes.len()];
    // SAFETY: the kernel writes into the bytes, which are lent to us for that.
    unsafe { ask(general::__NR_getdents64, &arguments) }
}

/// Goes to another folder.
pub fn chdir(path: &CStr) -> Answer {
    // SAFETY: the kernel reads the path.
    unsafe { ask(general::__NR_chdir, &[path.as_ptr() as usize]) }
}

/// Goes to the folder behind `descriptor`.
pub fn fchdir(descriptor: usize) -> Answer {
    about_numbers(general::__NR_fchdir, &[descriptor])
}

/// Puts the path of the folder that the process is in, and a zero, into `bytes`.
pub fn getcwd(bytes: &mut [u8]) -> Answer {
    // SAFETY: as for `getdents64`.
    unsafe { ask(general::__NR_getcwd, &[bytes.as_mut_ptr() as usize, bytes.len()]) }
}

/// Takes these rights from all that this process makes from now on; those before.
pub fn umask(mask: u32) -> Answer {
    about_numbers(general::__NR_umask, &[mask as usize])
}

/// A descriptor, and what is to be known of it.
pub type Watched = general::pollfd;

/// Waits until something can be done with one of `watched`, but not longer than `milliseconds`.
pub fn ppoll(watched: &mut [Watched], milliseconds: Option<u64>) -> Answer {
    let mut time = milliseconds.map(|time| [time / 1000, time % 1000 * 1_000_000]);
    let time = time.as_mut().map_or(0, |time| time.as_mut_ptr() as usize);
    let arguments = [watched.as_mut_ptr() as usize, watched.len(), time, 0, 0];
    // SAFETY: the kernel writes what it found to `watched`, and the rest of the time to the time.
    unsafe { ask(general::__NR_ppoll, &arguments) }
}
