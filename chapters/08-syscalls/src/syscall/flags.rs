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
