//! Tries out what a program can ask about the system and itself: names, limits, random bytes,
//! processors.

#![no_std]
#![no_main]

use core::cell::UnsafeCell;
use core::ffi::CStr;

use linux_raw_sys::{general, prctl};
use user::process::getpid;
use user::report::{self, KERNEL, NOWHERE};
use user::system::{self, Names};
use user::{Errno, Start, arch, println};

/// A number that no process has.
const NOBODY: usize = 1_999_999_999;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    users();
    names();
    random();
    thread_names();
    limits();
    state();
    processors();
    0
}

/// Asks for a call of this file.
fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: what the kernel may write to is in cells, or not ours.
    unsafe { report::ask_silently(number, arguments) }
}

fn users() {
    for (what, number) in [
        ("getuid", general::__NR_getuid),
        ("geteuid", general::__NR_geteuid),
        ("getgid", general::__NR_getgid),
        ("getegid", general::__NR_getegid),
    ] {
        report::answer(what, ask(number, &[]));
    }
}

fn names() {
    match Names::get() {
        Ok(names) => {
            report::value("uname: the system", names.system());
            report::truth("uname: the machine is ours", names.machine() == arch::NAME);
            let is_number = names.release().starts_with(|first: char| first.is_ascii_digit());
            report::truth("uname: the release is a number", is_number);
            let is_full = names.all().iter().all(|name| !name.is_empty());
            report::truth("uname: all have a name", is_full);
        }
        Err(error) => report::answer("uname", Err(error)),
    }
    report::answer("uname: to null", ask(general::__NR_uname, &[0]));
    report::answer("uname: nowhere", ask(general::__NR_uname, &[NOWHERE]));
    report::answer("uname: into the kernel", ask(general::__NR_uname, &[KERNEL]));
}

fn random() {
    let mut two = [[0; 32]; 2];
    for bytes in &mut two {
        report::answer("getrandom: 32 bytes", system::random(bytes));
    }
    report::truth("getrandom: others each time", two[0] != two[1]);
    report::answer("getrandom: none", system::random(&mut []));
    report::answer("getrandom: 256 bytes", system::random(&mut [0; 256]));
    report::answer("getrandom: 5000 bytes", system::random(&mut [0; 5000]));
    let place = UnsafeCell::new([0_u8; 16]);
    let place = place.get() as usize;
    let get = |place: usize, flags: u32| ask(general::__NR_getrandom, &[place, 16, flags as usize]);
    report::answer("getrandom: without waiting", get(place, general::GRND_NONBLOCK));
    report::answer("getrandom: GRND_RANDOM", get(place, general::GRND_RANDOM));
    report::answer("getrandom: no such flag", get(place, 0x100));
    report::answer("getrandom: nowhere", get(NOWHERE, 0));
    report::answer("getrandom: into the kernel", get(KERNEL, 0));
}

fn thread_names() {
    for name in [c"short", c"", c"exactly fifteen", c"more than fifteen bytes"] {
        report::outcome("prctl: PR_SET_NAME", system::set_thread_name(name));
        let found = system::thread_name().unwrap_or_default();
        let found = CStr::from_bytes_until_nul(&found).unwrap_or_default();
        println!("prctl: PR_GET_NAME: {found:?}");
    }
    let name = |option: u32, place: usize| ask(general::__NR_prctl, &[option as usize, place]);
    report::answer("prctl: a name from nowhere", name(prctl::PR_SET_NAME, NOWHERE));
    report::answer("prctl: a name to nowhere", name(prctl::PR_GET_NAME, NOWHERE));
    report::answer("prctl: no such option", name(9_999, 0));
}

fn limits() {
    let place: UnsafeCell<[u64; 2]> = UnsafeCell::new([0; 2]);
    let room = place.get() as usize;
    let get =
        |who: usize, what: usize, room: usize| ask(general::__NR_prlimit64, &[who, what, 0, room]);
    let stack = general::RLIMIT_STACK as usize;
    report::answer("prlimit64: the stack", get(0, stack, room));
    report::answer("prlimit64: open files", get(0, general::RLIMIT_NOFILE as usize, room));
    report::answer("prlimit64: by number", get(getpid().0 as usize, stack, room));
    report::answer("prlimit64: nothing at all", get(0, stack, 0));
    report::answer("prlimit64: no such limit", get(0, 99, room));
    report::answer("prlimit64: of nobody", get(NOBODY, stack, room));
    report::answer("prlimit64: nowhere", get(0, stack, NOWHERE));
    let set = |limits: usize| ask(general::__NR_prlimit64, &[0, stack, limits, 0]);
    let wrong = [2_u64 << 20, 1 << 20];
    report::answer("prlimit64: more than the most", set(wrong.as_ptr() as usize));
    report::answer("prlimit64: new ones from nowhere", set(NOWHERE));
}

fn state() {
    match system::state() {
        Ok(state) => {
            report::truth("sysinfo: there is memory", state.total > 0);
            report::truth("sysinfo: not more is free", state.free <= state.total);
            report::truth("sysinfo: there are processes", state.processes > 0);
        }
        Err(error) => report::answer("sysinfo", Err(error)),
    }
    report::answer("sysinfo: nowhere", ask(general::__NR_sysinfo, &[NOWHERE]));
    report::answer("sysinfo: to null", ask(general::__NR_sysinfo, &[0]));
}

fn processors() {
    let place: UnsafeCell<[u64; 128]> = UnsafeCell::new([0; 128]);
    let room = place.get() as usize;
    let get = |who: usize, bytes: usize, room: usize| {
        ask(general::__NR_sched_getaffinity, &[who, bytes, room])
    };
    let set = |who: usize, bytes: usize, room: usize| {
        ask(general::__NR_sched_setaffinity, &[who, bytes, room])
    };
    let bytes = get(0, 1024, room);
    let is_whole = bytes.is_ok_and(|bytes| bytes > 0 && bytes.is_multiple_of(8));
    report::truth("sched_getaffinity: whole words", is_whole);
    report::answer("sched_setaffinity: the same", set(0, bytes.unwrap_or(8), room));
    report::answer("sched_getaffinity: no room", get(0, 0, room));
    report::answer("sched_getaffinity: half a word", get(0, 1020, room));
    report::answer("sched_getaffinity: of nobody", get(NOBODY, 1024, room));
    report::answer("sched_getaffinity: nowhere", get(0, 1024, NOWHERE));
    report::answer("sched_setaffinity: of nobody", set(NOBODY, 8, room));
    report::answer("sched_setaffinity: from nowhere", set(0, 8, NOWHERE));
    let none = [0_u64; 16];
    report::answer("sched_setaffinity: no processor", set(0, 128, none.as_ptr() as usize));
    report::answer("sched_yield", ask(general::__NR_sched_yield, &[]));
}
