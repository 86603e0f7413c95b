//! `{{#budget}}`: what a chapter takes of the lines it may change.
//!
//! The limits are the same ones that `make check` holds a chapter to. Where a chapter has been
//! granted more, the reason stands beside the number, since a reader has to read all of it.

use build_support::Allowance;
use chapter_diff::{Change, Item, spent};

use super::table::{Cell, Table, inline};
use crate::Result;
use crate::book::Book;
use crate::page::Page;

/// The table, as HTML.
pub fn expand(arguments: &[String], book: &Book, _page: &Page) -> Result<String> {
    let chapter = book.chapter(&arguments[0])?;
    if chapter == 0 {
        return Err(format!("chapter {} is the first: it has no budget", arguments[0]));
    }
    let allowances = &book.config.chapters[chapter].exceeds;
    Ok(table(&arguments[0], &book.chapters[chapter].changes, allowances))
}

fn table(number: &str, changes: &[Change], allowances: &[Allowance]) -> String {
    let label = format!("what chapter {number} changes, and how much it may");
    let caption = "Below `src/`, for both machines, with comments, blank lines and tests.";
    let reasons: &[&str] = if allowances.is_empty() { &[] } else { &["why more"] };
    let mut table =
        Table::new(&label, caption, &[&["", "this chapter", "limit"], reasons].concat());
    for item in spent(changes).items(allowances) {
        let mut cells = vec![Cell::Number(item.spent.to_string()), Cell::Number(limit(&item))];
        if !allowances.is_empty() {
            let reason = item.allowance.as_ref().map_or("", |allowance| &allowance.reason);
            cells.push(Cell::Words(inline(reason)));
        }
        table.row(item.name, &cells);
    }
    table.html()
}

/// The limit, and the usual one where this chapter has another.
fn limit(item: &Item) -> String {
    match &item.allowance {
        None => item.usual_limit.to_string(),
        Some(allowance) => format!("{} instead of {}", allowance.limit, item.usual_limit),
    }
}

#[cfg(test)]
mod tests {
    use build_support::Amount;
    use chapter_diff::Kind;

    use super::super::table::tests::rows;
    use super::*;

    #[test]
    fn each_amount_has_its_limit_and_the_reason_for_more() {
        let changes = [
            Change {
                name: "src/a.rs".into(),
                kind: Kind::Changed,
                old: b"1\n2\n".into(),
                new: b"1\n3\n4\n".into(),
            },
            Change {
                name: "src/b.rs".into(),
                kind: Kind::New,
                old: Vec::new(),
                new: "x\n".repeat(901).into(),
            },
        ];
        let reason = "two `Entry`s".into();
        let allowances = [Allowance { what: Amount::NewLines, limit: 1000, reason }];
        let expected = [
            ["older files touched", "1", "8", ""],
            ["lines inserted in them", "2", "60", ""],
            ["lines deleted in them", "1", "20", ""],
            ["lines in new files", "901", "1000 instead of 900", "two Entrys"],
        ];
        assert_eq!(rows(&table("03", &changes, &allowances)), expected);
        assert_eq!(rows(&table("03", &changes, &[]))[3], ["lines in new files", "901", "900"]);
    }

    #[test]
    fn the_first_chapter_has_none() {
        let book = crate::book::tests::book();
        let page = Page::read(&book, "01-boot.md", "").expect("it is empty");
        let budget = |number: &str| expand(&[number.to_string()], &book, &page);
        let message = budget("01").expect_err("it is the first");
        assert_eq!(message, "chapter 01 is the first: it has no budget");
        assert_eq!(budget("02").map(|html| rows(&html).len()), Ok(4));
        assert!(budget("99").is_err());
    }
}
