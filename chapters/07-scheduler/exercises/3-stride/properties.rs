//! Runs on a simulated machine, whose shares can be told beforehand.

use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use shares::{Shares, tickets};
use simulator::books::{accounts_add_up, states_agree, work_is_conserved};
use simulator::machine::{Inheritance, Machine};
use simulator::program::Program;
use simulator::program::Step::{Run, Sleep};
use simulator::scheduler::policy::{Level, Policy, State, ThreadId, Verdict};
use simulator::timeline::{Drawn, draw_end};
use simulator::workload::workloads;

mod shares;
#[allow(dead_code, reason = "the tests use what they need")]
#[path = "../simulator.rs"]
mod simulator;
#[allow(dead_code, unused_variables, reason = "until its holes are filled")]
mod stride;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    any_shares_are_kept,
    any_rest_is_over,
    any_newcomer_begins_now,
    any_lent_share_comes_soon,
    any_lent_share_is_no_more,
    any_day_adds_up,
];

/// For how many ticks a level is lent.
const LENT: u64 = 400;

/// Levels whose shares are large enough to be counted in a few thousand ticks.
fn level() -> impl Strategy<Value = Level> {
    select(vec![Level::Low, Level::Normal, Level::High, Level::Realtime])
}

fn hog(level: Level) -> Program {
    Program::new(&format!("{level:?}"), level, &[Run(1_000_000)])
}

fn machine(programs: Vec<Program>) -> Machine<Shares> {
    Machine::new(Shares::new(), Inheritance::On, programs)
}

fn run(machine: &mut Machine<Shares>, ticks: u64) {
    (0..ticks).for_each(|_| machine.tick());
}

/// The ticks that each task ran, while `ticks` pass.
fn ran(machine: &mut Machine<Shares>, ticks: u64) -> Vec<u64> {
    let before: Vec<u64> = machine.tasks.iter().map(|task| task.ran).collect();
    run(machine, ticks);
    machine.tasks.iter().zip(before).map(|(task, before)| task.ran - before).collect()
}

/// What somebody with `mine` of `all` tickets is entitled to in `ticks`, and how far from that is
/// still right: 5 %, or two ticks where that is more.
fn entitled(mine: u64, all: u64, ticks: u64) -> (u64, u64) {
    let share = ticks * mine / all;
    (share, (share / 20).max(2))
}

fn draw(machine: &Machine<Shares>) -> String {
    draw_end(machine, None)
}

/// Expects the tasks to have had their shares of `ticks`.
fn expect_shares(machine: &mut Machine<Shares>, levels: &[Level], ticks: u64) {
    let ran = ran(machine, ticks);
    let all = levels.iter().copied().map(tickets).sum();
    for (seen, level) in ran.into_iter().zip(levels) {
        let (share, error) = entitled(tickets(*level), all, ticks);
        let is_right = seen.abs_diff(share) <= error;
        let input = (levels, "ticks of", level, "of", ticks, "and", error, "more or less");
        let input = Drawn(input, (!is_right).then(|| draw(machine)));
        expect(input, seen, if is_right { seen } else { share });
    }
}

fn any_shares_are_kept() {
    holds_for(vec(level(), 1..6), |levels| {
        let mut machine = machine(levels.iter().copied().map(hog).collect());
        run(&mut machine, 20);
        expect_shares(&mut machine, &levels, 3000);
    });
}

fn any_rest_is_over() {
    holds_for((level(), level(), 100..1000_u64), |(hogs, rests, ticks)| {
        let sleeper = Program::new("sleeper", rests, &[Run(1), Sleep(ticks), Run(1_000_000)]);
        let mut machine = machine(vec![hog(hogs), sleeper]);
        run(&mut machine, ticks + 40);
        expect_shares(&mut machine, &[hogs, rests], 500);
    });
}

fn any_newcomer_begins_now() {
    holds_for((level(), level(), 100..1000_u64), |(hogs, comes, ticks)| {
        let mut machine = machine(vec![hog(hogs), hog(comes).arriving(ticks)]);
        run(&mut machine, ticks + 20);
        expect_shares(&mut machine, &[hogs, comes], 500);
    });
}

/// What a thread of `Level::Idle` that has just had a turn, beside others, runs in so many ticks
/// after it was lent `floor`; and what it is entitled to.
fn ran_lent(machine: &mut Machine<Shares>, level: Level, floor: Level) -> (u64, (u64, u64)) {
    let lent = machine.tasks.len() - 1;
    if machine.policy.lend(ThreadId(lent), floor) == Verdict::Switch {
        machine.policy.pick();
    }
    let all = tickets(level) * lent as u64 + tickets(floor);
    (ran(machine, LENT)[lent], entitled(tickets(floor), all, LENT))
}

fn beside(level: Level, count: usize, before: u64) -> Machine<Shares> {
    let mut programs = vec![hog(level); count];
    programs.push(hog(Level::Idle));
    let mut machine = machine(programs);
    run(&mut machine, before);
    machine
}

fn any_lent_share_comes_soon() {
    holds_for((level(), 1..4_usize, 5..90_u64), |(level, count, before)| {
        let mut machine = beside(level, count, before);
        let (seen, (share, error)) = ran_lent(&mut machine, level, Level::Realtime);
        let least = share - error;
        let is_right = seen >= least;
        let input = (count, "of", level, "and one of Idle, lent Realtime", least, "ticks at least");
        let input = Drawn(input, (!is_right).then(|| draw(&machine)));
        expect(input, seen, seen.max(least));
    });
}

fn any_lent_share_is_no_more() {
    holds_for((level(), 1..4_usize, 5..90_u64), |(level, count, before)| {
        let mut machine = beside(level, count, before);
        for floor in [Level::Realtime, Level::Idle] {
            let (seen, (share, error)) = ran_lent(&mut machine, level, floor);
            let most = share + error;
            let input = (count, "of", level, "and one of Idle, lent", floor, most, "ticks at most");
            let input = Drawn(input, (seen > most).then(|| draw(&machine)));
            expect(input, seen, seen.min(most));
        }
    });
}

/// Whatever happens, states are right, accounts add up, and nobody waits while nobody runs.
fn any_day_adds_up() {
    holds_for(workloads(), |programs| {
        let mut machine = machine(programs);
        for tick in 0..300_u64 {
            machine.tick();
            let moment = machine.moments.last().expect("there was a tick");
            let laws = states_agree(&machine, moment)
                .and_then(|()| work_is_conserved(moment))
                .and_then(|()| accounts_add_up(&machine));
            let drawing = laws.is_err().then(|| draw(&machine));
            expect(Drawn(("tick", tick), drawing), laws, Ok(()));
        }
    });
}
