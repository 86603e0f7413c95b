//! `make test`: proves that all of it works, with one line of progress per group of tests and one
//! table at the end.

mod bench;
pub mod boot;
mod browser;
mod chapter;
mod commands;
mod console;
mod deaths;
mod endings;
mod group;
pub mod host;
pub mod kernel_tests;
mod linux;
mod listed;
mod memory_map;
mod oracle;
pub mod outcome;
mod person;
mod pictures;
mod programs;
mod progress;
mod proofs;
mod proved;
mod queue;
mod recordings;
mod red;
mod serve;
mod suite;
pub mod suites;
mod summary;
pub mod tables;
mod terminal;
mod timeline;
mod twin;
mod ways;

use build_support::Machine;

use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::grader;
use crate::selection;
use crate::settings::Settings;
use crate::watch;
use crate::workspace::Workspace;
use group::Group;
use outcome::{Tally, Tested};
use proved::Proved;

pub use suite::{SETTINGS as SUITE_SETTINGS, suite};

/// The settings of `make test`.
pub const SETTINGS: &[&str] =
    &["chapter", "arch", "only", "seeds", "fresh", "record", "exercise", "bug", "seed", "base"];

/// The most seeds. So many take an hour and a half for each kernel.
const MOST_SEEDS: u64 = 1000;

/// The settings that make it a test of what a student has written.
const OF_A_STUDENT: &[&str] = &["exercise", "bug"];

/// Runs the tests of one chapter, or of everything.
pub fn test(workspace: &Workspace, settings: &Settings) -> Result<()> {
    if OF_A_STUDENT.iter().any(|name| settings.get(name).is_some()) {
        return grader::become_grader(workspace, "test", settings);
    }
    if let Some(name) = ["seed", "base"].into_iter().find(|name| settings.get(name).is_some()) {
        return Err(Failure::usage(format!("{name}=: only a test of an exercise has it")));
    }
    let is_recorded = settings.is_one("record")?;
    if is_recorded && settings.get("chapter").is_some() {
        return Err(Failure::usage(
            "record=1: chapter= leaves out all that is kept; only=NN-NAME chooses from it",
        ));
    }
    let workspace = &Workspace { seeds: seeds(settings)?, ..workspace.clone() };
    let only = settings.get("only").unwrap_or_default();
    let mut groups = groups(workspace, settings)?;
    let mut proved = Proved::read(workspace)?;
    // Who names something wants to see it run.
    if !settings.is_one("fresh")? && only.is_empty() {
        groups = proofs::without_proved(groups, &proved);
    }
    run_groups(&groups, only, |group, tests| match group.proves {
        Some(index) if is_recorded && group.title.contains(only) => {
            proved.keep(workspace, (&group.title, index), tests)
        }
        _ => Ok(()),
    })
}

/// What is said of tests that were not run again.
const BEFORE: &str = "passed before with the same code, and were not run again: \
                      make test fresh=1 runs all";

/// For how many seeds calls by chance are to be made, if `settings` say.
fn seeds(settings: &Settings) -> Result<Option<u64>> {
    match settings.number("seeds", 1)? {
        Some(seeds) if seeds > MOST_SEEDS => {
            Err(Failure::usage(format!("seeds={seeds}: must be {MOST_SEEDS} at most")))
        }
        seeds => Ok(seeds),
    }
}

/// Runs `groups`, tells how each went, and all of them together; `only` is what their tests were
/// chosen by, and `heed` gets those of each group.
fn run_groups(
    groups: &[Group],
    only: &str,
    mut heed: impl FnMut(&Group, &[Tested]) -> Result<()>,
) -> Result<()> {
    let mut table = summary::Table::default();
    let mut total = Tally::default();
    let begin = |index: usize| progress::begin(index + 1, groups.len(), &groups[index].title);
    queue::run(groups, begin, |index, line, queue::Done { tests, time }| {
        let group = &groups[index];
        let tests = match tests {
            Ok(tests) => tests,
            Err(failure) if failure.status == 130 => return Err(failure),
            Err(failure) => vec![Tested::failed(&group.title, failure.message)],
        };
        if watch::is_interrupted() {
            return Err(Failure::silent(130));
        }
        if tests.is_empty() {
            line.discard();
        } else {
            line.end(&tests, time);
        }
        total.add(&tests);
        heed(group, &tests)?;
        table.add(&group.row, group.column, &tests);
        Ok(())
    })?;
    if total == Tally::default() {
        return Err(Failure::usage(format!("only={only}: no test has this in its name")));
    }
    table.print();
    if total.before > 0 {
        anstream::println!("\n{} have {BEFORE}", total.before);
    }
    anstream::println!("\n{}", Tally { before: 0, ..total });
    match total.failed {
        0 => Ok(()),
        _ => Err(Failure::silent(1)),
    }
}

