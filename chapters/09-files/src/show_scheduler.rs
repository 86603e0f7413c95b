//! Shows threads that share the processor: programs that compute as long as they may, of four
//! levels, beside one that only wants to be asked now and then. With `timeline` among the boot
//! arguments it tells all that the scheduler did.

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use crate::process::{self, Process};
use crate::scheduler::mutex::Mutex;
use crate::scheduler::policy::Level;
use crate::scheduler::{self, Handle, table, trace};
use crate::timer;

/// Programs with their arguments, and how urgent they are.
const PROGRAMS: &[(&[&str], Level)] = &[
    (&["bin/hog", "low"], Level::Low),
    (&["bin/hog", "normal"], Level::Normal),
    (&["bin/hog", "high"], Level::High),
    (&["bin/naps"], Level::Normal),
];

/// What two threads of the kernel share.
static SHARED: Mutex<u32> = Mutex::new(0);

/// How long the urgent one of them waited for it, in microseconds.
static WAITED: AtomicU64 = AtomicU64::new(0);

/// How long the other one works with it.
const WORK: Duration = Duration::from_millis(40);

/// Shows all of that; `arguments` are the boot arguments.
pub fn show_scheduler(arguments: &str) {
    trace::clear();
    show_inheritance();
    show_programs();
    if arguments.split_ascii_whitespace().any(|word| word == "timeline") {
        trace::print();
    }
}

/// A thread of the lowest level holds a mutex, an urgent one waits for it, and one in between
/// computes.
fn show_inheritance() {
    let holder = spawn("holder", Level::Idle, hold);
    timer::sleep_until(timer::now() + WORK / 4);
    let others = [spawn("urgent", Level::High, want), spawn("between", Level::Normal, compute)];
    [holder].into_iter().chain(others).flatten().for_each(Handle::join);
    let waited = WAITED.load(Ordering::Relaxed);
    println!("mutex: held for {} us, and waited for {waited} us", WORK.as_micros());
}

fn spawn(name: &str, level: Level, work: fn(usize)) -> Option<Handle> {
    scheduler::spawn(name, level, work, 0).inspect_err(|error| println!("{name}: {error}")).ok()
}

fn hold(_: usize) {
    let mut shared = SHARED.lock();
    compute_for(WORK);
    *shared += 1;
}

fn want(_: usize) {
    let before = timer::now();
    let shared = SHARED.lock();
    WAITED.store((timer::now() - before).as_micros() as u64, Ordering::Relaxed);
    println!("mutex: it was held {} time before", *shared);
}

fn compute(_: usize) {
    compute_for(4 * WORK);
}

/// Computes, without ever waiting, for as long as it takes the processor to have been given for
/// `time`.
fn compute_for(time: Duration) {
    let end = table::used() + time;
    while table::used() < end {}
}

/// Runs all programs at once.
fn show_programs() {
    let pids: [_; PROGRAMS.len()] = core::array::from_fn(|index| {
        let (words, level) = PROGRAMS[index];
        start(words, level)
    });
    for pid in pids.iter().flatten() {
        process::wait_for_end(*pid);
    }
    table::print();
    for (pid, (words, _)) in pids.iter().zip(PROGRAMS) {
        if let Some(pid) = pid {
            println!("{}: {}", words.join(" "), process::wait(*pid));
        }
    }
}

fn start(words: &[&str], level: Level) -> Option<process::Pid> {
    let mut arguments: [&[u8]; 2] = [&[]; 2];
    for (argument, word) in arguments.iter_mut().zip(words) {
        *argument = word.as_bytes();
    }
    let process = Process::new(words[0], &arguments[..words.len()], &[]);
    let process = process.inspect_err(|error| println!("{}: {error}", words[0])).ok()?;
    process.start(level).inspect_err(|error| println!("{}: {error}", words[0])).ok()
}
