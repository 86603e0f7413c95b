//! `make carry`: a fix in one chapter reaches every later one.
//!
//! Chapters are full copies, so a fault that is as old as chapter 2 stands in all chapters from 2
//! on. It is put right in the earliest one; then `make carry from=2`, before the fix is committed,
//! merges it into chapter 3, what that gives into chapter 4, and so on. Three texts meet in each
//! file:
//!
//! ```text
//!   chapter 2 as committed ── the fix ──> chapter 2 now
//!          │                                   │
//!    the lesson of 3                         merged
//!          │                                   │
//!          v                                   v
//!   chapter 3 as it was  ───────────────> chapter 3 now
//! ```
//!
//! Files are compared as they stand in the working tree, so work that is not committed is merged
//! with like any other; it is named first. Every file is kept aside before it is touched, and the
//! journal of that lies beside Git's own data: until the carry is done, `make carry abort=1` brings
//! all of it back, after a conflict as well as after a full disk.

mod files;
mod git;
mod journal;
mod merge;
mod outcome;
mod report;
mod start;
mod step;
#[cfg(test)]
mod tests;

use build_support::Config;

use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::selection;
use crate::settings::Settings;
use crate::workspace::Workspace;

use git::Git;
use journal::{Journal, State};

/// What `make carry` may be told: one of them at a time.
pub const SETTINGS: &[&str] = &["from", "continue", "abort"];

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// Carry what changed in the chapter at this index.
    From(usize),
    /// Go on after a conflict.
    Continue,
    /// Put everything back as it was.
    Abort,
}

/// Carries a fix into the later chapters, goes on with that, or takes it back.
pub fn carry(workspace: &Workspace, settings: &Settings) -> Result<()> {
    let wish = wish(settings, &workspace.config)?;
    doctor::require(workspace, &[Need::Git])?;
    fulfil(workspace, wish)
}

fn fulfil(workspace: &Workspace, wish: Wish) -> Result<()> {
    let git = Git::open(&workspace.root)?;
    match wish {
        Wish::From(index) => {
            let journal = start::start(workspace, &git, index)?;
            go_on(workspace, &git, journal).map(drop)
        }
        Wish::Continue => resume(workspace, &git).map(drop),
        Wish::Abort => {
            let count = Journal::open(&workspace.root, &git, "abort=1")?.restore()?;
            report::aborted(count);
            Ok(())
        }
    }
}

fn wish(settings: &Settings, config: &Config) -> Result<Wish> {
    let is_set = |name: &str| match settings.get(name) {
        None => Ok(false),
        Some("1") => Ok(true),
        Some(value) => Err(Failure::not_one_of(name, value, ["1"])),
    };
    let from = selection::chapter_in(settings, config, "from")?;
    match (from, is_set("continue")?, is_set("abort")?) {
        (Some(index), false, false) => Ok(Wish::From(index)),
        (None, true, false) => Ok(Wish::Continue),
        (None, false, true) => Ok(Wish::Abort),
        _ => {
            let message =
                "carry takes one of from= (the chapter with the fix), continue=1, abort=1";
            Err(Failure::usage(message))
        }
    }
}

fn resume(workspace: &Workspace, git: &Git) -> Result<State> {
    let mut journal = Journal::open(&workspace.root, git, "continue=1")?;
    report::check_resolved(&journal)?;
    journal.resolve()?;
    go_on(workspace, git, journal)
}

/// Takes one chapter after the other, until all are done or one has a conflict.
fn go_on(workspace: &Workspace, git: &Git, mut journal: Journal) -> Result<State> {
    while !journal.state.is_finished() {
        step::step(git, &mut journal).map_err(unfinished)?;
        if !journal.state.conflicts().is_empty() {
            report::stopped(&journal);
            return Err(Failure::silent(1));
        }
    }
    report::finished(workspace, &journal.state);
    journal.end()
}

/// Says what can be done about a carry that a failure broke off.
fn unfinished(failure: Failure) -> Failure {
    let Failure { status, message } = failure;
    let ways = "`make carry continue=1` tries again, `make carry abort=1` takes everything back";
    Failure { status, message: format!("{message}; {ways}") }
}
