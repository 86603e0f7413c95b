//! `make test-suites`: programs that know nothing of our kernels, on Linux and on a kernel.
//!
//! They are fetched or built when they are needed, and nothing of what others wrote is kept in the
//! repository: programs with Rust's standard library and with musl's C library, for which rustup
//! has all that is needed, programs in C, and Debian's busybox, which is made of glibc. What they
//! print and how they end must be the same on both. So must be what a chapter's own programs that
//! try calls out print on Debian's kernel, on the same machine. Others are suites of tests, which
//! say themselves what is right: there each case counts that Linux gets right, and of each that a
//! kernel does not it is told what it lacks. What all of it came to is told in a table at the end,
//! which `record=1` keeps for the book.

mod alloctests;
mod busybox;
mod cases;
mod debian;
mod foreign;
mod in_c;
mod linux_kernel;
mod nolibc;
mod sections;
mod table;
mod units;

use std::collections::BTreeMap;

use build_support::{Entry, Machine};

use super::group::Group;
use super::linux::Linux;
use super::oracle::{ENVIRONMENT, Oracle, Trial, filled};
use super::outcome::Tested;
use super::{group, run_groups};
use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::kernel::{self, Recipe, Voice};
use crate::program::{Program, with_program};
use crate::selection;
use crate::settings::Settings;
use crate::ui;
use crate::workspace::Workspace;

/// The settings of `make test-suites`.
pub const SETTINGS: &[&str] = &["chapter", "arch", "only", "record"];

/// Runs all of them on a chapter's kernel.
pub fn run(workspace: &Workspace, settings: &Settings) -> Result<()> {
    let index = selection::chapter_or_last(settings, &workspace.config)?;
    if !workspace.config.has_shell(index) {
        let folder = &workspace.config.chapters[index].folder;
        return Err(Failure::usage(format!("chapter={folder}: it runs only its own programs")));
    }
    let only = settings.get("only").unwrap_or_default();
    let workspace = &patient(workspace);
    let mut groups = Vec::new();
    for (arch, machine) in selection::machines(settings, &workspace.config, "both")? {
        let needs = [Need::Targets, Need::Qemu(&machine.qemu)];
        let needs: Vec<Need> = needs.into_iter().chain(Need::linux(arch)).collect();
        doctor::require(workspace, &needs)?;
        let suite = Suite { workspace, index, arch, machine };
        groups.extend(suite.groups(only));
    }
    let is_recorded = is_recorded(settings)?;
    let mut rows = table::Rows::default();
    let outcome = run_groups(&groups, only, |group, tests| {
        // Of a suite that was not run as a whole the numbers say nothing.
        if group.row.contains(only) {
            rows.add(&group.row, group.column, tests);
        }
        Ok(())
    });
    rows.print();
    if is_recorded {
        ui::step("Recorded", &rows.record(workspace, index + 1)?);
    }
    outcome
}

/// So many times as long as a test of ours may a boot with programs of others take.
const PATIENCE: u64 = 5;

/// The same `workspace`, in which runs may take long.
fn patient(workspace: &Workspace) -> Workspace {
    let mut workspace = workspace.clone();
    let limits = &mut workspace.config.tests;
    limits.processor_seconds *= PATIENCE;
    limits.seconds *= PATIENCE;
    workspace
}

/// Whether what it comes to is to be kept.
fn is_recorded(settings: &Settings) -> Result<bool> {
    match settings.get("record") {
        None => Ok(false),
        Some("1") => Ok(true),
        Some(value) => Err(Failure::not_one_of("record", value, ["1"])),
    }
}

/// Suites for one kernel.
#[derive(Clone, Copy)]
struct Suite<'a> {
    workspace: &'a Workspace,
    index: usize,
    arch: &'a str,
    machine: &'a Machine,
}

/// A program that somebody else has made, and what is to be done with it.
struct Foreign {
    program: Program,
    trials: Vec<Trial>,
    /// How its own verdicts are read, if it has any.
    cases: Option<cases::Reader>,
}

