//! Tries out clocks and sleep: which clocks there are, that they go forward, and that a sleep is
//! not too short.

#![no_std]
#![no_main]

use core::cell::UnsafeCell;
use core::time::Duration;

use linux_raw_sys::general;
use user::report::{self, KERNEL, NOWHERE};
use user::{Errno, Start, println, time};

/// `struct timespec`: seconds and nanoseconds.
type Time = [i64; 2];

const CLOCKS: [(&str, u32); 9] = [
    ("CLOCK_REALTIME", general::CLOCK_REALTIME),
    ("CLOCK_MONOTONIC", general::CLOCK_MONOTONIC),
    ("CLOCK_PROCESS_CPUTIME_ID", general::CLOCK_PROCESS_CPUTIME_ID),
    ("CLOCK_THREAD_CPUTIME_ID", general::CLOCK_THREAD_CPUTIME_ID),
    ("CLOCK_MONOTONIC_RAW", general::CLOCK_MONOTONIC_RAW),
    ("CLOCK_REALTIME_COARSE", general::CLOCK_REALTIME_COARSE),
    ("CLOCK_MONOTONIC_COARSE", general::CLOCK_MONOTONIC_COARSE),
    ("CLOCK_BOOTTIME", general::CLOCK_BOOTTIME),
    ("clock 99", 99),
];

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    clocks();
    pointers();
    forward();
    naps();
    wrong_naps();
    naps_by_clock();
    0
}

/// Asks for a call about time.
fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: the times that this file names are in cells, where the kernel may write.
    unsafe { report::ask_silently(number, arguments) }
}

/// What `clock` shows.
fn now(clock: u32) -> Result<Duration, Errno> {
    let time: UnsafeCell<Time> = UnsafeCell::new([0; 2]);
    ask(general::__NR_clock_gettime, &[clock as usize, time.get() as usize])?;
    let [seconds, nanoseconds] = time.into_inner();
    Ok(Duration::new(seconds as u64, nanoseconds as u32))
}

fn clocks() {
    for (name, clock) in CLOCKS {
        let resolution = ask(general::__NR_clock_getres, &[clock as usize, 0]);
        let is_there = |answer: Result<(), Errno>| answer.map_or_else(Errno::name, |()| "done");
        let shown = is_there(now(clock).map(drop));
        println!(
            "clock_gettime, clock_getres: {name}: {shown}, {}",
            is_there(resolution.map(drop))
        );
    }
}

fn pointers() {
    let clock = general::CLOCK_MONOTONIC as usize;
    for (what, place) in [
        ("clock_gettime: to null", 0),
        ("clock_gettime: nowhere", NOWHERE),
        ("clock_gettime: into the kernel", KERNEL),
    ] {
        report::answer(what, ask(general::__NR_clock_gettime, &[clock, place]));
    }
    report::answer("clock_getres: nowhere", ask(general::__NR_clock_getres, &[clock, NOWHERE]));
    let time: UnsafeCell<Time> = UnsafeCell::new([-1; 2]);
    let place = time.get() as usize;
    report::answer("clock_getres", ask(general::__NR_clock_getres, &[clock, place]));
    let [seconds, nanoseconds] = time.into_inner();
    report::truth("clock_getres: is below a second", seconds == 0 && nanoseconds > 0);
    report::answer("gettimeofday", ask(general::__NR_gettimeofday, &[place, 0]));
    report::answer("gettimeofday: of nothing", ask(general::__NR_gettimeofday, &[0, 0]));
    report::answer("gettimeofday: nowhere", ask(general::__NR_gettimeofday, &[NOWHERE, 0]));
}

fn forward() {
    for clock in [general::CLOCK_MONOTONIC, general::CLOCK_REALTIME, general::CLOCK_BOOTTIME] {
        let mut last = Duration::ZERO;
        let is_forward = (0..1000).all(|_| {
            let now = now(clock).unwrap_or_default();
            let is_forward = now >= last;
            last = now;
            is_forward
        });
        report::truth("clock_gettime: goes forward", is_forward);
    }
    let before = now(general::CLOCK_THREAD_CPUTIME_ID);
    let _ = time::sleep(Duration::from_millis(100));
    let after = now(general::CLOCK_THREAD_CPUTIME_ID);
    let is_short = || Ok::<_, Errno>(after? - before? < Duration::from_millis(80));
    report::truth("clock_gettime: a sleep takes no time of the processor", is_short() == Ok(true));
}

