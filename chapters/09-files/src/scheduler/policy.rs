//! The policy: which thread runs next, and for how long.
//!
//! It knows threads by number, levels and ticks, and nothing of stacks, processors or clocks: no
//! line of it differs between machines, and all of it can be tried on any of them, a million ticks
//! in a moment. The kernel tells it what happens (a thread wakes, blocks, ends; a tick has passed)
//! and asks who is next. So there can be several, behind one face: [`Policy`].
//!
//! Ours is [`feedback::Feedback`], a multi-level feedback queue. A level is a queue, and the most
//! urgent level that is not empty has the processor, each of its threads for a slice in turn. Where
//! a thread stands follows from what it does. In the words of the rules in Arpaci-Dusseau,
//! "Operating Systems: Three Easy Pieces", chapter 8:
//!
//! ```text
//!  1, 2  higher level first, round robin within one      the same
//!  3     a new job starts at the top                     at its base level, its highest
//!  4     an allotment used up, in one piece or in        the same; but a tick blocked pays for
//!        many: one level down                            a tick used, and so leads up again
//!  5     now and then all jobs go to the top             for one tick each; then to their base
//! ```
//!
//! Others answer the same questions differently. 4BSD computes all priorities anew each second from
//! use that decays. FreeBSD's ULE compares how long a thread ran with how long it slept, which is
//! what paying with rest comes to here. Windows lifts a thread that has waited for an event, and
//! lets it down level by level as its quanta are used up; who waits for seconds goes to the top
//! for a moment; its real-time range knows neither, as ours does not. Linux had queues with a
//! bitmap, as here, and left them for fairness: who had the least time for its weight is next,
//! which needs a tree instead of queues.

use alloc::collections::TryReserveError;

#[cfg_attr(exercise = "07-aging", path = "../../../07-scheduler/exercises/1-aging/mod.rs")]
#[cfg_attr(exercise = "07-stride", path = "../../../07-scheduler/exercises/3-stride/mod.rs")]
pub mod feedback;
pub mod queues;
mod thread;

/// The name of a thread, given by the caller: an index, so the numbers should be small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ThreadId(pub usize);

/// How urgent a thread is, the least urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Work that can wait until nobody else has any. Nobody sinks to here.
    Idle,
    /// Background work, and all who use up their slices.
    Low,
    /// What nobody has said anything about.
    Normal,
    /// What somebody looks at.
    High,
    /// What must not be late. It never sinks, and a boost does not pass it.
    Realtime,
}

impl Level {
    /// All levels, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Idle, Self::Low, Self::Normal, Self::High, Self::Realtime];

    /// How long one thread of this level runs while others of it wait, in ticks.
    ///
    /// Slices grow with urgency, as a switch is dearest where time is. What is urgent does not wait
    /// for the slices of others, as it preempts them; only its equals do.
    pub const fn slice(self) -> u32 {
        match self {
            Self::Idle => 1,
            Self::Low => 5,
            Self::Normal => 10,
            Self::High => 20,
            Self::Realtime => 50,
        }
    }
}

/// What a policy knows about what a thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There is no thread of this number.
    Absent,
    /// It wants the processor.
    Ready,
    /// It has it.
    Running,
    /// It waits for something else: time, a lock, an event.
    Blocked,
}

/// What to do about the thread that is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It goes on.
    Continue,
    /// Somebody else should have the processor: call [`Policy::pick`] as soon as can be.
    Switch,
}

/// What the kernel asks of a policy, for one processor.
///
/// All but [`Policy::reserve`] are called with interrupts masked, and allocate nothing. A call that
/// does not fit the state of its thread is a mistake in the kernel, and panics in a debug build.
///
/// ```text
///             wake                pick
///  Blocked ─────────────> Ready ─────────> Running
///   ^   ^                   ^                 │ │
///   │   │                   └─── pick ────────┘ │
///  add  └────────────────── block ──────────────┘        remove: from anywhere
/// ```
pub trait Policy {
    /// Makes room for a thread called `id`.
    fn reserve(&mut self, id: ThreadId) -> Result<(), TryReserveError>;

    /// Adds a thread, for which there must be room. It is blocked, and never gets beyond `base` of
    /// its own.
    fn add(&mut self, id: ThreadId, base: Level);

    /// Removes a thread, whatever it is doing. Gives the ticks that it ran.
    fn remove(&mut self, id: ThreadId) -> u64;

    /// Makes a blocked thread ready.
    fn wake(&mut self, id: ThreadId) -> Verdict;

    /// Blocks the running thread, which must be `id`. [`Policy::pick`] must follow.
    fn block(&mut self, id: ThreadId);

    /// Ends the turn of the running thread, which stays ready.
    fn yield_now(&mut self) -> Verdict;

    /// Charges a tick to whoever is running.
    fn tick(&mut self) -> Verdict;

    /// Says who runs from now on; `None` means that nobody is ready. Whoever was running until now
    /// is ready again, and may be the next.
    fn pick(&mut self) -> Option<ThreadId>;

    /// Lifts a thread to at least `floor`, for as long as it holds what more urgent ones wait for.
    /// Replaces what was lent before; [`Level::Idle`] takes all of it back.
    fn lend(&mut self, id: ThreadId, floor: Level) -> Verdict;

    /// Who is running.
    #[allow(dead_code, reason = "for those who try a policy out")]
    fn running(&self) -> Option<ThreadId>;

    /// What a thread is doing.
    #[allow(dead_code, reason = "for those who try a policy out")]
    fn state(&self, id: ThreadId) -> State;

    /// Where a thread stands now, whether by its own doing or because it was lifted.
    fn level(&self, id: ThreadId) -> Level;

    /// How many ticks a thread ran.
    #[allow(dead_code, reason = "for those who try a policy out")]
    fn ticks(&self, id: ThreadId) -> u64;

    /// How many ticks nobody ran. All ticks are these, those of the threads that there are, and
    /// those that [`Policy::remove`] gave.
    #[allow(dead_code, reason = "for those who try a policy out")]
    fn idle_ticks(&self) -> u64;
}
