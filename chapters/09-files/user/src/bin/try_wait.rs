//! Tries out `wait4`: for whom, with what options, and what becomes of the children of the dead.

#![no_std]
#![no_main]

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use linux_raw_sys::general;
use user::process::{Pid, getpid, getppid};
use user::report::{self, KERNEL, NOWHERE};
use user::signal::{Signal, kill};
use user::{Errno, Start, time};

/// Where the kernel writes how a child ended.
static WORD: AtomicU32 = AtomicU32::new(0);

/// What [`WORD`] is before.
const BEFORE: u32 = 0x1234_5678;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    without_children();
    while_one_runs();
    words();
    whom();
    pointers();
    options();
    usage();
    orphans();
    0
}

/// Waits for `who`, with the word at `place`.
fn wait4(who: i32, place: usize, options: u32) -> Result<Pid, Errno> {
    WORD.store(BEFORE, Ordering::Relaxed);
    // SAFETY: the word is atomic; other places that this file names are not ours.
    let found = unsafe {
        report::ask_silently(general::__NR_wait4, &[who as usize, place, options as usize])
    };
    found.map(|pid| Pid(pid as i32))
}

/// Says what [`wait4`] answers, where that is 0 or an error.
fn answer(what: &str, who: i32, options: u32) {
    let found = wait4(who, WORD.as_ptr() as usize, options);
    report::answer(what, found.map(|pid| pid.0 as usize));
}

fn sleep() -> i32 {
    // It is killed before.
    let _ = time::sleep(Duration::from_secs(100));
    0
}

fn without_children() {
    answer("wait4: any child, and there is none", -1, 0);
    answer("wait4: one of our group, and there is none", 0, 0);
    answer("wait4: WNOHANG, and there is none", -1, general::WNOHANG);
    answer("wait4: who has never been", 1_999_999_999, 0);
    answer("wait4: oneself", getpid().0, 0);
    answer("wait4: a group that has never been", -1_999_999_999, 0);
    answer("wait4: the smallest number", i32::MIN, 0);
    answer("wait4: unknown options", -1, 0x4000);
    answer("wait4: WNOWAIT", -1, general::WNOWAIT);
}

fn while_one_runs() {
    let pid = report::start_child(sleep);
    answer("wait4: WNOHANG with a running child", pid.0, general::WNOHANG);
    answer("wait4: WNOHANG with any running child", -1, general::WNOHANG);
    let is_kept = WORD.load(Ordering::Relaxed) == BEFORE;
    report::truth("wait4: then the word is as before", is_kept);
    answer("wait4: unknown options with a running child", pid.0, 0x4000);
    answer("wait4: somebody else's with a running child", 1_999_999_999, 0);
    report::outcome("kill: SIGKILL to the child", kill(pid, Signal::KILL));
    report::ended("wait4: the child", pid);
    answer("wait4: the child again", pid.0, 0);
}

fn words() {
    for status in [0, 1, 42, 255] {
        let pid = report::start_child(|| status);
        let found = wait4(pid.0, WORD.as_ptr() as usize, 0);
        report::truth("wait4: answers the child", found == Ok(pid));
        report::value("wait4: the word", WORD.load(Ordering::Relaxed));
    }
    for signal in [Signal::KILL, Signal::TERM] {
        let pid = report::start_child(sleep);
        report::outcome("kill", kill(pid, signal));
        let found = wait4(pid.0, WORD.as_ptr() as usize, 0);
        report::truth("wait4: answers the killed child", found == Ok(pid));
        report::value("wait4: the word of the killed", WORD.load(Ordering::Relaxed));
    }
}

fn whom() {
    let first = report::start_child(|| 1);
    let second = report::start_child(|| 2);
    report::ended("wait4: the second first", second);
    report::ended("wait4: then the first", first);
    let pid = report::start_child(|| 3);
    let found = wait4(0, WORD.as_ptr() as usize, 0);
    report::truth("wait4: one of our group", found == Ok(pid));
    let pids = [4, 5, 6].map(|status| report::start_child(|| status));
    let mut found = [0; 3].map(|_| wait4(-1, WORD.as_ptr() as usize, 0).unwrap_or(Pid(0)));
    found.sort_unstable();
    report::truth("wait4: any of three gives each once", found == pids);
    answer("wait4: and then there is none", -1, 0);
}

