//! Numbers of processes and threads, written into the memory of a program that asks for it.

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use linux_raw_sys::general;
use user::arch::{Child, clone_thread};
use user::memory::{self, PAGE, READ, WRITE};
use user::process::{End, Pid, execve, wait};
use user::syscall::{call, exit};
use user::{Errno, thread, time};

use crate::check;
use crate::many::PATH;

/// What nobody may write.
static CONSTANT: [u8; 16] = *b"nobody writes me";

/// Wants the numbers of children written where it must not write itself: to `place`, to a constant,
/// beside the end of all addresses. The children run, and nothing is written.
pub fn number(place: usize) -> i32 {
    let constant = CONSTANT.as_ptr() as usize;
    for place in [place, constant, constant + 13, usize::MAX, usize::MAX - 2, 0] {
        for flag in [general::CLONE_CHILD_SETTID, general::CLONE_PARENT_SETTID] {
            let flags = (flag | general::SIGCHLD) as usize;
            // SAFETY: the child is a copy, and goes on here; the kernel writes nowhere.
            let pid = unsafe { call(general::__NR_clone, [flags, 0, place, place, place, 0]) };
            match pid {
                Ok(0) => exit(i32::from(!is_constant())),
                Ok(pid) if wait(Pid(pid as i32)).map(|(_, end)| end) == Ok(End::Exited(0)) => {}
                _ => return 1,
            }
        }
        if start_thread(place).is_err() || !is_constant() {
            return 2;
        }
    }
    0
}

fn is_constant() -> bool {
    core::hint::black_box(&CONSTANT) == b"nobody writes me"
}

/// Starts a thread whose number is written to `place` in each way, and lets it end.
fn start_thread(place: usize) -> Result<(), Errno> {
    let notes =
        general::CLONE_PARENT_SETTID | general::CLONE_CHILD_SETTID | general::CLONE_CHILD_CLEARTID;
    let stack = memory::map(2 * PAGE, READ | WRITE)?;
    let child = Child { stack: stack + 2 * PAGE, tid: place, local: 0, run: leave, argument: 0 };
    // SAFETY: the stack is the thread's own; it is never given back.
    unsafe { clone_thread(thread::SHARED | notes, &child) }?;
    time::sleep(Duration::from_millis(1))
}

/// Ends the thread.
extern "C" fn leave(_: usize) -> ! {
    loop {
        // SAFETY: the thread has nothing that anybody misses.
        let _ = unsafe { call(general::__NR_exit, [0; 6]) };
    }
}

/// A thread that runs before its maker goes on ends before: the number is written and cleared in
/// this order, and not the other way round.
pub fn thread_is_first() -> i32 {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    // Whoever computes for long is less urgent than whoever is new.
    let start = time::now().unwrap_or_default();
    while time::now().unwrap_or_default() < start + Duration::from_millis(300) {}
    let place = NUMBER.as_ptr() as usize;
    let Ok(stack) = memory::map(2 * PAGE, READ | WRITE) else { return 1 };
    let child = Child { stack: stack + 2 * PAGE, tid: place, local: 0, run: leave, argument: 0 };
    let notes = general::CLONE_PARENT_SETTID | general::CLONE_CHILD_CLEARTID;
    // SAFETY: the stack is the thread's own; it is never given back.
    let made = unsafe { clone_thread(thread::SHARED | notes, &child) };
    let _ = time::sleep(Duration::from_millis(20));
    check(&[made.is_ok(), NUMBER.load(Ordering::SeqCst) == 0])
}

/// Makes children that tell of their end in different ways: `wait4` finds those that it is asked
/// for.
pub fn clones() -> i32 {
    let [usual, clones, all] = [0, general::__WCLONE, general::__WALL];
    let none = Err(Errno::ECHILD);
    let other = clone(general::SIGUSR1);
    let first = [wait4(usual) == none, other.is_ok(), wait4(clones) == other];
    let silent = clone(0);
    let second = [wait4(usual) == none, wait4(all) == silent];
    let fork = clone(general::SIGCHLD);
    let third = [wait4(clones) == none, wait4(usual) == fork];
    // By now it has become another program, as which it is like any other.
    let become_another = clone(general::CLONE_VFORK);
    let fourth = [wait4(clones) == none, wait4(usual) == become_another];
    check(&[first.as_slice(), &second, &third, &fourth].concat())
}

/// Makes a copy of this process that ends at once, or becomes another program if it is waited for.
fn clone(flags: u32) -> Result<usize, Errno> {
    // SAFETY: the copy has memory of its own, and goes on with our stack as it is.
    let pid = unsafe { call(general::__NR_clone, [flags as usize, 0, 0, 0, 0, 0]) };
    if pid == Ok(0) {
        if flags == general::CLONE_VFORK {
            let _ = execve(PATH, &[PATH, c"is", c"0"], &[]);
        }
        exit(0);
    }
    pid
}

/// Waits for any child that `options` mean.
fn wait4(options: u32) -> Result<usize, Errno> {
    // SAFETY: nothing is asked for but the number.
    unsafe { call(general::__NR_wait4, [usize::MAX, 0, options as usize, 0, 0, 0]) }
}

/// Waits at a word until so many milliseconds from now, by the time of day, and no longer.
pub fn until(milliseconds: usize) -> i32 {
    static WORD: AtomicU32 = AtomicU32::new(0);
    let Ok(before) = time::time_of_day() else { return 1 };
    let time = Duration::from_millis(milliseconds as u64);
    let until = before + time;
    let until = [until.as_secs(), until.subsec_nanos().into()];
    let operation = general::FUTEX_WAIT_BITSET | general::FUTEX_CLOCK_REALTIME;
    let place = WORD.as_ptr() as usize;
    let arguments = [place, operation as usize, 0, until.as_ptr() as usize, 0, u32::MAX as usize];
    // SAFETY: the kernel reads the word and the time.
    let answer = unsafe { call(general::__NR_futex, arguments) };
    let passed = time::time_of_day().unwrap_or_default().saturating_sub(before);
    let is_late = passed >= time;
    check(&[answer == Err(Errno::ETIMEDOUT), is_late, passed < time + Duration::from_secs(30)])
}
