//! Tries out signals: sending them, what is said to be done with them, blocking them.

#![no_std]
#![no_main]

use linux_raw_sys::general::{self, SIG_BLOCK, SIG_SETMASK, SIG_UNBLOCK};
use user::process::{getpid, gettid};
use user::report::{self, KERNEL, NOWHERE};
use user::signal::{Signal, kill};
use user::{Errno, Start};

/// A number that no process has.
const NOBODY: i32 = 99_999_999;

/// Bytes of a set of signals.
const SET: usize = 8;

/// All signals that have names.
const NAMED: u64 = 0x7fff_ffff;

/// A handler that is never reached.
const HANDLER: u64 = 0x1234;

/// Ignores a signal, as a handler.
const IGNORE: u64 = 1;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    whom();
    threads();
    actions();
    wrong_actions();
    masks();
    waiting();
    stacks();
    ends();
    0
}

/// Asks for a call of this file.
fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: what is written to are arrays that are handed over as changeable. No handler is ever
    // called: each signal that has one is blocked as long as it has.
    unsafe { report::ask_silently(number, arguments) }
}

fn raw_kill(pid: i32, signal: usize) -> Result<usize, Errno> {
    ask(general::__NR_kill, &[pid as usize, signal])
}

fn whom() {
    let mine = getpid().0;
    report::answer("kill: nothing to itself", raw_kill(mine, 0));
    report::answer("kill: nothing to nobody", raw_kill(NOBODY, 0));
    report::answer("kill: no signal to itself", raw_kill(mine, 65));
    report::answer("kill: a negative one to itself", raw_kill(mine, usize::MAX));
    report::answer("kill: no signal to nobody", raw_kill(NOBODY, 65));
    report::answer("kill: nothing to no group", raw_kill(-NOBODY, 0));
    report::answer("kill: no signal to no group", raw_kill(-NOBODY, 65));
    report::answer("kill: the group that cannot be", raw_kill(i32::MIN, 0));
    report::answer("kill: nothing to the group", raw_kill(0, 0));
    report::answer("kill: no signal to the group", raw_kill(0, 65));
    report::answer("kill: a number in half a register", {
        ask(general::__NR_kill, &[mine as usize | 1 << 32, 1 << 32])
    });
    let child = report::start_child(|| 0);
    // It ends by itself in the end; whoever has ended is still there until it was waited for.
    report::outcome("kill: nothing to a child", kill(child, Signal::NONE));
    report::ended("kill: a child that was told nothing", child);
    report::outcome("kill: who was waited for", kill(child, Signal::NONE));
}

fn threads() {
    let [pid, tid] = [getpid().0 as usize, gettid().0 as usize];
    let tkill = |tid: usize, signal: usize| ask(general::__NR_tkill, &[tid, signal]);
    let tgkill = |pid: usize, tid: usize, signal| ask(general::__NR_tgkill, &[pid, tid, signal]);
    report::answer("tkill: nothing to itself", tkill(tid, 0));
    report::answer("tkill: no thread", tkill(0, 0));
    report::answer("tkill: a negative thread", tkill(usize::MAX, 0));
    report::answer("tkill: nobody", tkill(NOBODY as usize, 0));
    report::answer("tkill: no signal to nobody", tkill(NOBODY as usize, 65));
    report::answer("tkill: no signal to itself", tkill(tid, 65));
    report::answer("tgkill: nothing to itself", tgkill(pid, tid, 0));
    report::answer("tgkill: no process", tgkill(0, tid, 0));
    report::answer("tgkill: no thread", tgkill(pid, 0, 0));
    report::answer("tgkill: a thread of nobody", tgkill(NOBODY as usize, tid, 0));
    report::answer("tgkill: no signal to itself", tgkill(pid, tid, 65));
}

/// `struct sigaction` of the kernel: handler, flags, restorer, mask.
type Action = [u64; 4];

fn sigaction(signal: u32, new: Option<Action>) -> Result<Action, Errno> {
    let mut old = Action::default();
    let place = new.as_ref().map_or(0, |new| new.as_ptr() as usize);
    let arguments = [signal as usize, place, old.as_mut_ptr() as usize, SET];
    ask(general::__NR_rt_sigaction, &arguments).map(|_| old)
}

/// Says what is to be done with `signal`, and what was.
fn act(what: &str, signal: u32, new: Option<Action>) {
    match sigaction(signal, new) {
        Ok([handler, flags, restorer, mask]) => {
            user::println!("{what}: {handler:#x} {flags:#x} {restorer:#x} {mask:#x}");
        }
        Err(error) => report::answer(what, Err(error)),
    }
}

