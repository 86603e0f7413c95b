//! Shows traps and interrupts at work: some that are survived, time that passes, keys that are
//! typed. With `overflow` among the boot arguments it shows one that is not survived.

use core::hint::black_box;
use core::time::Duration;

use crate::memory::{lazy, show};
use crate::{arch, input, interrupts, timer};

/// How many ticks are measured.
const TICKS: u64 = 100;

/// How long the kernel sleeps: not a number of ticks.
const NAP: Duration = Duration::from_millis(25);

/// How long the reader's fingers may rest.
const PATIENCE: Duration = Duration::from_secs(5);

/// Shows all of it; `arguments` are the boot arguments.
pub fn show_interrupts(arguments: &str) {
    show::show_mappings();
    arch::breakpoint();
    println!("breakpoint: and on we go");
    show_lazy_page();
    if arguments.split_ascii_whitespace().any(|word| word == "overflow") {
        println!("stack: {} calls deep", dive(1));
    }
    show_ticks();
    show_line();
    let interrupts::Statistics { timer, input, spurious } = interrupts::statistics();
    println!("interrupts: {timer} of the timer, {input} of input, {spurious} spurious");
}

/// Touches a page that is not there.
fn show_lazy_page() {
    let word = lazy::RANGE.start.0 as *mut u64;
    println!("lazy: reading {word:p}, where nothing is mapped");
    // SAFETY: the page comes when it is touched, and nobody else uses it.
    let found = unsafe { word.read_volatile() };
    // SAFETY: as above.
    unsafe { word.write_volatile(found + 42) };
    // SAFETY: as above.
    println!("lazy: found {found}, wrote and read {}", unsafe { word.read_volatile() });
    // SAFETY: it is not touched any more.
    unsafe { lazy::unmap(lazy::RANGE.start) };
}

/// Calls itself without end.
fn dive(depth: u64) -> u64 {
    // What is still needed after the call cannot be left out of the frame.
    let room = black_box([depth; 32]);
    if room[0] == 0 { 0 } else { 1 + dive(depth + 1).max(room[31]) }
}

/// Measures how far ticks are apart, and how late the kernel wakes.
fn show_ticks() {
    let first = timer::ticks() + 1;
    let start = wait_for_tick(first);
    let (mut last, mut least, mut most) = (start, Duration::MAX, Duration::ZERO);
    for tick in 1..=TICKS {
        let now = wait_for_tick(first + tick);
        (least, most) = (least.min(now - last), most.max(now - last));
        last = now;
    }
    let micros = |time: Duration| time.as_micros();
    println!("ticks: {TICKS} in {} us", micros(last - start));
    println!("ticks: {} to {} us apart", micros(least), micros(most));
    let deadline = timer::now() + NAP;
    timer::sleep_until(deadline);
    println!("sleep: {} us, and woke {} us late", micros(NAP), micros(timer::now() - deadline));
}

fn wait_for_tick(tick: u64) -> Duration {
    timer::wait(|| (timer::ticks() >= tick).then(timer::now))
}

/// Reads a line, if somebody types one.
fn show_line() {
    println!("input: type a line, within {} s a key", PATIENCE.as_secs());
    match input::read_line(PATIENCE) {
        Some(line) => println!("input: {:?}", line.text()),
        None => println!("input: nobody types"),
    }
}
