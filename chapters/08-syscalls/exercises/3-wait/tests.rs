//! What the kernel expects of those who wait, and of those who inherit.
//!
//! The kernel itself has the number 0, so what it starts are its children, and a test may wait for
//! them as a program does. Nobody waits here without end: what does not come in time is wrong.

use alloc::vec::Vec;
use core::time::Duration;

use ktest::expect;

use super::{WaitError, Which, bequeath, find_parent, init, set_init, take_child, wait_for_child};
use crate::process::run::PROCESSES;
use crate::process::{Exit, Pid, Process, Signal, State, end};
use crate::scheduler::policy::Level;
use crate::scheduler::table;
use crate::timer;

/// How long something may take that takes some hundredths of a second.
const LONG: Duration = Duration::from_secs(5);

fn nap() {
    timer::sleep_until(timer::now() + Duration::from_millis(5));
}

/// Sleeps until `is_so`, but not for ever; whether it is.
fn comes(is_so: impl Fn() -> bool) -> bool {
    let deadline = timer::now() + LONG;
    while !is_so() && timer::now() < deadline {
        nap();
    }
    is_so()
}

/// Makes a process of `words`, the first of which is its program.
fn make(words: &[&str]) -> Process {
    let arguments: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
    Process::new(words[0], &arguments, &[]).expect("it came with the kernel")
}

fn start(words: &[&str]) -> Pid {
    make(words).start(Level::Normal).expect("there is memory")
}

/// Puts a process into the table that runs as far as anybody can see: it has no thread, and stays.
fn stand() -> Pid {
    let mut process = make(&["bin/true"]);
    process.state = State::Running;
    let pid = process.pid;
    PROCESSES.lock().push(process);
    pid
}

fn numbers() -> Vec<Pid> {
    PROCESSES.lock().iter().map(Process::pid).collect()
}

/// What `ask` finds at the process `pid`, if it is in the table.
fn look<T>(pid: Pid, ask: impl Fn(&Process) -> T) -> Option<T> {
    PROCESSES.lock().iter().find(|process| process.pid == pid).map(ask)
}

fn has_ended(pid: Pid) -> bool {
    look(pid, Process::has_ended) == Some(true)
}

/// Starts a program and lets it end. Nobody has asked for it then.
fn zombie(words: &[&str]) -> Pid {
    let pid = start(words);
    expect((words, "does it end, and stay in the table"), comes(|| has_ended(pid)), true);
    pid
}

/// Makes `parent` the parent of `child`.
fn give(child: Pid, parent: Pid) {
    let mut processes = PROCESSES.lock();
    let process = processes.iter_mut().find(|process| process.pid == child);
    process.expect("it was started").parent = parent;
}

fn kill(pid: Pid) {
    end(pid, Exit::Killed(Signal::Kill));
}

/// Ends all that there is, with the kernel's own means, and does `act` before.
fn and_then_all_go(act: impl FnOnce()) {
    act();
    set_init(Pid(0));
    numbers().into_iter().for_each(kill);
    let no_thread_is_left = || numbers().into_iter().all(|pid| table::threads_of(pid) == 0);
    assert!(comes(no_thread_is_left), "a process that was killed has not ended");
    let ended: Vec<Process> = PROCESSES.lock().drain(..).collect();
    drop(ended);
    nap();
}

/// What is found of a process in the table: its parent, and whether nobody will ask for it.
fn fate(pid: Pid) -> Option<(Pid, bool)> {
    look(pid, |process| (process.parent, process.is_orphan))
}

