//! What a chapter changes in a file, one hunk after the other.
//!
//! Deleted lines that follow each other share one `<del>`, inserted ones one `<ins>`: a screen
//! reader says once what begins, and a style sheet can put both side by side. The numbers of the
//! lines are attributes, so that they are shown but not copied.

use std::ops::Range;

use super::highlight::Line;
use super::listing::{caption, label};
use super::{attribute, code_block, code_line, text};

/// What happened to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// Nothing.
    Context,
    /// Only the older file has it.
    Deleted,
    /// Only the newer file has it.
    Inserted,
}

/// One line of a hunk.
pub struct Row {
    /// What happened to it.
    pub kind: RowKind,
    /// Its number in the older file.
    pub old: Option<usize>,
    /// Its number in the newer file.
    pub new: Option<usize>,
    /// What stands on it.
    pub line: Line,
    /// The parts that differ from the line that it replaces.
    pub emphasis: Vec<Range<usize>>,
}

/// Changed lines with the lines around them.
pub struct Hunk {
    /// What links name it by; may be empty.
    pub id: String,
    /// The first line of what encloses it; may be empty.
    pub scope: String,
    /// Its lines.
    pub rows: Vec<Row>,
}

/// The changes of one file.
pub struct FileDiff {
    /// The file, from the root of the repository.
    pub caption: String,
    /// Its hunks.
    pub hunks: Vec<Hunk>,
}

