//! Tries out `futex`: sleeping while a word has a value, and waking who sleeps.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use linux_raw_sys::general::{
    self, FUTEX_CLOCK_REALTIME, FUTEX_PRIVATE_FLAG, FUTEX_WAIT, FUTEX_WAIT_BITSET, FUTEX_WAKE,
    FUTEX_WAKE_BITSET,
};
use user::report::{self, KERNEL, NOWHERE};
use user::{Errno, Start, thread, time};

/// The word that all is about; an aligned one beside it can be named at odd places.
static WORDS: [AtomicU32; 2] = [const { AtomicU32::new(5) }; 2];

/// How many threads were about to sleep.
static SLEEPERS: AtomicU32 = AtomicU32::new(0);

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    refusals();
    times();
    private_too();
    counts();
    sets();
    lists();
    0
}

/// The word's address.
fn word() -> usize {
    WORDS[0].as_ptr() as usize
}

/// Asks for `operation` on the word at `place`, with a time at the address `time`.
fn futex(place: usize, operation: u32, value: u32, time: usize, set: u32) -> Result<usize, Errno> {
    let arguments = [place, operation as usize, value as usize, time, 0, set as usize];
    // SAFETY: the kernel reads the word and the time, if they are there.
    unsafe { report::ask_silently(general::__NR_futex, &arguments) }
}

/// Sleeps while the word is `value`, for at most so many seconds and nanoseconds.
fn wait_for(value: u32, seconds: i64, nanoseconds: i64) -> Result<usize, Errno> {
    let time = [seconds, nanoseconds];
    futex(word(), FUTEX_WAIT, value, time.as_ptr() as usize, 0)
}

fn refusals() {
    report::answer("futex: wait for another number", futex(word(), FUTEX_WAIT, 6, 0, 0));
    report::answer("futex: wait at an odd place", futex(word() + 1, FUTEX_WAIT, 5, 0, 0));
    report::answer("futex: wait at null", futex(0, FUTEX_WAIT, 5, 0, 0));
    report::answer("futex: wait nowhere", futex(NOWHERE, FUTEX_WAIT, 5, 0, 0));
    report::answer("futex: wait in the kernel", futex(KERNEL, FUTEX_WAIT, 5, 0, 0));
    report::answer("futex: wait for a set of none", futex(word(), FUTEX_WAIT_BITSET, 5, 0, 0));
    report::answer("futex: wake when nobody sleeps", futex(word(), FUTEX_WAKE, 1, 0, 0));
    report::answer("futex: wake at an odd place", futex(word() + 2, FUTEX_WAKE, 1, 0, 0));
    report::answer("futex: wake a set of none", futex(word(), FUTEX_WAKE_BITSET, 1, 0, 0));
    report::answer("futex: no such operation", futex(word(), 99, 1, 0, 0));
}

fn times() {
    let before = time::now();
    report::answer("futex: wait for 30 ms", wait_for(5, 0, 30_000_000));
    let is_over = before.and_then(|before| Ok(time::now()? - before >= Duration::from_millis(30)));
    report::truth("futex: which are over then", is_over == Ok(true));
    report::answer("futex: wait for no time", wait_for(5, 0, 0));
    report::answer("futex: wait for another number for 30 ms", wait_for(6, 0, 30_000_000));
    report::answer("futex: too many nanoseconds", wait_for(5, 0, 1_000_000_000));
    report::answer("futex: fewer than no nanoseconds", wait_for(5, 0, -1));
    report::answer("futex: fewer than no seconds", wait_for(5, -1, 0));
    report::answer("futex: a time nowhere", futex(word(), FUTEX_WAIT, 5, NOWHERE, 0));
    let past = [0_i64, 1];
    let past = past.as_ptr() as usize;
    let late = futex(word(), FUTEX_WAIT_BITSET, 5, past, u32::MAX);
    report::answer("futex: until a moment that is past", late);
    let late = futex(word(), FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 5, past, u32::MAX);
    report::answer("futex: until a time of day that is past", late);
    times_of_day();
    let wake = futex(word(), FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, 0, 0);
    report::answer("futex: wake by a clock", wake);
}

