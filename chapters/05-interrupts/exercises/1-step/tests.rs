//! What is expected of a tracer: code of which every address is known, traced in many ways.

use alloc::vec::Vec;
use core::sync::atomic::Ordering;

use ktest::{Chance, expect};

use super::frame::Place;
use super::step::Tracer;
use super::{STEPS, TRACER, trace};
use crate::interrupts::tests::with_timer;
use crate::memory::lazy;
use crate::{arch, timer};

unsafe extern "C" {
    /// A breakpoint; a loop; a call; a branch that is not taken; a load from `word`; a jump.
    fn traced_code(word: *const u64) -> u64;
    static places_of_code: [Place; 15];

    /// A breakpoint, and a loop of two instructions.
    fn traced_loop(rounds: u64);
    static places_of_loop: [Place; 4];

    /// Three breakpoints among instructions that do nothing.
    fn traced_breakpoints();
    static places_of_breakpoints: [Place; 6];
}

/// The order in which the instructions of `traced_code` behind its breakpoint are executed.
const ORDER: [usize; 19] = [1, 2, 3, 4, 2, 3, 4, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14];

/// Loads come from here.
const WORD: u64 = 5;

/// An address of which no page table knows.
const NOWHERE: u64 = 0xffff_b000_0000_0000;

/// Runs `traced_code`.
fn code(word: *const u64) -> u64 {
    // SAFETY: it follows the calling convention, and only reads `word`. Where that is not mapped,
    // the kernel ends or maps it.
    unsafe { traced_code(word) }
}

/// The instructions number `order` of those at `all`, by their addresses.
fn in_order(all: &[Place], order: impl IntoIterator<Item = usize>) -> Vec<Place> {
    order.into_iter().map(|number| all[number]).collect()
}

/// The first `count` instructions of `traced_code`.
fn expected(count: usize) -> Vec<Place> {
    // SAFETY: the table is constant.
    in_order(unsafe { &places_of_code }, ORDER.into_iter().take(count))
}

/// Traces `code` with a tracer that has traced nothing before.
fn trace_anew<T>(count: usize, code: impl FnOnce() -> T) -> Vec<Place> {
    *TRACER.lock() = Tracer::new();
    trace(count, code)
}

/// How many steps there are in `act`.
fn steps<T>(act: impl FnOnce() -> T) -> usize {
    let before = STEPS.load(Ordering::Relaxed);
    act();
    STEPS.load(Ordering::Relaxed) - before
}

ktest::test! {
    /// Asked for one instruction, it is the one behind the breakpoint.
    fn one_is_the_one_behind_the_breakpoint() {
        expect("trace(1, code)", trace_anew(1, || code(&WORD)), expected(1));
    }

    /// The first n instructions are noted in the order in which they are executed: round by round
    /// of a loop, through a call and back, not where a branch does not lead.
    fn instructions_come_in_order() {
        for count in 2..=ORDER.len() {
            let seen = trace_anew(count, || code(&WORD));
            expect(("trace(n, code) with n =", count), seen, expected(count));
        }
    }

    /// Of no instructions none is noted, and none is stepped.
    fn none_are_none() {
        let taken = steps(|| expect("trace(0, code)", trace_anew(0, || code(&WORD)), Vec::new()));
        expect("steps in trace(0, code)", taken, 0);
    }

    /// No more is stepped than what was asked for.
    fn not_more_is_stepped_than_asked_for() {
        for count in [1, 7, ORDER.len()] {
            let taken = steps(|| trace_anew(count, || code(&WORD)));
            expect(("steps in trace(n, code), n =", count, "at most n"), taken.min(count), taken);
        }
    }

    /// A breakpoint within what is traced counts as an instruction, and the next one is not lost.
    fn a_breakpoint_counts_as_one() {
        // SAFETY: it follows the calling convention, and does nothing.
        let seen = trace_anew(5, || unsafe { traced_breakpoints() });
        // SAFETY: the table is constant.
        let expected = in_order(unsafe { &places_of_breakpoints }, 1..=5);
        expect("trace(5) of code with breakpoints as instructions 2 and 3", seen, expected);
    }

    /// The handlers of interrupts are not noted, and what they interrupt is noted once.
    fn interrupts_are_not_noted() {
        let rounds = 300 + Chance::new(1).below(100);
        let before = timer::ticks();
        let seen = with_timer(20_000, || {
            // SAFETY: it follows the calling convention, and changes what that allows.
            trace_anew(2 * rounds, || unsafe { traced_loop(rounds as u64) })
        });
        assert!(timer::ticks() > before + 3, "there were too few interrupts: no test of anything");
        // SAFETY: the table is constant.
        let places = unsafe { &places_of_loop };
        let expected = in_order(places, [1, 2].into_iter().cycle().take(2 * rounds));
        let first = seen.iter().zip(&expected).position(|(seen, expected)| seen != expected);
        expect("a loop among interrupts: the first wrong instruction", first, None);
        expect("a loop among interrupts: how many instructions", seen.len(), expected.len());
    }

    /// An instruction that faults and is repaired is noted once.
    fn a_repaired_fault_counts_once() {
        let page = lazy::RANGE.start + 31 * 4096;
        let seen = trace_anew(ORDER.len(), || code(page.0 as *const u64));
        // SAFETY: nobody relies on the page.
        unsafe { lazy::unmap(page) };
        let input = "trace(n, code) with a page that comes when it is read";
        expect(input, seen, expected(ORDER.len()));
    }

    /// A fault that nobody can repair is told as without a tracer.
    #[must_die("trap: a read at 0xffffb00000000000")]
    fn another_fault_is_told() {
        trace_anew(ORDER.len(), || code(NOWHERE as *const u64));
    }

    /// What is traced comes to the same as what is not.
    fn what_is_traced_does_not_notice() {
        let plain = code(&WORD);
        for count in 0..=ORDER.len() {
            let mut traced = 0;
            trace_anew(count, || traced = code(&WORD));
            expect(("what code returns in trace(n, code), n =", count), traced, plain);
        }
    }

    /// A trace ends with its code, however many instructions were asked for. Those noted are the
    /// code's, and perhaps some of the way out.
    fn a_trace_ends_with_its_code() {
        let mut seen = trace_anew(500, || code(&WORD));
        seen.truncate(ORDER.len());
        expect("trace(500, code), the first of them", seen, expected(ORDER.len()));
        expect("steps after trace(500, code)", steps(|| code(&WORD)), 0);
    }

    /// Once a trace has what it wanted, breakpoints are the kernel's again, and nothing is stepped.
    fn afterwards_all_is_as_before() {
        let taken = steps(|| {
            trace_anew(1, || {
                code(&WORD);
                arch::breakpoint();
            })
        });
        expect("steps in trace(1) of two breakpoints, at most 1", taken.min(1), taken);
        let taken = steps(|| {
            arch::breakpoint();
            code(&WORD);
        });
        expect("steps after a trace", taken, 0);
    }

    /// Each trace starts anew.
    fn traces_do_not_mix() {
        for count in [6, 3, 9] {
            trace(count, || code(&WORD));
            let seen = trace(4, || code(&WORD));
            expect(("trace(4, code) after trace(n, code), n =", count), seen, expected(4));
        }
    }
}
