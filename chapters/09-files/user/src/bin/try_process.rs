//! Tries out processes: who one is, what a copy has of the original, and with what it ends.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::boxed::Box;
use core::hint::black_box;
use core::sync::atomic::{AtomicI32, Ordering};

use linux_raw_sys::general;
use user::arch::FloatRegisters;
use user::process::{self, End, Pid, fork, getpid, getppid, gettid};
use user::{Start, report, syscall};

/// What a copy changes for itself alone.
static SHARED: AtomicI32 = AtomicI32::new(1);

/// Where the kernel writes numbers of processes.
static NOTED: AtomicI32 = AtomicI32::new(-1);

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    who_we_are();
    who_a_copy_is();
    what_a_copy_has();
    how_it_ends();
    many();
    flags();
    wrong_flags();
    0
}

/// Asks with arguments that name no memory, or only [`NOTED`], which may change at any time.
fn ask(what: &str, number: u32, arguments: &[usize]) {
    // SAFETY: no memory changes but an atomic number.
    let _ = unsafe { report::ask(what, number, arguments) };
}

/// Makes a process with `flags`, which share no memory.
fn clone(flags: u32) -> Result<usize, user::Errno> {
    let noted = NOTED.as_ptr() as usize;
    // aarch64 and x86_64 have the last two in different orders; nobody uses the one between.
    let arguments = [flags as usize, 0, noted, noted, noted];
    // SAFETY: the copy has its own memory; `NOTED` is atomic.
    unsafe { report::ask_silently(general::__NR_clone, &arguments) }
}

fn who_we_are() {
    report::truth("getpid: is positive", getpid() > Pid(0));
    report::truth("getpid: is always the same", getpid() == getpid());
    report::truth("gettid: the first thread has the process's number", gettid() == getpid());
    report::truth("getppid: is another", getppid() != getpid());
    ask("an unknown call", 5_000, &[]);
    ask("sched_yield", general::__NR_sched_yield, &[]);
    // SAFETY: the kernel notes the address, to write there when this thread ends.
    let tid =
        unsafe { report::ask_silently(general::__NR_set_tid_address, &[NOTED.as_ptr() as usize]) };
    report::truth("set_tid_address: answers gettid", tid == Ok(gettid().0 as usize));
}

fn who_a_copy_is() {
    let parent = getpid();
    report::child("fork: the copy has another number", || i32::from(getpid() == parent));
    report::child("fork: its parent is the original", || i32::from(getppid() != parent));
    report::child("fork: it has one thread", || i32::from(gettid() != getpid()));
    let pid = report::start_child(|| getpid().0);
    let end = report::reap(pid);
    report::truth("fork: it answers the copy's number", end == Some(End::Exited(pid.0 as u8)));
    report::child("fork: a copy of a copy", || {
        let pid = report::start_child(|| 5);
        match report::reap(pid) {
            Some(End::Exited(status)) => i32::from(status) + 1,
            _ => 0,
        }
    });
}

fn what_a_copy_has() {
    let mut stack = black_box(10);
    let mut heap = Box::new(black_box(20));
    SHARED.store(2, Ordering::Relaxed);
    report::child("fork: data, stack and heap are there", || {
        SHARED.load(Ordering::Relaxed) + stack + *heap
    });
    report::child("fork: the copy changes them", || {
        SHARED.store(100, Ordering::Relaxed);
        stack += 1;
        *heap += 1;
        SHARED.load(Ordering::Relaxed) + stack + *heap
    });
    let sum = SHARED.load(Ordering::Relaxed) + stack + *heap;
    report::value("fork: the original's are as before", sum);
    let mut pattern = FloatRegisters::FIRST;
    pattern.vectors[3] = 0x1234_5678;
    pattern.control = FloatRegisters::TOWARDS_ZERO;
    pattern.set();
    let forked = fork();
    let found = FloatRegisters::get();
    FloatRegisters::FIRST.set();
    match forked {
        Ok(None) => syscall::exit(i32::from(found != pattern)),
        Ok(Some(pid)) => report::ended("fork: registers for floating point are there", pid),
        Err(_) => report::truth("fork: is possible", false),
    }
    report::truth("fork: and the original's are as before", found == pattern);
}

