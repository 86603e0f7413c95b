//! A machine with one processor, on which programs run tick by tick.
//!
//! It does for a policy what a kernel does: adds, wakes, blocks and ends threads, counts ticks,
//! follows every verdict at once, and has locks that lend the level of whoever waits to whoever
//! holds. What is no [`Step::Run`] takes no time. The machine keeps its own books, so that the
//! policy's can be compared with them, and a [`Moment`] for each tick.

use super::program::{LOCKS, Program, Step};
use super::scheduler::policy::{Level, Policy, ThreadId, Verdict};

/// The most steps without time in one tick. A program of nothing else must not stop the clock.
const STEPS_A_TICK: usize = 40;

/// Whether who holds a lock is lifted to the level of those who wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inheritance {
    On,
    Off,
}

/// What a task is doing in a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It has not come yet, or is gone.
    Absent,
    Running,
    Ready,
    Sleeping,
    /// It waits for a lock.
    Waiting(usize),
}

/// A tick: what each task was doing in it, and on which level.
pub type Moment = Vec<(Doing, Level)>;

/// A thread with its program.
pub struct Task {
    pub program: Program,
    step: usize,
    /// How much of a [`Step::Run`] is done, in ticks.
    done: u64,
    pub doing: Doing,
    wakes: u64,
    /// Its level when it began to wait for a lock.
    pub asked: Level,
    /// How many ticks it ran, and what the policy said about that when it was gone.
    pub ran: u64,
    pub charged: Option<u64>,
    /// How many times it was picked, or lost a level that was lent while it was ready.
    pub turns: u64,
}

impl Task {
    fn new(program: Program) -> Self {
        let (step, done, wakes, ran, turns) = (0, 0, 0, 0, 0);
        let (doing, asked, charged) = (Doing::Absent, Level::Idle, None);
        Self { program, step, done, doing, wakes, asked, ran, charged, turns }
    }

    pub fn is_there(&self) -> bool {
        self.doing != Doing::Absent
    }
}

/// Who holds a lock, and who waits for it, in the order in which they came.
#[derive(Clone, Default)]
pub struct Lock {
    pub owner: Option<usize>,
    pub waiting: Vec<usize>,
}

pub struct Machine<P> {
    pub policy: P,
    pub tasks: Vec<Task>,
    pub locks: [Lock; LOCKS],
    pub inheritance: Inheritance,
    /// Whether a verdict is to be followed.
    must_pick: bool,
    /// All ticks until now.
    pub moments: Vec<Moment>,
    pub idle: u64,
}

impl<P: Policy> Machine<P> {
    pub fn new(policy: P, inheritance: Inheritance, programs: Vec<Program>) -> Self {
        let tasks = programs.into_iter().map(Task::new).collect();
        let (locks, moments) = (Default::default(), Vec::new());
        Self { policy, tasks, locks, inheritance, must_pick: true, moments, idle: 0 }
    }

    /// How many ticks have passed.
    pub fn now(&self) -> u64 {
        self.moments.len() as u64
    }

    /// Lets a tick pass.
    pub fn tick(&mut self) {
        (0..self.tasks.len()).for_each(|task| self.come_and_go(task));
        self.dispatch();
        self.moments
            .push(self.tasks.iter().enumerate().map(|(id, task)| self.cell(id, task)).collect());
        match self.policy.running() {
            Some(ThreadId(id)) => {
                self.tasks[id].ran += 1;
                self.tasks[id].done += 1;
            }
            None => self.idle += 1,
        }
        let verdict = self.policy.tick();
        self.note(verdict);
    }

    fn cell(&self, id: usize, task: &Task) -> (Doing, Level) {
        let is_running = self.policy.running() == Some(ThreadId(id));
        let doing = if is_running { Doing::Running } else { task.doing };
        (doing, if task.is_there() { self.policy.level(ThreadId(id)) } else { Level::Idle })
    }

    /// Begins, wakes or ends a task whose time has come.
    fn come_and_go(&mut self, id: usize) {
        let (now, task) = (self.now(), &self.tasks[id]);
        if task.program.arrives == now && task.charged.is_none() {
            self.policy.reserve(ThreadId(id)).expect("there is memory");
            self.policy.add(ThreadId(id), task.program.base);
            self.wake(id);
        } else if task.doing == Doing::Sleeping && task.wakes <= now {
            self.wake(id);
        }
        let task = &self.tasks[id];
        if task.is_there() && task.program.killed.is_some_and(|tick| tick <= now) {
            self.end(id);
        }
    }

