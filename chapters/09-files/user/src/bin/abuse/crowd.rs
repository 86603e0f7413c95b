//! Threads that take turns: when one waits in the kernel for what does not come, another goes on.
//!
//! A call with arguments by chance may wait for ever. So one thread makes the calls, one after the
//! other, and another watches it; if it gets no further it is given up, and a new one begins with
//! the next call. The end of the process is the end of all who still wait.

use alloc::boxed::Box;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;

use user::syscall::call;
use user::{thread, time};

/// The number of what is done next.
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// Which thread has the turn.
static TURN: AtomicUsize = AtomicUsize::new(0);

/// How many may wait for ever.
const MOST: usize = 128;

/// How often the watcher looks.
const PATIENCE: Duration = Duration::from_millis(20);

/// How often it must see nothing new: a machine that is busy elsewhere is slow.
const LOOKS: usize = 4;

/// Lets `act` have all numbers below `count`; whether it came to that.
pub fn run(count: usize, act: impl Fn(usize) + Send + Sync + Copy + 'static) -> bool {
    let work = move |turn: usize| {
        while TURN.load(Ordering::SeqCst) == turn {
            let index = NEXT.fetch_add(1, Ordering::SeqCst);
            if index >= count {
                break;
            }
            act(index);
        }
        loop {
            // SAFETY: the thread has nothing that anybody misses. It does not go back to where it
            // would free memory: others may be given up while they do.
            let _ = unsafe { call(linux_raw_sys::general::__NR_exit, [0; 6]) };
        }
    };
    for turn in 1..=MOST {
        TURN.store(turn, Ordering::SeqCst);
        let started = thread::spawn(move || -> () { work(turn) });
        if let Ok(thread) = started {
            Box::leak(Box::new(thread));
        }
        if is_done(count) {
            return true;
        }
    }
    false
}

/// Watches until all is done, or nothing is any more.
fn is_done(count: usize) -> bool {
    let (mut seen, mut looks) = (usize::MAX, 0);
    loop {
        let now = NEXT.load(Ordering::SeqCst);
        if now > count {
            return true;
        }
        looks = if now == seen { looks + 1 } else { 0 };
        if looks == LOOKS {
            user::println!("abuse: given up at {now}");
            return false;
        }
        seen = now;
        let _ = time::sleep(PATIENCE);
    }
}

/// How many have been given up, which says how careful the rest must be.
pub fn given_up() -> usize {
    TURN.load(Ordering::SeqCst)
}
