//! `{{#chapters}}`: all chapters that there are, with what each adds.

use build_support::Chapter;

use super::table::{Cell, Table, inline};
use crate::Result;
use crate::book::Book;
use crate::html::{attribute, text};
use crate::page::Page;

/// The table, as HTML.
pub fn expand(_arguments: &[String], book: &Book, page: &Page) -> Result<String> {
    Ok(table(&book.config.chapters, &page.to_root()))
}

fn table(chapters: &[Chapter], to_root: &str) -> String {
    let columns = ["", "chapter", "adds"];
    let caption = "`make chapter=N run` boots chapter N.";
    let mut table = Table::new("the chapters", caption, &columns);
    for (index, chapter) in chapters.iter().enumerate() {
        let page = attribute(&format!("{to_root}{}.html", chapter.folder)).into_owned();
        let link = format!(r#"<a href="{page}">{}</a>"#, text(&chapter.title));
        let number = format!("<td>{}</td>", index + 1);
        let heading = format!(r#"{number}<th scope="row">{link}</th>"#);
        table.row_of(&heading, &[Cell::Words(inline(&chapter.summary))]);
    }
    table.html()
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::rows;
    use super::*;

    #[test]
    fn chapters_are_numbered_and_linked() {
        let chapter = |folder: &str, title: &str, summary: &str| Chapter {
            folder: folder.into(),
            title: title.into(),
            summary: summary.into(),
            time_limit_seconds: 1,
            new: Vec::new(),
            changed: Vec::new(),
            expect: Vec::new(),
            sleeps: false,
            shell: false,
            timeline: false,
            retired: Vec::new(),
            exceeds: Vec::new(),
        };
        let chapters = [chapter("01-a", "A & B", "x"), chapter("02-b", "B", "`y`")];
        let html = table(&chapters, "../");
        assert_eq!(rows(&html), [["1", "A & B", "x"], ["2", "B", "y"]]);
        assert!(html.contains(r#"<a href="../02-b.html">B</a>"#), "{html}");
        assert!(html.contains("<code>y</code>"));
    }
}
