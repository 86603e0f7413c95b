//! Exercises and bugs: tests, hints and points.
//!
//! `make chapter=4 exercises` and its kin end up here, by way of `tutor`, which builds this program
//! when it is first needed: nobody's first boot waits for it.
//!
//! ```text
//!  task ──────┐
//!  candidate ─┼─> bench ── kernel tests, properties ──> verdict ──> show, results, class
//!  tree ──────┘
//! ```
//!
//! Candidates are tested on a copy of the repository of which only the listed files are theirs.

mod agenda;
mod answer;
mod bench;
mod candidate;
mod class;
mod commands;
mod confine;
mod course;
mod evidence;
mod grade;
mod host;
mod hostile;
mod list;
mod mistake;
mod museum;
mod one;
mod pristine;
mod process;
mod progress;
mod prove;
mod results;
mod scene;
mod show;
mod task;
mod verdict;
mod watch_files;

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    tutor::start(|| commands::execute(&words))
}