fn actions() {
    let restorer = u64::from(general::SA_RESTORER);
    act("rt_sigaction: at first", general::SIGUSR1, None);
    let all = [HANDLER, restorer | u64::from(general::SA_RESTART), 0x5678, 0x202];
    act("rt_sigaction: a handler", general::SIGUSR1, Some(all));
    act("rt_sigaction: is remembered", general::SIGUSR1, None);
    act("rt_sigaction: is forgotten", general::SIGUSR1, Some([0, restorer, 0, 0]));
    act("rt_sigaction: ignored", general::SIGUSR2, Some([IGNORE, restorer, 0, 0]));
    report::child("rt_sigaction: a child ignores what its parent does", || {
        i32::from(sigaction(general::SIGUSR2, None).is_ok_and(|action| action[0] == IGNORE))
    });
    act("rt_sigaction: SIGKILL can be asked for", general::SIGKILL, None);
    act("rt_sigaction: so can the last one", 64, None);
}

fn wrong_actions() {
    let new: Action = [IGNORE, 0, 0, 0];
    act("rt_sigaction: SIGKILL cannot be ignored", general::SIGKILL, Some(new));
    act("rt_sigaction: nor SIGSTOP", general::SIGSTOP, Some(new));
    act("rt_sigaction: number 0", 0, Some(new));
    act("rt_sigaction: number 65", 65, Some(new));
    act("rt_sigaction: a negative one", u32::MAX, None);
    let raw = |signal: u32, new: usize, old: usize, size: usize| {
        ask(general::__NR_rt_sigaction, &[signal as usize, new, old, size])
    };
    let place = new.as_ptr() as usize;
    report::answer("rt_sigaction: half a set", raw(general::SIGUSR1, place, 0, 4));
    report::answer("rt_sigaction: two sets", raw(general::SIGUSR1, NOWHERE, 0, 16));
    report::answer("rt_sigaction: from nowhere", raw(general::SIGUSR1, NOWHERE, 0, SET));
    report::answer("rt_sigaction: to the kernel", raw(general::SIGUSR1, 0, KERNEL, SET));
    report::answer("rt_sigaction: number 0 from nowhere", raw(0, NOWHERE, 0, SET));
}

fn mask(way: u32, new: Option<u64>) -> Result<u64, Errno> {
    let mut old = [0_u64];
    let place = new.as_ref().map_or(0, |new| &raw const *new as usize);
    let arguments = [way as usize, place, old.as_mut_ptr() as usize, SET];
    ask(general::__NR_rt_sigprocmask, &arguments).map(|_| old[0])
}

fn masked(what: &str, way: u32, new: Option<u64>) {
    match mask(way, new) {
        Ok(old) => user::println!("{what}: {old:#x}"),
        Err(error) => report::answer(what, Err(error)),
    }
}

fn masks() {
    masked("rt_sigprocmask: all with names", SIG_BLOCK, Some(NAMED));
    masked("rt_sigprocmask: not two of them", SIG_UNBLOCK, Some(0b11));
    masked("rt_sigprocmask: these only", SIG_SETMASK, Some(0x202));
    masked("rt_sigprocmask: no way to ask", 7, None);
    masked("rt_sigprocmask: no way to change", 7, Some(1));
    masked("rt_sigprocmask: is not changed", SIG_BLOCK, None);
    let raw = |new: usize, old: usize, size: usize| {
        ask(general::__NR_rt_sigprocmask, &[SIG_BLOCK as usize, new, old, size])
    };
    report::answer("rt_sigprocmask: from nowhere", raw(NOWHERE, 0, SET));
    report::answer("rt_sigprocmask: to the kernel", raw(0, KERNEL, SET));
    report::answer("rt_sigprocmask: half a set", raw(0, 0, 4));
    report::answer("rt_sigprocmask: nothing at all", raw(0, 0, SET));
    report::child("rt_sigprocmask: a child blocks what its parent does", || {
        i32::from(mask(SIG_BLOCK, None) == Ok(0x202))
    });
    masked("rt_sigprocmask: none", SIG_SETMASK, Some(0));
}

fn pending(what: &str) {
    let mut set = [0_u64];
    match ask(general::__NR_rt_sigpending, &[set.as_mut_ptr() as usize, SET]) {
        Ok(_) => user::println!("{what}: {:#x}", set[0]),
        Err(error) => report::answer(what, Err(error)),
    }
}

