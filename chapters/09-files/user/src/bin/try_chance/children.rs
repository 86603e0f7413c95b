//! The children of this process, and what is known of them.
//!
//! A child is known by its number in the order of their making, not by that of its process.
//!
//! ```text
//!  made to sleep ──> lives ──── a signal ends it ──> killed ──┐
//!                                                             ├── wait4 ──> gone
//!  made to do something ──────────────────────────> ends ─────┘
//! ```
//!
//! Whether a child that ends, or is killed, has ended yet depends on who runs first. So nobody asks
//! that: to wait for it is to get its end, sooner or later. One that lives stays so.

use linux_raw_sys::general::{
    __WALL, __WCLONE, SIGCHLD, SIGCONT, SIGHUP, SIGKILL, SIGTERM, SIGURG, SIGUSR1,
};
use user::dice::Dice;
use user::process::Pid;

/// More children than these there are not at a time.
pub const MOST: usize = 6;

/// What becomes of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It sleeps.
    Lives,
    /// A signal was sent that it dies of; whatever is sent later changes nothing.
    Killed,
    /// It ends by itself, and no signal must come before that.
    Ends,
}

/// A child.
#[derive(Clone, Copy)]
pub struct Child {
    pub pid: Pid,
    /// How many were made before it.
    pub number: u32,
    /// Whether its end is told by another signal than SIGCHLD, or by none.
    pub is_clone: bool,
    /// Whether SIGTERM does nothing to it.
    pub is_deaf: bool,
    pub fate: Fate,
}

impl Child {
    /// One whose end is told by `ending`, and that nobody has made yet.
    pub fn new(ending: u32, fate: Fate) -> Self {
        Self { pid: Pid(0), number: 0, is_clone: ending != SIGCHLD, is_deaf: false, fate }
    }

    /// Whether `wait4` means it with `options`.
    pub fn is_meant(&self, options: u32) -> bool {
        options & __WALL != 0 || self.is_clone == (options & __WCLONE != 0)
    }

    /// The signals that can be sent to it.
    pub fn signals(&self) -> &'static [u32] {
        if self.fate == Fate::Ends { &HARMLESS } else { &SIGNALS }
    }

    /// Learns that `signal` was sent to it.
    fn is_sent(&mut self, signal: u32) {
        let is_unheard = HARMLESS.contains(&signal) || (signal == SIGTERM && self.is_deaf);
        if self.fate == Fate::Lives && !is_unheard {
            self.fate = Fate::Killed;
        }
    }
}

/// Signals that end nobody.
const HARMLESS: [u32; 4] = [0, SIGCHLD, SIGCONT, SIGURG];

/// These, such as do, and a number that is no signal's.
const SIGNALS: [u32; 10] =
    [0, SIGCHLD, SIGCONT, SIGURG, SIGTERM, SIGTERM, SIGKILL, SIGHUP, SIGUSR1, 65];

/// All children that nobody has waited for.
#[derive(Default)]
pub struct Children {
    places: [Option<Child>; MOST],
    /// How many were made.
    count: u32,
    /// The last one made of those that somebody has waited for.
    pub gone: Option<Child>,
}

impl Children {
    /// Whether there can be more.
    pub fn has_room(&self) -> bool {
        self.places.iter().any(Option::is_none)
    }

    /// Adds one that was made, and says which number it has.
    pub fn add(&mut self, child: Child) -> u32 {
        let number = self.count;
        self.count += 1;
        if let Some(place) = self.places.iter_mut().find(|place| place.is_none()) {
            *place = Some(Child { number, ..child });
        }
        number
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = Child> + '_ {
        self.places.iter().flatten().copied()
    }

    /// The first of them.
    pub fn first(&self) -> Option<Child> {
        self.all().next()
    }

    /// One of them.
    pub fn choose(&self, dice: &mut Dice) -> Option<Child> {
        let count = self.all().count();
        if count == 0 { None } else { self.all().nth(dice.below(count)) }
    }

    /// Learns that `signal` was sent to the child `pid`.
    pub fn sent(&mut self, pid: Pid, signal: u32) {
        let found = self.places.iter_mut().flatten().find(|child| child.pid == pid);
        if let Some(child) = found {
            child.is_sent(signal);
        }
    }

    /// Forgets the child `pid`, which is gone; says which it was.
    pub fn take(&mut self, pid: Pid) -> Option<Child> {
        let is_it = |place: &&mut Option<Child>| place.is_some_and(|child| child.pid == pid);
        let taken = self.places.iter_mut().find(is_it)?.take();
        let last = self.gone.into_iter().chain(taken).max_by_key(|child| child.number);
        self.gone = last;
        taken
    }
}
