//! Makes what the book and the README show, from real runs.
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
mod map;
mod mask;
mod page;
mod picture;
mod record;
mod recordings;
mod show;
mod site;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The result of whatever may fail; the error is for a person.
type Result<T> = std::result::Result<T, String>;

/// The run that the picture shows.
const COMMAND: &str = "make chapter=1 arch=both run";

/// Where the picture is kept, from the root of the repository.
const PICTURE: &str = "book/src/images/first-run.svg";

/// Makes what the book and the README show, from real runs.
#[derive(Parser)]
#[command(name = "booktool", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What to make.
#[derive(Subcommand)]
enum Command {
    /// Record chapter 1 on both machines as an SVG
    Picture {
        /// Compare with the picture there is instead of replacing it
        #[arg(long)]
        check: bool,
    },
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
    /// Draw the memory map that a run has printed; its console comes on standard input
    Map(map::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Picture { check: false } => make_picture(&root()),
        Command::Picture { check: true } => check_picture(&root()),
        Command::Build => site::build(&root()).map(|folder| println!("{}", folder.display())),
        Command::Check => site::check(&root()),
        Command::Serve { port } => site::serve::serve(&root(), port),
        Command::Record(arguments) => recordings::record(&root(), &arguments),
        Command::Map(arguments) => map::map(&arguments),
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

/// Records a run and writes its picture.
fn make_picture(root: &Path) -> Result<()> {
    let file = root.join(PICTURE);
    let svg = picture::svg(COMMAND, &record::output(COMMAND, root)?);
    let write = |file: &Path| {
        file.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(file, &svg)
    };
    write(&file).map_err(|error| format!("cannot write {PICTURE}: {error}"))?;
    anstream::eprintln!("wrote {PICTURE}");
    Ok(())
}

/// Records a run and compares it with the picture that there is.
fn check_picture(root: &Path) -> Result<()> {
    let kept = std::fs::read_to_string(root.join(PICTURE))
        .map_err(|error| format!("cannot read {PICTURE}: {error}"))?;
    let recorded = picture::svg(COMMAND, &record::output(COMMAND, root)?);
    match picture::first_difference(&kept, &recorded) {
        None => Ok(()),
        Some((kept, recorded)) => Err(format!(
            "{PICTURE} is out of date: it shows `{kept}`, a run prints `{recorded}`; \
             `cargo run -p booktool -- picture` records it again"
        )),
    }
}

/// The repository that this tool was built from, or the one that `STRATA_ROOT` names.
fn root() -> PathBuf {
    let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let named = std::env::var_os("STRATA_ROOT").map(PathBuf::from);
    named.or_else(|| built_from.map(Path::to_path_buf)).unwrap_or_default()
}
