//! Runs whose outcome can be told beforehand.

use std::ops::Range;

use crate::laws::run;
use crate::machine::{Doing, Inheritance, Machine};
use crate::program::Program;
use crate::program::Step::{self, Lock, Run, Sleep, Unlock, Yield};
use crate::scheduler::policy::Level::{self, High, Idle, Low, Normal, Realtime};
use crate::scheduler::policy::feedback::{BOOST_TICKS, Feedback};
use crate::timeline::{draw, row};

const SECOND: u64 = 100;

/// A run with inheritance, under all laws.
fn play(ticks: u64, programs: &[Program]) -> Machine<Feedback> {
    run(Inheritance::On, ticks, programs.to_vec())
}

fn hog(name: &str, base: Level) -> Program {
    Program::new(name, base, &[Run(1000)])
}

/// What a task did in some ticks, in letters.
fn seen(machine: &Machine<Feedback>, task: usize, ticks: Range<usize>) -> String {
    row(&machine.moments[ticks], task)
}

/// For each time when a task was ready, how many ticks it waited.
fn waits(machine: &Machine<Feedback>, task: usize) -> Vec<usize> {
    let row = row(&machine.moments, task);
    row.split(|letter| letter != '.').map(str::len).filter(|length| *length > 0).collect()
}

/// The ticks that each task ran.
fn shares(machine: &Machine<Feedback>) -> Vec<u64> {
    machine.tasks.iter().map(|task| task.ran).collect()
}

#[test]
fn who_computes_sinks_and_a_boost_brings_it_back() {
    let machine = play(SECOND + 40, &[hog("hog", High)]);
    let period = |low| "H".repeat(20) + &"N".repeat(10) + &"L".repeat(low);
    assert_eq!(seen(&machine, 0, 0..100), period(70), "{}", draw(&machine));
    assert_eq!(seen(&machine, 0, 100..140), period(10), "{}", draw(&machine));
}

#[test]
fn nobody_sinks_to_idle_and_realtime_does_not_sink() {
    for base in [Idle, Low, Realtime] {
        let machine = play(99, &[hog("hog", base)]);
        let letter = &format!("{base:?}")[..1];
        assert_eq!(seen(&machine, 0, 0..99), letter.repeat(99), "{}", draw(&machine));
    }
}

#[test]
fn rest_leads_up_again_slice_by_slice() {
    for (rest, level) in [(9, 'L'), (10, 'N'), (29, 'N'), (30, 'H'), (31, 'H')] {
        let steps = [Run(30), Sleep(rest), Run(1000)];
        let machine = play(99, &[Program::new("sleeper", High, &steps)]);
        let woken = seen(&machine, 0, 30..99).trim_start().chars().next();
        assert_eq!(woken, Some(level), "after {rest} ticks\n{}", draw(&machine));
    }
}

#[test]
fn rests_add_up() {
    let steps = [Run(30), Sleep(5), Run(1), Sleep(6), Run(1000)];
    let machine = play(60, &[Program::new("sleeper", High, &steps)]);
    let expected = format!("L{}N", " ".repeat(6));
    assert_eq!(seen(&machine, 0, 35..43), expected, "{}", draw(&machine));
}

#[test]
fn what_was_rested_is_lost_with_the_level() {
    let steps = [Run(20), Sleep(15), Run(10), Sleep(1), Run(1000)];
    let machine = play(60, &[Program::new("sleeper", High, &steps)]);
    let expected = "N".repeat(10) + " L";
    assert_eq!(seen(&machine, 0, 35..47), expected, "{}", draw(&machine));
}

#[test]
fn who_types_is_answered_at_once_beside_a_hog() {
    let typist = Program::new("typist", Normal, &[Sleep(9), Run(1)]);
    let machine = play(10 * SECOND, &[hog("hog", Normal), typist]);
    let levels: String = (1..1000).map(|tick| seen(&machine, 1, tick..tick + 1)).collect();
    assert!(!levels.contains('L'), "the typist sinks\n{}", draw(&machine));
    // While the hog is on the typist's level, its slice is waited for; later it is preempted.
    assert!(waits(&machine, 1).iter().all(|ticks| *ticks <= 10), "{}", draw(&machine));
    let late = (0..10)
        .filter(|second| seen(&machine, 1, second * 100 + 25..second * 100 + 100).contains('.'));
    assert_eq!(late.count(), 0, "{}", draw(&machine));
    assert_eq!(shares(&machine).iter().sum::<u64>(), machine.now());
}