fn pointers() {
    let pid = report::start_child(|| 1);
    report::truth("wait4: without a word", wait4(pid.0, 0, 0) == Ok(pid));
    let all = [
        ("wait4: the word is to go nowhere", NOWHERE),
        ("wait4: the word is to go into the kernel", KERNEL),
    ];
    for (what, place) in all {
        let pid = report::start_child(|| 1);
        report::outcome(what, wait4(pid.0, place, 0));
        answer("wait4: and then it is gone", pid.0, 0);
    }
}

fn options() {
    let all = [
        ("wait4: WUNTRACED", general::WUNTRACED),
        ("wait4: WCONTINUED", general::WCONTINUED),
        ("wait4: __WALL", general::__WALL),
        ("wait4: __WNOTHREAD", general::__WNOTHREAD),
    ];
    for (what, options) in all {
        let pid = report::start_child(|| 1);
        let found = wait4(pid.0, WORD.as_ptr() as usize, options);
        report::truth(what, found == Ok(pid));
    }
    let pid = report::start_child(|| 1);
    answer("wait4: __WCLONE, and the child is none", pid.0, general::__WCLONE);
    let found = wait4(pid.0, 0, general::__WCLONE | general::__WALL);
    report::truth("wait4: __WCLONE with __WALL", found == Ok(pid));
    let pid = report::start_child(|| 1);
    while wait4(pid.0, WORD.as_ptr() as usize, general::WNOHANG) == Ok(Pid(0)) {
        time::yield_now();
    }
    report::value("wait4: WNOHANG until it has ended", WORD.load(Ordering::Relaxed));
}

/// What the child has used: 18 words, of which two are seconds, two less than a million, and some
/// always 0.
fn usage() {
    const BEFORE: usize = 0x1234_5678;
    const NEVER_COUNTED: [usize; 7] = [5, 6, 7, 10, 13, 14, 15];
    let mut words = [BEFORE; 19];
    let ask = |pid: Pid, place: usize| {
        // SAFETY: the kernel writes what there is room for.
        unsafe { report::ask_silently(general::__NR_wait4, &[pid.0 as usize, 0, 0, place]) }
    };
    let pid = report::start_child(|| 1);
    let found = ask(pid, words.as_mut_ptr() as usize);
    report::truth("wait4: with what was used", found == Ok(pid.0 as usize));
    let is_short = words[0] < 100 && words[2] < 100;
    report::truth("wait4: which was no long time", is_short && words[1].max(words[3]) < 1_000_000);
    let are_zero = NEVER_COUNTED.into_iter().all(|index| words[index] == 0);
    report::truth("wait4: what nobody counts is 0", are_zero);
    report::truth("wait4: behind it is what was there", words[18] == BEFORE);
    let pid = report::start_child(|| 1);
    report::outcome("wait4: what was used is to go nowhere", ask(pid, NOWHERE));
    answer("wait4: and then the child is gone", pid.0, 0);
}

/// A child's child whose parent ends is nobody's here: it gets another parent.
///
/// This process may itself be the one that gets orphans; so the parent is one of its children.
fn orphans() {
    let middle = || {
        let own = getpid();
        let child = report::start_child(|| {
            let parent = getpid();
            // The grandchild: tells by a signal that it has another parent.
            report::start_child(|| {
                if has_another_than(parent) {
                    let _ = kill(own, Signal::TERM);
                }
                0
            });
            0
        });
        report::ended("orphans: their parent", child);
        answer("orphans: are not the grandparent's", -1, general::WNOHANG);
        let _ = time::sleep(Duration::from_secs(20));
        1
    };
    report::child("orphans: get another parent", middle);
}

/// Waits until our parent is not `parent`; whether it ever is.
fn has_another_than(parent: Pid) -> bool {
    (0..1000).any(|_| {
        // How long it sleeps is no matter.
        let _ = time::sleep(Duration::from_millis(10));
        getppid() != parent
    })
}
