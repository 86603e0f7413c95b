//! Random calls about processes.

use core::fmt;

use linux_raw_sys::general::{
    __NR_clone, __NR_rt_sigprocmask, __NR_wait4, __WALL, __WCLONE, CLONE_VFORK, SIG_BLOCK,
    SIG_UNBLOCK, SIGCHLD, SIGURG, WNOHANG, WUNTRACED,
};
use user::process::{End, Pid, getpid};
use user::signal::{Action, Signal, kill, set_action};
use user::{Errno, exit, report, time};

use super::children::{Child, Children, Fate, MOST};
use super::errands::{ERRANDS, become_program, sleep};
use super::{Random, Shown};

/// The signals that tell of an end; but for the first nobody does anything, and 0 is none.
const ENDINGS: [(u32, &str); 5] = [
    (SIGCHLD, "SIGCHLD"),
    (SIGCHLD, "SIGCHLD"),
    (SIGCHLD, "SIGCHLD"),
    (0, "0"),
    (SIGURG, "SIGURG"),
];

/// Which children are meant.
const MEANT: [(u32, &str); 5] =
    [(0, "0"), (0, "0"), (WUNTRACED, "WUNTRACED"), (__WALL, "__WALL"), (__WCLONE, "__WCLONE")];

/// What SIGTERM does to a child that sleeps: what is usual, or nothing, or nothing yet.
const HEARING: [&str; 3] = ["sleep", "sleep without SIGTERM", "sleep with SIGTERM blocked"];

impl Random {
    /// Makes a child.
    pub fn start(&mut self) {
        if !self.children.has_room() {
            return self.signal();
        }
        match self.dice.below(12) {
            0..=4 => self.start_one_that_lives(),
            5..=10 => self.start_one_that_ends(),
            _ => self.start_program(),
        }
    }

    fn start_one_that_lives(&mut self) {
        let (ending, name) = self.dice.one_of(&ENDINGS);
        let hearing = self.dice.below(HEARING.len());
        stop_hearing(hearing);
        let made = clone(ending, sleep);
        hear_again(hearing);
        let child = Child { is_deaf: hearing != 0, ..Child::new(ending, Fate::Lives) };
        self.made(format_args!("clone({name}) to {}", HEARING[hearing]), made, child);
    }

    fn start_one_that_ends(&mut self) {
        let (ending, name) = self.dice.one_of(&ENDINGS);
        let (flag, flag_name) =
            self.dice.one_of(&[(0, ""), (0, ""), (CLONE_VFORK, "|CLONE_VFORK")]);
        let (errand, what) = self.dice.one_of(&ERRANDS);
        let parent = getpid();
        let made = clone(ending | flag, || errand(parent));
        let child = Child::new(ending, Fate::Ends);
        self.made(format_args!("clone({name}{flag_name}) to {what}"), made, child);
    }

    /// Makes a child, and waits until it is another program: by then its end is told by SIGCHLD.
    fn start_program(&mut self) {
        let (ending, name) = self.dice.one_of(&ENDINGS);
        let made = clone(ending | CLONE_VFORK, || become_program(c"bin/false"));
        let call = format_args!("clone({name}|CLONE_VFORK) to become bin/false");
        self.made(call, made, Child::new(SIGCHLD, Fate::Ends));
    }

    /// Says whether `child` was made, and adds it.
    fn made(&mut self, call: fmt::Arguments, made: Result<Pid, Errno>, child: Child) {
        let number = made.map(|pid| self.children.add(Child { pid, ..child }));
        self.say(call, Shown(number.map(|number| number as usize)));
    }

    /// Sends a signal to a child, or looks for one that is gone.
    pub fn signal(&mut self) {
        let (child, signal) = match self.children.choose(&mut self.dice) {
            Some(child) => (child, self.dice.one_of(child.signals())),
            None => match self.children.gone {
                Some(child) => (child, 0),
                None => return,
            },
        };
        let sent = kill(child.pid, Signal(signal));
        if sent.is_ok() {
            self.children.sent(child.pid, signal);
        }
        let call = format_args!("kill({}, {})", child.number, Signal(signal));
        self.say(call, Shown(sent.map(|()| 0)));
    }

    /// Waits for a child, if it will end, or asks for one that lives, or for one that is gone.
    pub fn wait_for_one(&mut self) {
        let chosen = if self.dice.one_in(10) { None } else { self.children.choose(&mut self.dice) };
        let Some(child) = chosen.or(self.children.gone) else { return };
        let (options, name) = self.dice.one_of(&MEANT);
        let will_end = child.fate != Fate::Lives || !child.is_meant(options);
        let hang = if will_end && self.dice.one_in(2) { 0 } else { WNOHANG };
        let mut found = wait4(child.pid, options | hang);
        while will_end && found == Ok(None) {
            time::yield_now();
            found = wait4(child.pid, options | hang);
        }
        let (number, more) = (child.number, if hang == 0 { "" } else { "|WNOHANG" });
        self.waited(format_args!("wait4({number}, {name}{more})"), found);
    }

