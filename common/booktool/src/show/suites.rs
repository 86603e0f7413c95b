//! `{{#suites}}`: what suites that others wrote come to on a chapter's kernel, as it was recorded.
//!
//! The numbers come from the file that `make test-suites record=1` writes.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::table::{Cell, Table};
use crate::Result;
use crate::book::Book;
use crate::html::lens::display_name;
use crate::html::text;
use crate::page::Page;

/// The folder of the records, from the root of the repository.
const FOLDER: &str = "book/src/suites";

/// The record of a chapter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    /// The command that makes it.
    command: String,
    #[serde(default, rename = "suite")]
    suites: Vec<Suite>,
}

/// What a suite came to on a machine.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    name: String,
    arch: String,
    passed: usize,
    failed: usize,
    skipped: usize,
    /// In how many cases that failed a call was lacking.
    #[serde(default)]
    lacking: BTreeMap<String, usize>,
}

/// The table, as HTML.
pub fn expand(arguments: &[String], book: &Book, _page: &Page) -> Result<String> {
    let number = &book.chapters[book.chapter(&arguments[0])?].number;
    let file = format!("{FOLDER}/{number}.toml");
    let record = std::fs::read_to_string(book.root.join(&file))
        .map_err(|error| format!("cannot read {file}: {error}"))?;
    table(&record).map_err(|error| format!("{file}: {error}"))
}

/// The table of the record in `text`.
fn table(text: &str) -> Result<String> {
    let record: Record = toml::from_str(text).map_err(|error| error.to_string())?;
    let caption = format!(
        "Cases that are right, wrong, and left out since Linux gets them wrong as well, or they \
         cannot be run; recorded by `{}`.",
        record.command
    );
    let columns = ["suite", "machine", "passed", "failed", "skipped", "calls that are lacking"];
    let mut table = Table::new("suites that others wrote", &caption, &columns);
    for suite in &record.suites {
        table.row(&heading(&suite.name), &cells(suite));
    }
    Ok(table.html())
}

fn heading(name: &str) -> String {
    text(name).to_string()
}

fn cells(suite: &Suite) -> [Cell; 5] {
    let number = |number: usize| Cell::Number(number.to_string());
    let mut lacking: Vec<(&String, &usize)> = suite.lacking.iter().collect();
    lacking.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let lacking = lacking.iter().map(|(call, count)| match count {
        1 => format!("<code>{}</code>", text(call)),
        _ => format!("<code>{}</code> ({count})", text(call)),
    });
    [
        Cell::Words(display_name(&suite.arch).to_string()),
        number(suite.passed),
        number(suite.failed),
        number(suite.skipped),
        Cell::Words(lacking.collect::<Vec<_>>().join(", ")),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::rows;
    use super::*;

    #[test]
    fn a_suite_has_a_row_for_each_machine() {
        let record = "command = \"make x\"\n[[suite]]\nname = \"a\"\narch = \"aarch64\"\n\
                      passed = 7\nfailed = 2\nskipped = 1\n\
                      [suite.lacking]\nchroot = 1\nmount = 2\n";
        let html = table(record).expect("it is right");
        assert_eq!(rows(&html), [["a", "ARM64", "7", "2", "1", "mount (2), chroot"]]);
        assert!(html.contains("recorded by <code>make x</code>"));
        assert!(table("command = 1").is_err());
    }
}
