//! What must hold at every tick of every run, whatever the policy.

use super::machine::{Doing, Machine, Moment};
use super::scheduler::policy::{Policy, State, ThreadId};

/// Why a law does not hold, if so.
pub type Law = Result<(), String>;

/// Makes a law of a condition.
pub fn demand(holds: bool, what: impl FnOnce() -> String) -> Law {
    if holds { Ok(()) } else { Err(what()) }
}

/// The policy and the machine agree about what everybody does.
pub fn states_agree<P: Policy>(machine: &Machine<P>, moment: &Moment) -> Law {
    for (id, (doing, _)) in moment.iter().enumerate() {
        let expected = match doing {
            Doing::Absent => State::Absent,
            Doing::Running => State::Running,
            Doing::Ready => State::Ready,
            Doing::Sleeping | Doing::Waiting(_) => State::Blocked,
        };
        let state = machine.policy.state(ThreadId(id));
        demand(state == expected, || format!("thread {id} is {state:?}, not {expected:?}"))?;
    }
    Ok(())
}

/// The processor is idle only if nobody is ready.
pub fn work_is_conserved(moment: &Moment) -> Law {
    let is_anybody = |wanted| moment.iter().any(|(doing, _)| *doing == wanted);
    let is_idle = !is_anybody(Doing::Running);
    demand(!is_idle || !is_anybody(Doing::Ready), || "idle while somebody is ready".to_owned())
}

/// Each tick is charged to whoever ran, and none to nobody.
pub fn accounts_add_up<P: Policy>(machine: &Machine<P>) -> Law {
    let mut sum = machine.policy.idle_ticks();
    demand(sum == machine.idle, || format!("{sum} idle ticks, not {}", machine.idle))?;
    for (id, task) in machine.tasks.iter().enumerate().filter(|(_, task)| task.ran > 0) {
        let ticks = task.charged.unwrap_or_else(|| machine.policy.ticks(ThreadId(id)));
        demand(ticks == task.ran, || format!("thread {id} ran {}, not {ticks}", task.ran))?;
        sum += ticks;
    }
    demand(sum == machine.now(), || format!("{sum} ticks of {} are charged", machine.now()))
}