    /// Finds somebody who runs for a tick, and does all that takes no time.
    fn dispatch(&mut self) {
        for _ in 0..STEPS_A_TICK {
            if self.must_pick {
                self.must_pick = false;
                let picked = self.policy.pick();
                picked.inspect(|id| self.tasks[id.0].turns += 1);
            }
            let Some(ThreadId(id)) = self.policy.running() else { return };
            if !self.act(id) {
                return;
            }
        }
    }

    /// Does a step of the running task; false if that takes time.
    fn act(&mut self, id: usize) -> bool {
        let task = &mut self.tasks[id];
        let Some(step) = task.program.steps.get(task.step).copied() else {
            self.begin_again(id);
            return true;
        };
        if let Step::Run(ticks) = step
            && task.done < ticks
        {
            return false;
        }
        task.step += 1;
        task.done = 0;
        match step {
            Step::Run(_) => {}
            Step::Sleep(ticks) => self.sleep(id, ticks),
            Step::Yield => {
                let verdict = self.policy.yield_now();
                self.note(verdict);
            }
            Step::Lock(lock) => self.lock(id, lock),
            Step::Unlock(lock) => self.unlock(id, lock),
        }
        true
    }

    fn begin_again(&mut self, id: usize) {
        if self.tasks[id].program.repeats {
            self.tasks[id].step = 0;
        } else {
            self.end(id);
        }
    }

    fn note(&mut self, verdict: Verdict) {
        self.must_pick |= verdict == Verdict::Switch;
    }

    fn wake(&mut self, id: usize) {
        self.tasks[id].doing = Doing::Ready;
        let verdict = self.policy.wake(ThreadId(id));
        self.note(verdict);
    }

    fn block(&mut self, id: usize, doing: Doing) {
        self.tasks[id].doing = doing;
        self.policy.block(ThreadId(id));
        self.must_pick = true;
    }

    fn sleep(&mut self, id: usize, ticks: u64) {
        self.tasks[id].wakes = self.now() + ticks;
        self.block(id, Doing::Sleeping);
    }

    fn lock(&mut self, id: usize, lock: usize) {
        let Some(owner) = self.locks[lock].owner else {
            self.locks[lock].owner = Some(id);
            return;
        };
        self.block(id, Doing::Waiting(lock));
        self.tasks[id].asked = self.policy.level(ThreadId(id));
        self.locks[lock].waiting.push(id);
        self.lend(owner);
    }

    /// Gives a lock to the most urgent of those who wait, and takes back what they have lent.
    fn unlock(&mut self, id: usize, lock: usize) {
        let policy = &self.policy;
        let Lock { owner, waiting } = &mut self.locks[lock];
        let level = |id: &usize| policy.level(ThreadId(*id));
        let highest = waiting.iter().map(level).max();
        let next = waiting.iter().position(|id| Some(level(id)) == highest);
        *owner = next.map(|place| waiting.remove(place));
        self.lend(id);
        if let Some(next) = self.locks[lock].owner {
            self.lend(next);
            self.wake(next);
        }
    }

    /// Lifts a task to the level of all that wait for its locks; and, where it waits for a lock
    /// itself, whoever holds that.
    fn lend(&mut self, id: usize) {
        if self.inheritance == Inheritance::Off {
            return;
        }
        let held = self.locks.iter().filter(|lock| lock.owner == Some(id));
        let waiting = held.flat_map(|lock| &lock.waiting);
        let floor = waiting.map(|id| self.policy.level(ThreadId(*id))).max();
        let before = self.policy.level(ThreadId(id));
        let verdict = self.policy.lend(ThreadId(id), floor.unwrap_or(Level::Idle));
        self.note(verdict);
        if self.policy.level(ThreadId(id)) < before {
            self.tasks[id].turns += 1;
        }
        if let Doing::Waiting(lock) = self.tasks[id].doing
            && let Some(owner) = self.locks[lock].owner.filter(|owner| *owner != id)
        {
            self.lend(owner);
        }
    }

    fn end(&mut self, id: usize) {
        if let Doing::Waiting(lock) = self.tasks[id].doing {
            self.locks[lock].waiting.retain(|other| *other != id);
            self.locks[lock].owner.inspect(|owner| self.lend(*owner));
        }
        for lock in 0..LOCKS {
            if self.locks[lock].owner == Some(id) {
                self.unlock(id, lock);
            }
        }
        self.must_pick |= self.policy.running() == Some(ThreadId(id));
        self.tasks[id].doing = Doing::Absent;
        self.tasks[id].charged = Some(self.policy.remove(ThreadId(id)));
    }
}
