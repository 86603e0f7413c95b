//! Ends: of a process whose threads all wait, and of one whose children still run.

use alloc::format;
use core::ffi::CStr;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use linux_raw_sys::general;
use user::process::{self, End, Pid, execve, fork, wait};
use user::report::ask_silently;
use user::{futex, syscall, thread, time};

use crate::many::PATH;

/// A time that no test lasts.
const LONG: Duration = Duration::from_secs(1_000_000);

/// A word that nobody ever changes.
static WORD: AtomicU32 = AtomicU32::new(0);

/// How many threads are about to wait.
static WAITING: AtomicU32 = AtomicU32::new(0);

/// Starts a thread for each call that can wait for ever, and one that computes for ever.
fn wait_in_all_ways() {
    let ways: [fn(); 6] = [
        || _ = futex::wait(&WORD, 0),
        || _ = time::sleep(LONG),
        // There is a child that does not end by itself.
        || _ = wait(Pid::ANY),
        || {
            let mut byte = 0_u8;
            // SAFETY: there is room for a byte.
            let _ = unsafe { ask_silently(general::__NR_read, &[0, &raw mut byte as usize, 1]) };
        },
        // SAFETY: nothing is asked for, so nothing is written.
        || _ = unsafe { ask_silently(general::__NR_ppoll, &[0, 0, 0, 0, 0]) },
        || loop {
            // `pause` would cost an emulator more than all that is computed.
            core::hint::black_box(());
        },
    ];
    start_faithful_child();
    let ways = ways.into_iter().map(|way| {
        thread::spawn(move || {
            WAITING.fetch_add(1, Ordering::SeqCst);
            way();
            // None of them comes back.
            syscall::exit(99);
        })
    });
    let threads = ways.filter(Result::is_ok).count();
    while (WAITING.load(Ordering::SeqCst) as usize) < threads {
        time::yield_now();
    }
    let _ = time::sleep(Duration::from_millis(20));
}

/// Starts a child that lives as long as this process, and a moment longer.
fn start_faithful_child() {
    let parent = process::getpid();
    if fork() == Ok(None) {
        while process::getppid() == parent {
            let _ = time::sleep(Duration::from_millis(5));
        }
        syscall::exit(0);
    }
}

/// Ends with `status` while all other threads wait.
pub fn exit(status: i32) -> i32 {
    wait_in_all_ways();
    status
}

/// Waits for its end in all ways.
pub fn wait_for_ever() -> ! {
    wait_in_all_ways();
    loop {
        let _ = time::sleep(LONG);
    }
}

/// Ends by the fault of one thread.
pub fn fault() -> i32 {
    wait_in_all_ways();
    // SAFETY: nothing is there, which is what this is about.
    let _thread =
        thread::spawn(|| unsafe { core::ptr::without_provenance::<u8>(8).read_volatile() });
    let _ = time::sleep(LONG);
    1
}

/// Becomes another program by a thread that is not the first, while all others wait.
pub fn exec() -> i32 {
    wait_in_all_ways();
    let number = format!("{}\0", process::getpid());
    let thread = thread::spawn(move || {
        let number = CStr::from_bytes_until_nul(number.as_bytes()).unwrap_or_default();
        execve(PATH, &[PATH, c"is", number], &[])
    });
    let _ = thread.map(thread::Thread::join);
    1
}

/// Ends with 5 if its only thread and it have this number.
pub fn is(pid: usize) -> i32 {
    let numbers = [process::getpid(), process::gettid()];
    if numbers == [Pid(pid as i32); 2] { 5 } else { 1 }
}

/// Makes `count` children that each leave a child behind, which ends when it has another parent. If
/// this is the first process it is this one, and waits for all of them.
pub fn orphans(count: usize) -> i32 {
    for _ in 0..count {
        if fork() == Ok(None) {
            start_faithful_child();
            syscall::exit(0);
        }
    }
    let mut found = 0;
    while let Ok((_, end)) = wait(Pid::ANY) {
        if end != End::Exited(0) {
            return 255;
        }
        found += 1;
    }
    found
}
