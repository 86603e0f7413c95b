//! The host tool behind every `make` target.
//!
//! A person types `make chapter=4 run`; the Makefile starts `tutor run`, and the `name=value` words
//! reach it in `MAKEFLAGS`. The same words work on the tool's own command line. Every command is a
//! function that returns a [`Failure`] at worst: one line that names what is wrong, and an exit
//! status (1: it did not work; 2: what was asked for does not exist).

mod bench;
mod book;
mod booktool;
mod carry;
mod check;
mod clean;
mod commands;
mod coroner;
mod debug;
mod diff;
mod doctor;
mod failure;
mod help;
mod inherit;
mod kernel;
mod map;
mod observe;
mod packing;
mod pattern;
mod qemu;
mod qmp;
mod run;
mod selection;
mod session;
mod settings;
mod test;
mod ui;
mod watch;
mod workspace;

use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;

use failure::Failure;

fn main() -> ExitCode {
    panic::set_hook(Box::new(last_words));
    match commands::execute(&commands::parser().get_matches()) {
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
