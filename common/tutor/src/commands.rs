//! The commands, one `make` target each, and what they are given.
//!
//! The list is a table and not derived from a type: all of them are alike, and what derives would
//! have to be compiled before anybody's first boot.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, value_parser};

use crate::failure::Result;
use crate::settings::Settings;
use crate::workspace::Workspace;
use crate::{
    bench, book, carry, check, clean, debug, diff, doctor, grader, help, map, run, test, timeline,
    watch,
};

/// A command. Its settings are words such as `chapter=4`.
pub struct Command {
    /// Its name, which is that of a `make` target.
    pub name: &'static str,
    /// What it does, in a few words.
    pub about: &'static str,
    settings: &'static [&'static str],
    run: Run,
}

/// What does a command.
enum Run {
    /// A function of this program.
    Here(fn(&Workspace, &Settings) -> Result<()>),
    /// The grader's command of the same name.
    InGrader,
}

/// All commands that are told to a reader.
pub const COMMANDS: &[Command] = &[
    command("help", "What there is (this list)", &[], |_, _| help::help()),
    command("run", "Boot a chapter; the console is yours", run::SETTINGS, run::run),
    command("test", "Prove that everything works", test::SETTINGS, test::test),
    command(
        "test-suites",
        "Run programs of others, on Linux and on a chapter",
        test::suites::SETTINGS,
        test::suites::run,
    ),
    command("diff", "What a chapter changes", diff::SETTINGS, diff::diff),
    command("debug", "Boot a chapter under the debugger", debug::SETTINGS, debug::debug),
    command("bench", "What operations cost, in instructions", bench::SETTINGS, bench::bench),
    command("map", "Draw a chapter's map of memory", map::SETTINGS, map::map),
    command("timeline", "Draw who ran when", timeline::SETTINGS, timeline::timeline),
    command("book", "Build the book", book::SETTINGS, book::build),
    command(
        "serve",
        "Show the book; build it again at every save",
        book::SERVE_SETTINGS,
        book::serve,
    ),
    graded("exercises", "Exercises and bugs: the list, and how far you are", grader::EXERCISES),
    graded("watch", "Test an exercise whenever you save it", grader::WATCH),
    graded("hint", "The next hint for an exercise", grader::HINT),
    graded("progress", "How far you are, in all chapters", &[]),
    graded("grade", "Grade everything; writes files for graders", grader::GRADE),
    graded("grade-all", "Grade a class", grader::GRADE_ALL),
    graded("course", "Make a copy without solutions, for a class", grader::COURSE),
    command("carry", "Bring a fix into every later chapter", carry::SETTINGS, carry::carry),
    command("check", "Formats, lints, house rules", check::SETTINGS, check::check),
    command("doctor", "What is missing on this computer", &[], |here, _| doctor::doctor(here)),
    command("setup", "Install what is missing", &[], |here, _| doctor::setup(here)),
    command("clean", "Remove what was built", &[], |here, _| clean::clean(here)),
];

/// A command of which only the book's tool knows: a chapter's kernel tests and nothing else.
const SUITE: Command = command("suite", "", test::SUITE_SETTINGS, test::suite);

const fn command(
    name: &'static str,
    about: &'static str,
    settings: &'static [&'static str],
    run: fn(&Workspace, &Settings) -> Result<()>,
) -> Command {
    Command { name, about, settings, run: Run::Here(run) }
}

const fn graded(
    name: &'static str,
    about: &'static str,
    settings: &'static [&'static str],
) -> Command {
    Command { name, about, settings, run: Run::InGrader }
}

/// What understands the command line.
pub fn parser() -> clap::Command {
    let settings = Arg::new("settings").num_args(0..);
    let elf = Arg::new("elf").required(true).value_parser(value_parser!(PathBuf));
    // Boots a kernel that Cargo has built.
    let boot = clap::Command::new("boot").hide(true).arg(elf).arg(settings.clone());
    let suite = clap::Command::new(SUITE.name).hide(true).arg(settings.clone());
    let told = COMMANDS
        .iter()
        .map(|command| clap::Command::new(command.name).about(command.about).arg(settings.clone()));
    clap::Command::new("make")
        .about("An operating system, one layer at a time.")
        .disable_help_subcommand(true)
        .subcommands(told.chain([boot, suite]))
}

/// Does what `arguments`, which [`parser`] has understood, ask for.
pub fn execute(arguments: &ArgMatches) -> Result<()> {
    let workspace = Workspace::open()?;
    watch::catch_signals()?;
    let Some((name, arguments)) = arguments.subcommand() else { return help::help() };
    let words: Vec<String> =
        arguments.get_many("settings").map(|words| words.cloned().collect()).unwrap_or_default();
    match COMMANDS.iter().chain([&SUITE]).find(|command| command.name == name) {
        Some(Command { settings, run, .. }) => {
            let settings = Settings::read(&words, settings)?;
            match run {
                Run::Here(run) => run(&workspace, &settings),
                Run::InGrader => grader::become_grader(&workspace, name, &settings),
            }
        }
        None => {
            let elf: &PathBuf = arguments.get_one("elf").expect("boot requires it");
            run::boot_elf(&workspace, elf, &Settings::read(&words, run::BOOT_SETTINGS)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines_are_understood() {
        parser().debug_assert();
        let read = |words: &[&str]| parser().try_get_matches_from(words);
        assert!(read(&["make", "run", "chapter=4", "arch=both"]).is_ok());
        assert!(read(&["make", "boot", "kernel", "mem=64M"]).is_ok());
        assert!(read(&["make", "suite", "chapter=3"]).is_ok());
        assert!(read(&["make", "boot"]).is_err());
        assert!(read(&["make", "rnu"]).is_err());
    }
}
