//! Bits and numbers with names, as the calls take them; for those who check them, and those who
//! show them.

use linux_raw_sys::general as linux;

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
pub const PROTECTION: &[(u32, &str)] = named![PROT_READ, PROT_WRITE, PROT_EXEC];

/// What memory `mmap` is to give.
pub const MAPPING: &[(u32, &str)] = named![
    MAP_SHARED,
    MAP_PRIVATE,
    MAP_FIXED,
    MAP_ANONYMOUS,
    MAP_GROWSDOWN,
    MAP_LOCKED,
    MAP_NORESERVE,
    MAP_POPULATE,
    MAP_STACK,
    MAP_HUGETLB,
    MAP_FIXED_NOREPLACE,
];

/// How a file is to be opened. (To read only is the number 0.)
pub const OPEN: &[(u32, &str)] = named![
    O_WRONLY,
    O_RDWR,
    O_CREAT,
    O_EXCL,
    O_NOCTTY,
    O_TRUNC,
    O_APPEND,
    O_NONBLOCK,
    O_DIRECTORY,
    O_NOFOLLOW,
    O_NOATIME,
    O_CLOEXEC,
    O_PATH,
];

/// What calls that take a folder and a path can be told.
pub const AT: &[(u32, &str)] =
    named![AT_SYMLINK_NOFOLLOW, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, AT_NO_AUTOMOUNT, AT_EMPTY_PATH,];

/// What `faccessat` can be asked.
pub const ACCESS: &[(u32, &str)] = named![R_OK, W_OK, X_OK];

/// What `renameat2` can be told.
pub const RENAME: &[(u32, &str)] = named![RENAME_NOREPLACE, RENAME_EXCHANGE];

/// What `close_range` can be told.
pub const CLOSE_RANGE: &[(u32, &str)] = &[(CLOSE_RANGE_CLOEXEC, "CLOSE_RANGE_CLOEXEC")];

/// `execve` is to close them. (Linux, `include/uapi/linux/close_range.h`.)
pub const CLOSE_RANGE_CLOEXEC: u32 = 1 << 2;

/// What `dup3` can be told.
pub const DUP: &[(u32, &str)] = named![O_CLOEXEC];

/// What `pipe2` can be told.
pub const PIPE: &[(u32, &str)] = named![O_CLOEXEC, O_NONBLOCK, O_DIRECT];

/// From where an offset is meant.
pub const WHENCE: &[(u32, &str)] = named![SEEK_SET, SEEK_CUR, SEEK_END];

/// What `fcntl` is to do.
pub const FCNTL: &[(u32, &str)] =
    named![F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_SETLK, F_SETLKW, F_DUPFD_CLOEXEC,];
