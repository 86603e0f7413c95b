//! Capabilities: what a process may do of all that only root may.
//!
//! A process has three sets of 64 bits: what it may do now, what it may give itself, and what it
//! leaves to programs that it executes. Beside them stands the bounding set, which no later
//! program of its family gets beyond. (capabilities(7), capget(2).)

use linux_raw_sys::{general, prctl};

use crate::syscall::{Errno, call};

/// May turn the machine off.
pub const SYS_BOOT: u32 = general::CAP_SYS_BOOT;
/// May change the machine's name, and much more.
pub const SYS_ADMIN: u32 = general::CAP_SYS_ADMIN;
/// May set the clock.
pub const SYS_TIME: u32 = general::CAP_SYS_TIME;

/// The capabilities of a process, a bit for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sets {
    /// What it may do now.
    pub effective: u64,
    /// What it may give itself.
    pub permitted: u64,
    /// What it leaves to programs that it executes.
    pub inheritable: u64,
}

/// `struct __user_cap_header_struct`: which form, and whose; 0 is who asks.
type Header = [u32; 2];

/// Two of `struct __user_cap_data_struct`, with the lower and the upper halves of the three sets.
type Halves = [[u32; 3]; 2];

const HEADER: Header = [general::_LINUX_CAPABILITY_VERSION_3, 0];

/// What this process has.
pub fn get() -> Result<Sets, Errno> {
    let mut header = HEADER;
    let mut halves: Halves = [[0; 3]; 2];
    let arguments = [&raw mut header as usize, &raw mut halves as usize, 0, 0, 0, 0];
    // SAFETY: the kernel writes to where there is room for it.
    unsafe { call(general::__NR_capget, arguments) }?;
    let set = |index: usize| u64::from(halves[1][index]) << 32 | u64::from(halves[0][index]);
    Ok(Sets { effective: set(0), permitted: set(1), inheritable: set(2) })
}

/// Makes `sets` what this process has. None but the inheritable ones can grow.
pub fn set(sets: &Sets) -> Result<(), Errno> {
    let mut header = HEADER;
    let all = [sets.effective, sets.permitted, sets.inheritable];
    let halves: Halves = [all.map(|set| set as u32), all.map(|set| (set >> 32) as u32)];
    let arguments = [&raw mut header as usize, &raw const halves as usize, 0, 0, 0, 0];
    // SAFETY: the kernel reads them, and writes into the header at most.
    unsafe { call(general::__NR_capset, arguments) }?;
    Ok(())
}

/// Gives `capability` up, for good.
pub fn drop(capability: u32) -> Result<(), Errno> {
    let keep = !(1 << capability);
    let sets = get()?;
    set(&Sets {
        effective: sets.effective & keep,
        permitted: sets.permitted & keep,
        inheritable: sets.inheritable & keep,
    })
}

/// Whether programs that this process executes may have `capability`.
pub fn is_bounded_in(capability: u32) -> Result<bool, Errno> {
    Ok(bounding(prctl::PR_CAPBSET_READ, capability)? == 1)
}

/// Takes `capability` from all programs that this process will execute.
pub fn drop_bound(capability: u32) -> Result<(), Errno> {
    bounding(prctl::PR_CAPBSET_DROP, capability)?;
    Ok(())
}

fn bounding(operation: u32, capability: u32) -> Result<usize, Errno> {
    let arguments = [operation as usize, capability as usize, 0, 0, 0, 0];
    // SAFETY: it is about the kernel's notes on this process only.
    unsafe { call(general::__NR_prctl, arguments) }
}
