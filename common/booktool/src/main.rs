//! Makes what the book and the README show, from real runs.
//!
//! Nothing that a reader sees of a run is pasted by hand: a picture is recorded, and can be
//! recorded again to find out whether it is still true. The tool stands apart from `tutor`, so that
//! nobody's first boot waits for what only the book needs.

mod failure;
mod mask;
mod picture;
mod record;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::{Failure, Result};

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
        /// The same, as `check=yes`
        settings: Vec<String>,
    },
}

fn main() -> ExitCode {
    let Arguments { command: Command::Picture { check, settings } } = Arguments::parse();
    let outcome = wants_check(check, &settings).and_then(|check| match check {
        true => check_picture(&root()),
        false => make_picture(&root()),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { status, message }) => {
            let red = anstyle::AnsiColor::Red.on_default().bold();
            anstream::eprintln!("{red}error:{red:#} {message}");
            ExitCode::from(status)
        }
    }
}

/// Whether the picture is to be checked, by the flag or by the word.
fn wants_check(flag: bool, settings: &[String]) -> Result<bool> {
    let mut check = flag;
    for word in settings {
        match word.split_once('=') {
            Some(("check", "yes")) => check = true,
            Some(("check", "no")) => check = false,
            _ => {
                return Err(Failure::usage(format!("{word}: choose from check=yes, check=no")));
            }
        }
    }
    Ok(check)
}

/// Records a run and writes its picture.
fn make_picture(root: &Path) -> Result<()> {
    let file = root.join(PICTURE);
    let svg = picture::svg(COMMAND, &record::output(COMMAND, root)?);
    let write = |file: &Path| {
        file.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(file, &svg)
    };
    write(&file).map_err(|error| Failure::failed(format!("cannot write {PICTURE}: {error}")))?;
    anstream::eprintln!("wrote {PICTURE}");
    Ok(())
}

/// Records a run and compares it with the picture that there is.
fn check_picture(root: &Path) -> Result<()> {
    let kept = std::fs::read_to_string(root.join(PICTURE))
        .map_err(|error| Failure::failed(format!("cannot read {PICTURE}: {error}")))?;
    let recorded = picture::svg(COMMAND, &record::output(COMMAND, root)?);
    match picture::first_difference(&kept, &recorded) {
        None => Ok(()),
        Some((kept, recorded)) => Err(Failure::failed(format!(
            "{PICTURE} is out of date: it shows `{kept}`, a run prints `{recorded}`; \
             `cargo run -p booktool -- picture` records it again"
        ))),
    }
}

/// The repository that this tool was built from, or the one that `STRATA_ROOT` names.
fn root() -> PathBuf {
    let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let named = std::env::var_os("STRATA_ROOT").map(PathBuf::from);
    named.or_else(|| built_from.map(Path::to_path_buf)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| word.to_string()).collect()
    }

    #[test]
    fn check_is_asked_for_by_flag_or_word() {
        assert_eq!(wants_check(false, &[]), Ok(false));
        assert_eq!(wants_check(true, &[]), Ok(true));
        assert_eq!(wants_check(false, &words(&["check=yes"])), Ok(true));
        assert_eq!(wants_check(true, &words(&["check=no"])), Ok(false));
    }

    #[test]
    fn other_words_are_refused_with_the_right_ones() {
        for wrong in ["check=maybe", "chekc=yes", "yes"] {
            let failure = wants_check(false, &words(&[wrong])).expect_err("not a setting");
            assert_eq!(failure.status, 2);
            assert!(failure.message.contains(wrong));
            assert!(failure.message.contains("check=yes"));
        }
    }
}
