//! `{{#bench}}`: what was measured, as it was recorded.
//!
//! The numbers come from the file that `make bench record=1` writes, and the caption says so, and
//! with which QEMU: nobody has to believe a table that can be made again by a command.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::table::{Cell, Table};
use crate::Result;
use crate::book::Book;
use crate::html::lens::display_name;
use crate::html::text;
use crate::page::Page;

/// The record, from the root of the repository.
const FILE: &str = "book/src/bench/instructions.toml";

/// The record of `make bench`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    /// The command that made it.
    command: String,
    /// What it ran on, by architecture.
    #[serde(rename = "machine")]
    machines: BTreeMap<String, Machine>,
    /// What was measured.
    #[serde(rename = "cost")]
    costs: Vec<Cost>,
}

/// What was measured on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Machine {
    qemu: String,
    machine: String,
    cpu: String,
    memory: String,
}

/// An operation by someone.
#[derive(Debug, Deserialize)]
struct Cost {
    /// The part of the kernel that it belongs to.
    group: String,
    /// The operation's short name, and what it does.
    operation: String,
    does: String,
    /// The short name of who does it, and who that is.
    by: String,
    who: String,
    /// How often it was done.
    repetitions: u64,
    /// Instructions each time, by architecture.
    #[serde(flatten)]
    instructions: BTreeMap<String, f64>,
}

/// The table, as HTML.
pub fn expand(arguments: &[String], book: &Book, _page: &Page) -> Result<String> {
    let text = std::fs::read_to_string(book.root.join(FILE))
        .map_err(|error| format!("cannot read {FILE}: {error}"))?;
    table(&text, &arguments[0], &arguments[1..])
}

/// The table of a group in the record `text`, of all of it or the rows that are named.
fn table(text: &str, group: &str, names: &[String]) -> Result<String> {
    let record: Record = toml::from_str(text).map_err(|error| format!("{FILE}: {error}"))?;
    let costs = chosen(&record.costs, group, names)?;
    let machines: Vec<&str> = record.machines.keys().map(String::as_str).collect();
    let names = machines.iter().map(|arch| display_name(arch));
    let columns: Vec<&str> = ["operation", "by"].into_iter().chain(names).collect();
    let label = format!("instructions per operation: {group}");
    let mut table = Table::new(&label, &caption(&record, &costs), &columns);
    for (index, cost) in costs.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| costs[before]);
        table.row_of(&headings(cost, before, &costs), &cells(cost, &machines));
    }
    Ok(table.html())
}

/// The costs of `group`: all, or those whose operation, or operation and doer, is among `names`.
fn chosen<'a>(costs: &'a [Cost], group: &str, names: &[String]) -> Result<Vec<&'a Cost>> {
    let all: Vec<&Cost> = costs.iter().filter(|cost| cost.group == group).collect();
    if all.is_empty() {
        let mut groups: Vec<&str> = costs.iter().map(|cost| cost.group.as_str()).collect();
        groups.dedup();
        return Err(format!("no `{group}` was measured; there are {}", groups.join(", ")));
    }
    if let Some(name) = names.iter().find(|name| !all.iter().any(|cost| cost.is_called(name))) {
        let known: Vec<String> =
            all.iter().map(|cost| format!("{}/{}", cost.operation, cost.by)).collect();
        return Err(format!("no `{name}` was measured; there are {}", known.join(", ")));
    }
    let is_chosen = |cost: &&Cost| names.is_empty() || names.iter().any(|it| cost.is_called(it));
    Ok(all.into_iter().filter(is_chosen).collect())
}

impl Cost {
    fn is_called(&self, name: &str) -> bool {
        name == self.operation || name.split_once('/') == Some((&self.operation, &self.by))
    }
}

