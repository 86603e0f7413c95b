//! What levels promise, in the kernel: how long a turn is, who sinks and who rises, and how long
//! anybody waits.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;

use super::{mine, run_all, spawn, spin_until_tick};
use crate::interrupts::tests::with_timer;
use crate::scheduler::Handle;
use crate::scheduler::policy::Level;
use crate::scheduler::policy::feedback::BOOST_TICKS;
use crate::scheduler::trace::{self, Event};
use crate::timer;

/// As many ticks as can be: what is measured is measured in ticks.
const HERTZ: u32 = 10_000;
const TICK: Duration = Duration::from_nanos(1_000_000_000 / HERTZ as u64);

/// The tick at which the hogs end.
static END: AtomicU64 = AtomicU64::new(0);

/// The serial of the first hog.
static FIRST: AtomicU64 = AtomicU64::new(0);

/// The most ticks that the one who is measured did not run.
static LONGEST: AtomicU64 = AtomicU64::new(0);

/// Whether what was to be seen was seen.
static IS_SEEN: AtomicBool = AtomicBool::new(false);

fn hog(number: usize) {
    if number == 0 {
        FIRST.store(mine().serial.0, Ordering::Relaxed);
    }
    spin_until_tick(END.load(Ordering::Relaxed));
}

/// The same for two turns and a bit, from when the first of them begins: to make threads may take
/// ticks, too.
fn hog_for_two_turns(number: usize) {
    let end = timer::ticks() + 2 * u64::from(mine().base.slice()) + 5;
    // Whoever comes later finds an end.
    let _ = END.compare_exchange(0, end, Ordering::Relaxed, Ordering::Relaxed);
    hog(number);
}

/// The ticks of the first turn of the first of two hogs of `level`.
fn first_turn(level: Level) -> u32 {
    trace::clear();
    END.store(0, Ordering::Relaxed);
    run_all(&[level; 2], hog_for_two_turns);
    let first = FIRST.load(Ordering::Relaxed);
    let (events, lost) = trace::tests::events();
    assert_eq!(lost, 0);
    let events = events.iter().map(|(_, event)| event);
    let turn = events.skip_while(|event| !matches!(event, Event::Switch(_, to) if to.0 == first));
    let turn = turn.skip(1).take_while(|event| !matches!(event, Event::Switch(..)));
    turn.filter(|event| matches!(event, Event::Tick(serial) if serial.0 == first)).count() as u32
}

/// Computes until there was a boost; the next one is `BOOST_TICKS` away then.
fn await_boost() {
    while mine().level == mine().base {}
    while mine().level != mine().base {}
}

/// Computes for `ticks`.
fn compute(ticks: u64) {
    spin_until_tick(timer::ticks() + ticks);
}

/// Computes all that it may, and then sleeps.
fn sink_and_rise(_: usize) {
    let slices = u64::from(Level::High.slice() + Level::Normal.slice());
    await_boost();
    compute(slices + 1);
    assert_eq!(mine().level, Level::Low);
    let start = timer::ticks();
    timer::sleep_until(timer::now() + TICK * (slices as u32 + 3));
    assert_eq!(mine().level, Level::High);
    assert!(timer::ticks() - start < BOOST_TICKS - slices - 1, "there may have been a boost");
    IS_SEEN.store(true, Ordering::Relaxed);
}

/// Notes how long it had to wait. The processor is never given away. When the hogs end, the kernel
/// is busy with what they leave: what comes then is not waited for.
fn measure(_: usize) {
    let end = END.load(Ordering::Relaxed);
    let mut last = timer::ticks();
    while last < end {
        let now = timer::ticks().min(end);
        LONGEST.fetch_max(now - last, Ordering::Relaxed);
        last = now;
    }
}

ktest::test! {
    /// One of a level runs for a slice while another of it waits: 1, 5, 10, 20, 50 ticks.
    fn turns_last_a_slice() {
        for (level, slice) in Level::ALL.into_iter().zip([1, 5, 10, 20, 50]) {
            with_timer(HERTZ, || {
                // A boost may come into one of them, and even into two; not into three.
                let turns = [(); 3].map(|()| first_turn(level));
                assert!(turns.iter().all(|turn| *turn <= slice), "{level:?}: {turns:?}");
                assert!(turns.contains(&slice), "{level:?}: {turns:?}");
            });
        }
    }

    /// Who computes sinks to `Low`; who rests from that is back before the next boost.
    fn hogs_sink_and_sleepers_rise() {
        IS_SEEN.store(false, Ordering::Relaxed);
        with_timer(HERTZ, || run_all(&[Level::High], sink_and_rise));
        assert!(IS_SEEN.load(Ordering::Relaxed));
    }

    /// Who has asked for real time does not sink.
    fn real_time_stays() {
        fn stay(_: usize) {
            compute(u64::from(Level::Realtime.slice()) + 5);
            assert_eq!(mine().level, Level::Realtime);
        }
        with_timer(HERTZ, || run_all(&[Level::Realtime], stay));
    }

    /// Nobody below real time waits longer than the policy says, even at the lowest level; and at
    /// that level one waits for a boost, and not for less, while there are others.
    fn nobody_starves() {
        LONGEST.store(0, Ordering::Relaxed);
        with_timer(HERTZ, || {
            END.store(timer::ticks() + 4 * BOOST_TICKS, Ordering::Relaxed);
            let hogs = [Level::Low, Level::Normal, Level::High].map(|level| spawn(level, hog, 1));
            spawn(Level::Idle, measure, 0).join();
            hogs.into_iter().for_each(Handle::join);
        });
        let longest = LONGEST.load(Ordering::Relaxed);
        // Four are ready, and the one who spawns them is a fifth. From one sight of a tick to the
        // next is a tick more than the wait.
        let most = BOOST_TICKS + (5 - 1) + 1;
        assert!(longest <= most, "waited for {longest} ticks, and not {most}");
        assert!(longest >= BOOST_TICKS - 5, "waited for {longest} ticks only");
    }
}
