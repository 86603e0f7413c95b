//! Threads of Rust's standard library: started, joined, and kept apart by its locks.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// So many threads at once.
const THREADS: u32 = 8;

fn main() {
    println!("sums: {:?}", sums());
    println!("counted: {}", counted());
    println!("sent: {}", sent());
    println!("woken: {}", woken());
    let start = Instant::now();
    thread::sleep(Duration::from_millis(20));
    println!("slept long enough: {}", start.elapsed() >= Duration::from_millis(20));
    let outcome = thread::spawn(|| std::hint::black_box(7)).join();
    println!("joined: {outcome:?}");
}

/// What each thread has computed, in their order.
fn sums() -> Vec<u32> {
    let threads = (1..=THREADS).map(|count| thread::spawn(move || (1..=count * 1000).sum()));
    let threads: Vec<thread::JoinHandle<u32>> = threads.collect();
    threads.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
}

/// What all have counted together, by a lock and by an atomic number.
fn counted() -> String {
    let (locked, atomic) = (Mutex::new(0), AtomicU32::new(0));
    let barrier = Barrier::new(THREADS as usize);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                barrier.wait();
                for _ in 0..1000 {
                    *locked.lock().expect("nobody panics") += 1;
                    atomic.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    format!("{} and {}", locked.into_inner().expect("nobody panics"), atomic.into_inner())
}

/// The sum of what was sent through a channel.
fn sent() -> u32 {
    let (sender, receiver) = mpsc::sync_channel(2);
    thread::spawn(move || (0..100).try_for_each(|number| sender.send(number)));
    receiver.iter().sum()
}

/// Whether a thread that waits for a condition is woken.
fn woken() -> bool {
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let theirs = Arc::clone(&pair);
    let thread = thread::spawn(move || {
        *theirs.0.lock().expect("nobody panics") = true;
        theirs.1.notify_all();
    });
    let is_set = pair.1.wait_while(pair.0.lock().expect("nobody panics"), |is_set| !*is_set);
    thread.join().is_ok() && is_set.is_ok_and(|is_set| *is_set)
}