/// The operation, once for all rows that it has; and who does it.
fn headings(cost: &Cost, before: Option<&Cost>, all: &[&Cost]) -> String {
    let is_same = |other: &Cost| other.operation == cost.operation;
    let who = format!(r#"<th scope="row">{}</th>"#, text(&cost.who));
    if before.is_some_and(is_same) {
        return who;
    }
    let count = all.iter().filter(|other| is_same(other)).count();
    format!(r#"<th scope="rowgroup" rowspan="{count}">{}</th>{who}"#, text(&cost.does))
}

/// The instructions on each of `machines`.
fn cells(cost: &Cost, machines: &[&str]) -> Vec<Cell> {
    let cell = |arch: &&str| match cost.instructions.get(*arch) {
        Some(instructions) => Cell::Number(format!("{instructions:.1}")),
        None => Cell::Words("<span class=\"none\">not measured</span>".into()),
    };
    machines.iter().map(cell).collect()
}

/// What the numbers are, and what made them; Markdown.
fn caption(record: &Record, costs: &[&Cost]) -> String {
    let least = costs.iter().map(|cost| cost.repetitions).min().unwrap_or_default();
    let machines = record.machines.iter().map(|(arch, it)| {
        let Machine { qemu, machine, cpu, memory } = it;
        format!("{}: QEMU {qemu}, `-M {machine} -cpu {cpu} -m {memory}`", display_name(arch))
    });
    let machines: Vec<String> = machines.collect();
    format!(
        "Instructions per operation, the mean of at least {least}, recorded by `{}`. {}.",
        record.command,
        machines.join("; ")
    )
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::rows;
    use super::*;

    const RECORD: &str = r#"
        command = "make bench record=1"
        machine.aarch64 = { qemu = "7.2", machine = "virt", cpu = "a76", memory = "128M" }
        machine.x86_64 = { qemu = "7.2", machine = "q35", cpu = "max", memory = "128M" }

        [[cost]]
        group = "frames"
        operation = "frame"
        does = "take a frame"
        by = "kernel"
        who = "this kernel"
        repetitions = 1000
        aarch64 = 292.3
        x86_64 = 313.0

        [[cost]]
        group = "frames"
        operation = "frame"
        does = "take a frame"
        by = "naive"
        who = "bit by bit"
        repetitions = 999
        aarch64 = 26.0

        [[cost]]
        group = "heap"
        operation = "heap"
        does = "exchange a block"
        by = "kernel"
        who = "this kernel"
        repetitions = 1000
        aarch64 = 2.0
        x86_64 = 3.0
    "#;

    fn shown(group: &str, names: &[&str]) -> Result<Vec<Vec<String>>> {
        let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        table(RECORD, group, &names).map(|html| rows(&html))
    }

    #[test]
    fn a_group_is_shown_with_each_operation_once() {
        let kernel = ["take a frame", "this kernel", "292.3", "313.0"].map(String::from).to_vec();
        let naive = ["bit by bit", "26.0", "not measured"].map(String::from).to_vec();
        assert_eq!(shown("frames", &[]), Ok(vec![kernel.clone(), naive]));
        assert_eq!(shown("frames", &["frame/kernel"]), Ok(vec![kernel]));
        assert_eq!(shown("heap", &["heap"]).map(|rows| rows.len()), Ok(1));
        let html = table(RECORD, "frames", &[]).expect("it is right");
        assert!(html.contains("rowspan=\"2\"") && !html.contains('\n'));
    }

    #[test]
    fn the_caption_says_what_made_the_numbers() {
        let html = table(RECORD, "frames", &[]).expect("it is right");
        assert!(html.contains("at least 999, recorded by <code>make bench record=1</code>"));
        assert!(html.contains("x86_64: QEMU 7.2, <code>-M q35 -cpu max -m 128M</code>"));
    }

    #[test]
    fn what_was_not_measured_is_an_error() {
        let message = shown("disk", &[]).expect_err("nobody measured it");
        assert_eq!(message, "no `disk` was measured; there are frames, heap");
        let message = shown("frames", &["frame", "heap"]).expect_err("it is in another group");
        assert_eq!(message, "no `heap` was measured; there are frame/kernel, frame/naive");
        assert!(table("command = 1", "frames", &[]).expect_err("no record").starts_with(FILE));
    }

    #[test]
    fn the_book_s_own_record_can_be_shown() {
        let record = std::fs::read_to_string(crate::root().join(FILE)).expect("it is there");
        for group in ["frames", "paging", "heap"] {
            let html = table(&record, group, &[]).unwrap_or_else(|message| panic!("{message}"));
            assert!(rows(&html).len() > 4, "{group}");
        }
    }
}