fn how_it_ends() {
    for status in [0, 1, 42, 255, 256, 300, -1, i32::MIN] {
        report::child("exit_group", || status);
    }
    report::child("exit: of the only thread", || {
        ask("exit", general::__NR_exit, &[43]);
        0
    });
}

fn many() {
    const COUNT: i32 = 20;
    let mut children = [Pid(0); COUNT as usize];
    for (number, pid) in (1..).zip(&mut children) {
        *pid = report::start_child(|| number);
    }
    let mut sum = 0;
    for _ in 0..COUNT {
        if let Ok((_, End::Exited(status))) = process::wait(Pid::ANY) {
            sum += i32::from(status);
        }
    }
    report::value("fork: twenty at once, the sum of their statuses", sum);
    let mut good = 0;
    for _ in 0..100 {
        let pid = report::start_child(|| 7);
        good += i32::from(report::reap(pid) == Some(End::Exited(7)));
    }
    report::value("fork: a hundred, one after the other", good);
    report::child("fork: ten, each the copy of the one before", || deeper(10));
}

/// Has a copy go on, and gives what it gives, and one.
fn deeper(depth: i32) -> i32 {
    if depth == 0 {
        return 0;
    }
    match report::reap(report::start_child(|| deeper(depth - 1))) {
        Some(End::Exited(status)) => i32::from(status) + 1,
        _ => 99,
    }
}

fn flags() {
    match clone(general::CLONE_VFORK | general::SIGCHLD) {
        Ok(0) => {
            report::value("clone: CLONE_VFORK", "the child is first");
            syscall::exit(1);
        }
        Ok(pid) => {
            report::value("clone: CLONE_VFORK", "the parent is second");
            report::ended("clone: CLONE_VFORK", Pid(pid as i32));
        }
        Err(error) => report::value("clone: CLONE_VFORK", error),
    }
    NOTED.store(-1, Ordering::Relaxed);
    let pid = or_exit(clone(general::CLONE_PARENT_SETTID | general::SIGCHLD), || 0);
    let is_noted = NOTED.load(Ordering::Relaxed) == pid.0;
    report::truth("clone: CLONE_PARENT_SETTID notes the number", is_noted);
    report::ended("clone: CLONE_PARENT_SETTID", pid);
    NOTED.store(-1, Ordering::Relaxed);
    let pid = or_exit(clone(general::CLONE_CHILD_SETTID | general::SIGCHLD), || {
        i32::from(NOTED.load(Ordering::Relaxed) != getpid().0)
    });
    report::value("clone: CLONE_CHILD_SETTID, in the parent", NOTED.load(Ordering::Relaxed));
    report::ended("clone: CLONE_CHILD_SETTID, in the child", pid);
}

/// The child's number; the child itself does `work` and ends.
fn or_exit(cloned: Result<usize, user::Errno>, work: impl FnOnce() -> i32) -> Pid {
    match cloned {
        Ok(0) => syscall::exit(work()),
        Ok(pid) => Pid(pid as i32),
        Err(error) => panic!("cannot make a process: {error}"),
    }
}

fn wrong_flags() {
    let wrong = [
        ("clone: CLONE_SIGHAND without CLONE_VM", general::CLONE_SIGHAND),
        ("clone: CLONE_THREAD without CLONE_SIGHAND", general::CLONE_THREAD | general::CLONE_VM),
        ("clone: CLONE_FS and CLONE_NEWNS", general::CLONE_FS | general::CLONE_NEWNS),
    ];
    for (what, flags) in wrong {
        match clone(flags | general::SIGCHLD) {
            Ok(0) => syscall::exit(0),
            other => report::outcome(what, other),
        }
    }
}