/// What was sent while it was blocked waits: even what would be ignored.
fn waiting() {
    pending("rt_sigpending: nothing");
    let _ = mask(SIG_SETMASK, Some(u64::MAX));
    let mine = getpid();
    for signal in [general::SIGTERM, general::SIGCHLD, general::SIGUSR1, 40] {
        report::outcome("kill: itself, blocked", kill(mine, Signal(signal)));
    }
    pending("rt_sigpending: four");
    for signal in [general::SIGTERM, general::SIGUSR1, 40] {
        act("rt_sigaction: ignored while it waits", signal, Some([IGNORE, 0, 0, 0]));
    }
    pending("rt_sigpending: what is ignored is gone");
    report::child("rt_sigpending: nothing waits for a child", || {
        pending("rt_sigpending: in a child");
        0
    });
    let _ = mask(SIG_SETMASK, Some(0));
    pending("rt_sigpending: let through");
    report::outcome("kill: itself, ignored", kill(mine, Signal::TERM));
    for signal in [general::SIGTERM, general::SIGUSR1, 40] {
        act("rt_sigaction: as usual", signal, Some([0; 4]));
    }
    let raw = |place: usize, size: usize| ask(general::__NR_rt_sigpending, &[place, size]);
    report::answer("rt_sigpending: to nowhere", raw(NOWHERE, SET));
    report::answer("rt_sigpending: two sets", raw(NOWHERE, 16));
}

/// `stack_t`: where, how, how large.
type Stack = [usize; 3];

fn stacks() {
    let stack = |what: &str, new: Option<Stack>| {
        let mut old = Stack::default();
        let place = new.as_ref().map_or(0, |new| new.as_ptr() as usize);
        let arguments = [place, old.as_mut_ptr() as usize];
        match ask(general::__NR_sigaltstack, &arguments) {
            // The upper half of the flags is nothing.
            Ok(_) => user::println!("{what}: {:#x} {:#x} {}", old[0], old[1] as u32, old[2]),
            Err(error) => report::answer(what, Err(error)),
        }
    };
    let [none, on] = [general::SS_DISABLE, general::SS_ONSTACK].map(|flag| flag as usize);
    stack("sigaltstack: at first", None);
    stack("sigaltstack: one", Some([NOWHERE, 0, 16_384]));
    stack("sigaltstack: is remembered", None);
    stack("sigaltstack: too small", Some([NOWHERE, 0, 1_000]));
    stack("sigaltstack: strange flags", Some([NOWHERE, 4, 16_384]));
    stack("sigaltstack: strange and small", Some([NOWHERE, 4, 10]));
    stack("sigaltstack: as if it were on it", Some([NOWHERE, on, 32_768]));
    stack("sigaltstack: is one more", None);
    stack("sigaltstack: none any more", Some([NOWHERE, none, 10]));
    stack("sigaltstack: is none", None);
    let raw = |new: usize, old: usize| ask(general::__NR_sigaltstack, &[new, old]);
    report::answer("sigaltstack: from nowhere", raw(NOWHERE, 0));
    report::answer("sigaltstack: to the kernel", raw(0, KERNEL));
    report::answer("sigaltstack: nothing at all", raw(0, 0));
}

/// What each signal does to a process that has said nothing about it: all but those that stop, and
/// the real-time ones.
fn ends() {
    let stops = [general::SIGSTOP, general::SIGTSTP, general::SIGTTIN, general::SIGTTOU];
    for signal in Signal::all().filter(|signal| !stops.contains(&signal.0)) {
        user::println!("kill: {signal}");
        report::child("  itself", || survive(kill(getpid(), signal)));
    }
    let child = report::start_child(|| {
        let _ = mask(SIG_SETMASK, Some(u64::MAX));
        loop {
            let _ = ask(general::__NR_sched_yield, &[]);
        }
    });
    report::outcome("kill: a child that blocks all", kill(child, Signal::KILL));
    report::ended("kill: is killed", child);
    report::child("kill: blocked, and let through", || {
        let _ = mask(SIG_SETMASK, Some(u64::MAX));
        let _ = kill(getpid(), Signal::TERM);
        let _ = mask(SIG_SETMASK, Some(0));
        7
    });
    report::child("tgkill: itself", || {
        let arguments = [getpid().0 as usize, gettid().0 as usize, Signal::TERM.0 as usize];
        survive(ask(general::__NR_tgkill, &arguments))
    });
}

/// The status of a process that was not ended.
fn survive<T>(result: Result<T, Errno>) -> i32 {
    if result.is_ok() { 7 } else { 8 }
}
