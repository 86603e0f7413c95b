//! Suites of many small scripts, run in batches: on Debian's kernel all in one boot, on ours a few
//! in each.
//!
//! A unit is a line for the program `tries`: it runs one after the other, and marks which has
//! printed what. A unit says of each of its cases whether it is right. One that hangs or takes the
//! kernel down with it costs nothing but itself: the next boot begins with it, and if it does not
//! come to its end there either, the one after goes on behind it.
//!
//! A unit with a case that is wrong here and right on Linux runs once more, alone, and tells more.
//! The kernel names the calls that it was asked for and does not have when its program has ended;
//! that is how one sees what the unit lacks.

use std::collections::{BTreeMap, BTreeSet};

use build_support::Entry;

use super::super::linux::Linux;
use super::super::oracle::{Oracle, Trial};
use super::super::outcome::{Tested, Verdict};
use super::cases::{Case, Read, call_name, compare};
use super::sections::sections;
use super::{Suite, linux_kernel};
use crate::failure::{Failure, Result};
use crate::kernel::Kernel;
use crate::program::Speaker;

/// The program that runs units.
pub const RUNNER: &str = "tries";

/// What its line behind a unit begins with.
const END: &str = "tries: end";

/// So many units have a boot together.
const AT_ONCE: usize = 12;

/// Of what a unit says of a case that is wrong, so many lines are told.
const TOLD: usize = 8;

/// Units, and what they need.
pub struct Units {
    /// What begins the names of their cases.
    pub name: &'static str,
    /// All files of the machine, but for the list of units.
    pub files: BTreeMap<String, Entry>,
    /// The lines for `tries`.
    pub lines: Vec<String>,
    /// What is added to a line for a unit to say more.
    pub verbose: &'static str,
    /// Reads the verdict in a line that a unit prints.
    pub read: Read,
}

/// What our kernel did with a unit.
#[derive(Default)]
struct Heard {
    said: Vec<String>,
    /// The calls that it was asked for in this boot and does not have.
    lacking: BTreeSet<String>,
    /// Why the unit did not come to its end, if so.
    stopped: Option<String>,
}

/// Runs all of `units` on both kernels: a test for each case.
pub fn run(suite: &Suite, kernel: &Kernel, units: &Units) -> Result<Vec<Tested>> {
    let image = match linux_kernel::image(suite) {
        Ok(image) => image,
        Err(why) => return Ok(vec![Tested::skipped(units.name, why)]),
    };
    let archive = linux_kernel::with_list(&units.files, &units.lines)?;
    let theirs = match linux_kernel::boot(&image, suite.arch, suite.machine, &archive)? {
        Ok(said) => sections(&said),
        Err(why) => return Ok(vec![Tested::failed(units.name, why)]),
    };
    let boots = Boots::new(suite, kernel, units)?;
    let mut tested = Vec::new();
    for (line, heard) in units.lines.iter().zip(boots.all()?) {
        let said = theirs.get(line).map(Vec::as_slice).unwrap_or_default();
        tested.extend(boots.verdicts(line, said, &heard)?);
    }
    Ok(tested)
}

/// The cases in what a unit has `said`. Names that come again are numbered.
fn cases(units: &Units, said: &[String], lacking: &BTreeSet<String>) -> Vec<Case> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut cases: Vec<Case> = Vec::new();
    for line in said {
        if let Some((name, is_right)) = (units.read)(line) {
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            let again = if *count > 1 { format!(" ({count})") } else { String::new() };
            let name = format!("{}: {name}{again}", units.name);
            cases.push(Case { name, is_right, line: line.clone(), lacking: lacking.clone() });
        } else if let Some(case) = cases.last_mut().filter(|case| !case.is_right)
            && case.line.lines().count() < TOLD
            && !line.starts_with(END)
        {
            case.line = format!("{}\n{line}", case.line);
        }
    }
    cases
}

/// Explains what is wrong `here` by what was heard when the unit ran `alone`.
fn explain(here: &mut [Case], alone: &[Case]) {
    for case in here.iter_mut().filter(|case| !case.is_right) {
        match alone.iter().find(|other| other.name == case.name) {
            Some(other) if other.is_right => case.line += "\nit is right when its unit runs alone",
            Some(other) => {
                case.line = other.line.clone();
                case.lacking = other.lacking.clone();
            }
            None => {}
        }
    }
}

/// The end of what is told of a run that failed.
fn end_of(why: &str) -> String {
    let lines: Vec<&str> = why.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(TOLD)..].join("\n")
}

/// Whoever boots our kernel for units.
struct Boots<'a> {
    oracle: Oracle<'a>,
    arch: &'a str,
    units: &'a Units,
}

impl<'a> Boots<'a> {
    fn new(suite: &Suite<'a>, kernel: &'a Kernel, units: &'a Units) -> Result<Self> {
        let Suite { workspace, arch, machine, .. } = *suite;
        let linux = Linux::find(arch).ok_or_else(|| Failure::failed(Linux::missing(arch)))?;
        let archive = build_support::pack_entries(units.files.clone()).map_err(Failure::failed)?;
        let mut oracle = Oracle::new(workspace, kernel, arch, machine, linux, archive)?;
        oracle.has_wall_clock = true;
        Ok(Self { oracle, arch, units })
    }

