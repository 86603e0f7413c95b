//! What must hold at every tick of every run.
//!
//! Those in [`books`](crate::books) hold for any policy; the others are promises of this one.

use host_tests::holds_for_many;
use proptest::prelude::*;

use crate::books::{Law, accounts_add_up, demand, states_agree, work_is_conserved};
use crate::machine::{Doing, Inheritance, Machine, Moment};
use crate::program::{Program, Step};
use crate::scheduler::policy::feedback::{BOOST_TICKS, Feedback};
use crate::scheduler::policy::{Level, Policy, ThreadId};
use crate::timeline::draw;
use crate::workload::workloads;

/// How long each run lasts.
const TICKS: u64 = 350;

/// Nobody runs while somebody more urgent is ready.
fn the_highest_runs(moment: &Moment) -> Law {
    let of = |wanted| moment.iter().filter(move |(doing, _)| *doing == wanted);
    let running = of(Doing::Running).map(|(_, level)| *level).next();
    let highest = of(Doing::Ready).map(|(_, level)| *level).max();
    demand(running >= highest, || format!("{running:?} runs while {highest:?} is ready"))
}

/// A boost lifts all who are ready, and gives the others their level back.
fn a_boost_reaches_all(machine: &Machine<Feedback>, moment: &Moment) -> Law {
    for (id, (doing, _)) in moment.iter().enumerate().filter(|(_, cell)| cell.0 != Doing::Absent) {
        let (base, level) = (machine.tasks[id].program.base, machine.policy.level(ThreadId(id)));
        let expected = if *doing == Doing::Ready { base.max(Level::High) } else { base };
        demand(level >= expected, || format!("after a boost thread {id} is {level:?}"))?;
    }
    Ok(())
}

/// Whoever holds a lock is as urgent as those who wait were when they began to, unless they lost
/// that level since, which was lent to them.
fn who_waits_lends(machine: &Machine<Feedback>) -> Law {
    for lock in &machine.locks {
        let Some(owner) = lock.owner else { continue };
        let level = machine.policy.level(ThreadId(owner));
        for waiting in &lock.waiting {
            let asked = machine.tasks[*waiting].asked.min(machine.policy.level(ThreadId(*waiting)));
            demand(level >= asked, || format!("{level:?} thread {owner} keeps {asked:?} waiting"))?;
        }
    }
    Ok(())
}

/// Whoever holds nothing that others wait for is above its base only by a boost, thus not asleep.
fn what_is_lent_is_given_back(machine: &Machine<Feedback>, moment: &Moment) -> Law {
    for (id, (doing, level)) in moment.iter().enumerate() {
        let base = machine.tasks[id].program.base;
        let is_lent =
            machine.locks.iter().any(|lock| lock.owner == Some(id) && !lock.waiting.is_empty());
        let limit = if *doing == Doing::Sleeping { base } else { base.max(Level::High) };
        demand(is_lent || *level <= limit, || format!("thread {id} keeps {level:?}"))?;
    }
    Ok(())
}

/// What the laws remember of one task.
#[derive(Clone, Default)]
struct Memory {
    /// Its turns when it began to wait, and the level on which it did.
    turns: u64,
    level: Option<Level>,
    /// How many ticks it may still wait, once there was a boost.
    patience: Option<u64>,
    /// How long each other task has run on its level while it waited.
    passed: Vec<u32>,
    /// Since the last boost: ticks on each level, and ticks asleep.
    ran: [u64; 5],
    slept: u64,
}

impl Memory {
    fn begins_to_wait(&mut self, turns: u64) {
        (self.turns, self.patience) = (turns, None);
        self.passed.fill(0);
    }
}

struct Laws(Vec<Memory>);

impl Laws {
    fn check(&mut self, machine: &Machine<Feedback>) -> Law {
        let Some(moment) = machine.moments.last() else { return Ok(()) };
        states_agree(machine, moment)?;
        work_is_conserved(moment)?;
        accounts_add_up(machine)?;
        the_highest_runs(moment)?;
        if machine.inheritance == Inheritance::On {
            who_waits_lends(machine)?;
        }
        what_is_lent_is_given_back(machine, moment)?;
        self.remember(machine, moment);
        self.nobody_starves(moment)?;
        self.equals_take_turns(moment)?;
        self.a_level_is_earned(machine, moment)?;
        if machine.now().is_multiple_of(BOOST_TICKS) {
            a_boost_reaches_all(machine, moment)?;
            self.note_boost(moment);
        }
        Ok(())
    }

