//! Bits and numbers with names, as the calls take them; for those who check them, and those who
//! show them.

use linux_raw_sys::general as linux;

use super::Kind;

/// Makes a list of what Linux's header has, with the names that it has there.
macro_rules! named {
    ($($name:ident),* $(,)?) => { &[$((linux::$name as u32, stringify!($name))),*] };
}

/// What `clone` can be told.
pub const CLONE: &[(u32, &str)] = named![
    CLONE_VM,
    CLONE_FS,
    CLONE_FILES,
    CLONE_SIGHAND,
    CLONE_VFORK,
    CLONE_PARENT,
    CLONE_THREAD,
    CLONE_SYSVSEM,
    CLONE_SETTLS,
    CLONE_PARENT_SETTID,
    CLONE_CHILD_CLEARTID,
    CLONE_DETACHED,
    CLONE_CHILD_SETTID,
    CLONE_IO,
];

/// What `wait4` can be told.
pub const WAIT: &[(u32, &str)] =
    named![WNOHANG, WUNTRACED, WCONTINUED, __WNOTHREAD, __WALL, __WCLONE];

/// What `futex` can be told to do.
pub const FUTEX: &[(u32, &str)] = named![
    FUTEX_WAIT,
    FUTEX_WAKE,
    FUTEX_REQUEUE,
    FUTEX_CMP_REQUEUE,
    FUTEX_WAIT_BITSET,
    FUTEX_WAKE_BITSET,
    FUTEX_WAIT_PRIVATE,
    FUTEX_WAKE_PRIVATE,
    FUTEX_REQUEUE_PRIVATE,
    FUTEX_CMP_REQUEUE_PRIVATE,
    FUTEX_WAIT_BITSET_PRIVATE,
    FUTEX_WAKE_BITSET_PRIVATE,
];

/// What may be done with memory.
pub const PROTECTION: &[(u32, &str)] = named![PROT_NONE, PROT_READ, PROT_WRITE, PROT_EXEC];

/// What memory `mmap` is to give.
pub const MAPPING: &[(u32, &str)] = named![
    MAP_FILE,
    MAP_SHARED,
    MAP_PRIVATE,
    MAP_FIXED,
    MAP_ANONYMOUS,
    MAP_NORESERVE,
    MAP_POPULATE,
    MAP_GROWSDOWN,
    MAP_LOCKED,
    MAP_STACK,
    MAP_HUGETLB,
    MAP_FIXED_NOREPLACE,
];

/// How a file is to be opened, beside whether it is read or written; of these `pipe2` and `dup3`
/// take some.
pub const OPEN: &[(u32, &str)] = named![
    O_CREAT,
    O_EXCL,
    O_NOCTTY,
    O_TRUNC,
    O_APPEND,
    O_NONBLOCK,
    O_SYNC,
    O_DSYNC,
    O_DIRECT,
    O_LARGEFILE,
    O_NOFOLLOW,
    O_NOATIME,
    O_CLOEXEC,
    O_PATH,
    O_TMPFILE,
    O_DIRECTORY,
    FASYNC,
];

/// The mode of a file, if one is to be made.
pub fn mode(flags: u64) -> Option<Kind> {
    let makes = linux::O_CREAT | linux::__O_TMPFILE;
    if flags as u32 & makes != 0 { Some(Kind::Mode) } else { None }
}

/// What calls that take a folder and a path can be told.
pub const AT: &[(u32, &str)] =
    named![AT_SYMLINK_NOFOLLOW, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, AT_NO_AUTOMOUNT, AT_EMPTY_PATH,];

/// What `faccessat2` can be told, of which one bit means something else.
pub const AT_ACCESS: &[(u32, &str)] = named![AT_SYMLINK_NOFOLLOW, AT_EACCESS, AT_EMPTY_PATH];

/// What `faccessat` can be asked.
pub const ACCESS: &[(u32, &str)] = named![F_OK, R_OK, W_OK, X_OK];

/// What `renameat2` can be told.
pub const RENAME: &[(u32, &str)] = named![RENAME_NOREPLACE, RENAME_EXCHANGE];

/// What `close_range` can be told.
pub const CLOSE_RANGE: &[(u32, &str)] = &[(CLOSE_RANGE_CLOEXEC, "CLOSE_RANGE_CLOEXEC")];

/// `execve` is to close them. (Linux, `include/uapi/linux/close_range.h`.)
pub const CLOSE_RANGE_CLOEXEC: u32 = 1 << 2;

/// From where an offset is meant.
pub const WHENCE: &[(u32, &str)] = named![SEEK_SET, SEEK_CUR, SEEK_END];

/// What may be said of a descriptor.
pub const DESCRIPTOR: &[(u32, &str)] = named![FD_CLOEXEC];

/// What `fcntl` is to do.
pub const FCNTL: &[(u32, &str)] =
    named![F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_SETLK, F_SETLKW, F_DUPFD_CLOEXEC,];
