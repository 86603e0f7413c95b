//! The same calls shown by us and by Linux's `strace`.
//!
//! This program starts itself again under `strace`. There it makes one call after the other, and
//! prints each as we show it. If there is no `strace`, or it may not look at others, nothing is
//! compared.

use std::ffi::c_long;
use std::fs::File;
use std::io::Error;
use std::os::fd::AsRawFd;
use std::process::Command;
use std::time::Duration;
use std::{env, fs, slice, thread};

use linux_raw_sys::general as linux;

use crate::syscall::strace::Kind;
use crate::syscall::strace::line::Line;
use crate::syscall::strace::show::Shown;

/// In the environment of who is to make the calls.
const SIGN: &str = "STRATA_MAKES_CALLS";

/// What begins a line of ours.
const OURS: &str = "ours: ";

/// A descriptor that nobody has, closed before each call that is to be compared.
const MARK: i32 = -4242;

/// A place where nothing is.
const NOWHERE: u64 = 0x10;

unsafe extern "C" {
    /// The C library's way to make any call.
    fn syscall(number: c_long, ...) -> c_long;
}

#[test]
fn lines_are_those_of_strace() {
    if env::var_os(SIGN).is_some() {
        return make_calls();
    }
    let log = env::temp_dir().join(format!("strata-strace-{}", std::process::id()));
    let this = env::current_exe().expect("we run");
    let output = Command::new("strace")
        .args(["-f", "-a1", "-o"])
        .arg(&log)
        .arg(this)
        .args(["--exact", "beside_linux::lines_are_those_of_strace", "--nocapture"])
        .env(SIGN, "1")
        .output();
    let theirs = fs::read_to_string(&log);
    let _ = fs::remove_file(&log);
    let (Ok(output), Ok(theirs)) = (output, theirs) else {
        return eprintln!("nothing is compared: there is no strace");
    };
    let text = String::from_utf8(output.stdout).expect("it is ASCII");
    let ours: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix(OURS)).collect();
    if ours.is_empty() && !output.status.success() {
        return eprintln!("nothing is compared: strace says {:?}", output.stderr);
    }
    assert!(ours.len() > 200, "only {} calls were made: {text}", ours.len());
    let pairs = ours.into_iter().zip(marked(&theirs));
    let other: Vec<_> = pairs.filter(|(ours, theirs)| ours != theirs).collect();
    assert!(other.is_empty(), "shown otherwise: {other:#?}");
}

/// The lines of `log` behind a mark, without who made the call.
fn marked(log: &str) -> impl Iterator<Item = &str> {
    let calls = log.lines().filter_map(|line| line.split_once(' ')).map(|(_, call)| call.trim());
    let mark = format!("close({MARK})");
    calls
        .scan(false, move |is_next, call| {
            let was_next = std::mem::replace(is_next, call.starts_with(&mark));
            Some(was_next.then_some(call))
        })
        .flatten()
}

/// Makes the call `number`, and prints it.
fn call(number: u32, name: &str, kinds: &[Kind], arguments: &[u64]) -> c_long {
    let mut all = [0; 6];
    all[..arguments.len()].copy_from_slice(arguments);
    let shown = Shown { name, kinds, arguments: all, memory: &copy };
    let mut line = Line::new();
    let first = shown.begin(&mut line);
    let [a, b, c, d, e, f] = all;
    // SAFETY: there is no such descriptor: the mark does nothing.
    unsafe { syscall(linux::__NR_close.into(), MARK) };
    // SAFETY: the calls of these tests only write to where they may.
    let result = unsafe { syscall(number.into(), a, b, c, d, e, f) };
    let errno = Error::last_os_error().raw_os_error().expect("it is the system's") as u32;
    shown.end(&mut line, first, usize::try_from(result).map_err(|_| errno));
    println!("{OURS}{}", line.text());
    result
}

/// Copies our own memory. Only [`NOWHERE`] is not there, and what is near the ends of memory.
fn copy(place: u64, buffer: &mut [u8]) -> bool {
    let is_there = (0x1000..1 << 47).contains(&place);
    if is_there {
        // SAFETY: the tests pass nothing that is near to these, and is not ours.
        buffer.copy_from_slice(unsafe { slice::from_raw_parts(place as *const u8, buffer.len()) });
    }
    is_there
}

fn make_calls() {
    // What is printed by the frame of the tests ends here.
    println!();
    texts();
    numbers();
    memory();
    times();
    programs();
}

fn texts() {
    const WRITE: &[Kind] = &[Kind::Descriptor, Kind::Input(2), Kind::Size];
    let mut state = 1_u32;
    for length in (0..40).cycle().take(200) {
        let bytes: Vec<u8> = (0..length)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Many escapes, and many digits behind them.
                if state >> 16 & 1 == 0 { (state >> 24) as u8 } else { b'0' + (state >> 29) as u8 }
            })
            .collect();
        let arguments = [-1_i64 as u64, bytes.as_ptr() as u64, length as u64];
        call(linux::__NR_write, "write", WRITE, &arguments);
    }
    call(linux::__NR_write, "write", WRITE, &[-1_i64 as u64, NOWHERE, 5]);
    call(linux::__NR_write, "write", WRITE, &[-1_i64 as u64, 0, 5]);
    const MKDIR: &[Kind] = &[Kind::Descriptor, Kind::Text, Kind::Mode];
    let folder = -100_i64 as u64;
    for mode in [0, 7, 0o22, 0o755, 0o1777] {
        let path = c"/nowhere/at/all/that/is/a/folder/of/anybody";
        let start = path.as_ptr() as u64;
        call(linux::__NR_mkdirat, "mkdirat", MKDIR, &[folder, start + mode % 9, mode]);
    }
    for place in [0, NOWHERE] {
        call(linux::__NR_mkdirat, "mkdirat", MKDIR, &[77, place, 0o644]);
    }
    let zeroes = File::open("/dev/zero").expect("Linux has it");
    let mut room = [0_u8; 64];
    const READ: &[Kind] = &[Kind::Descriptor, Kind::Output, Kind::Size];
    for (descriptor, bytes) in [(zeroes.as_raw_fd(), 5), (zeroes.as_raw_fd(), 40), (-1, 5)] {
        let place = room.as_mut_ptr() as u64;
        call(linux::__NR_read, "read", READ, &[descriptor as u64, place, bytes]);
    }
}