fn times_of_day() {
    let before = time::time_of_day().unwrap_or_default();
    let until = before + Duration::from_millis(30);
    let until = [until.as_secs(), until.subsec_nanos().into()];
    let place = until.as_ptr() as usize;
    let late = futex(word(), FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 5, place, u32::MAX);
    report::answer("futex: until a time of day in 30 ms", late);
    let passed = time::time_of_day().map(|after| after.saturating_sub(before));
    let is_over = passed.is_ok_and(|passed| passed >= Duration::from_millis(30));
    report::truth("futex: which is past then", is_over);
}

/// The same word, in the form for those who share it with no other process.
fn private_too() {
    let private = |operation| operation | FUTEX_PRIVATE_FLAG;
    let time = [0_i64, 1_000_000];
    let time = time.as_ptr() as usize;
    report::answer("futex: private, another number", futex(word(), private(FUTEX_WAIT), 6, 0, 0));
    let late = futex(word(), private(FUTEX_WAIT), 5, time, 0);
    report::answer("futex: private, until the time is over", late);
    report::answer("futex: private, nobody sleeps", futex(word(), private(FUTEX_WAKE), 1, 0, 0));
}

/// Starts `count` threads that sleep on the word as `set`, and waits until they do.
///
/// # Panics
///
/// When there cannot be so many.
fn sleepers(count: u32, set: u32) -> Vec<thread::Thread<bool>> {
    SLEEPERS.store(0, Ordering::Relaxed);
    let sleep = move || {
        SLEEPERS.fetch_add(1, Ordering::Relaxed);
        futex(word(), FUTEX_WAIT_BITSET, 5, 0, set) == Ok(0)
    };
    let start = |_| thread::spawn(sleep).expect("the kernel has room for a thread");
    let threads = (0..count).map(start).collect();
    while SLEEPERS.load(Ordering::Relaxed) < count {
        time::yield_now();
    }
    // They have said that they are about to; this is time enough to do it.
    let _ = time::sleep(Duration::from_millis(100));
    threads
}

/// Waits for the end of all; how many were woken, and did not go by themselves.
fn woken(threads: Vec<thread::Thread<bool>>) -> usize {
    threads.into_iter().filter_map(thread::Thread::join).filter(|is_woken| *is_woken).count()
}

fn counts() {
    let threads = sleepers(3, u32::MAX);
    report::answer("futex: another word's sleepers", futex(word() + 4, FUTEX_WAKE, 9, 0, 0));
    report::answer("futex: wake two of three", futex(word(), FUTEX_WAKE, 2, 0, 0));
    report::answer("futex: wake the rest", futex(word(), FUTEX_WAKE, i32::MAX as u32, 0, 0));
    report::answer("futex: and then there is none", futex(word(), FUTEX_WAKE, 1, 0, 0));
    report::value("futex: so many went on", woken(threads));
    let threads = sleepers(1, u32::MAX);
    report::child("futex: wake from a copy, which has its own", || {
        futex(word(), FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, 0).map_or(-1, |count| count as i32)
    });
    report::answer("futex: wake the one", futex(word(), FUTEX_WAKE, 1, 0, 0));
    report::value("futex: it went on", woken(threads));
}

fn sets() {
    let threads = sleepers(2, 0b01);
    report::answer("futex: wake another set", futex(word(), FUTEX_WAKE_BITSET, 9, 0, 0b10));
    report::answer("futex: wake one of the set", futex(word(), FUTEX_WAKE_BITSET, 1, 0, 0b11));
    report::answer("futex: wake regardless of the set", futex(word(), FUTEX_WAKE, 9, 0, 0));
    report::value("futex: both went on", woken(threads));
}

fn lists() {
    let head = [0_usize; 3];
    let ask = |what: &str, place: usize, bytes: usize| {
        // SAFETY: the kernel reads the list when the thread ends, and it is empty.
        let answer =
            unsafe { report::ask_silently(general::__NR_set_robust_list, &[place, bytes]) };
        report::answer(what, answer);
    };
    let place = head.as_ptr() as usize;
    ask("set_robust_list: of a wrong size", place, 23);
    ask("set_robust_list: none", 0, 24);
}
