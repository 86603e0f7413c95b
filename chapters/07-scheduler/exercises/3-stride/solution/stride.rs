//! Whose turn it is: stride scheduling.
//!
//! A thread has *tickets*, and its share is theirs of all tickets of those who want the processor.
//! What a thread has had stands in its *pass*. For each tick it goes up by the thread's *stride*,
//! which is the smaller the more tickets there are. Whoever has the lowest pass is next. So all
//! passes go up together, and who has twice the tickets takes twice the steps.
//!
//! ```text
//!  tickets  stride   pass at each tick
//!   2       ONE / 2  0 . 1 . . 2 . 3 . . 4       runs twice
//!   1       ONE      0 ... 2 ..... 4 .....       runs once, meanwhile
//! ```
//!
//! Waldspurger and Weihl, "Stride Scheduling: Deterministic Proportional-Share Resource
//! Management", 1995.

use super::ThreadId;

/// The stride of a single ticket. It is large, so that what a division leaves over does not count.
const ONE: u64 = 1 << 20;

/// What a thread is entitled to, and what it has had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// How many tickets it has; one at least.
    pub tickets: u64,
    /// Goes up with each tick that it runs.
    pub pass: u64,
}

/// What is known beside the accounts.
pub struct Stride {
    /// The pass from which the thread that was charged last ran: the lowest, so nobody who wants
    /// the processor is behind it. It never goes down.
    now: u64,
}

impl Stride {
    /// Before anybody has run.
    pub const fn new() -> Self {
        Self { now: 0 }
    }

    /// Whose turn it is, of those who are `ready`.
    pub fn first(&self, ready: impl Iterator<Item = (ThreadId, Account)>) -> Option<ThreadId> {
        ready.min_by_key(|(_, account)| account.pass).map(|(id, _)| id)
    }

    /// Charges a tick to the thread that ran.
    pub fn charge(&mut self, account: &mut Account) {
        self.now = self.now.max(account.pass);
        account.pass += ONE / account.tickets;
    }

    /// Lets a thread take part that has not wanted the processor for a while, or never has.
    pub fn join(&self, account: &mut Account) {
        account.pass = account.pass.max(self.now);
    }

    /// Gives a thread another number of tickets.
    pub fn change(&self, account: &mut Account, tickets: u64) {
        let ahead = account.pass.saturating_sub(self.now);
        account.pass = self.now + ahead * account.tickets / tickets;
        account.tickets = tickets;
    }
}
