//! What the machine and the kernel say of themselves, and turning the machine off.
//!
//! (sysinfo(2), uname(2), getrandom(2), reboot(2), prctl(2).)

use core::ffi::{CStr, c_char};
use core::time::Duration;

use linux_raw_sys::{general, prctl, system};

use crate::syscall::{Errno, call};

/// How the machine is doing.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// How long it has been running.
    pub uptime: Duration,
    /// Bytes of memory that the kernel has to give.
    pub total: u64,
    /// Those that nobody has.
    pub free: u64,
    /// How many processes there are.
    pub processes: u16,
}

/// Asks how the machine is doing.
pub fn state() -> Result<State, Errno> {
    let mut info = core::mem::MaybeUninit::<system::sysinfo>::zeroed();
    // SAFETY: the kernel writes to where there is room for it.
    unsafe { call(general::__NR_sysinfo, [info.as_mut_ptr() as usize, 0, 0, 0, 0, 0]) }?;
    // SAFETY: it consists of numbers, all of which were written, by the kernel or before.
    let info = unsafe { info.assume_init() };
    let unit = u64::from(info.mem_unit).max(1);
    Ok(State {
        uptime: Duration::from_secs(info.uptime as u64),
        total: info.totalram * unit,
        free: info.freeram * unit,
        processes: info.procs,
    })
}

/// The kernel's name for itself and for the machine.
pub struct Names(system::new_utsname);

impl Names {
    /// Asks for them.
    pub fn get() -> Result<Self, Errno> {
        let none = [0; 65];
        let mut names = system::new_utsname {
            sysname: none,
            nodename: none,
            release: none,
            version: none,
            machine: none,
            domainname: none,
        };
        let arguments = [&raw mut names as usize, 0, 0, 0, 0, 0];
        // SAFETY: the kernel writes to where there is room for it.
        unsafe { call(general::__NR_uname, arguments) }?;
        Ok(Self(names))
    }

    /// The kernel's name.
    pub fn system(&self) -> &str {
        text(&self.0.sysname)
    }

    /// The machine's kind.
    pub fn machine(&self) -> &str {
        text(&self.0.machine)
    }

    /// Which version of the interface it is.
    pub fn release(&self) -> &str {
        text(&self.0.release)
    }

    /// Every name, in the kernel's order.
    pub fn all(&self) -> [&str; 6] {
        let Self(names) = self;
        let fields = [
            &names.sysname,
            &names.nodename,
            &names.release,
            &names.version,
            &names.machine,
            &names.domainname,
        ];
        fields.map(text)
    }
}

/// The text in `field`, up to its zero.
fn text(field: &[c_char; 65]) -> &str {
    // SAFETY: a character of C is a byte, whatever its sign.
    let bytes = unsafe { &*(&raw const *field).cast::<[u8; 65]>() };
    CStr::from_bytes_until_nul(bytes).ok().and_then(|text| text.to_str().ok()).unwrap_or("?")
}

/// Fills `bytes` with random ones; says how many were.
pub fn random(bytes: &mut [u8]) -> Result<usize, Errno> {
    let arguments = [bytes.as_mut_ptr() as usize, bytes.len(), 0, 0, 0, 0];
    // SAFETY: the kernel writes into the bytes, which are lent to us for that.
    unsafe { call(general::__NR_getrandom, arguments) }
}

/// Turns the machine off. It comes back only with an error.
pub fn power_off() -> Errno {
    let arguments = [
        general::LINUX_REBOOT_MAGIC1 as usize,
        general::LINUX_REBOOT_MAGIC2 as usize,
        general::LINUX_REBOOT_CMD_POWER_OFF as usize,
        0,
        0,
        0,
    ];
    // SAFETY: nothing of ours changes, unless all of it ends.
    match unsafe { call(general::__NR_reboot, arguments) } {
        Err(error) => error,
        Ok(_) => unreachable!("the machine is off"),
    }
}

/// Calls this thread `name`; what is longer than 15 bytes is cut off.
pub fn set_thread_name(name: &CStr) -> Result<(), Errno> {
    let arguments = [prctl::PR_SET_NAME as usize, name.as_ptr() as usize, 0, 0, 0, 0];
    // SAFETY: the kernel only reads the name.
    unsafe { call(general::__NR_prctl, arguments) }?;
    Ok(())
}

/// What this thread is called, and a zero.
pub fn thread_name() -> Result<[u8; 16], Errno> {
    let mut name = [0; 16];
    let arguments = [prctl::PR_GET_NAME as usize, name.as_mut_ptr() as usize, 0, 0, 0, 0];
    // SAFETY: the kernel writes sixteen bytes to where they have room.
    unsafe { call(general::__NR_prctl, arguments) }?;
    Ok(name)
}
