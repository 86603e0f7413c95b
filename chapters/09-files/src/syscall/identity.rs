//! Calls about users: who one is.
//!
//! There is one user, root, and everybody is root. What a process may do is a matter of its
//! capabilities, not of its user. Linux, `man 2 getuid`, `man 2 getresuid`, `man 2 getgroups`.

use linux_raw_sys::errno::EINVAL;
use linux_raw_sys::general::{
    __NR_getegid as GETEGID, __NR_geteuid as GETEUID, __NR_getgid as GETGID,
    __NR_getgroups as GETGROUPS, __NR_getresgid as GETRESGID, __NR_getresuid as GETRESUID,
    __NR_getuid as GETUID,
};

use super::{Context, Descriptor, Errno, Kind, words};

/// The calls about users.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(GETUID, "getuid", &[], root),
    Descriptor::new(GETEUID, "geteuid", &[], root),
    Descriptor::new(GETGID, "getgid", &[], root),
    Descriptor::new(GETEGID, "getegid", &[], root),
    Descriptor::new(GETRESUID, "getresuid", &THREE, three_of_root),
    Descriptor::new(GETRESGID, "getresgid", &THREE, three_of_root),
    Descriptor::new(GETGROUPS, "getgroups", &[Kind::Int, Kind::Address], getgroups),
];

/// Where the real, the effective and the saved user are told.
const THREE: [Kind; 3] = [Kind::Got(&Kind::IntAt); 3];

/// The number of the user root, and of its group.
const ROOT: u32 = 0;

/// Tells who one is, as a user or a group. It cannot fail, as on Linux. Left out: to become
/// somebody else, by `setuid` and its like.
fn root(_: &mut Context) -> Result<usize, Errno> {
    Ok(ROOT as usize)
}

/// Tells who one is three times: really, to those who ask for rights, and kept aside. EFAULT, as on
/// Linux.
fn three_of_root(context: &mut Context) -> Result<usize, Errno> {
    for place in &context.arguments[..3] {
        words::write_halves(*place, &[ROOT])?;
    }
    Ok(0)
}

/// Tells which further groups one belongs to: none.
///
/// Linux: as many as there is room for at the second argument, or EINVAL if there are more; EINVAL
/// for a negative room. Here: there are none, so any room will do.
fn getgroups(context: &mut Context) -> Result<usize, Errno> {
    let [room, ..] = context.arguments;
    if (room as i32) < 0 { Err(Errno(EINVAL)) } else { Ok(0) }
}