ktest::test! {
    /// To ask for a child where there is none is an error: no child at all, or none of this number.
    fn no_child_is_an_error() {
        and_then_all_go(|| {
            expect("no process, any child", take_child(Which::ANY), Err(WaitError::NoChild));
            let pid = stand();
            let other = Which::one(Pid(pid.0 + 1));
            expect("one child, and another number", take_child(other), Err(WaitError::NoChild));
            give(pid, Pid(pid.0 + 1));
            let mine = take_child(Which::one(pid));
            expect("somebody else's child, by its number", mine, Err(WaitError::NoChild));
            expect("somebody else's child, any", take_child(Which::ANY), Err(WaitError::NoChild));
        });
    }

    /// While children run there is nothing to tell, and that is no error.
    fn running_child_is_no_news() {
        and_then_all_go(|| {
            let pid = stand();
            expect("a child that runs, any", take_child(Which::ANY), Ok(None));
            expect("a child that runs, by its number", take_child(Which::one(pid)), Ok(None));
            let ended = zombie(&["bin/false"]);
            expect("another child has ended", take_child(Which::one(pid)), Ok(None));
            let found = take_child(Which::ANY).map(|found| found.map(|(pid, _)| pid));
            expect("one runs and one has ended, any", found, Ok(Some(ended)));
        });
    }

    /// A child that has ended is told of once, and how it ended.
    fn end_is_told_once() {
        and_then_all_go(|| {
            let pid = zombie(&["bin/false"]);
            let expected = Ok(Some((pid, Exit::Exited(1))));
            expect("bin/false has ended", take_child(Which::one(pid)), expected);
            expect("it again", take_child(Which::one(pid)), Err(WaitError::NoChild));
            expect("any other", take_child(Which::ANY), Err(WaitError::NoChild));
            let pid = start(&["bin/naps"]);
            kill(pid);
            comes(|| has_ended(pid));
            let expected = Ok(Some((pid, Exit::Killed(Signal::Kill))));
            expect("one that was killed", take_child(Which::ANY), expected);
        });
    }

    /// Whoever waits for one child is told of that one, whichever else has ended.
    fn the_right_one_is_told() {
        and_then_all_go(|| {
            let pids = [(); 3].map(|()| zombie(&["bin/true"]));
            for pid in [pids[1], pids[2], pids[0]] {
                let expected = Ok(Some((pid, Exit::Exited(0))));
                expect(("of", pids, "by its number"), take_child(Which::one(pid)), expected);
            }
        });
    }

    /// To wait is to wait until the child has ended.
    fn who_waits_is_told() {
        and_then_all_go(|| {
            let pid = start(&["bin/naps"]);
            let expected = Ok((pid, Exit::Exited(0)));
            expect("a child that sleeps a while", wait_for_child(Which::one(pid)), expected);
        });
    }

    /// A process that waits for a child can be ended.
    fn who_waits_can_be_ended() {
        and_then_all_go(|| {
            let pid = start(&["bin/family", "wait", "0"]);
            comes(|| table::threads_of(pid) >= 7);
            timer::sleep_until(timer::now() + Duration::from_millis(100));
            kill(pid);
            let is_over = comes(|| has_ended(pid));
            expect("a process waits for a child and is killed: does it end", is_over, true);
        });
    }

    /// Children whose parent ends are `init`'s, those that run and those that have ended.
    fn children_of_the_dead_go_to_init() {
        and_then_all_go(|| {
            let [first, parent, running, other] = [(); 4].map(|()| stand());
            let ended = zombie(&["bin/true"]);
            give(running, parent);
            give(ended, parent);
            set_init(first);
            bequeath(parent);
            expect("a child that runs: parent, orphan", fate(running), Some((first, false)));
            expect("a child that has ended", fate(ended), Some((first, false)));
            expect("somebody else's child", fate(other), Some((Pid(0), false)));
            expect("who is init", init(), first);
        });
    }

    /// Where there is no `init`, children of the dead are taken away as soon as they have ended.
    fn nobodys_children_are_forgotten() {
        and_then_all_go(|| {
            let parent = stand();
            let [ended, kept] = [(); 2].map(|()| zombie(&["bin/true"]));
            let running = start(&["bin/naps"]);
            give(running, parent);
            give(ended, parent);
            bequeath(parent);
            expect("a child that runs: parent, orphan", fate(running), Some((Pid(0), true)));
            expect("a child that has ended: is it there", fate(ended).is_some(), false);
            expect("the kernel's child, which has ended", fate(kept), Some((Pid(0), false)));
            let is_gone = comes(|| fate(running).is_none());
            expect("the child that ran ends: does it go", is_gone, true);
        });
    }

    /// When `init` ends there is none any more, and its children are nobody's.
    fn init_can_end() {
        and_then_all_go(|| {
            let [first, running] = [(); 2].map(|()| stand());
            let ended = zombie(&["bin/true"]);
            give(running, first);
            give(ended, first);
            set_init(first);
            bequeath(first);
            expect("who is init when it has ended", init(), Pid(0));
            expect("its child that runs: parent, orphan", fate(running), Some((Pid(0), true)));
            expect("its child that has ended: is it there", fate(ended).is_some(), false);
        });
    }

    /// A process whose parent has ended before it is in the table has another one.
    fn late_children_find_a_parent() {
        and_then_all_go(|| {
            let (running, ended) = (stand(), zombie(&["bin/true"]));
            let gone = Pid(ended.0 + 1000);
            let found = |parent: Pid| {
                let mut late = make(&["bin/true"]);
                late.parent = parent;
                find_parent(&mut late, &PROCESSES.lock());
                (late.parent, late.is_orphan)
            };
            expect("its parent runs", found(running), (running, false));
            expect("its parent has ended", found(ended), (Pid(0), true));
            expect("its parent is gone", found(gone), (Pid(0), true));
            set_init(running);
            expect("its parent has ended, and there is init", found(ended), (running, false));
        });
    }

    /// Programs make children that make children, and all of them go.
    fn families_come_and_go() {
        and_then_all_go(|| {
            let pid = start(&["bin/family", "orphans", "3"]);
            comes(|| has_ended(pid));
            let found = take_child(Which::one(pid));
            expect("three children that leave children", found, Ok(Some((pid, Exit::Exited(3)))));
            let is_alone = comes(|| numbers().is_empty());
            expect("do the children of the children go", is_alone, true);
            let process = make(&["bin/family", "orphans", "3"]);
            // It may run before `start` has returned.
            set_init(process.pid);
            let pid = process.start(Level::Normal).expect("there is memory");
            comes(|| has_ended(pid));
            let found = take_child(Which::one(pid));
            expect("the same as init", found, Ok(Some((pid, Exit::Exited(6)))));
        });
    }
}
