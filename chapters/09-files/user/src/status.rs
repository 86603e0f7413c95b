//! What the kernel knows of a file: what kind of thing it is, who may use it, how large it is.
//!
//! ```text
//!  mode   15    12  11    9  8 7 6  5 4 3  2 1 0
//!       │ kind   │ special │ r w x│ r w x│ r w x │
//!                           owner  group  others
//! ```
//!
//! (stat(2), inode(7), access(2), chmod(2), utimensat(2).)

use core::ffi::CStr;
use core::mem::MaybeUninit;
use core::time::Duration;

use linux_raw_sys::general;

pub use linux_raw_sys::general::{F_OK, R_OK, W_OK, X_OK};

use crate::file::HERE;
use crate::syscall::{Errno, call};

/// What kind of thing a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file with bytes.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A device that gives and takes bytes, such as a terminal.
    Characters,
    /// A device that gives and takes blocks, such as a disk.
    Blocks,
    /// A pipe.
    Pipe,
    /// A socket.
    Socket,
}

impl Kind {
    /// From the mode of a file.
    pub fn from_mode(mode: u32) -> Option<Self> {
        match mode & general::S_IFMT {
            general::S_IFREG => Some(Self::File),
            general::S_IFDIR => Some(Self::Folder),
            general::S_IFLNK => Some(Self::Link),
            general::S_IFCHR => Some(Self::Characters),
            general::S_IFBLK => Some(Self::Blocks),
            general::S_IFIFO => Some(Self::Pipe),
            general::S_IFSOCK => Some(Self::Socket),
            _ => None,
        }
    }

    /// From the entry of a folder, which has the same number without the twelve zeroes.
    pub fn from_entry(number: u8) -> Option<Self> {
        Self::from_mode(u32::from(number) << 12)
    }
}

/// What the kernel knows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The number of the device that the file is on.
    pub device: u64,
    /// The file's number there.
    pub inode: u64,
    /// Its kind and who may use it.
    pub mode: u32,
    /// How many names it has.
    pub links: u64,
    /// Who owns it.
    pub user: u32,
    /// The group that owns it.
    pub group: u32,
    /// The device that it stands for, if it stands for one.
    pub names_device: u64,
    /// Its bytes.
    pub size: u64,
    /// How many bytes of it are best moved at once.
    pub block_size: u64,
    /// What it takes on the disk, in units of 512 bytes.
    pub blocks: u64,
    /// When its bytes were last changed, since the start of 1970.
    pub modified: Duration,
}

impl Status {
    /// What kind of thing it is; none if the kernel says what nobody knows.
    pub fn kind(&self) -> Option<Kind> {
        Kind::from_mode(self.mode)
    }

    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.kind() == Some(Kind::Folder)
    }

    /// Whether `other` is of the same file.
    pub fn is_same_file(&self, other: &Self) -> bool {
        (self.device, self.inode) == (other.device, other.inode)
    }

    // The machines' structures differ in the widths of their fields.
    #[allow(clippy::unnecessary_cast, reason = "on one machine it is necessary")]
    fn from_structure(it: &general::stat) -> Self {
        Self {
            device: it.st_dev,
            inode: it.st_ino,
            mode: it.st_mode,
            links: it.st_nlink as u64,
            user: it.st_uid,
            group: it.st_gid,
            names_device: it.st_rdev,
            size: it.st_size as u64,
            block_size: it.st_blksize as u64,
            blocks: it.st_blocks as u64,
            modified: Duration::new(it.st_mtime as u64, it.st_mtime_nsec as u32),
        }
    }
}

/// What the kernel knows of the open file `descriptor`.
pub fn fstat(descriptor: usize) -> Result<Status, Errno> {
    let mut found = MaybeUninit::<general::stat>::zeroed();
    let arguments = [descriptor, found.as_mut_ptr() as usize, 0, 0, 0, 0];
    // SAFETY: the kernel writes to where there is room for it.
    unsafe { call(general::__NR_fstat, arguments) }?;
    // SAFETY: it consists of numbers, all of which were written, by the kernel or before.
    Ok(Status::from_structure(&unsafe { found.assume_init() }))
}

/// What the kernel knows of the file at `path`; of a symbolic link's, where it leads.
pub fn stat(path: &CStr) -> Result<Status, Errno> {
    stat_at(HERE, path, 0)
}

/// What the kernel knows of the file at `path`; of a symbolic link, of the link itself.
pub fn lstat(path: &CStr) -> Result<Status, Errno> {
    stat_at(HERE, path, general::AT_SYMLINK_NOFOLLOW)
}

/// What the kernel knows of the file at `path`, which begins at `folder`; `flags` as the manual
/// has them.
pub fn stat_at(folder: usize, path: &CStr, flags: u32) -> Result<Status, Errno> {
    let mut found = MaybeUninit::<general::stat>::zeroed();
    let address = found.as_mut_ptr() as usize;
    let arguments = [folder, path.as_ptr() as usize, address, flags as usize, 0, 0];
    // SAFETY: the kernel reads the path, and writes to where there is room for it.
    unsafe { call(general::__NR_newfstatat, arguments) }?;
    // SAFETY: it consists of numbers, all of which were written, by the kernel or before.
    Ok(Status::from_structure(&unsafe { found.assume_init() }))
}

/// Whether we may do with the file at `path` what `wanted` says: [`R_OK`], [`W_OK`], [`X_OK`], some
/// of them, or only be there, [`F_OK`].
pub fn access(path: &CStr, wanted: u32) -> Result<(), Errno> {
    let arguments = [HERE, path.as_ptr() as usize, wanted as usize, 0, 0, 0];
    // SAFETY: the kernel only reads the path.
    unsafe { call(general::__NR_faccessat, arguments) }?;
    Ok(())
}

/// Changes who may use the file at `path`.
pub fn chmod(path: &CStr, mode: u32) -> Result<(), Errno> {
    let arguments = [HERE, path.as_ptr() as usize, mode as usize, 0, 0, 0];
    // SAFETY: the kernel only reads the path.
    unsafe { call(general::__NR_fchmodat, arguments) }?;
    Ok(())
}

/// A time to give a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// This one, since the start of 1970.
    At(Duration),
    /// What time it is.
    Now,
    /// The one that it has.
    Keep,
}

impl Stamp {
    fn words(self) -> [u64; 2] {
        match self {
            Self::At(time) => [time.as_secs(), time.subsec_nanos().into()],
            Self::Now => [0, general::UTIME_NOW.into()],
            Self::Keep => [0, general::UTIME_OMIT.into()],
        }
    }
}

/// Says when the file at `path` was last read and last changed.
pub fn utimensat(path: &CStr, read: Stamp, changed: Stamp) -> Result<(), Errno> {
    let times = [read.words(), changed.words()];
    let arguments = [HERE, path.as_ptr() as usize, times.as_ptr() as usize, 0, 0, 0];
    // SAFETY: the kernel only reads the path and the times.
    unsafe { call(general::__NR_utimensat, arguments) }?;
    Ok(())
}
