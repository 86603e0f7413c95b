//! What is this machine's own about system calls.
//!
//! Linux has the same calls on all machines, with few exceptions. Here they are: those that only
//! this machine has, most of them since Linux began on it, beside their successors; and one whose
//! arguments are in another order.

use linux_raw_sys::errno::{EINVAL, EPERM};
use linux_raw_sys::general::{self as linux, ARCH_SET_FS};

use super::float::{FS, GS, UserState};
use crate::arch::CloneArguments;
use crate::process::user::UserSlice;
use crate::syscall::poll::poll;
use crate::syscall::{Context, Descriptor, Errno, Kind, flags, process, time, words};

/// The calls that only this machine has.
pub const CALLS: &[Descriptor] = &[
    Descriptor::new(linux::__NR_poll, "poll", &[Kind::Address, Kind::Size, Kind::Int], poll),
    Descriptor::new(linux::__NR_fork, "fork", &[], fork),
    Descriptor::new(linux::__NR_vfork, "vfork", &[], vfork),
    Descriptor::new(
        linux::__NR_arch_prctl,
        "arch_prctl",
        &[Kind::Choice(CODES), Kind::Address],
        |context| arch_prctl(context.arguments[0], context.arguments[1]),
    ),
    Descriptor::new(linux::__NR_time, "time", &[Kind::Address], tell_time),
];

/// What `clone` takes.
pub const CLONE_ARGUMENTS: &[Kind] =
    &[Kind::CloneFlags(flags::CLONE), Kind::Address, Kind::Address, Kind::Address, Kind::Address];

/// The codes of `arch_prctl` that `linux-raw-sys` does not have. (Linux,
/// `arch/x86/include/uapi/asm/prctl.h`.)
const ARCH_SET_GS: u32 = 0x1001;
const ARCH_GET_FS: u32 = 0x1003;
const ARCH_GET_GS: u32 = 0x1004;

/// All of them, with their names.
const CODES: &[(u32, &str)] = &[
    (ARCH_SET_FS, "ARCH_SET_FS"),
    (ARCH_SET_GS, "ARCH_SET_GS"),
    (ARCH_GET_FS, "ARCH_GET_FS"),
    (ARCH_GET_GS, "ARCH_GET_GS"),
];

/// `arch_prctl(code, address)`: what is added to addresses in FS and in GS.
///
/// A program has no instruction for that, as long as CR4.FSGSBASE is 0. Each asks for FS at its
/// start: there its C library keeps what belongs to the thread.
///
/// As on Linux, an address beyond the half of programs is `EPERM`, one that cannot be written to
/// tell the present value `EFAULT`, any other code `EINVAL`; and the upper half of the code is
/// ignored. The selector of the segment becomes the null selector. Left out are the codes that are
/// about CPUID faulting, shadow stacks, tags in addresses and AMX: programs ask, and take `EINVAL`
/// for an older kernel.
fn arch_prctl(code: u64, address: u64) -> Result<usize, Errno> {
    match code as u32 {
        ARCH_SET_FS => set_base(FS, address),
        ARCH_SET_GS => set_base(GS, address),
        ARCH_GET_FS => tell(present().base(FS), address),
        ARCH_GET_GS => tell(present().base(GS), address),
        _ => Err(Errno(EINVAL)),
    }
}

fn set_base(segment: usize, base: u64) -> Result<usize, Errno> {
    let mut state = present();
    state.set_base(segment, base).map_err(|_| Errno(EPERM))?;
    state.load();
    Ok(0)
}

fn tell(base: u64, address: u64) -> Result<usize, Errno> {
    UserSlice::new(address, size_of::<u64>())?.write(0, &base.to_le_bytes())?;
    Ok(0)
}

/// What only the program uses, as it is in the processor now. (All of it, which is some hundred
/// bytes; but a program asks once.)
fn present() -> UserState {
    let mut state = UserState::NEW;
    state.save();
    state
}

/// `fork()`: `clone` with nothing that is shared. EAGAIN, ENOMEM, as on Linux.
fn fork(context: &mut Context) -> Result<usize, Errno> {
    let flags = u64::from(linux::SIGCHLD);
    process::start(context, CloneArguments { flags, ..CloneArguments::default() })
}

/// `vfork()`: `clone` of a process that borrows the memory of its parent, which waits meanwhile.
/// EAGAIN, ENOMEM, as on Linux.
fn vfork(context: &mut Context) -> Result<usize, Errno> {
    let flags = u64::from(linux::CLONE_VM | linux::CLONE_VFORK | linux::SIGCHLD);
    process::start(context, CloneArguments { flags, ..CloneArguments::default() })
}

/// Tells the time of day in seconds, also at a place that is not null; EFAULT, as on Linux.
/// (`man 2 time`.)
fn tell_time(context: &mut Context) -> Result<usize, Errno> {
    let [place, ..] = context.arguments;
    let seconds = time::time_of_day().as_secs();
    if place != 0 {
        words::write_words(place, &[seconds])?;
    }
    Ok(seconds as usize)
}

/// The arguments of `clone`: flags, stack, parent's word, child's word, thread pointer. (Linux,
/// `man 2 clone`.)
pub fn clone_arguments(arguments: [u64; 6]) -> CloneArguments {
    let [flags, stack, parent_tid, child_tid, thread_pointer, _] = arguments;
    CloneArguments { flags, stack, parent_tid, child_tid, thread_pointer }
}

#[cfg(feature = "ktest")]
#[path = "calls_tests.rs"]
mod tests;