    /// Forgets how long somebody waited who had a turn, or does not wait.
    fn remember(&mut self, machine: &Machine<Feedback>, moment: &Moment) {
        for (id, memory) in self.0.iter_mut().enumerate() {
            let turns = machine.tasks[id].turns;
            let (doing, level) = moment[id];
            if doing != Doing::Ready || memory.turns != turns || level == Level::Realtime {
                memory.begins_to_wait(turns);
            }
            if memory.level.replace(level) != Some(level) {
                memory.passed.fill(0);
            }
        }
    }

    /// After a boost, a ready thread waits a tick at most for each other, and for `Realtime`.
    fn nobody_starves(&mut self, moment: &Moment) -> Law {
        let is_urgent = moment.contains(&(Doing::Running, Level::Realtime));
        for (id, memory) in self.0.iter_mut().enumerate() {
            let is_waiting = moment[id].0 == Doing::Ready && !is_urgent;
            if let Some(patience) = memory.patience.as_mut().filter(|_| is_waiting) {
                demand(*patience > 0, || format!("thread {id} waits beyond the bound"))?;
                *patience -= 1;
            }
        }
        Ok(())
    }

    /// While somebody waits, an equal has no more than one slice.
    fn equals_take_turns(&mut self, moment: &Moment) -> Law {
        let running = moment.iter().position(|(doing, _)| *doing == Doing::Running);
        let Some(running) = running else { return Ok(()) };
        let level = moment[running].1;
        for (id, memory) in self.0.iter_mut().enumerate() {
            if moment[id] == (Doing::Ready, level) {
                memory.passed[running] += 1;
                let had = memory.passed[running];
                demand(had <= level.slice(), || {
                    format!("thread {running} has {had} ticks while thread {id} waits on its level")
                })?;
            }
        }
        Ok(())
    }

    /// Between two boosts nobody runs more on a level above `Low` than a slice and what they slept;
    /// and the tick that the boost gives. With locks, levels may be lent.
    fn a_level_is_earned(&mut self, machine: &Machine<Feedback>, moment: &Moment) -> Law {
        for (id, memory) in self.0.iter_mut().enumerate() {
            match moment[id] {
                (Doing::Running, level) => memory.ran[level as usize] += 1,
                (Doing::Sleeping, _) => memory.slept += 1,
                _ => {}
            }
            let program = &machine.tasks[id].program;
            if program.steps.iter().any(|step| matches!(step, Step::Lock(_))) {
                continue;
            }
            for (level, given) in [(Level::Normal, 0), (Level::High, 1)] {
                let ran = memory.ran[level as usize];
                let limit = u64::from(level.slice()) + memory.slept + given;
                demand(ran <= limit, || format!("thread {id} ran {ran} ticks on {level:?}"))?;
            }
        }
        Ok(())
    }

    fn note_boost(&mut self, moment: &Moment) {
        let is_lifted = |cell: &(Doing, Level)| cell.0 == Doing::Ready && cell.1 < Level::Realtime;
        let others = moment.iter().filter(|cell| is_lifted(cell)).count().saturating_sub(1) as u64;
        for (memory, cell) in self.0.iter_mut().zip(moment) {
            if is_lifted(cell) && memory.patience.is_none() {
                memory.patience = Some(others);
            }
            (memory.ran, memory.slept) = ([0; 5], 0);
        }
    }
}

/// Runs programs for some ticks, under all laws.
pub fn run(inheritance: Inheritance, ticks: u64, programs: Vec<Program>) -> Machine<Feedback> {
    match try_run(inheritance, ticks, programs) {
        Ok(machine) => machine,
        Err(broken) => panic!("{broken}"),
    }
}

fn try_run(
    inheritance: Inheritance,
    ticks: u64,
    programs: Vec<Program>,
) -> Result<Machine<Feedback>, String> {
    let memory = Memory { passed: vec![0; programs.len()], ..Memory::default() };
    let mut laws = Laws(vec![memory; programs.len()]);
    let mut machine = Machine::new(Feedback::new(), inheritance, programs);
    for _ in 0..ticks {
        machine.tick();
        let tick = machine.now() - 1;
        laws.check(&machine).map_err(|law| format!("tick {tick}: {law}\n{}", draw(&machine)))?;
    }
    Ok(machine)
}

#[test]
fn laws_hold_at_every_tick() {
    holds_for_many(1000, workloads(), |programs| {
        let result = try_run(Inheritance::On, TICKS, programs);
        result.map(drop).map_err(TestCaseError::fail)
    });
}