fn numbers() {
    const KILL: &[Kind] = &[Kind::Int, Kind::Signal];
    for signal in (0..=34).chain([63, 64, 65, 1000]) {
        call(linux::__NR_kill, "kill", KILL, &[i32::MAX as u64, signal]);
    }
    call(linux::__NR_getppid, "getppid", &[], &[]);
    call(linux::__NR_close, "close", &[Kind::Descriptor], &[99]);
}

fn memory() {
    const PROTECTION: Kind =
        Kind::Flags(&[(0, "PROT_NONE"), (1, "PROT_READ"), (2, "PROT_WRITE"), (4, "PROT_EXEC")]);
    const MAP: &[Kind] = &[
        Kind::Address,
        Kind::Size,
        PROTECTION,
        Kind::Flags(&[(2, "MAP_PRIVATE"), (0x10, "MAP_FIXED"), (0x20, "MAP_ANONYMOUS")]),
        Kind::Descriptor,
        Kind::Size,
    ];
    let none = -1_i64 as u64;
    let place = call(linux::__NR_mmap, "mmap", MAP, &[0, 8192, 3, 0x22, none, 0]);
    call(linux::__NR_mmap, "mmap", MAP, &[1, 4096, 0, 0x32, none, 0]);
    const PROTECT: &[Kind] = &[Kind::Address, Kind::Size, PROTECTION];
    for protection in 0..8 {
        call(linux::__NR_mprotect, "mprotect", PROTECT, &[0x1000, 4096, protection]);
    }
    const UNMAP: &[Kind] = &[Kind::Address, Kind::Size];
    call(linux::__NR_munmap, "munmap", UNMAP, &[place as u64, 8192]);
    call(linux::__NR_munmap, "munmap", UNMAP, &[1, 8192]);
    call(linux::__NR_brk, "brk", &[Kind::Address], &[0]);
}

fn times() {
    const CLOCK: Kind = Kind::Choice(&[(0, "CLOCK_REALTIME"), (1, "CLOCK_MONOTONIC")]);
    let mut time = [0_u64, 1000];
    let place = time.as_mut_ptr() as u64;
    let sleep = [Kind::Time, Kind::Address];
    call(linux::__NR_nanosleep, "nanosleep", &sleep, &[place, 0]);
    call(linux::__NR_nanosleep, "nanosleep", &sleep, &[NOWHERE, 0]);
    let get = [CLOCK, Kind::Got(&Kind::Time)];
    call(linux::__NR_clock_gettime, "clock_gettime", &get, &[1, place]);
    call(linux::__NR_clock_gettime, "clock_gettime", &get, &[0, NOWHERE]);
    time = [u64::MAX, 2_000_000_000];
    let flags = Kind::Flags(&[(1, "TIMER_ABSTIME")]);
    let sleep = [CLOCK, flags, Kind::Time, Kind::Address];
    for flags in [0, 1] {
        let place = time.as_ptr() as u64;
        call(linux::__NR_clock_nanosleep, "clock_nanosleep", &sleep, &[1, flags, place, 0]);
    }
}

fn programs() {
    const EXECVE: &[Kind] = &[Kind::Text, Kind::Texts, Kind::Environment];
    let path = c"/nowhere".as_ptr() as u64;
    let texts = [c"one", c"two\n", c""].map(|text| text.as_ptr() as u64);
    for count in 0..=3 {
        let list: Vec<u64> = texts[..count].iter().copied().chain([0]).collect();
        let list = list.as_ptr() as u64;
        call(linux::__NR_execve, "execve", EXECVE, &[path, list, list]);
    }
    call(linux::__NR_execve, "execve", EXECVE, &[path, 0, 0]);
    call(linux::__NR_execve, "execve", EXECVE, &[path, NOWHERE, NOWHERE]);
    const WAIT: &[Kind] = &[Kind::Int, Kind::Got(&Kind::StatusAt), Kind::Int, Kind::Address];
    let status = Box::into_raw(Box::new(0_u32)) as u64;
    call(linux::__NR_wait4, "wait4", WAIT, &[-1_i64 as u64, status, 0, 0]);
    for end in ["exit 7", "kill -SEGV $$", "exit 0"] {
        let mut child = Command::new("sh").args(["-c", end]).spawn().expect("there is a shell");
        // Who still waits when others are traced is shown in two lines.
        let state = format!("/proc/{}/stat", child.id());
        while !fs::read_to_string(&state).expect("nobody has asked yet").contains(") Z ") {
            thread::sleep(Duration::from_millis(10));
        }
        call(linux::__NR_wait4, "wait4", WAIT, &[child.id().into(), status, 0, 0]);
        assert!(child.wait().is_err(), "the call has waited for it");
    }
}
