//! The commands that draw; what they draw is in the library.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use pictures::{map, timeline};

/// Draws what a run has printed.
#[derive(Parser)]
#[command(name = "pictures", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What to draw.
#[derive(Subcommand)]
enum Command {
    /// Record chapter 1 on both machines, as the README shows it
    FirstRun {
        /// Compare with the picture there is instead of replacing it
        #[arg(long)]
        check: bool,
    },
    /// Draw the memory map that a run has printed; its console comes on standard input
    Map(map::Arguments),
    /// Draw the timeline that a run has printed; its console comes on standard input
    Timeline(timeline::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::FirstRun { check: false } => pictures::make_first_run(&root()),
        Command::FirstRun { check: true } => pictures::check_first_run(&root()),
        Command::Map(arguments) => map::map(&arguments),
        Command::Timeline(arguments) => timeline::timeline(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let red = anstyle::AnsiColor::Red.on_default().bold();
            anstream::eprintln!("{red}error:{red:#} {message}");
            ExitCode::FAILURE
        }
    }
}

/// The repository that this tool was built from, or the one that `STRATA_ROOT` names.
fn root() -> PathBuf {
    let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let named = std::env::var_os("STRATA_ROOT").map(PathBuf::from);
    named.or_else(|| built_from.map(Path::to_path_buf)).unwrap_or_default()
}
