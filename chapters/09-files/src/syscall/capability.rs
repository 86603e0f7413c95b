//! Capabilities: what a process may ask of the kernel that not everybody may.
//!
//! What a process may make of its rights stands in `rules`. Here are the calls: how a program asks
//! for its rights, and for fewer. Linux, `man 2 capget`, `man 2 prctl`; kernel/capability.c.

#[cfg_attr(exercise = "08-capability", path = "../../../08-syscalls/exercises/5-capability/mod.rs")]
mod rules;

use linux_raw_sys::errno::{EINVAL, EPERM, ESRCH};
use linux_raw_sys::general::{
    __NR_capget as CAPGET, __NR_capset as CAPSET, _LINUX_CAPABILITY_VERSION_1 as VERSION_1,
    _LINUX_CAPABILITY_VERSION_2 as VERSION_2, _LINUX_CAPABILITY_VERSION_3 as VERSION_3,
};

#[cfg(exercise = "08-capability")]
pub(super) use rules::answer;
pub use rules::{Capabilities, Capability};
use rules::{Refusal, Set};

use super::{Context, Descriptor, Errno, Kind, words};
use crate::process::{self, Pid, threads};

/// The calls about them.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(CAPGET, "capget", &[Kind::Address, Kind::Address], capget),
    Descriptor::new(CAPSET, "capset", &[Kind::Address, Kind::Address], capset),
];

impl From<Refusal> for Errno {
    fn from(refusal: Refusal) -> Self {
        Self(match refusal {
            Refusal::NotPermitted => EPERM,
            Refusal::Unknown => EINVAL,
        })
    }
}

/// Tells the rights of a process: `effective`, `permitted` and `inheritable`.
///
/// Linux: the header has the version of the interface and whose rights are meant, 0 being one's
/// own. A version that does not exist is EINVAL, and the one that is preferred is left in its
/// place; without a place for the data that is no error, which is how programs find out. EINVAL for
/// a negative number, ESRCH for nobody's, EFAULT. Here: the same. Left out: rights that differ from
/// thread to thread.
fn capget(context: &mut Context) -> Result<usize, Errno> {
    let [header, data, ..] = context.arguments;
    let version = Version::read(header);
    if data == 0 {
        return if matches!(version, Err(Errno(EINVAL))) { Ok(0) } else { version.map(|_| 0) };
    }
    let version = version?;
    let pid = target(header)?;
    if pid < 0 {
        return Err(Errno(EINVAL));
    }
    let found = match pid {
        0 => Some(process::capabilities()),
        _ => process::capabilities_of(Pid(pid as u32)),
    };
    let Capabilities { effective, permitted, inheritable, .. } = found.ok_or(Errno(ESRCH))?;
    let low = [effective, permitted, inheritable].map(|set| set.bits() as u32);
    let high = [effective, permitted, inheritable].map(|set| (set.bits() >> 32) as u32);
    words::write_halves(data, &[low, high].as_flattened()[..version.halves()])?;
    Ok(0)
}

/// Changes one's own rights.
///
/// Linux: as `capget`, but nobody else's rights can be changed (EPERM), also by no other thread of
/// the process, and more than the rules allow is EPERM as well. Here: the same.
fn capset(context: &mut Context) -> Result<usize, Errno> {
    let [header, data, ..] = context.arguments;
    let version = Version::read(header)?;
    let pid = target(header)?;
    if pid != 0 && threads::current_tid() != Pid(pid as u32) {
        return Err(Errno(EPERM));
    }
    let [effective, permitted, inheritable] = version.read_sets(data)?;
    let wanted = process::capabilities().with(effective, permitted, inheritable)?;
    process::set_capabilities(wanted);
    Ok(0)
}

/// Whether the bounding set has the capability of this `number`: 1 or 0. (`prctl`,
/// PR_CAPBSET_READ.)
pub(super) fn has_bounding(number: u64) -> Result<usize, Errno> {
    let is_in = Set::one(number)?.is_within(process::capabilities().bounding);
    Ok(is_in.into())
}

/// Takes the capability of this `number` out of the bounding set. (`prctl`, PR_CAPBSET_DROP.)
pub(super) fn drop_bounding(number: u64) -> Result<usize, Errno> {
    process::set_capabilities(process::capabilities().without_bounding(number)?);
    Ok(0)
}

/// Whose rights the header at `place` means.
fn target(place: u64) -> Result<i32, Errno> {
    let [_, pid] = words::read_halves(place)?;
    Ok(pid.cast_signed())
}

/// How many capabilities a program expects there to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// 32, as it was once.
    Short,
    /// 64, in two structures of 32 each.
    Long,
}

impl Version {
    /// The version that the header at `place` says. If there is none such, the header is told of
    /// the one that should be taken.
    fn read(place: u64) -> Result<Self, Errno> {
        let [version] = words::read_halves(place)?;
        match version {
            VERSION_1 => Ok(Self::Short),
            VERSION_2 | VERSION_3 => Ok(Self::Long),
            _ => {
                words::write_halves(place, &[VERSION_3])?;
                Err(Errno(EINVAL))
            }
        }
    }

    /// Words of 32 bits in the data.
    fn halves(self) -> usize {
        match self {
            Self::Short => 3,
            Self::Long => 6,
        }
    }

    /// The three sets in the data at `place`.
    fn read_sets(self, place: u64) -> Result<[Set; 3], Errno> {
        let low: [u32; 3] = words::read_halves(place)?;
        let high: [u32; 3] = match self {
            Self::Short => [0; 3],
            Self::Long => words::read_halves(place.saturating_add(12))?,
        };
        let set = |index: usize| Set::new(u64::from(high[index]) << 32 | u64::from(low[index]));
        Ok([0, 1, 2].map(set))
    }
}
