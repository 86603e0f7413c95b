//! Preemption in the middle of anything. A timer that comes when it likes interrupts threads that
//! share all that threads can share: a list under a lock, the heap, a mutex, a queue of a few
//! places with those who wait at both its ends.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;

use ktest::Chance;

use super::{count, spawn, spin};
use crate::interrupts::tests::with_timer;
use crate::memory::heap;
use crate::scheduler::mutex::Mutex;
use crate::scheduler::policy::Level;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{Handle, yield_now};
use crate::sync::Lock;
use crate::{arch, config, timer};

/// How many ways for the timer to come. (Fewer, where the code is not optimised.)
const SEEDS: u64 = count(200, 40) as u64;

/// What each worker does for one of them, and how many numbers go through the queue.
const ROUNDS: usize = 25;
const NUMBERS: u64 = 20;

/// From tick to tick at least, in instructions: there must be time for something else than ticks.
const LEAST: usize = count(6_000, 25_000);

/// How many numbers the queue has room for.
const ROOM: usize = 3;

static SEED: AtomicU64 = AtomicU64::new(0);
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// Numbers, and their sum. Each has a block of the heap to itself.
#[allow(clippy::vec_box, reason = "the heap is to be busy")]
static LIST: Lock<(Vec<Box<u64>>, u64)> = Lock::new((Vec::new(), 0));

/// How often somebody has had it.
static COUNT: Mutex<u64> = Mutex::new(0);

/// How often each worker says to have had it.
static WANTED: AtomicU64 = AtomicU64::new(0);

static QUEUE: Lock<VecDeque<u64>> = Lock::new(VecDeque::new());
static NOT_EMPTY: WaitQueue = WaitQueue::new();
static NOT_FULL: WaitQueue = WaitQueue::new();

/// Numbers for the worker `number`.
fn chance(number: usize) -> Chance {
    Chance::new(SEED.load(Ordering::Relaxed) * 16 + number as u64)
}

/// Sets the timer to another time at each tick.
fn shake(number: usize) {
    let mut chance = chance(number);
    while !IS_OVER.load(Ordering::Relaxed) {
        arch::start_timer((1_000_000_000 / (LEAST + chance.below(3 * LEAST))) as u32);
        let tick = timer::ticks();
        timer::wait(|| (timer::ticks() > tick).then_some(()));
    }
}

fn work(number: usize) {
    let mut chance = chance(number);
    let mut blocks: Vec<Vec<u8>> = Vec::new();
    for _ in 0..ROUNDS {
        match chance.below(6) {
            0 => push(chance.number() >> 8),
            1 => pop(),
            2 => blocks.push(vec![number as u8; 1 + chance.below(300)]),
            3 => increase(chance.below(100)),
            4 => yield_now(),
            _ => drop((!blocks.is_empty()).then(|| blocks.swap_remove(chance.below(blocks.len())))),
        }
        let is_mine = |block: &Vec<u8>| block.iter().all(|byte| *byte == number as u8);
        assert!(blocks.last().is_none_or(is_mine), "somebody else writes here");
    }
    timer::sleep_until(timer::now() + Duration::from_micros(20));
}

fn push(number: u64) {
    let mut list = LIST.lock();
    list.0.push(Box::new(number));
    list.1 += number;
}

fn pop() {
    let mut list = LIST.lock();
    let sum: u64 = list.0.iter().map(|number| **number).sum();
    assert_eq!(sum, list.1);
    if let Some(last) = list.0.pop() {
        list.1 -= *last;
    }
}

fn increase(turns: usize) {
    let mut count = COUNT.lock();
    let before = *count;
    spin(turns);
    *count = before + 1;
    WANTED.fetch_add(1, Ordering::Relaxed);
}

fn produce(_: usize) {
    for number in 0..NUMBERS {
        NOT_FULL.wait_until(|| {
            let mut queue = QUEUE.lock();
            (queue.len() < ROOM).then(|| queue.push_back(number))
        });
        NOT_EMPTY.wake_one();
    }
}

fn consume(_: usize) {
    for number in 0..NUMBERS {
        assert_eq!(NOT_EMPTY.wait_until(|| QUEUE.lock().pop_front()), number);
        NOT_FULL.wake_one();
    }
}

/// All of that, with the timer as `seed` has it.
fn run(seed: u64) {
    SEED.store(seed, Ordering::Relaxed);
    IS_OVER.store(false, Ordering::Relaxed);
    let shaker = spawn(Level::Realtime, shake, 0);
    // Those of the lowest level have the processor for a tick each.
    let works: [fn(usize); 4] = [work, produce, work, consume];
    let mut number = 0;
    let threads = works.map(|work| {
        number += 1;
        spawn(Level::Idle, work, number)
    });
    threads.into_iter().for_each(Handle::join);
    IS_OVER.store(true, Ordering::Relaxed);
    shaker.join();
    assert_eq!(*COUNT.lock(), WANTED.load(Ordering::Relaxed), "with seed {seed}");
    let mut list = LIST.lock();
    assert_eq!(list.0.drain(..).map(|number| *number).sum::<u64>(), list.1, "with seed {seed}");
    list.1 = 0;
}

/// What is in use of the heap when nothing is left to do.
fn used() -> usize {
    LIST.lock().0 = Vec::new();
    *QUEUE.lock() = VecDeque::new();
    heap::statistics().used
}

ktest::test! {
    /// Wherever threads are interrupted: nothing is lost, nothing comes twice, and all is given
    /// back.
    fn preemption_anywhere_loses_nothing() {
        with_timer(config::TICK_HERTZ, || {
            run(0);
            let before = used();
            (1..=SEEDS).for_each(run);
            assert_eq!(used(), before);
        });
    }
}