#[test]
fn blocking_before_the_slice_ends_is_no_way_to_keep_a_level() {
    let cheat = Program::new("cheat", High, &[Run(19), Sleep(1)]);
    let machine = play(SECOND, &[cheat, hog("hog", Low)]);
    let seen = seen(&machine, 0, 0..100);
    let high = seen.matches('H').count();
    let slept = seen.matches(' ').count();
    assert!(high <= 20 + slept, "{}", draw(&machine));
    assert!(shares(&machine)[1] >= 30, "{}", draw(&machine));
}

#[test]
fn equals_take_turns_of_a_slice() {
    for (base, slice) in [(Idle, 1), (Low, 5), (Realtime, 50)] {
        let machine = play(SECOND, &[hog("one", base), hog("other", base)]);
        let letter = &format!("{base:?}")[..1];
        let turn = letter.repeat(slice) + &".".repeat(slice);
        let row = seen(&machine, 0, 0..100);
        assert_eq!(
            row,
            turn.repeat(100).chars().take(100).collect::<String>(),
            "{}",
            draw(&machine)
        );
    }
}

#[test]
fn equals_get_equal_shares() {
    for base in [Idle, Low, Normal, High] {
        for count in [2, 3, 7] {
            let programs: Vec<_> = (0..count).map(|_| hog("hog", base)).collect();
            let machine = play(50 * SECOND, &programs);
            let share = 50 * SECOND / count;
            let is_fair = |ran: &u64| ran.abs_diff(share) * 20 <= share;
            assert!(shares(&machine).iter().all(is_fair), "{base:?}: {:?}", shares(&machine));
        }
    }
}

#[test]
fn four_priorities_have_shares_in_their_order() {
    let levels = [High, Normal, Low, Idle];
    let programs: Vec<_> = levels.map(|level| hog(&format!("{level:?}"), level)).into();
    let machine = play(10 * SECOND, &programs);
    let shares = shares(&machine);
    assert!(shares.is_sorted_by(|more, less| more > less), "{shares:?}");
    // One tick for each boost but the last, which comes with the last tick.
    assert_eq!(shares[3], 10 * SECOND / BOOST_TICKS - 1, "{}", draw(&machine));
}

#[test]
fn realtime_is_never_late_even_after_a_boost() {
    let alarm = Program::new("alarm", Realtime, &[Run(2), Sleep(5)]);
    let hogs = [hog("a", High), hog("b", Normal), hog("c", Low), hog("d", Idle)];
    let machine = play(5 * SECOND, &[hogs.as_slice(), &[alarm]].concat());
    assert_eq!(waits(&machine, 4), [], "{}", draw(&machine));
}

#[test]
fn a_realtime_hog_has_all_it_wants() {
    let machine = play(3 * SECOND, &[hog("hog", Realtime), hog("other", High)]);
    assert_eq!(shares(&machine), [3 * SECOND, 0], "{}", draw(&machine));
}

#[test]
fn the_bound_is_reached_and_not_passed() {
    for others in [1, 2, 3, 20, 99, 100, 101, 130] {
        let mut programs: Vec<_> = (0..others).map(|_| hog("hog", Low)).collect();
        programs.push(hog("idle", Idle));
        let machine = play(4 * SECOND, &programs);
        // Of the hogs one is running when the boost comes; the rest, and the idle one, are ready.
        let (ready, idle) = (others, others as usize);
        assert_eq!(waits(&machine, idle)[0] as u64, BOOST_TICKS + ready - 1, "{others} others");
    }
}

