//! Tables that directives make: a caption, a heading for each row and column, and a box that
//! scrolls where a screen is too narrow.

use pulldown_cmark::{Parser, html};

use crate::html::{scroll_box, text};

/// A table, as it grows.
pub struct Table {
    label: String,
    caption: String,
    head: String,
    body: String,
}

/// What a cell after the first one holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// HTML.
    Words(String),
    /// A number, which stands to the right.
    Number(String),
}

impl Table {
    /// A table without rows. `label` is what it is about, `caption` is Markdown.
    pub fn new(label: &str, caption: &str, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|name| match *name {
            "" => "<td></td>".to_string(),
            name => format!(r#"<th scope="col">{}</th>"#, text(name)),
        });
        let head = columns.collect();
        Self { label: label.into(), caption: inline(caption), head, body: String::new() }
    }

    /// Adds a row; `heading` is HTML.
    pub fn row(&mut self, heading: &str, cells: &[Cell]) {
        self.row_of(&format!(r#"<th scope="row">{heading}</th>"#), cells);
    }

    /// Adds a row with headings that are whole elements, or none.
    pub fn row_of(&mut self, headings: &str, cells: &[Cell]) {
        let cells: String = cells.iter().map(Cell::html).collect();
        self.body += &format!("<tr>{headings}{cells}</tr>");
    }

    /// The table, on one line.
    pub fn html(&self) -> String {
        let Self { label, caption, head, body } = self;
        let table = format!(
            "<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>\
             <tbody>{body}</tbody></table>"
        );
        scroll_box(label, &table)
    }
}

impl Cell {
    fn html(&self) -> String {
        match self {
            Self::Words(html) => format!("<td>{html}</td>"),
            Self::Number(number) => format!(r#"<td class="number">{}</td>"#, text(number)),
        }
    }
}

/// Markdown without paragraphs as HTML, on one line.
pub fn inline(markdown: &str) -> String {
    let mut rendered = String::new();
    html::push_html(&mut rendered, Parser::new(markdown));
    let line = rendered.trim().replace('\n', " ");
    let bare = line.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    bare.unwrap_or(&line).to_string()
}

/// Words of code.
pub fn code(words: &str) -> String {
    format!("<code>{}</code>", text(words))
}

#[cfg(test)]
pub mod tests {
    use scraper::{Html, Selector};

    use super::*;

    /// The cells of every row of the table in `html`, as a reader sees them, without the heads.
    pub fn rows(html: &str) -> Vec<Vec<String>> {
        let page = Html::parse_fragment(html);
        let row = Selector::parse("tbody tr").expect("a selector");
        let cell = Selector::parse("th, td").expect("a selector");
        let cells = |row: scraper::ElementRef| {
            row.select(&cell).map(|cell| cell.text().collect::<String>()).collect()
        };
        page.select(&row).map(cells).collect()
    }

    fn table() -> String {
        let mut table = Table::new("two rows", "Made by `make x`.", &["", "a<b", "c"]);
        table.row("one", &[Cell::Words(code("<x>")), Cell::Number("1.0".into())]);
        table.row("two", &[Cell::Words("y".into()), Cell::Number("2.0".into())]);
        table.html()
    }

    #[test]
    fn every_row_and_column_has_a_heading() {
        let html = table();
        assert_eq!(html.matches(r#"<th scope="col">"#).count(), 2);
        assert_eq!(html.matches(r#"<th scope="row">"#).count(), 2);
        assert_eq!(rows(&html), [["one", "<x>", "1.0"], ["two", "y", "2.0"]]);
    }

    #[test]
    fn it_is_one_line_with_a_caption_and_a_label() {
        let html = table();
        assert!(!html.contains('\n'));
        assert!(html.contains("<caption>Made by <code>make x</code>.</caption>"));
        assert!(html.contains(r#"aria-label="two rows""#));
        assert!(html.contains("a&lt;b"));
    }

    #[test]
    fn inline_markdown_has_no_paragraph_and_no_line_end() {
        assert_eq!(inline("a `b`\nc"), "a <code>b</code> c");
        assert_eq!(inline(""), "");
    }
}
