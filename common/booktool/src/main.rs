//! Makes the book, from prose, from the code and from real runs.
//!
//! Nothing that a reader sees of a run is pasted by hand: a picture is recorded, and can be
//! recorded again to find out whether it is still true. The tool stands apart from `tutor`, so that
//! nobody's first boot waits for what only the book needs.

mod bob;
mod book;
mod catalogue;
mod coverage;
mod directive;
mod gate;
mod html;
mod html_check;
mod item;
mod page;
mod recordings;
mod show;
mod site;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The result of whatever may fail; the error is for a person.
type Result<T> = std::result::Result<T, String>;

/// Makes the book.
#[derive(Parser)]
#[command(name = "booktool", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What to make.
#[derive(Subcommand)]
enum Command {
    /// Build the book and look at it
    Build,
    /// Look whether the pages explain what the chapters change, without building them
    Check,
    /// Build the book, show it on this computer, and build it again on each change
    Serve {
        /// Where a browser finds it
        #[arg(long, default_value_t = 3000)]
        port: u16,
    },
    /// Record what chapters print and experiments end with
    Record(recordings::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Build => site::build(&root()).map(|folder| println!("{}", folder.display())),
        Command::Check => site::check(&root()),
        Command::Serve { port } => site::serve::serve(&root(), port),
        Command::Record(arguments) => recordings::record(&root(), &arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            complain(&message);
            ExitCode::FAILURE
        }
    }
}

/// Says what is wrong, a line for each fault.
fn complain(message: &str) {
    let red = anstyle::AnsiColor::Red.on_default().bold();
    for line in message.lines() {
        anstream::eprintln!("{red}error:{red:#} {line}");
    }
}

/// The repository that this tool was built from, or the one that `STRATA_ROOT` names.
fn root() -> PathBuf {
    let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let named = std::env::var_os("STRATA_ROOT").map(PathBuf::from);
    named.or_else(|| built_from.map(Path::to_path_buf)).unwrap_or_default()
}
