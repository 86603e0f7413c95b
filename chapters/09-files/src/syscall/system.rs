//! Calls about the system as a whole: how it is, random numbers, the end of it.
//!
//! Linux, `man 2 sysinfo`, `man 2 getrandom`, `man 2 reboot`.

use linux_raw_sys::errno::{EINTR, EINVAL};
use linux_raw_sys::general::{
    __NR_getrandom as GETRANDOM, __NR_reboot as REBOOT, __NR_sysinfo as SYSINFO, GRND_INSECURE,
    GRND_NONBLOCK, GRND_RANDOM, LINUX_REBOOT_CMD_CAD_OFF as CAD_OFF,
    LINUX_REBOOT_CMD_CAD_ON as CAD_ON, LINUX_REBOOT_CMD_HALT as HALT,
    LINUX_REBOOT_CMD_POWER_OFF as POWER_OFF, LINUX_REBOOT_CMD_RESTART as RESTART,
    LINUX_REBOOT_MAGIC1 as MAGIC_1, LINUX_REBOOT_MAGIC2 as MAGIC_2,
    LINUX_REBOOT_MAGIC2A as MAGIC_2A, LINUX_REBOOT_MAGIC2B as MAGIC_2B,
    LINUX_REBOOT_MAGIC2C as MAGIC_2C,
};

use super::capability::Capability;
use super::{Context, Descriptor, Errno, Kind, words};
use crate::memory::address::FRAME_SIZE;
use crate::memory::frames;
use crate::process::load;
use crate::process::user::UserSlice;
use crate::scheduler::{self, table};
use crate::{arch, timer};

/// The calls about the system.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(SYSINFO, "sysinfo", &[Kind::Address], sysinfo),
    Descriptor::new(
        GETRANDOM,
        "getrandom",
        &[Kind::Output, Kind::Size, Kind::Flags(RANDOM_FLAGS)],
        getrandom,
    ),
    Descriptor::new(
        REBOOT,
        "reboot",
        &[Kind::Address, Kind::Address, Kind::Choice(COMMANDS), Kind::Address],
        reboot,
    )
    .needs(Capability::Boot),
];

/// How random bytes can be asked for.
const RANDOM_FLAGS: &[(u32, &str)] = &[
    (GRND_NONBLOCK, "GRND_NONBLOCK"),
    (GRND_RANDOM, "GRND_RANDOM"),
    (GRND_INSECURE, "GRND_INSECURE"),
];

/// What can be done with the machine.
const COMMANDS: &[(u32, &str)] = &[
    (POWER_OFF, "LINUX_REBOOT_CMD_POWER_OFF"),
    (HALT, "LINUX_REBOOT_CMD_HALT"),
    (RESTART, "LINUX_REBOOT_CMD_RESTART"),
    (CAD_ON, "LINUX_REBOOT_CMD_CAD_ON"),
    (CAD_OFF, "LINUX_REBOOT_CMD_CAD_OFF"),
];

/// Tells how long the system has run, how much memory it has, and how many threads there are.
///
/// Linux: EFAULT, or the 112 bytes of a `struct sysinfo`. Here: the same, but that the load is told
/// as 0, since nobody keeps it; there is no swap, and no memory that is shared or a buffer.
fn sysinfo(context: &mut Context) -> Result<usize, Errno> {
    let now = timer::now();
    let uptime = now.as_secs() + u64::from(now.subsec_nanos() > 0);
    let frames = frames::statistics();
    let [total, free] = [frames.total, frames.free].map(|count| count as u64 * FRAME_SIZE);
    let load = [0; 3];
    let [shared, buffers, swap, free_swap, high, free_high] = [0; 6];
    let unit = 1;
    let words = [
        uptime,
        load[0],
        load[1],
        load[2],
        total,
        free,
        shared,
        buffers,
        swap,
        free_swap,
        threads(),
        high,
        free_high,
        unit,
    ];
    words::write_words(context.arguments[0], &words)?;
    Ok(0)
}

/// How many threads there are, in the 16 bits that `struct sysinfo` has for it.
fn threads() -> u64 {
    let mut index = 0;
    let count = core::iter::from_fn(|| table::next(&mut index)).count();
    count.min(u16::MAX.into()) as u64
}

/// Fills memory with bytes that nobody can foresee.
///
/// Linux: as many as are asked for, up to 2 GiB; EINVAL for flags that do not exist or exclude each
/// other; EFAULT if there is no memory for the first of them. Here: the same, and nobody ever
/// waits. The bytes, however, are made of the time: whoever knows when they were made can find
/// them. They are good enough for a hash table and not for a key, and no flag changes that.
fn getrandom(context: &mut Context) -> Result<usize, Errno> {
    let [start, bytes, flags, ..] = context.arguments;
    let flags = flags as u32;
    let both = GRND_RANDOM | GRND_INSECURE;
    if flags & !(both | GRND_NONBLOCK) != 0 || flags & both == both {
        return Err(Errno(EINVAL));
    }
    let room = UserSlice::new(start, bytes.min(i32::MAX as u64) as usize)?;
    let mut done = 0;
    while done < room.len() {
        if done.is_multiple_of(FRAME_SIZE as usize) && scheduler::is_interrupted() {
            return if done > 0 { Ok(done) } else { Err(Errno(EINTR)) };
        }
        match room.write(done, &load::random()) {
            Ok(count) => done += count,
            Err(_) if done > 0 => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(done)
}

/// Switches the machine off.
///
/// Linux: EPERM without CAP_SYS_BOOT, EINVAL unless two numbers are right that nobody passes by
/// accident, EINVAL for a command that does not exist. Here: the same. To halt and to restart also
/// switch off, since whoever started the machine sees to the rest; nobody listens to Ctrl-Alt-Del,
/// so those commands do nothing. Left out: other kernels, sleep.
fn reboot(context: &mut Context) -> Result<usize, Errno> {
    let [first, second, command, ..] = context.arguments.map(|argument| argument as u32);
    if first != MAGIC_1 || ![MAGIC_2, MAGIC_2A, MAGIC_2B, MAGIC_2C].contains(&second) {
        return Err(Errno(EINVAL));
    }
    match command {
        POWER_OFF | HALT | RESTART => {
            println!("goodbye");
            arch::power_off(arch::Status::Success)
        }
        CAD_ON | CAD_OFF => Ok(0),
        _ => Err(Errno(EINVAL)),
    }
}
