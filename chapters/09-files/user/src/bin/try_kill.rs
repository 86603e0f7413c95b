//! Tries out `kill`: whom a signal reaches, what it does to a process that catches none, and what
//! a process can have ignored.
//!
//! It is always a copy that is killed: process 1, which this may be, is protected from itself.

#![no_std]
#![no_main]

use core::cell::UnsafeCell;
use core::hint::black_box;
use core::time::Duration;

use linux_raw_sys::general;
use user::process::{Pid, getpid, wait};
use user::report::{self, NOWHERE};
use user::signal::{Signal, kill};
use user::{Errno, Start, println, thread, time};

/// A number that no process has.
const NOBODY: Pid = Pid(1_999_999_999);

/// Signals of which a process dies that does nothing about them.
const DEADLY: [u32; 12] = [
    general::SIGHUP,
    general::SIGINT,
    general::SIGQUIT,
    general::SIGABRT,
    general::SIGUSR1,
    general::SIGSEGV,
    general::SIGUSR2,
    general::SIGPIPE,
    general::SIGALRM,
    general::SIGTERM,
    general::SIGVTALRM,
    general::SIGSYS,
];

/// Signals that are nothing to such a process.
const HARMLESS: [u32; 4] = [general::SIGCHLD, general::SIGCONT, general::SIGURG, general::SIGWINCH];

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    whom();
    which();
    what_they_do();
    dispositions();
    wrong_dispositions();
    masks();
    0
}

fn whom() {
    let none = Signal::NONE;
    report::outcome("kill: nothing to oneself", kill(getpid(), none));
    report::outcome("kill: nothing to nobody", kill(NOBODY, none));
    report::outcome("kill: SIGTERM to nobody", kill(NOBODY, Signal::TERM));
    report::outcome("kill: nothing to no group", kill(Pid(-NOBODY.0), none));
    report::outcome("kill: signal 65", kill(getpid(), Signal(65)));
    report::outcome("kill: signal -1", kill(getpid(), Signal(u32::MAX)));
    let pid = report::start_child(sleep);
    report::outcome("kill: nothing to a child", kill(pid, none));
    report::outcome("kill: signal 65 to a child", kill(pid, Signal(65)));
    report::outcome("kill: SIGKILL to a child", kill(pid, Signal::KILL));
    report::outcome("kill: which can be asked until it is waited for", kill(pid, none));
    report::outcome("kill: and killed", kill(pid, Signal::TERM));
    report::ended("kill: of what it was first", pid);
    report::outcome("kill: then it is gone", kill(pid, none));
    report::child("kill: a copy its parent's other copy", || {
        let pid = report::start_child(sleep);
        report::child("kill: a sibling", || i32::from(kill(pid, Signal::TERM).is_err()));
        report::ended("kill: by a sibling", pid);
        0
    });
}

fn sleep() -> i32 {
    // It is killed before.
    let _ = time::sleep(Duration::from_secs(100));
    0
}

fn which() {
    for number in DEADLY {
        report::child(format_args!("kill: oneself by {}", Signal(number)), || {
            report::outcome("kill: comes back", kill(getpid(), Signal(number)));
            0
        });
    }
    for number in HARMLESS {
        report::child(format_args!("kill: oneself by {}", Signal(number)), || {
            i32::from(kill(getpid(), Signal(number)).is_err())
        });
    }
    report::child("kill: oneself by SIGKILL", || {
        report::outcome("kill: comes back", kill(getpid(), Signal::KILL));
        0
    });
}

/// What a process does.
type Work = fn() -> i32;

/// What a process may do when it is killed.
fn what_they_do() {
    let all: [(_, Work); 4] = [
        ("kill: who sleeps", sleep),
        ("kill: who computes", compute),
        ("kill: who waits for a child", wait_for_ever),
        ("kill: who waits for a thread", join_for_ever),
    ];
    for (what, work) in all {
        let pid = report::start_child(work);
        // How long it sleeps is no matter: long enough for the child to get there, mostly.
        let _ = time::sleep(Duration::from_millis(50));
        report::outcome("kill: SIGTERM", kill(pid, Signal::TERM));
        report::ended(what, pid);
    }
}

fn compute() -> i32 {
    loop {
        black_box(());
    }
}

fn wait_for_ever() -> i32 {
    let child = report::start_child(|| {
        // Nobody waits for this one: it ends by itself soon.
        let _ = time::sleep(Duration::from_millis(200));
        0
    });
    i32::from(wait(child).is_err())
}

