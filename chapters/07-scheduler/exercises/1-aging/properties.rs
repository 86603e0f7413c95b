//! Runs on a simulated machine, in which nobody may wait too long.

use aging::PATIENCE;
use exercise_host::{Property, holds_for, properties};
use feedback::Feedback;
use ktest::expect;
use proptest::collection::vec;
use proptest::sample::select;
use simulator::books::{accounts_add_up, states_agree, work_is_conserved};
use simulator::machine::{Doing, Inheritance, Machine};
use simulator::program::Program;
use simulator::program::Step::{Run, Sleep};
use simulator::scheduler::policy::queues::Queues;
use simulator::scheduler::policy::{Level, Policy, State, ThreadId, Verdict};
use simulator::timeline::{Drawn, draw_end};
use simulator::workload::workloads;
use thread::Thread;

#[allow(dead_code, unused_variables, reason = "until its holes are filled")]
mod aging;
mod feedback;
#[allow(dead_code, reason = "the tests use what they need")]
#[path = "../simulator.rs"]
mod simulator;
#[path = "../../src/scheduler/policy/thread.rs"]
mod thread;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    any_wait_is_bounded,
    any_wait_beside_one_is_bounded,
    any_patience_is_kept,
    any_realtime_is_in_time,
    any_day_adds_up,
];

/// How long runs are, in ticks.
const TICKS: u64 = 300;

fn machine(programs: Vec<Program>) -> Machine<Feedback> {
    Machine::new(Feedback::new(), Inheritance::On, programs)
}

fn draw(machine: &Machine<Feedback>) -> String {
    draw_end(machine, None)
}

fn hog(level: Level) -> Program {
    Program::new("hog", level, &[Run(1_000_000)])
}

/// How long a thread still waits, at most.
#[derive(Clone, Copy)]
struct Wait {
    turns: u64,
    waited: u64,
    left: u64,
}

/// Runs programs, none of which may wait beyond the bound: `PATIENCE` ticks, then one for each
/// other thread below `Realtime` that is ready then, and those that go to `Realtime`.
fn run_within_the_bound(programs: Vec<Program>) {
    let none = Wait { turns: 0, waited: 0, left: 0 };
    let mut waits = vec![none; programs.len()];
    let mut machine = machine(programs);
    for tick in 0..TICKS {
        machine.tick();
        let moment = &machine.moments[tick as usize];
        let is_urgent = moment.contains(&(Doing::Running, Level::Realtime));
        let is_ready =
            |(doing, level): &(Doing, Level)| *doing == Doing::Ready && *level < Level::Realtime;
        let ready = moment.iter().filter(|cell| is_ready(cell)).count() as u64;
        for (id, wait) in waits.iter_mut().enumerate() {
            let turns = machine.tasks[id].turns;
            if !is_ready(&moment[id]) || wait.turns != turns {
                *wait = Wait { turns, ..none };
            }
            if !is_ready(&moment[id]) {
                continue;
            }
            if wait.waited == PATIENCE {
                wait.left = ready;
            }
            wait.waited += 1;
            if wait.waited > PATIENCE && !is_urgent {
                wait.left = wait.left.saturating_sub(1);
            }
            let is_late = wait.waited > PATIENCE && wait.left == 0;
            let drawing = is_late.then(|| draw(&machine));
            let input = ("thread", id, "at tick", tick, "has waited", wait.waited);
            expect(Drawn((input, "is it beyond the bound"), drawing), is_late, false);
        }
    }
}

fn any_wait_is_bounded() {
    holds_for(workloads(), run_within_the_bound);
}

fn any_wait_beside_one_is_bounded() {
    let level = || select(vec![Level::Low, Level::Normal, Level::High]);
    holds_for((level(), 0..40_u64), |(level, arrives)| {
        run_within_the_bound(vec![hog(level), hog(Level::Idle).arriving(arrives)]);
    });
}

/// Whoever has not waited too long is before nobody who is more urgent: a thread of `Idle` beside
/// others has a tick for each time it has waited, and no more.
fn any_patience_is_kept() {
    let others = vec(select(vec![Level::Low, Level::Normal, Level::High]), 1..5);
    holds_for(others, |levels| {
        let mut programs: Vec<Program> = levels.iter().copied().map(hog).collect();
        programs.push(hog(Level::Idle));
        let mut machine = machine(programs);
        (0..TICKS).for_each(|_| machine.tick());
        let seen = machine.tasks[levels.len()].ran;
        let most = TICKS / (PATIENCE + 1);
        let drawing = (seen > most).then(|| draw(&machine));
        let input = ("ticks of Idle in", TICKS, "beside", levels, "at most", most);
        expect(Drawn(input, drawing), seen, seen.min(most));
    });
}

/// What is urgent waits for nobody, however long that one has waited.
fn any_realtime_is_in_time() {
    let others = vec(select(Level::ALL[..4].to_vec()), 1..5);
    holds_for((others, 1..4_u64, 1..60_u64), |(levels, runs, sleeps)| {
        let mut programs: Vec<Program> = levels.iter().copied().map(hog).collect();
        programs.push(Program::new("alarm", Level::Realtime, &[Run(runs), Sleep(sleeps)]));
        let mut machine = machine(programs);
        (0..TICKS).for_each(|_| machine.tick());
        let late = machine.moments.iter().position(|moment| moment[levels.len()].0 == Doing::Ready);
        let drawing = late.map(|_| draw(&machine));
        let input = ("Realtime, which runs", runs, "sleeps", sleeps, "beside", levels);
        expect(Drawn((input, "when does it wait"), drawing), late, None);
    });
}

/// Whatever happens, states are right, accounts add up, and nobody waits while nobody runs.
fn any_day_adds_up() {
    holds_for(workloads(), |programs| {
        let mut machine = machine(programs);
        for tick in 0..TICKS {
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
