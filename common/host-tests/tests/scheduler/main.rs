//! Chapter 7: who runs next.
//!
//! The policy is tried in three ways. Single calls in any order must have the results that a plain
//! [`model`] has. Made-up [`workload`]s run on a simulated [`machine`], tick by tick, and at each
//! tick the [`laws`] must hold, which know nothing of how the policy comes to its choice. And a few
//! [`scenarios`] from textbooks end as those say. Where a law is broken, the run is drawn up to
//! there: who ran when, and on which level.

// Miri looks for undefined behaviour, which takes unsafe code, and there is none.
#![cfg(not(miri))]

extern crate alloc;

#[path = "../../../../chapters/07-scheduler/src/scheduler"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod scheduler {
    pub mod policy;
}

mod books;
mod calls;
mod laws;
mod machine;
mod model;
mod program;
mod queues;
mod scenarios;
mod states;
#[allow(dead_code, reason = "exercises use the rest")]
mod timeline;
mod workload;