#[test]
fn a_yield_lets_equals_run_and_nobody_below() {
    let polite = |name| Program::new(name, Normal, &[Run(1), Yield]);
    let machine = play(9, &[polite("a"), polite("b"), hog("low", Low)]);
    assert_eq!(seen(&machine, 0, 0..9), "N.N.N.N.N", "{}", draw(&machine));
    assert_eq!(seen(&machine, 1, 0..9), ".N.N.N.N.", "{}", draw(&machine));
    assert_eq!(seen(&machine, 2, 0..9), ".........", "{}", draw(&machine));
}

#[test]
fn who_is_preempted_finishes_its_turn_before_its_equals() {
    let alarm = Program::new("alarm", High, &[Run(2), Sleep(1000)]).arriving(3);
    let machine = play(13, &[hog("a", Normal), hog("b", Normal), alarm]);
    assert_eq!(seen(&machine, 0, 0..13), "NNN..NNNNNNN.", "{}", draw(&machine));
    assert_eq!(seen(&machine, 1, 0..13), "............N", "{}", draw(&machine));
}

/// Low holds the lock that High wants, and Normal has work for long.
fn inversion(inheritance: Inheritance) -> Machine<Feedback> {
    let section = [Lock(0), Run(4), Unlock(0), Run(100)];
    let low = Program::new("low", Low, &section);
    let normal = [hog("n1", Normal), hog("n2", Normal), hog("n3", Normal)];
    let normal = normal.map(|program| program.arriving(2));
    let high = Program::new("high", High, &section).arriving(2);
    let programs = [&[low], normal.as_slice(), &[high]].concat();
    run(inheritance, SECOND, programs)
}

#[test]
fn without_inheritance_the_most_urgent_waits_for_those_between() {
    let machine = inversion(Inheritance::Off);
    let waited = seen(&machine, 4, 0..100).matches('0').count();
    assert!(waited >= 30, "{}", draw(&machine));
}

#[test]
fn with_inheritance_it_waits_for_the_section_only() {
    let machine = inversion(Inheritance::On);
    assert_eq!(seen(&machine, 0, 0..6), "LLHH..", "{}", draw(&machine));
    assert_eq!(seen(&machine, 4, 0..6), "--00HH", "{}", draw(&machine));
}

/// A chain of three: the last lends its level to the first, through the one between.
#[test]
fn levels_are_lent_along_a_chain() {
    let within = |first: &[Step]| [first, &[Run(3), Unlock(1), Unlock(0), Sleep(500)]].concat();
    let first = Program::new("first", Low, &[Lock(1), Run(4), Unlock(1), Sleep(500)]);
    let second = Program::new("second", Normal, &within(&[Lock(0), Lock(1)])).arriving(1);
    let third = Program::new("third", High, &within(&[Lock(0), Lock(1)])).arriving(3);
    let machine = play(14, &[first, second, third, hog("hog", Normal).arriving(2)]);
    assert_eq!(seen(&machine, 0, 0..5), "LNNH.", "{}", draw(&machine));
    assert_eq!(seen(&machine, 1, 0..8), "-111HHH.", "{}", draw(&machine));
    assert_eq!(seen(&machine, 2, 0..11), "---0000HHH ", "{}", draw(&machine));
}

#[test]
fn a_waiter_who_is_killed_takes_its_level_with_it() {
    let section = [Lock(0), Run(50), Unlock(0)];
    let high = Program::new("high", High, &[Lock(0)]).arriving(2);
    let high = Program { killed: Some(5), ..high };
    let programs = [Program::new("low", Low, &section), hog("hog", Normal).arriving(1), high];
    let machine = play(10, &programs);
    assert_eq!(seen(&machine, 0, 0..10), "L.HHH.....", "{}", draw(&machine));
    assert_eq!(machine.moments[9][2].0, Doing::Absent);
}

#[test]
fn nobody_there_is_idle() {
    let machine = play(10, &[Program::new("short", Normal, &[Run(3)]).once()]);
    assert_eq!((machine.idle, shares(&machine)), (7, vec![3]), "{}", draw(&machine));
}