/// The groups that `settings` ask for.
fn groups<'a>(workspace: &'a Workspace, settings: &Settings) -> Result<Vec<Group<'a>>> {
    let chapter = selection::chapter(settings, &workspace.config)?;
    let machines = selection::machines(settings, &workspace.config, "both")?;
    let only = settings.get("only").unwrap_or_default().to_string();
    let mut needs = vec![Need::Targets, Need::Rustfmt, Need::Clippy];
    for (arch, machine) in &machines {
        needs.push(Need::Qemu(&machine.qemu));
        if chapter.is_none_or(|index| programs::has_programs(workspace, index)) {
            needs.extend(Need::linux(arch));
        }
        needs.extend(chapter.is_none().then_some(Need::Gdb(arch)));
    }
    if chapter.is_none() && browser::TITLE.contains(&only) {
        needs.extend(Need::BOOK_TESTS);
    }
    doctor::require(workspace, &needs)?;

    let mut groups = Vec::new();
    if chapter.is_none() {
        groups.extend(host_groups(workspace, &only));
    }
    let last = workspace.config.chapters.len() - 1;
    for index in chapter.map_or(0..=last, |index| index..=index) {
        for (arch, machine) in &machines {
            groups.extend(chapter::groups(workspace, index, arch, machine, &only));
        }
        groups.extend(chapter.is_none().then(|| proofs::experiments(workspace, index)));
    }
    if chapter.is_none() {
        for (arch, machine) in &machines {
            groups.extend(tool_groups(workspace, arch, machine, &only));
        }
        groups.extend(recording_groups(workspace));
        groups.extend(proofs::exercises(workspace, &only));
        let run = move || Ok([browser::run(workspace)?, vec![serve::run(workspace)]].concat());
        groups.push(group("the book", "host", browser::TITLE, run).in_one_piece().alone());
        let run = move || Ok([commands::run(workspace)?, endings::run(workspace)?].concat());
        groups.push(group("the commands", "host", "the commands", run).in_one_piece());
    }
    groups.retain(|group| !group.is_one || group.title.contains(&only));
    Ok(groups)
}

fn group<'a>(
    row: &str,
    column: &'a str,
    title: &str,
    run: impl Fn() -> Result<Vec<Tested>> + Send + Sync + 'a,
) -> Group<'a> {
    let (row, title, run) = (row.into(), title.into(), Box::new(run));
    Group {
        row,
        column,
        title,
        is_one: false,
        is_alone: false,
        is_long: false,
        place: None,
        proves: None,
        run,
    }
}

fn host_groups<'a>(workspace: &'a Workspace, only: &str) -> [Group<'a>; 3] {
    let only = only.to_string();
    [
        group("the tools", "host", "the tools' own tests", move || host::run(workspace, &only)),
        group("make check", "host", "make check", || Ok(host::check(workspace))).in_one_piece(),
        group("the book", "host", "the book", || Ok(host::picture(workspace))).in_one_piece(),
    ]
}

/// The groups that make the book's recordings of runs that end well again.
fn recording_groups(workspace: &Workspace) -> [Group<'_>; 2] {
    let consoles = || recordings::run(workspace, "consoles", None);
    let timelines = || recordings::run(workspace, "timelines", None);
    [
        group("the book", "host", "the book: consoles", consoles).in_one_piece(),
        group("the book", "host", "the book: timelines", timelines).in_one_piece(),
    ]
}

/// The groups that test our own tools on `arch`.
fn tool_groups<'a>(
    workspace: &'a Workspace,
    arch: &'a str,
    machine: &'a Machine,
    only: &str,
) -> [Group<'a>; 5] {
    let (only, words) = (only.to_string(), only.to_string());
    [
        group("tests can fail", arch, &format!("{arch}: tests can fail"), move || {
            red::run(workspace, arch, machine)
        })
        .in_one_piece(),
        group("the coroner", arch, &format!("{arch}: the coroner"), move || {
            deaths::run(workspace, arch, machine, &only)
        }),
        group("the coroner", arch, &format!("{arch}: what the kernel tells itself"), move || {
            deaths::run_caught(workspace, arch, machine, &words)
        }),
        group("the debugger", arch, &format!("{arch}: the debugger"), move || {
            Ok(vec![host::debugger(workspace, arch)])
        })
        .in_one_piece(),
        group("make bench", arch, &format!("{arch}: make bench"), move || {
            bench::run(workspace, arch, machine)
        })
        .in_one_piece(),
    ]
}