/// Makes or fetches programs; the inner error is why that is not possible here.
type Source = fn(&Workspace, &str) -> Result<std::result::Result<Vec<Foreign>, String>>;

/// What `program` says on Linux with `words`, in a room with nothing else; the inner error is why
/// it cannot be asked.
fn asked(
    program: &Program,
    arch: &str,
    words: &[&str],
) -> Result<std::result::Result<String, String>> {
    let Some(linux) = Linux::find(arch) else {
        return Ok(Err(Linux::missing(arch)));
    };
    let alone =
        BTreeMap::from([(format!("bin/{}", program.name), Entry::program(program.bytes.clone()))]);
    let room = filled(&build_support::pack_entries(alone).map_err(Failure::failed)?)?;
    let words = [program.name.as_str()].into_iter().chain(words.iter().copied());
    let words: Vec<String> = words.map(String::from).collect();
    let listed = linux.execute(&words, &ENVIRONMENT, &[], room.path());
    Ok(listed.map(|listed| String::from_utf8_lossy(&listed.said).into_owned()))
}

impl<'a> Suite<'a> {
    fn groups(self, only: &str) -> Vec<Group<'a>> {
        let sources: [(&str, Source); 6] = [
            ("nolibc's self-test", nolibc::self_test),
            ("Rust's alloctests", alloctests::alloctests),
            ("Rust's standard library", foreign::with_std),
            ("musl's C library", foreign::with_musl),
            ("programs in C", in_c::programs),
            ("Debian's busybox", debian::busybox),
        ];
        let groups = sources.into_iter().map(|(name, source)| {
            let only = only.to_string();
            let title = format!("{}: {name}", self.arch);
            group(name, self.arch, &title, move || self.run(name, source, &only))
        });
        let kernel = {
            let (only, title) =
                (only.to_string(), format!("{}: {}", self.arch, linux_kernel::NAME));
            group(linux_kernel::NAME, self.arch, &title, move || linux_kernel::run(&self, &only))
        };
        let scripts = busybox::GROUPS.into_iter().map(|(name, gather)| {
            let only = only.to_string();
            let title = format!("{}: {name}", self.arch);
            group(name, self.arch, &title, move || busybox::run(&self, name, gather, &only))
        });
        groups.chain([kernel]).chain(scripts).collect()
    }

    /// Runs the programs of one source, those trials with `only` in their names.
    fn run(&self, name: &str, source: Source, only: &str) -> Result<Vec<Tested>> {
        let Self { workspace, arch, machine, .. } = *self;
        let Some(linux) = Linux::find(arch) else {
            return Ok(vec![Tested::skipped(name, Linux::missing(arch))]);
        };
        let programs = match source(workspace, arch)? {
            Ok(programs) => programs,
            Err(why) => return Ok(vec![Tested::skipped(name, why)]),
        };
        let is_long = programs.iter().any(|it| it.cases.is_some_and(|reader| reader.is_long));
        let package = kernel::package_of(&workspace.config.chapters[self.index].folder);
        let recipe =
            Recipe { package: &package, arch, machine, has_tests: false, is_release: is_long };
        let kernel = kernel::build(workspace, recipe, Voice::Quiet)?;
        let mut archive = kernel.initramfs.as_deref().map_or(Ok(Vec::new()), kernel::read)?;
        for Foreign { program, .. } in &programs {
            archive = with_program(&archive, program).map_err(Failure::failed)?;
        }
        let mut oracle = Oracle::new(workspace, &kernel, arch, machine, linux, archive)?;
        oracle.has_wall_clock = is_long;
        let mut tested = Vec::new();
        for Foreign { trials, cases, .. } in &programs {
            for trial in
                trials.iter().filter(|trial| cases.is_some() || trial.name().contains(only))
            {
                match cases {
                    None => {
                        tested.push(Tested::from_result(&trial.name(), oracle.try_out(trial)?));
                    }
                    Some(reader) => tested.extend(cases::run(&oracle, trial, *reader, arch)?),
                }
            }
        }
        tested.retain(|test| test.name.contains(only));
        Ok(tested)
    }
}
