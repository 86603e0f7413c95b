//! Counts primes, and checks itself: shows that a program's memory is what its file says.
//!
//! The sieve is in zeroed memory (.bss), the limits that it goes to are data that may change
//! (.data), and the right answers are constants (.rodata).

#![no_std]
#![no_main]

use core::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use user::{Start, println};

/// Numbers below this are looked at.
const END: usize = 10_000;

/// How many primes there are below a limit.
static KNOWN: [(usize, usize); 4] = [(10, 4), (100, 25), (1_000, 168), (END, 1_229)];

/// One for each number that has a divisor.
static IS_COMPOSITE: [AtomicU8; END] = [const { AtomicU8::new(0) }; END];

/// How many numbers were found to be composite; more than none at first, to see that it is so.
static FOUND: AtomicUsize = AtomicUsize::new(1_000_000);

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    if IS_COMPOSITE.iter().any(|it| it.load(Ordering::Relaxed) != 0) {
        println!("primes: memory that must be zero is not");
        return 1;
    }
    sieve();
    for (limit, expected) in &KNOWN {
        let count = primes_below(*limit);
        println!("primes: {count} below {limit}");
        if count != *expected {
            println!("primes: that is wrong, there are {expected}");
            return 1;
        }
    }
    // Neither 0 nor 1 is a prime, nor are they composite.
    let found = FOUND.load(Ordering::Relaxed) - 1_000_000;
    if found == END - 2 - primes_below(END) { 0 } else { 1 }
}

/// Marks all composite numbers.
fn sieve() {
    let divisors = (2..).take_while(|divisor| divisor * divisor < END);
    for divisor in divisors.filter(|divisor| is_prime(*divisor)) {
        for multiple in (divisor * divisor..END).step_by(divisor) {
            if IS_COMPOSITE[multiple].swap(1, Ordering::Relaxed) == 0 {
                FOUND.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

fn primes_below(limit: usize) -> usize {
    (2..limit).filter(|number| is_prime(*number)).count()
}

/// Whether `number`, from 2 on, has not been marked.
fn is_prime(number: usize) -> bool {
    IS_COMPOSITE[number].load(Ordering::Relaxed) == 0
}
