//! What the kernel expects of a mutex. Threads sleep while levels are looked at, so those stand
//! still; and times are ticks of a clock that counts instructions.

use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use core::time::Duration;

use ktest::expect;

use super::Level;
use crate::process::Name;
use crate::scheduler::mutex::Mutex;
use crate::scheduler::{self, Handle, table};
use crate::timer;

/// How far apart ticks are.
const TICK: Duration = Duration::from_millis(10);

/// What threads here share.
static FIRST: Mutex<()> = Mutex::new(());
static SECOND: Mutex<()> = Mutex::new(());

/// How far the threads may go that look at it.
static STAGE: AtomicUsize = AtomicUsize::new(0);

/// The names of those who got a mutex, as digits, in their order.
static GOT: AtomicUsize = AtomicUsize::new(0);

/// How long somebody waited, in microseconds.
static WAITED: AtomicU64 = AtomicU64::new(0);

fn nap(ticks: u32) {
    timer::sleep_until(timer::now() + ticks * TICK);
}

/// Sleeps until `STAGE` has come to `stage`.
fn sleep_until_stage(stage: usize) {
    while STAGE.load(Ordering::Relaxed) < stage {
        nap(1);
    }
}

/// Lets the others go on, and gives them the time to do so.
fn go_to_stage(stage: usize) {
    STAGE.store(stage, Ordering::Relaxed);
    nap(4);
}

fn compute(ticks: u32) {
    let end = table::used() + ticks * TICK;
    while table::used() < end {}
}

fn spawn(name: &str, level: Level, work: fn(usize), argument: usize) -> Handle {
    scheduler::spawn(name, level, work, argument).expect("there is memory")
}

/// Where the thread stands that is called so.
fn level_of(name: &str) -> Option<Level> {
    let mut index = 0;
    let mut rows = core::iter::from_fn(|| table::next(&mut index));
    rows.find(|row| row.name == Name::new(name)).map(|row| row.level)
}

fn begin() {
    STAGE.store(0, Ordering::Relaxed);
    GOT.store(0, Ordering::Relaxed);
}

/// Has a mutex, and sleeps with it until stage 2.
fn hold(_: usize) {
    let _first = FIRST.lock();
    sleep_until_stage(2);
}

/// Has the second mutex, and wants the first.
fn hold_and_want(_: usize) {
    let _second = SECOND.lock();
    let _first = FIRST.lock();
}

/// Has both, and lets go of the one whose number it is told at stage 2, and of the other at 3.
fn hold_both(first: usize) {
    let mut guards = [Some(FIRST.lock()), Some(SECOND.lock())];
    sleep_until_stage(2);
    drop(guards[first].take());
    sleep_until_stage(3);
    drop(guards);
    sleep_until_stage(4);
}

fn want_first(name: usize) {
    let _first = FIRST.lock();
    let got = GOT.load(Ordering::Relaxed);
    GOT.store(10 * got + name, Ordering::Relaxed);
}

fn want_second(_: usize) {
    drop(SECOND.lock());
}

/// Has a mutex while it computes.
fn work(_: usize) {
    let _first = FIRST.lock();
    compute(3);
}

fn compete(_: usize) {
    compute(20);
}

fn want_and_measure(_: usize) {
    let before = timer::now();
    let _first = FIRST.lock();
    WAITED.store((timer::now() - before).as_micros() as u64, Ordering::Relaxed);
}

/// Expects the one that holds to stand at a level, when this has happened.
fn expect_level(what: &str, name: &str, level: Level) {
    expect((what, "the level of", name), level_of(name), Some(level));
}

ktest::test! {
    /// Whoever is urgent waits for the section only, however many there are in between.
    fn urgent_one_waits_for_the_section_only() {
        begin();
        let low = spawn("low", Level::Low, work, 0);
        nap(2);
        let between = [(); 3].map(|()| spawn("between", Level::Normal, compete, 0));
        let urgent = spawn("urgent", Level::High, want_and_measure, 0);
        [low, urgent].into_iter().chain(between).for_each(Handle::join);
        let waited = WAITED.load(Ordering::Relaxed);
        expect("us waited for a section of 30000, at most 60000", waited, waited.min(60_000));
    }

    /// What is lent is lent on along a chain of three, and given back at its end.
    fn chain_of_three_is_lifted() {
        begin();
        let low = spawn("low", Level::Low, hold, 0);
        nap(2);
        let middle = spawn("middle", Level::Normal, hold_and_want, 0);
        nap(2);
        expect_level("Normal waits for low", "low", Level::Normal);
        let urgent = spawn("urgent", Level::High, want_second, 0);
        nap(2);
        expect_level("High waits for middle, which waits for low", "middle", Level::High);
        expect_level("High waits for middle, which waits for low", "low", Level::High);
        STAGE.store(2, Ordering::Relaxed);
        [low, middle, urgent].into_iter().for_each(Handle::join);
    }

    /// Of two mutexes, only what was lent for the one that is let go is given back.
    fn two_mutexes_are_let_go_in_either_order() {
        for (first, left) in [(0, Level::High), (1, Level::Normal)] {
            begin();
            let low = spawn("low", Level::Low, hold_both, first);
            nap(2);
            let normal = spawn("normal", Level::Normal, want_first, 1);
            let urgent = spawn("urgent", Level::High, want_second, 0);
            nap(2);
            expect_level("Normal and High wait for low", "low", Level::High);
            go_to_stage(2);
            expect_level("one of two is let go", "low", left);
            go_to_stage(3);
            expect_level("both are let go", "low", Level::Low);
            STAGE.store(4, Ordering::Relaxed);
            [low, normal, urgent].into_iter().for_each(Handle::join);
        }
    }

    /// A mutex is handed to the most urgent, and of equals to whoever has waited longest.
    fn mutex_goes_to_the_most_urgent() {
        begin();
        let low = spawn("low", Level::Low, hold, 0);
        nap(2);
        let levels = [Level::Normal, Level::High, Level::High, Level::Low];
        let mut handles = [None; 4];
        for (index, level) in levels.into_iter().enumerate() {
            handles[index] = Some(spawn("waiter", level, want_first, index + 1));
            nap(2);
        }
        STAGE.store(2, Ordering::Relaxed);
        handles.into_iter().flatten().chain([low]).for_each(Handle::join);
        let got = GOT.load(Ordering::Relaxed);
        expect("1 Normal, 2 High, 3 High, 4 Low: who gets it, in digits", got, 2314);
    }
}
