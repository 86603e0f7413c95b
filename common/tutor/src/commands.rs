//! The commands, one `make` target each, and what they are given.

use std::path::PathBuf;

use clap::{CommandFactory, Subcommand};

use crate::failure::Result;
use crate::settings::Settings;
use crate::workspace::Workspace;
use crate::{Arguments, check, clean, debug, diff, doctor, help, run, test, watch};

/// A command. Its settings are words such as `chapter=4`.
#[derive(Subcommand)]
pub enum Command {
    /// What there is (this list)
    Help { settings: Vec<String> },
    /// Boot a chapter; the console is yours
    Run { settings: Vec<String> },
    /// Prove that everything works
    Test { settings: Vec<String> },
    /// What a chapter changes
    Diff { settings: Vec<String> },
    /// Boot a chapter under the debugger
    Debug { settings: Vec<String> },
    /// Formats, lints, house rules
    Check { settings: Vec<String> },
    /// What is missing on this computer
    Doctor { settings: Vec<String> },
    /// Install what is missing
    Setup { settings: Vec<String> },
    /// Remove what was built
    Clean { settings: Vec<String> },
    /// Boot a kernel that Cargo has built
    #[command(hide = true)]
    Boot { elf: PathBuf, settings: Vec<String> },
}

/// Does what `command` asks for.
pub fn execute(command: Command) -> Result<()> {
    let workspace = Workspace::open()?;
    watch::catch_signals()?;
    match command {
        Command::Help { settings } => {
            Settings::read(&settings, &[])?;
            help::help(&Arguments::command())
        }
        Command::Run { settings } => {
            run::run(&workspace, &Settings::read(&settings, run::SETTINGS)?)
        }
        Command::Test { settings } => {
            test::test(&workspace, &Settings::read(&settings, test::SETTINGS)?)
        }
        Command::Diff { settings } => {
            diff::diff(&workspace, &Settings::read(&settings, diff::SETTINGS)?)
        }
        Command::Debug { settings } => {
            debug::debug(&workspace, &Settings::read(&settings, debug::SETTINGS)?)
        }
        Command::Check { settings } => {
            check::check(&workspace, &Settings::read(&settings, check::SETTINGS)?)
        }
        Command::Doctor { settings } => {
            Settings::read(&settings, &[])?;
            doctor::doctor(&workspace)
        }
        Command::Setup { settings } => {
            Settings::read(&settings, &[])?;
            doctor::setup(&workspace)
        }
        Command::Clean { settings } => {
            Settings::read(&settings, &[])?;
            clean::clean(&workspace)
        }
        Command::Boot { elf, settings } => {
            run::boot_elf(&workspace, &elf, &Settings::read(&settings, run::BOOT_SETTINGS)?)
        }
    }
}
