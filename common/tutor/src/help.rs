//! `make help`: one line per target, and the settings.

use crate::commands::COMMANDS;
use crate::failure::Result;
use crate::ui::{DIM, STRONG, styled};

/// What the settings mean.
const SETTINGS: &[(&str, &str)] = &[
    ("chapter=", "4, 04 or a name; without it the last chapter (for test: all)"),
    ("arch=", "aarch64 (the default), x86_64 or both"),
    ("mem= cpus=", "memory such as 64M; processors, 1 to 8"),
    ("gic=", "run, timeline, debug: aarch64's GICv2 (the default) or GICv3: 2 or 3"),
    ("timeout=", "seconds until a run counts as hung; 0 is never"),
    ("bootargs=", "words for the kernel, as \"a=1 b=2\""),
    (
        "args=",
        "run, timeline, debug: more words for the kernel, behind bootargs=; or the program's",
    ),
    ("program=", "run: a static Linux program to run on the kernel, from chapter 8 on"),
    (
        "files=",
        "run: files and folders for it, each with :PATH for another place; from chapter 9 on",
    ),
    ("strace=", "run: 1 lists every system call, from chapter 8 on"),
    ("release=", "run: 1 has the compiler optimise the kernel"),
    (
        "counted=",
        "run, timeline: 1 counts time in instructions, so that each run is like the other",
    ),
    ("exercise=", "test, watch, hint: 4.2 or its name"),
    ("bug=", "run, test, hint: a bug of the chapter's museum"),
    ("seed=", "test, grade: what the tests' made-up cases come from"),
    ("seeds=", "test: calls by chance for so many, by the hundred thousand, from chapter 8 on"),
    ("base=", "test, grade: the commit to test on; here: the tree as it is"),
    ("jobs=", "grade-all: how many forks at once"),
    ("only=", "test, bench: only what has this in its name"),
    ("fresh=", "test: 1 also runs what has passed before with the same code"),
    ("record=", "bench, test-suites: 1 keeps the numbers for the book; test: what has passed"),
    ("pdf=", "book: 1 also makes a PDF, with Chromium"),
    ("port=", "serve: where a browser finds the book; without it 3000"),
    (
        "file=",
        "diff: only this file; map, grade: where it goes; grade-all: the list; course: the folder",
    ),
    ("from=", "carry: the chapter with the fix"),
    ("continue=", "carry: 1 goes on after a conflict"),
    ("abort=", "carry: 1 puts every file back as it was before"),
    ("server=", "debug: wait for a debugger on this port instead of starting one"),
];

/// Prints the list of commands and settings.
pub fn help() -> Result<()> {
    anstream::println!("Strata: an operating system, one layer at a time.\n");
    for command in COMMANDS {
        let name = styled(STRONG, format_args!("make {:11}", command.name));
        anstream::println!("  {name} {}", command.about);
    }
    anstream::println!("\nSettings, before or after the target:\n");
    for (name, about) in SETTINGS {
        anstream::println!("  {} {about}", styled(STRONG, format_args!("{name:13}")));
    }
    anstream::println!("\nTo begin with: {}", styled(STRONG, "make chapter=1 run"));
    anstream::println!("{}", styled(DIM, "The book: book/src/introduction.md"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bench, book, carry, check, debug, diff, grader, map, run, test, timeline};

    #[test]
    fn every_setting_is_explained() {
        let commands = [
            bench::SETTINGS,
            book::SERVE_SETTINGS,
            book::SETTINGS,
            carry::SETTINGS,
            check::SETTINGS,
            debug::SETTINGS,
            diff::SETTINGS,
            grader::COURSE,
            grader::EXERCISES,
            grader::GRADE,
            grader::GRADE_ALL,
            grader::HINT,
            grader::WATCH,
            map::SETTINGS,
            run::SETTINGS,
            test::SETTINGS,
            test::suites::SETTINGS,
            timeline::SETTINGS,
        ];
        for name in commands.concat() {
            let is_explained = SETTINGS
                .iter()
                .any(|(names, _)| names.split(' ').any(|it| it == format!("{name}=")));
            assert!(is_explained, "{name}=");
        }
    }
}
