//! Who has the processor finds in its registers what it left there, however often others had them
//! meanwhile.

use core::sync::atomic::{AtomicU64, Ordering};

use super::{count, mine, run_all};
use crate::arch::registers;
use crate::interrupts::tests::with_timer;
use crate::process::tests::{left, start_code};
use crate::process::{Exit, wait};
use crate::scheduler::policy::Level;
use crate::scheduler::yield_now;

/// How often each of two threads gets the processor at least: ten thousand switches in all.
const TURNS: u64 = 5_000;

/// The same where a timer sees to it.
const PREEMPTIONS: u64 = count(5_000, 1_000) as u64;

/// So fast that the timer comes every few rounds, and not so fast that there is nothing else.
const HERTZ: u32 = count(100_000, 30_000) as u32;

/// How many times the two threads of a test got the processor together.
static SWITCHES: AtomicU64 = AtomicU64::new(0);

extern "C" fn give_way() {
    yield_now();
}

fn keep_while_yielding(number: usize) {
    for turn in 0..TURNS {
        let seed = turn << 1 | number as u64;
        assert!(registers::call_keeps_registers(seed, give_way), "thread {number}, turn {turn}");
    }
    SWITCHES.fetch_add(mine().switches, Ordering::Relaxed);
}

fn keep_while_preempted(number: usize) {
    let mut round = 0;
    while mine().switches < PREEMPTIONS {
        let seed = round << 1 | number as u64;
        assert!(registers::spin_keeps_registers(seed), "thread {number}, round {round}");
        round += 1;
    }
    SWITCHES.fetch_add(mine().switches, Ordering::Relaxed);
}

/// Runs programs that keep numbers in all registers: a process for each of `processes`, with a
/// thread for each of the numbers.
fn run_programs(processes: &[&[[u64; 2]]]) {
    let code = registers::registers_program();
    // One of the lowest level has the processor for a tick.
    let start = |threads: &&[[u64; 2]]| start_code(code, Level::Idle, threads);
    with_timer(HERTZ, || {
        let pids: alloc::vec::Vec<_> = processes.iter().map(start).collect();
        for pid in pids {
            assert_eq!(wait(pid), Exit::Exited(0));
        }
    });
}

/// Rounds of a program, each of a thousand instructions.
const ROUNDS: u64 = count(200_000, 30_000) as u64;

/// What one program keeps in its registers, and what the other one does. They differ in every bit
/// that somebody looks at.
const FIRST: [u64; 2] = [0x5555_aaaa_1234_5675, ROUNDS];
const SECOND: [u64; 2] = [0x2aaa_5555_0dcb_a98a, ROUNDS];

ktest::test! {
    /// In ten thousand switches no register that a call must keep is lost, nor the stack pointer.
    fn yielding_keeps_registers() {
        SWITCHES.store(0, Ordering::Relaxed);
        run_all(&[Level::High; 2], keep_while_yielding);
        let switches = SWITCHES.load(Ordering::Relaxed);
        assert!(switches >= 2 * TURNS, "{switches} switches");
    }

    /// Who is interrupted and loses the processor keeps all registers, and the flags.
    fn preemption_keeps_registers() {
        SWITCHES.store(0, Ordering::Relaxed);
        with_timer(HERTZ, || run_all(&[Level::Idle; 2], keep_while_preempted));
        let switches = SWITCHES.load(Ordering::Relaxed);
        assert!(switches >= 2 * PREEMPTIONS, "{switches} switches");
    }

    /// So do programs, with all that only they use: vectors, and what says how to compute.
    fn programs_keep_registers() {
        run_programs(&[&[FIRST], &[SECOND]]);
    }

    /// So do two threads of one process.
    fn threads_of_a_process_keep_registers() {
        run_programs(&[&[FIRST, SECOND]]);
        let before = left();
        run_programs(&[&[FIRST, SECOND]]);
        assert_eq!(left(), before);
    }
}