impl FileDiff {
    /// The changes as HTML, on one line.
    pub fn html(&self) -> String {
        let hunks: String = self.hunks.iter().map(|hunk| hunk.html(&self.caption)).collect();
        let caption = caption(&self.caption, "", &self.counts());
        format!(r#"<figure class="diff">{caption}{hunks}</figure>"#)
    }

    /// How many lines come and go.
    fn counts(&self) -> String {
        let rows = || self.hunks.iter().flat_map(|hunk| &hunk.rows);
        let count = |kind| rows().filter(|row| row.kind == kind).count();
        let (inserted, deleted) = (count(RowKind::Inserted), count(RowKind::Deleted));
        let spoken = format!("{} inserted, {deleted} deleted", lines(inserted));
        let inserted = format!(r#"<span class="inserted">+{inserted}</span>"#);
        let deleted = format!(r#"<span class="deleted">−{deleted}</span>"#);
        let start = format!(r#" <span class="counts" role="img" aria-label="{spoken}">"#);
        format!("{start}{inserted} {deleted}</span>")
    }
}

/// A number of lines, in words.
fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_string() } else { format!("{count} lines") }
}

impl Hunk {
    /// The hunk as HTML, in the file that `file` names.
    fn html(&self, file: &str) -> String {
        let id = match self.id.as_str() {
            "" => String::new(),
            id => format!(r#" id="{}""#, attribute(id)),
        };
        let groups = self.rows.chunk_by(|one, other| one.kind == other.kind);
        let code: String = groups.map(group).collect();
        let block = code_block(&format!("Change to {}", label(file, &self.place())), "", &code);
        format!(r#"<div class="hunk"{id}>{}{block}</div>"#, self.header())
    }

    /// The line above the hunk.
    fn header(&self) -> String {
        let place = text(&self.scope).into_owned();
        let place = if place.is_empty() { self.place() } else { format!("<code>{place}</code>") };
        match self.id.as_str() {
            "" => format!(r#"<div class="scope">{place}</div>"#),
            id => format!(r##"<div class="scope"><a href="#{}">{place}</a></div>"##, attribute(id)),
        }
    }

    /// Where the hunk is, in words.
    fn place(&self) -> String {
        let number = self.rows.iter().find_map(|row| row.new.or(row.old));
        match (self.scope.as_str(), number) {
            ("", Some(number)) => format!("line {number}"),
            (scope, _) => scope.to_string(),
        }
    }
}

/// Lines of one kind.
fn group(rows: &[Row]) -> String {
    let (start, end) = match rows[0].kind {
        RowKind::Context => (r#"<span class="same">"#, "</span>"),
        RowKind::Deleted => ("<del>", "</del>"),
        RowKind::Inserted => ("<ins>", "</ins>"),
    };
    let rows: String = rows.iter().map(row).collect();
    format!("{start}{rows}{end}")
}

/// One line with its numbers.
fn row(row: &Row) -> String {
    let number = |name: &str, number: Option<usize>| {
        number.map(|number| format!(r#" data-{name}="{number}""#)).unwrap_or_default()
    };
    format!(
        "<span{}{}>{}</span>",
        number("old", row.old),
        number("new", row.new),
        code_line(&row.line, &row.emphasis)
    )
}

#[cfg(test)]
mod tests {
    use super::super::highlight::Line;
    use super::{FileDiff, Hunk, Row, RowKind};

    fn row(kind: RowKind, old: Option<usize>, new: Option<usize>, text: &str) -> Row {
        Row { kind, old, new, line: Line::plain(text), emphasis: Vec::new() }
    }

    fn rows() -> Vec<Row> {
        let mut changed = row(RowKind::Deleted, Some(8), None, "old one");
        changed.emphasis = vec![0..3, 4..7];
        vec![
            row(RowKind::Context, Some(7), Some(9), ""),
            changed,
            row(RowKind::Deleted, Some(9), None, "gone"),
            row(RowKind::Inserted, None, Some(10), "a < b"),
        ]
    }

    fn html(id: &str, scope: &str) -> String {
        let hunk = Hunk { id: id.to_string(), scope: scope.to_string(), rows: rows() };
        FileDiff { caption: "src/a.rs".to_string(), hunks: vec![hunk] }.html()
    }

    fn select(html: &str, selector: &str) -> Vec<String> {
        let page = scraper::Html::parse_fragment(html);
        let selector = scraper::Selector::parse(selector).expect("a selector");
        page.select(&selector).map(|element| element.text().collect()).collect()
    }

    #[test]
    fn lines_of_a_kind_stand_together() {
        let html = html("", "");
        assert_eq!(select(&html, "code > .same"), ["\n"]);
        assert_eq!(select(&html, "code > del"), ["old one\ngone\n"]);
        assert_eq!(select(&html, "code > ins"), ["a < b\n"]);
    }

    #[test]
    fn each_line_has_the_numbers_it_has_in_the_files() {
        let html = html("", "");
        assert_eq!(select(&html, r#"[data-old="7"][data-new="9"]"#), ["\n"]);
        assert_eq!(select(&html, r#"del [data-old="9"]:not([data-new])"#), ["gone\n"]);
        assert_eq!(select(&html, r#"ins [data-new="10"]:not([data-old])"#), ["a < b\n"]);
    }

    #[test]
    fn changed_words_are_emphasised() {
        assert_eq!(select(&html("", ""), "b"), ["old", "one"]);
    }

    #[test]
    fn a_hunk_that_has_an_id_links_to_itself() {
        let html = html("change-1", "fn a<T>()");
        assert_eq!(select(&html, r##"#change-1 a[href="#change-1"] code"##), ["fn a<T>()"]);
        assert_eq!(select(&super::tests::html("", "fn a()"), ".hunk a"), [""; 0]);
    }

    #[test]
    fn a_hunk_without_a_scope_says_its_line() {
        assert_eq!(select(&html("", ""), ".scope"), ["line 9"]);
    }

    #[test]
    fn the_caption_counts() {
        let html = html("", "");
        assert_eq!(select(&html, "figcaption .counts"), ["+1 −2"]);
        assert!(html.contains(r#"aria-label="1 line inserted, 2 deleted""#));
    }

    #[test]
    fn it_is_one_line_of_html() {
        assert!(!html("a", "b").contains('\n'));
    }
}
