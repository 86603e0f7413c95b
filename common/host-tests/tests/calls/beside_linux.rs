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

use crate::of_files;
use crate::syscall::strace::line::Line;
use crate::syscall::strace::show::Shown;
use crate::table::{self, Call};

/// In the environment of who is to make the calls.
const SIGN: &str = "STRATA_MAKES_CALLS";

/// What begins a line of ours.
const OURS: &str = "ours: ";

/// A descriptor that nobody has, closed before each call that is to be compared.
const MARK: i32 = -4242;

/// A place where nothing is.
pub const NOWHERE: u64 = 0x10;

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
    let theirs: Vec<&str> = marked(&theirs).collect();
    assert_eq!(ours.len(), theirs.len(), "each call is shown twice");
    let pairs = ours.into_iter().zip(theirs);
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

/// Makes the call `name`, and prints it as the kernel does that describes it.
pub fn call(name: &str, arguments: &[u64]) -> c_long {
    let &Call { number, name, kinds } = table::find(name);
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
    others();
    of_files::make();
}

fn texts() {
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
        call("write", &arguments);
    }
    call("write", &[-1_i64 as u64, NOWHERE, 5]);
    call("write", &[-1_i64 as u64, 0, 5]);
    let folder = -100_i64 as u64;
    for mode in [0, 7, 0o22, 0o755, 0o1777] {
        let path = c"/nowhere/at/all/that/is/a/folder/of/anybody";
        let start = path.as_ptr() as u64;
        call("mkdirat", &[folder, start + mode % 9, mode]);
    }
    for place in [0, NOWHERE] {
        call("mkdirat", &[77, place, 0o644]);
    }
    let zeroes = File::open("/dev/zero").expect("Linux has it");
    let mut room = [0_u8; 64];
    for (descriptor, bytes) in [(zeroes.as_raw_fd(), 5), (zeroes.as_raw_fd(), 40), (-1, 5)] {
        let place = room.as_mut_ptr() as u64;
        call("read", &[descriptor as u64, place, bytes]);
    }
}

fn numbers() {
    for signal in (0..=34).chain([63, 64, 65, 1000]) {
        call("kill", &[i32::MAX as u64, signal]);
    }
    call("getppid", &[]);
    call("close", &[99]);
}

fn memory() {
    let none = -1_i64 as u64;
    let place = call("mmap", &[0, 8192, 3, 0x22, none, 0]);
    call("mmap", &[1, 4096, 0, 0x32, none, 0]);
    for protection in 0..8 {
        call("mprotect", &[0x1000, 4096, protection]);
    }
    call("munmap", &[place as u64, 8192]);
    call("munmap", &[1, 8192]);
    call("brk", &[0]);
}

fn times() {
    let mut time = [0_u64, 1000];
    let place = time.as_mut_ptr() as u64;
    call("nanosleep", &[place, 0]);
    call("nanosleep", &[NOWHERE, 0]);
    call("clock_gettime", &[1, place]);
    call("clock_gettime", &[0, NOWHERE]);
    time = [u64::MAX, 2_000_000_000];
    for flags in [0, 1] {
        let place = time.as_ptr() as u64;
        call("clock_nanosleep", &[1, flags, place, 0]);
    }
}

fn programs() {
    let path = c"/nowhere".as_ptr() as u64;
    let texts = [c"one", c"two\n", c""].map(|text| text.as_ptr() as u64);
    for count in 0..=3 {
        let list: Vec<u64> = texts[..count].iter().copied().chain([0]).collect();
        let list = list.as_ptr() as u64;
        call("execve", &[path, list, list]);
    }
    call("execve", &[path, 0, 0]);
    call("execve", &[path, NOWHERE, NOWHERE]);
    let status = Box::into_raw(Box::new(0_u32)) as u64;
    call("wait4", &[-1_i64 as u64, status, 0, 0]);
    for end in ["exit 7", "kill -SEGV $$", "exit 0"] {
        let mut child = Command::new("sh").args(["-c", end]).spawn().expect("there is a shell");
        // Who still waits when others are traced is shown in two lines.
        let state = format!("/proc/{}/stat", child.id());
        while !fs::read_to_string(&state).expect("nobody has asked yet").contains(") Z ") {
            thread::sleep(Duration::from_millis(10));
        }
        call("wait4", &[child.id().into(), status, 0, 0]);
        assert!(child.wait().is_err(), "the call has waited for it");
    }
}

fn others() {
    let mut word = 7_u32;
    let word = &raw mut word as u64;
    let time = [0_u64, 5];
    for (operation, timeout) in [(0, 0), (128, time.as_ptr() as u64), (129, 0), (1, 3)] {
        call("futex", &[word, operation, 1, timeout]);
    }
    let mut name = *b"caller\0 of calls";
    let name = name.as_mut_ptr() as u64;
    call("prctl", &[linux_raw_sys::prctl::PR_SET_NAME.into(), name]);
    call("prctl", &[linux_raw_sys::prctl::PR_GET_NAME.into(), name]);
}
