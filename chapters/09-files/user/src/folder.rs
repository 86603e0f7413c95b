//! Folders: what is in one, making and removing what is in them, and where the process is.
//!
//! The kernel gives the entries of a folder in pieces as large as the caller's buffer:
//!
//! ```text
//!  bytes    8       8      2       1      …                    to a multiple of 8
//!        │ inode │ place │ length │ kind │ name, and a zero │ nothing │ inode │ …
//! ```
//!
//! (getdents64(2), mkdir(2), unlink(2), rename(2), link(2), symlink(2), readlink(2), getcwd(2),
//! chdir(2).)

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;

use linux_raw_sys::general;

use crate::descriptor::close;
use crate::file::{HERE, O_CLOEXEC, O_DIRECTORY, O_RDONLY, open};
use crate::status::Kind;
use crate::syscall::{Errno, call};

/// Bytes in front of an entry's name.
const HEADER: usize = 19;

/// The longest path that the kernel takes, and its zero.
const PATH_MAX: usize = general::PATH_MAX as usize;

/// What stands in a folder under one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The file's number.
    pub inode: u64,
    /// What kind of thing it is, if the folder knows it.
    pub kind: Option<Kind>,
    /// Its name.
    pub name: &'a CStr,
}

/// The entries in a piece of a folder.
pub struct Entries<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let inode = u64::from_ne_bytes(*self.rest.first_chunk()?);
        let length = u16::from_ne_bytes(*self.rest.get(16..)?.first_chunk()?);
        let (entry, rest) = self.rest.split_at_checked(usize::from(length))?;
        self.rest = rest;
        let name = CStr::from_bytes_until_nul(entry.get(HEADER..)?).ok()?;
        Some(Entry { inode, kind: Kind::from_entry(entry[18]), name })
    }
}

/// Reads as many more entries of the folder `descriptor` as fit into `buffer`; none: that was all.
/// They are in no order, and `.` and `..` are among them.
pub fn entries(descriptor: usize, buffer: &mut [u8]) -> Result<Entries<'_>, Errno> {
    let arguments = [descriptor, buffer.as_mut_ptr() as usize, buffer.len(), 0, 0, 0];
    // SAFETY: the kernel writes into the buffer, which is lent to us for that.
    let count = unsafe { call(general::__NR_getdents64, arguments) }?;
    Ok(Entries { rest: &buffer[..count] })
}

/// The names of all that is in the folder at `path`, sorted, without `.` and `..`.
pub fn names(path: &CStr) -> Result<Vec<CString>, Errno> {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)?;
    let names = names_in(folder);
    // It was only read: nothing is lost if closing it fails.
    let _ = close(folder);
    names
}

/// The same of the open folder `descriptor`.
fn names_in(descriptor: usize) -> Result<Vec<CString>, Errno> {
    let mut names = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let mut is_over = true;
        for entry in entries(descriptor, &mut buffer)? {
            is_over = false;
            if ![c".", c".."].contains(&entry.name) {
                names.push(entry.name.into());
            }
        }
        if is_over {
            names.sort();
            return Ok(names);
        }
    }
}

/// Makes a folder.
pub fn mkdir(path: &CStr, mode: u32) -> Result<(), Errno> {
    // SAFETY: the kernel only reads the path.
    unsafe { call(general::__NR_mkdirat, [HERE, address(path), mode as usize, 0, 0, 0]) }?;
    Ok(())
}

/// Removes a name that is no folder's.
pub fn unlink(path: &CStr) -> Result<(), Errno> {
    // SAFETY: the kernel only reads the path.
    unsafe { call(general::__NR_unlinkat, [HERE, address(path), 0, 0, 0, 0]) }?;
    Ok(())
}

/// Removes a folder in which nothing is.
pub fn rmdir(path: &CStr) -> Result<(), Errno> {
    let flags = general::AT_REMOVEDIR as usize;
    // SAFETY: the kernel only reads the path.
    unsafe { call(general::__NR_unlinkat, [HERE, address(path), flags, 0, 0, 0]) }?;
    Ok(())
}

/// Gives what is at `old` the name `new`, in one step; what was there before is gone.
pub fn rename(old: &CStr, new: &CStr) -> Result<(), Errno> {
    // SAFETY: the kernel only reads the paths.
    unsafe { call(general::__NR_renameat2, [HERE, address(old), HERE, address(new), 0, 0]) }?;
    Ok(())
}

/// Gives the file at `old` a second name.
pub fn link(old: &CStr, new: &CStr) -> Result<(), Errno> {
    // SAFETY: the kernel only reads the paths.
    unsafe { call(general::__NR_linkat, [HERE, address(old), HERE, address(new), 0, 0]) }?;
    Ok(())
}

/// Makes `path` a symbolic link to `target`, which need not be there.
pub fn symlink(target: &CStr, path: &CStr) -> Result<(), Errno> {
    // SAFETY: the kernel only reads the texts.
    unsafe { call(general::__NR_symlinkat, [address(target), HERE, address(path), 0, 0, 0]) }?;
    Ok(())
}

/// Where the symbolic link at `path` leads.
pub fn readlink(path: &CStr) -> Result<CString, Errno> {
    let mut target = [0_u8; PATH_MAX];
    let arguments = [HERE, address(path), target.as_mut_ptr() as usize, target.len(), 0, 0];
    // SAFETY: the kernel writes the target, without a zero, to where there is room for it.
    let length = unsafe { call(general::__NR_readlinkat, arguments) }?;
    CString::new(&target[..length]).map_err(|_| Errno::EINVAL)
}

/// The path of the folder in which the process is.
pub fn getcwd() -> Result<CString, Errno> {
    let mut path = [0_u8; PATH_MAX];
    let arguments = [path.as_mut_ptr() as usize, path.len(), 0, 0, 0, 0];
    // SAFETY: the kernel writes the path and a zero to where there is room for them.
    unsafe { call(general::__NR_getcwd, arguments) }?;
    CStr::from_bytes_until_nul(&path).map(CString::from).map_err(|_| Errno::EINVAL)
}

/// Goes to the folder at `path`.
pub fn chdir(path: &CStr) -> Result<(), Errno> {
    // SAFETY: the kernel only reads the path.
    unsafe { call(general::__NR_chdir, [address(path), 0, 0, 0, 0, 0]) }?;
    Ok(())
}

fn address(text: &CStr) -> usize {
    text.as_ptr() as usize
}
