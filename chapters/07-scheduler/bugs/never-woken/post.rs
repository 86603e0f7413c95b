//! Letters from one thread to another, which has many boxes to look through.

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use core::time::Duration;

use crate::scheduler::policy::Level;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{self, Handle};
use crate::timer;

/// How many boxes the reader looks through.
const BOXES: usize = 20_000;

/// How many letters are written.
const LETTERS: usize = 60;

/// The time from tick to tick, in microseconds.
const TICK: usize = 10_000;

/// Whether there is a letter, in each box.
static LETTER: [AtomicBool; BOXES] = [const { AtomicBool::new(false) }; BOXES];

/// How many letters were read.
static READ: AtomicUsize = AtomicUsize::new(0);

/// Those who wait for a letter, and those who wait until one has been read.
static WRITTEN: WaitQueue = WaitQueue::new();
static ANSWERED: WaitQueue = WaitQueue::new();

/// Has letters written and read, and says so.
pub fn show() {
    READ.store(0, Ordering::Relaxed);
    let spawn = |name, level, work| scheduler::spawn(name, level, work, 0).ok();
    let threads = [spawn("reader", Level::Normal, read), spawn("writer", Level::High, write)];
    threads.into_iter().flatten().for_each(Handle::join);
    println!("post: {} of {LETTERS} letters were read", READ.load(Ordering::Relaxed));
}

/// Writes a letter with each tick, wherever the reader is then.
fn write(_: usize) {
    for letter in 0..LETTERS {
        timer::sleep_until(timer::now() + Duration::from_micros(1));
        LETTER[letter].store(true, Ordering::Relaxed);
        WRITTEN.wake_all();
        ANSWERED.wait_until(|| (READ.load(Ordering::Relaxed) > letter).then_some(()));
        if letter % 20 == 0 {
            println!("post: letter {letter} was answered");
        }
    }
}

/// Reads letters, and works for a while after each.
fn read(_: usize) {
    for letter in 0..LETTERS {
        WRITTEN.wait_until(|| {
            LETTER.iter().any(|letter| letter.swap(false, Ordering::Relaxed)).then_some(())
        });
        READ.fetch_add(1, Ordering::Relaxed);
        ANSWERED.wake_all();
        super::compute_for(Duration::from_micros((letter * TICK / LETTERS) as u64));
    }
}

#[cfg(feature = "ktest")]
ktest::test! {
    /// Whoever waits for a letter is woken when there is one.
    fn every_letter_is_read() {
        show();
        ktest::expect("letters that were read", READ.load(Ordering::Relaxed), LETTERS);
    }
}