fn join_for_ever() -> i32 {
    let thread = thread::spawn(compute);
    thread.ok().and_then(thread::Thread::join).unwrap_or(1)
}

/// `struct sigaction`: a handler, flags, where a handler returns to, and a mask.
type Action = [usize; 4];

/// Asks for a call of this file.
fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: what the kernel may write to is in cells, or not ours.
    unsafe { report::ask_silently(number, arguments) }
}

/// Makes `handler` what happens at `signal`: 0 is the usual, 1 is nothing.
fn set(signal: u32, handler: usize) -> Result<usize, Errno> {
    let action: Action = [handler, 0, 0, 0];
    ask(general::__NR_rt_sigaction, &[signal as usize, action.as_ptr() as usize, 0, 8])
}

/// What happens at `signal`.
fn get(signal: u32) -> Result<usize, Errno> {
    let action: UnsafeCell<Action> = UnsafeCell::new([99; 4]);
    ask(general::__NR_rt_sigaction, &[signal as usize, 0, action.get() as usize, 8])?;
    Ok(action.into_inner()[0])
}

fn dispositions() {
    let term = general::SIGTERM;
    report::answer("rt_sigaction: at first", get(term));
    report::child("rt_sigaction: ignored", || {
        report::answer("rt_sigaction: to ignore", set(term, 1));
        report::answer("rt_sigaction: then", get(term));
        report::outcome("kill: what is ignored", kill(getpid(), Signal::TERM));
        report::child("rt_sigaction: in a copy as well", || {
            report::outcome("kill: what is ignored", kill(getpid(), Signal::TERM));
            5
        });
        report::answer("rt_sigaction: not any more", set(term, 0));
        report::outcome("kill: comes back", kill(getpid(), Signal::TERM));
        0
    });
    report::answer("rt_sigaction: in the original", get(term));
    report::answer("rt_sigaction: what happens at SIGKILL", get(general::SIGKILL));
}

fn wrong_dispositions() {
    report::answer("rt_sigaction: to ignore SIGKILL", set(general::SIGKILL, 1));
    report::answer("rt_sigaction: to ignore SIGSTOP", set(general::SIGSTOP, 1));
    report::answer("rt_sigaction: signal 0", get(0));
    report::answer("rt_sigaction: signal 65", get(65));
    let number = general::__NR_rt_sigaction;
    let term = general::SIGTERM as usize;
    report::answer("rt_sigaction: a mask of 4 bytes", ask(number, &[term, 0, 0, 4]));
    report::answer("rt_sigaction: nothing at all", ask(number, &[term, 0, 0, 8]));
    report::answer("rt_sigaction: from nowhere", ask(number, &[term, NOWHERE, 0, 8]));
    report::answer("rt_sigaction: to nowhere", ask(number, &[term, 0, NOWHERE, 8]));
}

fn masks() {
    let number = general::__NR_rt_sigprocmask;
    let change = |how: u32, new: u64| {
        let new = [new];
        ask(number, &[how as usize, new.as_ptr() as usize, 0, 8])
    };
    let show = |what: &str| {
        let old: UnsafeCell<u64> = UnsafeCell::new(99);
        report::answer(what, ask(number, &[0, 0, old.get() as usize, 8]));
        println!("rt_sigprocmask: it is {:#x}", old.into_inner());
    };
    let (usr1, usr2, kill) = (1 << 9, 1 << 11, 1 << 8);
    show("rt_sigprocmask: at first");
    report::answer("rt_sigprocmask: block", change(general::SIG_BLOCK, usr1 | usr2));
    show("rt_sigprocmask: then");
    report::answer("rt_sigprocmask: unblock", change(general::SIG_UNBLOCK, usr1));
    show("rt_sigprocmask: then");
    report::answer("rt_sigprocmask: SIGKILL too", change(general::SIG_SETMASK, usr1 | kill));
    show("rt_sigprocmask: then");
    report::answer("rt_sigprocmask: nothing", change(general::SIG_SETMASK, 0));
    show("rt_sigprocmask: then");
    report::answer("rt_sigprocmask: no such way", change(9, 0));
    report::answer("rt_sigprocmask: a mask of 4 bytes", ask(number, &[0, 0, 0, 4]));
    report::answer("rt_sigprocmask: from nowhere", ask(number, &[0, NOWHERE, 0, 8]));
    report::answer("rt_sigprocmask: to nowhere", ask(number, &[0, 0, NOWHERE, 8]));
}
