//! The host tool behind every `make` target.
//!
//! A person types `make chapter=4 run`; the Makefile starts `tutor run`, and the `name=value` words
//! reach it in `MAKEFLAGS`. The same words work on the tool's own command line. Every command is a
//! function that returns a [`Failure`] at worst: one line that names what is wrong, and an exit
//! status (1: it did not work; 2: what was asked for does not exist).

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

use std::process::ExitCode;

use clap::Parser;

use commands::Command;
use failure::Failure;

/// An operating system, one layer at a time.
#[derive(Parser)]
#[command(name = "make", bin_name = "make", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match commands::execute(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { status, message }) => {
            if !message.is_empty() {
                ui::error(&message);
            }
            ExitCode::from(status)
        }
    }
}
