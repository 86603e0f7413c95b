//! The table at the end of `make test-suites`, and the record of it in a file of the book's.
//!
//! A whole run takes long, so a record grows: each suite that was run as a whole on a machine
//! replaces what the file says of the two, and all else stays.

use std::collections::BTreeMap;
use std::fmt::Write;

use comfy_table::{Table as Grid, TableComponent, presets};
use serde::Deserialize;

use super::cases::LACKING;
use crate::failure::{Failure, Result};
use crate::kernel;
use crate::test::outcome::{Tally, Tested, Verdict};
use crate::workspace::Workspace;

/// The folder of the records, a file for each chapter.
const FOLDER: &str = "book/src/suites";

/// What a file of records holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
struct Record {
    /// The command that makes it.
    command: String,
    #[serde(default, rename = "suite")]
    rows: Vec<Row>,
}

/// What a suite came to on a machine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Row {
    name: String,
    arch: String,
    passed: usize,
    failed: usize,
    skipped: usize,
    /// In how many cases that failed a call was asked for that there is not.
    #[serde(default)]
    lacking: BTreeMap<String, usize>,
}

/// What suites came to.
#[derive(Default)]
pub struct Rows(Vec<Row>);

impl Rows {
    /// Adds what the suite `name` came to on `arch`.
    pub fn add(&mut self, name: &str, arch: &str, tests: &[Tested]) {
        if tests.is_empty() {
            return;
        }
        let mut tally = Tally::default();
        tally.add(tests);
        let mut lacking = BTreeMap::new();
        for call in tests.iter().flat_map(calls) {
            *lacking.entry(call.to_string()).or_default() += 1;
        }
        let Tally { passed, failed, skipped, .. } = tally;
        self.0.push(Row { name: name.into(), arch: arch.into(), passed, failed, skipped, lacking });
    }

    /// Prints them.
    pub fn print(&self) {
        let mut grid = Grid::new();
        grid.load_preset(presets::NOTHING);
        grid.set_style(TableComponent::HeaderLines, '─');
        grid.set_style(TableComponent::MiddleHeaderIntersections, '─');
        grid.set_header(["suite", "machine", "passed", "failed", "skipped", "calls it lacks"]);
        for row in &self.0 {
            let numbers = [row.passed, row.failed, row.skipped].map(|number| number.to_string());
            let [passed, failed, skipped] = numbers;
            let lacking = told(&row.lacking);
            grid.add_row([&row.name, &row.arch, &passed, &failed, &skipped, &lacking]);
        }
        anstream::println!("\n{grid}");
    }

    /// Writes those that could be run into the record of the chapter with this number; gives the
    /// file's name.
    pub fn record(&self, workspace: &Workspace, chapter: usize) -> Result<String> {
        let name = format!("{FOLDER}/{chapter:02}.toml");
        let file = workspace.root.join(&name);
        let before = std::fs::read_to_string(&file).unwrap_or_default();
        let run = self.0.iter().filter(|row| row.passed + row.failed > 0).cloned();
        let text = recorded(&before, &run.collect::<Vec<_>>(), chapter)
            .map_err(|why| Failure::failed(format!("{name}: {why}")))?;
        let folder = workspace.root.join(FOLDER);
        std::fs::create_dir_all(&folder).map_err(|error| Failure::io("create", &folder, &error))?;
        kernel::write(&file, text.as_bytes())?;
        Ok(name)
    }
}

/// The calls that a test that failed lacks.
fn calls(test: &Tested) -> impl Iterator<Item = &str> {
    let why = if let Verdict::Failed(why) = &test.verdict { why } else { "" };
    let line = why.lines().find_map(|line| line.strip_prefix(LACKING));
    line.into_iter().flat_map(|calls| calls.split(", "))
}

/// Calls and in how many cases each is lacking, the most frequent first.
fn told(lacking: &BTreeMap<String, usize>) -> String {
    let mut calls: Vec<(&String, &usize)> = lacking.iter().collect();
    calls.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let words = calls.iter().map(|(call, count)| format!("{call} {count}"));
    words.collect::<Vec<_>>().join(", ")
}

/// The record `before` with `rows` in place of what it says of the same suites and machines.
fn recorded(before: &str, rows: &[Row], chapter: usize) -> std::result::Result<String, String> {
    let mut record = match before {
        "" => Record::default(),
        text => toml::from_str(text).map_err(|error| error.to_string())?,
    };
    record.command = format!("make test-suites chapter={chapter} record=1");
    for row in rows {
        let is_same = |other: &&mut Row| (&other.name, &other.arch) == (&row.name, &row.arch);
        match record.rows.iter_mut().find(is_same) {
            Some(other) => *other = row.clone(),
            None => record.rows.push(row.clone()),
        }
    }
    Ok(record.text())
}

impl Record {
    /// The file.
    fn text(&self) -> String {
        let mut text =
            "# What suites that others wrote come to on a chapter's kernel.\n\n".to_string();
        let _ = writeln!(text, "command = {:?}", self.command);
        for Row { name, arch, passed, failed, skipped, lacking } in &self.rows {
            let _ = write!(text, "\n[[suite]]\nname = {name:?}\narch = {arch:?}\n");
            let _ = write!(text, "passed = {passed}\nfailed = {failed}\nskipped = {skipped}\n");
            let calls = lacking.iter().map(|(call, count)| format!("{call:?} = {count}"));
            let _ = writeln!(text, "lacking = {{ {} }}", calls.collect::<Vec<_>>().join(", "));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(arch: &str, tests: &[Tested]) -> Vec<Row> {
        let mut rows = Rows::default();
        rows.add("nolibc", arch, tests);
        rows.0
    }

    #[test]
    fn calls_that_are_lacking_are_counted() {
        let lacks = |calls: &str| Tested::failed("x", format!("wrong\n{LACKING}{calls}"));
        let tests = [lacks("chroot, dup"), lacks("chroot"), Tested::failed("y", "no reason")];
        let rows = rows("aarch64", &tests);
        assert_eq!(told(&rows[0].lacking), "chroot 2, dup 1");
        assert_eq!((rows[0].passed, rows[0].failed, rows[0].skipped), (0, 3, 0));
    }

    #[test]
    fn a_record_keeps_what_was_not_run() {
        let passed = [Tested::passed("a")];
        let one = recorded("", &rows("aarch64", &passed), 9).expect("it is empty");
        let two = recorded(&one, &rows("x86_64", &passed), 9).expect("it is our own");
        let record = |text: &str| toml::from_str::<Record>(text).expect("it is our own");
        assert_eq!(record(&two).rows.len(), 2);
        let again = [Tested::passed("a"), Tested::skipped("b", "why")];
        let three = recorded(&two, &rows("aarch64", &again), 9).expect("it is our own");
        let record = record(&three);
        assert_eq!(record.rows.len(), 2);
        assert_eq!((record.rows[0].skipped, record.rows[1].skipped), (1, 0));
        assert_eq!(record.command, "make test-suites chapter=9 record=1");
        assert!(recorded("suite = 1", &[], 9).is_err());
    }
}