    /// Waits for all that will end, one after the other. Which comes first is chance.
    pub fn wait_for_any(&mut self) {
        let (options, name) = self.dice.one_of(&MEANT);
        let is_meant = |child: &Child| child.is_meant(options);
        let will_end = |child: &Child| child.fate != Fate::Lives;
        let count = self.children.all().filter(is_meant).filter(will_end).count();
        if count == 0 {
            let found = wait4(Pid::ANY, options | WNOHANG);
            return self.waited(format_args!("wait4(-1, {name}|WNOHANG)"), found);
        }
        let mut ends = [None; MOST];
        for end in ends.iter_mut().take(count) {
            let found = wait4(Pid::ANY, options).ok().flatten();
            *end = found.map(|found| told(&mut self.children, found));
        }
        ends[..count].sort_unstable_by_key(|end| end.map(|(number, _)| number));
        for end in ends.into_iter().take(count) {
            self.say(format_args!("wait4(-1, {name})"), Ended(Ok(end)));
        }
    }

    /// Says what `wait4` has answered.
    fn waited(&mut self, call: fmt::Arguments, found: Result<Option<(Pid, End)>, Errno>) {
        let ended = found.map(|found| found.map(|found| told(&mut self.children, found)));
        self.say(call, Ended(ended));
    }

    /// Ends all children.
    pub fn end_all(&mut self) {
        while let Some(child) = self.children.first() {
            if child.fate == Fate::Lives {
                // If it does not end, the wait does not, either.
                let _ = kill(child.pid, Signal::KILL);
            }
            let found = wait4(child.pid, __WALL);
            self.waited(format_args!("wait4({}, __WALL)", child.number), found);
            self.children.take(child.pid);
        }
    }
}

/// The number of the child that has ended, and how it did.
fn told(children: &mut Children, (pid, end): (Pid, End)) -> (u32, End) {
    (children.take(pid).map_or(u32::MAX, |child| child.number), end)
}

/// What a wait has found.
struct Ended(Result<Option<(u32, End)>, Errno>);

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.0 {
            Ok(Some((number, end))) => write!(f, "{number} {end}"),
            Ok(None) => write!(f, "none yet"),
            Err(error) => write!(f, "{}", error.name()),
        }
    }
}

/// Makes a copy of this process that does `work`; its result is the status.
fn clone(flags: u32, work: impl FnOnce() -> i32) -> Result<Pid, Errno> {
    // SAFETY: the copy has memory of its own, and goes on with our stack as it is.
    match unsafe { report::ask_silently(__NR_clone, &[flags as usize]) }? {
        0 => exit(work()),
        pid => Ok(Pid(pid as i32)),
    }
}

fn wait4(pid: Pid, options: u32) -> Result<Option<(Pid, End)>, Errno> {
    let mut word = 0_u32;
    let arguments = [pid.0 as usize, &raw mut word as usize, options as usize];
    // SAFETY: the kernel writes how the child ended to where there is room for it.
    match unsafe { report::ask_silently(__NR_wait4, &arguments) }? {
        0 => Ok(None),
        pid => Ok(Some((Pid(pid as i32), End::from_word(word)))),
    }
}

/// Sees to it that the next child ignores SIGTERM, or blocks it.
fn stop_hearing(hearing: usize) {
    let done = match hearing {
        0 => Ok(()),
        1 => set_action(Signal::TERM, Action::Ignore),
        _ => mask(SIG_BLOCK),
    };
    done.expect("SIGTERM can be ignored and blocked");
}

/// Makes SIGTERM what is usual again.
fn hear_again(hearing: usize) {
    let done = match hearing {
        0 => Ok(()),
        1 => set_action(Signal::TERM, Action::Usual),
        _ => mask(SIG_UNBLOCK),
    };
    done.expect("SIGTERM can be heard again");
}

/// Blocks SIGTERM, or no longer.
fn mask(how: u32) -> Result<(), Errno> {
    let set = 1_u64 << (Signal::TERM.0 - 1);
    let arguments = [how as usize, &raw const set as usize, 0, size_of::<u64>()];
    // SAFETY: the kernel reads the set.
    unsafe { report::ask_silently(__NR_rt_sigprocmask, &arguments) }.map(drop)
}