/// Whether `work` takes at least `least`, and not seconds.
fn takes(least: Duration, work: impl FnOnce() -> Result<usize, Errno>) -> bool {
    let before = time::now();
    let is_good = work() == Ok(0);
    let taken = || Ok::<_, Errno>(time::now()? - before?);
    is_good && taken().is_ok_and(|taken| taken >= least && taken < least + Duration::from_secs(5))
}

fn nanosleep(seconds: i64, nanoseconds: i64) -> Result<usize, Errno> {
    let time = UnsafeCell::new([seconds, nanoseconds]);
    ask(general::__NR_nanosleep, &[time.get() as usize, 0])
}

fn naps() {
    for milliseconds in [0, 1, 15, 50] {
        let least = Duration::from_millis(milliseconds);
        let is_good = takes(least, || nanosleep(0, milliseconds as i64 * 1_000_000));
        report::truth("nanosleep: is long enough", is_good);
    }
    let least = Duration::from_millis(1100);
    report::truth("nanosleep: over a second", takes(least, || nanosleep(1, 100_000_000)));
    let child = report::start_child(|| {
        let _ = time::sleep(Duration::from_millis(60));
        0
    });
    let is_good = takes(Duration::from_millis(50), || {
        report::ended("nanosleep: of a child", child);
        Ok(0)
    });
    report::truth("nanosleep: the parent waits for as long", is_good);
}

fn wrong_naps() {
    report::answer("nanosleep: too many nanoseconds", nanosleep(0, 1_000_000_000));
    report::answer("nanosleep: fewer than no nanoseconds", nanosleep(0, -1));
    report::answer("nanosleep: fewer than no seconds", nanosleep(-1, 0));
    report::answer("nanosleep: a time at null", ask(general::__NR_nanosleep, &[0, 0]));
    report::answer("nanosleep: a time nowhere", ask(general::__NR_nanosleep, &[NOWHERE, 0]));
    report::answer("nanosleep: a time in the kernel", ask(general::__NR_nanosleep, &[KERNEL, 0]));
}

fn clock_nanosleep(clock: u32, flags: u32, time: Duration) -> Result<usize, Errno> {
    let time = UnsafeCell::new([time.as_secs() as i64, i64::from(time.subsec_nanos())]);
    let number = general::__NR_clock_nanosleep;
    ask(number, &[clock as usize, flags as usize, time.get() as usize, 0])
}

fn naps_by_clock() {
    let nap = Duration::from_millis(20);
    let until = general::TIMER_ABSTIME;
    for clock in [general::CLOCK_MONOTONIC, general::CLOCK_REALTIME, general::CLOCK_BOOTTIME] {
        let is_good = takes(nap, || clock_nanosleep(clock, 0, nap));
        report::truth("clock_nanosleep: is long enough", is_good);
        let is_good = takes(nap, || clock_nanosleep(clock, until, now(clock)? + nap));
        report::truth("clock_nanosleep: until a moment", is_good);
        let past = now(clock).unwrap_or_default() / 2;
        report::answer("clock_nanosleep: until the past", clock_nanosleep(clock, until, past));
    }
    report::answer("clock_nanosleep: no such clock", clock_nanosleep(99, 0, nap));
    let [clock, number] = [general::CLOCK_MONOTONIC, general::__NR_clock_nanosleep];
    report::answer("clock_nanosleep: nowhere", ask(number, &[clock as usize, 0, NOWHERE, 0]));
    let wrong = UnsafeCell::new([0_i64, 1_000_000_000]);
    let wrong = ask(number, &[clock as usize, 0, wrong.get() as usize, 0]);
    report::answer("clock_nanosleep: too many nanoseconds", wrong);
}