    /// What becomes of each unit.
    fn all(&self) -> Result<Vec<Heard>> {
        let lines = &self.units.lines;
        let mut all = Vec::new();
        while all.len() < lines.len() {
            let rest = &lines[all.len()..];
            all.extend(self.boot(&rest[..rest.len().min(AT_ONCE)])?);
        }
        Ok(all)
    }

    /// What becomes of those units among `lines` that come to their end in one boot; if the first
    /// does not, what becomes of it.
    fn boot(&self, lines: &[String]) -> Result<Vec<Heard>> {
        let (mut said, mut told) = (Vec::new(), Vec::new());
        let words: Vec<&str> = lines.iter().map(String::as_str).collect();
        let trial = Trial::new(RUNNER, &words);
        let ended = self.oracle.heard_on_kernel(&trial, "", |whose, bytes| match whose {
            Speaker::Program => said.extend_from_slice(bytes),
            Speaker::Boot | Speaker::Kernel => told.extend_from_slice(bytes),
        })?;
        let lacking = lacking(&String::from_utf8_lossy(&told), self.arch);
        let mut sections = sections(&said);
        let mut all = Vec::new();
        for line in lines {
            let said = sections.remove(line).unwrap_or_default();
            let has_ended = said.last().is_some_and(|line| line.starts_with(END));
            let stopped = ended.as_ref().err().filter(|_| !has_ended).map(|why| end_of(why));
            if stopped.is_some() && !all.is_empty() {
                break;
            }
            let is_last = stopped.is_some();
            all.push(Heard { said, lacking: lacking.clone(), stopped });
            if is_last {
                break;
            }
        }
        Ok(all)
    }

    /// The cases of the unit `line`, which on Linux has said `theirs`, and here what was `heard`.
    fn verdicts(&self, line: &str, theirs: &[String], heard: &Heard) -> Result<Vec<Tested>> {
        let linux = cases(self.units, theirs, &BTreeSet::new());
        let mut here = cases(self.units, &heard.said, &heard.lacking);
        let end = heard.stopped.as_deref().unwrap_or("its unit ended before this");
        let tested = compare(&linux, &here, end);
        let has_failed = |test: &Tested| matches!(test.verdict, Verdict::Failed(_));
        if heard.stopped.is_some() || !tested.iter().any(has_failed) {
            return Ok(tested);
        }
        let alone = self.boot(&[format!("{line}{}", self.units.verbose)])?;
        let alone = alone.iter().flat_map(|heard| cases(self.units, &heard.said, &heard.lacking));
        explain(&mut here, &alone.collect::<Vec<_>>());
        Ok(compare(&linux, &here, end))
    }
}

/// The calls that the kernel has `told` that there are not, by their names on `arch`.
fn lacking(told: &str, arch: &str) -> BTreeSet<String> {
    let number = |line: &str| {
        line.trim().strip_prefix("system call ")?.strip_suffix(": not known")?.parse().ok()
    };
    told.lines().filter_map(number).map(|number| call_name(number, arch)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: Units = Units {
        name: "suite",
        files: BTreeMap::new(),
        lines: Vec::new(),
        verbose: "",
        read: |line| Some((line.strip_prefix("FAIL: ")?.into(), false)),
    };

    fn said(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| line.to_string()).collect()
    }

    #[test]
    fn names_that_come_again_are_numbered_and_what_follows_explains() {
        let said = said(&["noise", "FAIL: a", "-x", "+y", "FAIL: a", "tries: end: exited with 1"]);
        let cases = cases(&UNITS, &said, &BTreeSet::new());
        assert_eq!(cases.len(), 2);
        assert_eq!((cases[0].name.as_str(), cases[1].name.as_str()), ("suite: a", "suite: a (2)"));
        assert_eq!(
            (cases[0].line.as_str(), cases[1].line.as_str()),
            ("FAIL: a\n-x\n+y", "FAIL: a")
        );
    }

    #[test]
    fn a_unit_alone_explains_what_was_wrong() {
        let mut here = cases(&UNITS, &said(&["FAIL: a", "FAIL: b"]), &BTreeSet::new());
        let lacking = BTreeSet::from(["chroot".to_string()]);
        let mut alone = cases(&UNITS, &said(&["FAIL: a", "more", "FAIL: b"]), &lacking);
        alone[1].is_right = true;
        explain(&mut here, &alone);
        assert_eq!((here[0].line.as_str(), &here[0].lacking), ("FAIL: a\nmore", &lacking));
        assert!(here[1].line.ends_with("alone") && here[1].lacking.is_empty());
    }

    #[test]
    fn calls_that_there_are_not_have_names() {
        let told = "strata\nsystem call 121: not known\r\nsystem call 9999: not known\nx\n";
        assert_eq!(
            lacking(told, "x86_64").into_iter().collect::<Vec<_>>(),
            ["call 9999", "getpgid"]
        );
        assert!(end_of("a\n\nb").ends_with("a\nb"));
    }
}
