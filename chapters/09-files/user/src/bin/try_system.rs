//! Tries out calls about the whole system that change nothing: who one is, what was used, by what
//! policy one runs, and how not to name the machine, to set its clock or to switch it off.

#![no_std]
#![no_main]

use core::cell::UnsafeCell;

use linux_raw_sys::{general, prctl};
use user::process::getpid;
use user::report::{self, KERNEL, NOWHERE};
use user::system::Names;
use user::{Errno, Start};

/// A number that no process has.
const NOBODY: usize = 1_999_999_999;

/// A number that is negative.
const NEGATIVE: usize = u32::MAX as usize;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    users();
    usage();
    policy();
    choices();
    name();
    clocks();
    reboot();
    0
}

/// Asks for a call of this file.
fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: what the kernel may write to is in cells, or not ours.
    unsafe { report::ask_silently(number, arguments) }
}

fn users() {
    for (what, number) in
        [("getresuid", general::__NR_getresuid), ("getresgid", general::__NR_getresgid)]
    {
        let three = UnsafeCell::new([9_u32; 3]);
        let place = three.get() as usize;
        report::answer(what, ask(number, &[place, place + 4, place + 8]));
        report::truth("all three are root", three.into_inner() == [0; 3]);
        for arguments in [[NOWHERE, place, place], [place, 0, place], [place, place, KERNEL]] {
            report::answer(what, ask(number, &arguments));
        }
    }
    report::answer("getgroups: less than none", ask(general::__NR_getgroups, &[NEGATIVE, 0]));
}

fn usage() {
    let usage = UnsafeCell::new([u64::MAX; 18]);
    let place = usage.get() as usize;
    for who in [0, 1, NEGATIVE] {
        report::answer("getrusage", ask(general::__NR_getrusage, &[who, place]));
    }
    for who in [2, 77, NEGATIVE - 1] {
        report::answer("getrusage: of somebody", ask(general::__NR_getrusage, &[who, place]));
    }
    report::answer("getrusage: nowhere", ask(general::__NR_getrusage, &[0, NOWHERE]));
    let [seconds, microseconds, ..] = usage.into_inner();
    report::truth("getrusage: a time", seconds < 3600 && microseconds < 1_000_000);
    let parts = UnsafeCell::new([u64::MAX; 4]);
    report::outcome("times", ask(general::__NR_times, &[parts.get() as usize]));
    report::truth("times: all are told", parts.into_inner().iter().all(|time| *time < 360_000));
    report::outcome("times: to nobody", ask(general::__NR_times, &[0]));
    report::outcome("times: nowhere", ask(general::__NR_times, &[NOWHERE]));
}

fn policy() {
    let room = UnsafeCell::new([9_u32]);
    let place = room.get() as usize;
    for (what, who) in [("me", 0), ("my number", getpid().0 as usize), ("nobody", NOBODY)] {
        report::value("sched: of", what);
        report::answer("sched_getscheduler", ask(general::__NR_sched_getscheduler, &[who]));
        report::answer("sched_getparam", ask(general::__NR_sched_getparam, &[who, place]));
    }
    report::answer("sched: below 0", ask(general::__NR_sched_getscheduler, &[NEGATIVE]));
    report::answer("sched: below 0", ask(general::__NR_sched_getparam, &[NEGATIVE, place]));
    for place in [0, NOWHERE] {
        report::answer("sched: nowhere", ask(general::__NR_sched_getparam, &[0, place]));
    }
    report::truth("sched: the priority is 0", room.into_inner() == [0]);
    for policy in [0, 1, 2, 3, 5, 6, 4, 99, NEGATIVE] {
        report::answer("sched: the most", ask(general::__NR_sched_get_priority_max, &[policy]));
        report::answer("sched: the least", ask(general::__NR_sched_get_priority_min, &[policy]));
    }
    report::answer("getcpu: to nobody", ask(general::__NR_getcpu, &[0, 0, 0]));
    report::answer("getcpu: nowhere", ask(general::__NR_getcpu, &[NOWHERE, 0, 0]));
}

fn choices() {
    for option in [prctl::PR_GET_DUMPABLE, prctl::PR_GET_KEEPCAPS, prctl::PR_GET_NO_NEW_PRIVS] {
        report::answer("prctl", ask(general::__NR_prctl, &[option as usize]));
    }
}

/// Names the machine what it is called already, and in ways that are refused.
fn name() {
    let Ok(names) = Names::get() else { return report::truth("uname", false) };
    let name = names.all()[1];
    let set = |place: usize, bytes: usize| ask(general::__NR_sethostname, &[place, bytes]);
    let place = name.as_ptr() as usize;
    report::answer("sethostname: as it is", set(place, name.len()));
    let is_same = Names::get().is_ok_and(|names| names.all()[1] == name);
    report::truth("sethostname: is what uname tells", is_same);
    report::answer("sethostname: too long", set(place, 65));
    report::answer("sethostname: below 0", set(place, NEGATIVE));
    report::answer("sethostname: from nowhere", set(NOWHERE, 4));
    report::answer("sethostname: from the kernel", set(KERNEL, 4));
}

/// Sets clocks that cannot be set, and the time of day to what it cannot be.
fn clocks() {
    let wrong = [0_u64, 1_000_000_000];
    let place = wrong.as_ptr() as usize;
    for clock in [0, 1, 2, 3, 4, 5, 6, 7, 11, 99] {
        report::answer("clock_settime", ask(general::__NR_clock_settime, &[clock, place]));
    }
    report::answer("clock_settime: nowhere", ask(general::__NR_clock_settime, &[0, NOWHERE]));
    let negative = [u64::MAX, 0];
    let place = negative.as_ptr() as usize;
    report::answer("clock_settime: below 0", ask(general::__NR_clock_settime, &[0, place]));
    let nothing = [0_u64; 2];
    let place = nothing.as_ptr() as usize;
    for clock in [3, 4, 5, 6, 99] {
        let arguments = [clock, 0, place, 0];
        report::answer("clock_nanosleep", ask(general::__NR_clock_nanosleep, &arguments));
    }
    report::answer("clock_nanosleep", ask(general::__NR_clock_nanosleep, &[11, 0, place, 0]));
}

/// Asks for what no machine does, in case it does as it is asked.
fn reboot() {
    let [first, second] = [general::LINUX_REBOOT_MAGIC1, general::LINUX_REBOOT_MAGIC2];
    let [first, second] = [first as usize, second as usize];
    let off = general::LINUX_REBOOT_CMD_POWER_OFF as usize;
    for arguments in [[0, second, off, 0], [first, 0, off, 0], [first, second, 3, 0]] {
        report::answer("reboot", ask(general::__NR_reboot, &arguments));
    }
}
