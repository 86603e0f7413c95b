//! Calls that the kernel answers by your rules.

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use ktest::expect;
use linux_raw_sys::errno::{EFAULT, EINVAL};
use linux_raw_sys::general::{
    __NR_clock_settime as CLOCK_SETTIME, __NR_getpid as GETPID, __NR_reboot as REBOOT,
    __NR_sethostname as SETHOSTNAME,
};

use super::{Capabilities, Capability, EPERM, Refusal, Set, rights};
use crate::arch::TrapFrame;
use crate::memory::address::VirtAddr;
use crate::process::{self, Exit, Process};
use crate::scheduler::policy::Level;
use crate::syscall::{Context, Descriptor, Errno, table};

/// Where nothing is.
const NOWHERE: u64 = 0x40_0000;

/// Calls that need a right: what else is wrong with them, and what their handlers say to that.
const CALLS: [(u32, [u64; 6], Capability, u32); 3] = [
    (REBOOT, [1, 2, 3, 0, 0, 0], Capability::Boot, EINVAL),
    (SETHOSTNAME, [NOWHERE, 65, 0, 0, 0, 0], Capability::Admin, EINVAL),
    (CLOCK_SETTIME, [0, NOWHERE, 0, 0, 0, 0], Capability::Time, EFAULT),
];

/// The rights of whoever can use `effective` and may take all others.
fn with(effective: Set) -> Capabilities {
    Capabilities { effective, ..Capabilities::ALL }
}

/// What `call` is answered, if `rights` are what is there.
fn answer(rights: Capabilities, call: &Descriptor, arguments: [u64; 6]) -> Result<usize, Errno> {
    let mut frame = TrapFrame::program(VirtAddr(NOWHERE), VirtAddr(NOWHERE));
    rights::answer(rights, call, &mut Context { arguments, frame: &mut frame })
}

/// How often [`noted`] was asked.
static ASKED: AtomicU32 = AtomicU32::new(0);

fn noted(_: &mut Context) -> Result<usize, Errno> {
    ASKED.fetch_add(1, Ordering::Relaxed);
    Ok(7)
}

/// Whether the next call is to be made by a process that has dropped [`GONE`] before.
static DROPS: AtomicBool = AtomicBool::new(false);

/// Calls since then, and in how many of them the process had the right, in whichever set.
static CALLS_WITHOUT: AtomicU64 = AtomicU64::new(0);
static CALLS_WITH: AtomicU64 = AtomicU64::new(0);

/// What is dropped.
const GONE: Capability = Capability::Boot;

/// Sees every call of a program before it is answered.
pub fn watch() {
    let rights = process::capabilities();
    if DROPS.swap(false, Ordering::Relaxed) {
        // What is refused is found out by what the process has then.
        process::set_capabilities(without(rights).unwrap_or(rights));
        return;
    }
    let all = rights.effective | rights.permitted | rights.inheritable | rights.bounding;
    let calls = if Set::from(GONE).is_within(all) { &CALLS_WITH } else { &CALLS_WITHOUT };
    calls.fetch_add(1, Ordering::Relaxed);
}

/// What whoever has `rights` keeps when it drops [`GONE`] wherever it has it.
fn without(rights: Capabilities) -> Result<Capabilities, Refusal> {
    let less = rights::drop_bounding(rights, GONE as u64)?;
    let [effective, permitted] = [less.effective, less.permitted].map(|set| set - GONE.into());
    rights::change(less, Capabilities { effective, permitted, ..less })
}

/// Runs `bin/family` in the way `way`. It has dropped a right before its first call. Says how it
/// ended, in how many calls somebody had the right, and whether many had it not.
fn run_without(way: &str) -> (Exit, u64, bool) {
    let words: [&[u8]; 3] = [b"bin/family", way.as_bytes(), b"4"];
    let process = Process::new("bin/family", &words, &[]).expect("it came with the kernel");
    let calls = [&CALLS_WITH, &CALLS_WITHOUT];
    let before = calls.map(|calls| calls.load(Ordering::Relaxed));
    DROPS.store(true, Ordering::Relaxed);
    let exit = process::wait(process.start(Level::Normal).expect("there is memory"));
    let [with, without] = calls.map(|calls| calls.load(Ordering::Relaxed));
    (exit, with - before[0], without - before[1] > 8)
}

ktest::test! {
    /// Children of a program that has dropped a right are without it, and so is what they become.
    fn families_stay_without() {
        for way in ["forks", "execs"] {
            let input = (way, "4: its end, calls with the right, and whether there were others");
            expect(input, run_without(way), (Exit::Exited(0), 0, true));
        }
    }

    /// The handler of a call is not asked for whoever has no right to it.
    fn no_handler_is_asked_in_vain() {
        let call = Descriptor::new(0, "noted", &[], noted).needs(Capability::Boot);
        let before = ASKED.load(Ordering::Relaxed);
        let asked = || ASKED.load(Ordering::Relaxed) - before;
        let seen = (answer(with(Set::NONE), &call, [0; 6]), asked());
        let expected = (Err(Errno(EPERM)), 0);
        expect("without the right: the answer, and how often asked", seen, expected);
        let seen = (answer(with(Set::ALL), &call, [0; 6]), asked());
        expect("with the right", seen, (Ok(7), 1));
    }

    /// A call of the kernel that needs a right is refused for that, whatever else is wrong with it.
    fn rights_come_first() {
        for (number, arguments, needed, error) in CALLS {
            let call = table::find(number).expect("it is known");
            let seen = answer(with(Set::ALL - needed.into()), call, arguments);
            expect((call.name, "without the right to it"), seen, Err(Errno(EPERM)));
            let seen = answer(with(needed.into()), call, arguments);
            expect((call.name, "with this right, and no other"), seen, Err(Errno(error)));
        }
    }

    /// A call that needs no right is answered to everybody.
    fn most_calls_need_none() {
        let call = table::find(GETPID).expect("it is known");
        let call = Descriptor { handler: noted, ..*call };
        expect("getpid, without any right", answer(with(Set::NONE), &call, [0; 6]), Ok(7));
    }
}
