//! Many processes, threads and programs, one after the other or all at once.

use alloc::format;
use alloc::vec::Vec;
use core::ffi::CStr;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use linux_raw_sys::general;
use user::process::{self, End, Pid, execve, fork, wait};
use user::report::ask_silently;
use user::syscall::exit;
use user::{Errno, Start, futex, thread, time};

use crate::check;

/// Where this program is.
pub const PATH: &CStr = c"bin/family";

/// Makes `count` children, waits for each, and finds that none of them can be waited for twice.
pub fn forks(count: usize) -> i32 {
    for index in 0..count {
        let Ok(child) = fork() else { return 1 };
        let Some(pid) = child else { exit(index as i32) };
        let right = [
            wait(pid) == Ok((pid, End::Exited(index as u8))),
            wait(pid) == Err(Errno::ECHILD),
            wait(Pid::ANY) == Err(Errno::ECHILD),
        ];
        if right.contains(&false) {
            return check(&right) + 1;
        }
    }
    0
}

/// Becomes itself, `count` times.
pub fn execs(count: usize) -> i32 {
    if count == 0 { 0 } else { again("execs", count - 1) }
}

/// Becomes itself, another way; comes back with the error.
fn again(way: &str, number: usize) -> i32 {
    let number = format!("{number}\0");
    let number = CStr::from_bytes_until_nul(number.as_bytes()).unwrap_or_default();
    let way = format!("{way}\0");
    let way = CStr::from_bytes_until_nul(way.as_bytes()).unwrap_or_default();
    execve(PATH, &[PATH, way, number], &[]).0 as i32
}

/// Makes `count` threads, one after the other.
pub fn threads(count: usize) -> i32 {
    for index in 0..count {
        match thread::spawn(move || index).map(thread::Thread::join) {
            Ok(Some(found)) if found == index => {}
            _ => return 1,
        }
    }
    0
}

/// Several threads become another program at the same time: one of them does. That is repeated by
/// it `count` times.
pub fn both_exec(count: usize) -> i32 {
    const THREADS: u32 = 6;
    static READY: AtomicU32 = AtomicU32::new(0);
    if count == 0 {
        return i32::from(process::getpid() != process::gettid());
    }
    let at_once = move || {
        READY.fetch_add(1, Ordering::SeqCst);
        while READY.load(Ordering::SeqCst) < THREADS {
            time::yield_now();
        }
        again("both", count - 1)
    };
    for _ in 1..THREADS {
        if thread::spawn(at_once).map(core::mem::forget).is_err() {
            return 1;
        }
    }
    at_once()
}

/// Makes processes that make processes, until there are no more to be had; and then waits for ever.
pub fn bomb() -> i32 {
    loop {
        match fork() {
            Ok(_) => {}
            Err(Errno::EAGAIN | Errno::ENOMEM) => break,
            Err(_) => return 1,
        }
    }
    loop {
        let _ = time::sleep(Duration::from_secs(1000));
    }
}

/// Does everything that needs memory, each as often as it is refused. At the end it becomes itself,
/// and finds its arguments.
pub fn scarce(start: &Start) -> i32 {
    if start.argument_count() > 3 {
        return check(&[start.argument(3) == Some("third"), start.environment().count() == 1]);
    }
    let forked = insist(fork);
    match forked {
        Ok(None) => exit(3),
        Ok(Some(pid)) if wait(pid) == Ok((pid, End::Exited(3))) => {}
        _ => return 3,
    }
    let thread = insist(|| thread::spawn(|| 5));
    if thread.map(thread::Thread::join) != Ok(Some(5)) {
        return 4;
    }
    static WORD: AtomicU32 = AtomicU32::new(0);
    let patience = [0_u64, 1];
    let arguments = [WORD.as_ptr() as usize, 0, 0, patience.as_ptr() as usize];
    // SAFETY: the kernel only reads.
    let waited = insist(|| unsafe { ask_silently(general::__NR_futex, &arguments) });
    if waited != Err(Errno::ETIMEDOUT) || futex::wake(&WORD, 1) != Ok(0) {
        return 5;
    }
    let words = [PATH, c"scarce", c"0", c"third"].to_vec();
    let environment = Vec::from([c"NAME=value"]);
    loop {
        let error = execve(PATH, &words, &environment);
        if error != Errno::ENOMEM {
            return 6;
        }
    }
}

/// Calls `act` until it is not refused for want of memory.
fn insist<T>(mut act: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    loop {
        match act() {
            Err(Errno::ENOMEM) => {}
            other => return other,
        }
    }
}
