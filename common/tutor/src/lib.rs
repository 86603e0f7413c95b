//! The host tool behind every `make` target.
//!
//! A person types `make chapter=4 run`; the Makefile starts `tutor run`, and the `name=value` words
//! reach it in `MAKEFLAGS`. The same words work on the tool's own command line. Every command is a
//! function that returns a [`Failure`] at worst: one line that names what is wrong, and an exit
//! status (1: it did not work; 2: what was asked for does not exist).
//!
//! It is a library so that the grader, which nobody's first boot needs and which therefore is a
//! program of its own, builds, boots and judges kernels by the same code. What is public is what
//! the grader uses.

mod bench;
mod book;
mod booktool;
mod carry;
mod check;
mod clean;
mod commands;
pub mod coroner;
mod debug;
mod diff;
pub mod doctor;
pub mod failure;
mod grader;
mod help;
mod inherit;
pub mod kernel;
mod keyboard;
mod map;
pub mod observe;
pub mod packing;
mod pattern;
mod program;
mod prompts;
pub mod qemu;
mod qmp;
mod run;
pub mod selection;
mod session;
pub mod settings;
mod tail;
pub mod test;
mod timeline;
mod typist;
pub mod ui;
pub mod watch;
mod wishes;
pub mod workspace;

pub use session::processor_time;

use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;

use failure::{Failure, Result};

/// Runs the command that the words of the command line name.
pub fn main() -> ExitCode {
    start(|| commands::execute(&commands::parser().get_matches()))
}

/// Runs `command`, and tells a person how it failed if it did.
pub fn start(command: impl FnOnce() -> Result<()>) -> ExitCode {
    panic::set_hook(Box::new(last_words));
    match command() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { status, message }) => {
            if !message.is_empty() {
                ui::error(&message);
            }
            ExitCode::from(status)
        }
    }
}

/// What is said when this tool fails in a way that it does not know.
fn last_words(panic: &PanicHookInfo) {
    let why = panic.payload_as_str().unwrap_or("no reason given");
    // A full disk, or a reader of our output that has gone away: `println!` knows no other way.
    if why.starts_with("failed printing to") {
        ui::error(why);
        std::process::exit(1);
    }
    let place = panic.location().map(|place| format!(" ({place})")).unwrap_or_default();
    ui::error(&format!("this tool has a bug{place}: {why}; please report it"));
}
