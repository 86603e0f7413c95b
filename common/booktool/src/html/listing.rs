//! A listing: code of a chapter, with the file it stands in and the numbers of its lines.
//!
//! The numbers are counted by the style sheet, so that nobody copies them. A long listing can be
//! folded; what is folded can be found by a browser's search, and is open on paper.

use super::highlight::Line;
use super::{LINE_END, attribute, code_block, code_line, text};

/// Lines of one file that follow each other.
pub struct Listing<'a> {
    /// The file, from the root of the repository.
    pub caption: String,
    /// What of it is shown: `fn map`; empty for all.
    pub detail: String,
    /// The number of the first line.
    pub first_line: usize,
    /// The lines.
    pub lines: &'a [Line],
    /// Whether the reader opens it.
    pub is_folded: bool,
    /// What a folded listing says of itself.
    pub summary: String,
}

impl Listing<'_> {
    /// The listing as HTML, on one line.
    pub fn html(&self) -> String {
        let figure = format!(
            r#"<figure class="listing">{}{}</figure>"#,
            caption(&self.caption, &self.detail, ""),
            self.code()
        );
        if self.is_folded { fold("", &self.summary, &figure) } else { figure }
    }

    /// The code itself.
    fn code(&self) -> String {
        let lines = self.lines.iter();
        let lines: String =
            lines.map(|line| format!("<span>{}</span>", code_line(line, &[]))).collect();
        let counter = format!(r#" style="counter-reset:line {}""#, self.first_line.max(1) - 1);
        code_block(&label(&self.caption, &self.detail), &counter, &lines)
    }
}

/// Recorded console output, as HTML on one line.
pub fn console(caption: &str, output: &str) -> String {
    let lines = output.lines().map(|line| format!("{}{LINE_END}", text(line)));
    format!(
        r#"<figure class="console"><figcaption>{}</figcaption>{}</figure>"#,
        text(caption),
        code_block(caption, "", &lines.collect::<String>())
    )
}

/// Something that the reader opens. `class` may be empty.
pub fn fold(class: &str, summary: &str, html: &str) -> String {
    let class = attribute(&format!("fold {class}")).trim_end().to_string();
    format!(r#"<details class="{class}"><summary>{}</summary>{html}</details>"#, text(summary))
}

/// The caption of code: its file, what of it is shown, and what else is said in HTML.
pub(super) fn caption(file: &str, detail: &str, more: &str) -> String {
    let detail = match detail {
        "" => String::new(),
        _ => format!(r#" <span class="detail">{}</span>"#, text(detail)),
    };
    format!(r#"<figcaption><span class="file">{}</span>{detail}{more}</figcaption>"#, text(file))
}

/// The caption for those who do not see it.
pub(super) fn label(file: &str, detail: &str) -> String {
    if detail.is_empty() { file.to_string() } else { format!("{file}, {detail}") }
}

#[cfg(test)]
mod tests {
    use super::super::highlight::lines;
    use super::{Listing, console};

    const CODE: &str = "fn a() {\n\n    b(\"<\");\n}\n";

    fn html(is_folded: bool) -> String {
        Listing {
            caption: "chapters/01-boot/src/a.rs".to_string(),
            detail: "fn a".to_string(),
            first_line: 41,
            lines: &lines("a.rs", CODE),
            is_folded,
            summary: "fn a: does <b>".to_string(),
        }
        .html()
    }

    /// What a browser shows of the code.
    fn shown(html: &str) -> String {
        let page = scraper::Html::parse_fragment(html);
        let code = scraper::Selector::parse("code").expect("a selector");
        page.select(&code).flat_map(|code| code.text()).collect()
    }

    #[test]
    fn a_listing_shows_its_code() {
        assert_eq!(shown(&html(false)), CODE);
    }

    #[test]
    fn empty_lines_make_no_empty_line_of_html() {
        assert!(!html(false).contains('\n') && !html(true).contains('\n'));
        assert!(!console("c", "a\n\nb\n").contains('\n'));
    }

    #[test]
    fn lines_are_numbered_from_the_first() {
        assert!(html(false).contains("counter-reset:line 40"));
    }

    #[test]
    fn a_listing_names_its_file_and_item() {
        let html = html(false);
        assert!(html.contains(r#"<span class="file">chapters/01-boot/src/a.rs</span>"#));
        assert!(html.contains(r#"<span class="detail">fn a</span>"#));
        assert!(html.contains(r#"aria-label="chapters/01-boot/src/a.rs, fn a""#));
    }

    #[test]
    fn only_a_folded_listing_is_folded() {
        assert!(html(true).starts_with(
            r#"<details class="fold"><summary>fn a: does &lt;b&gt;</summary><figure"#
        ));
        assert!(html(false).starts_with("<figure"));
    }

    #[test]
    fn a_console_shows_what_was_printed() {
        let html = console("make run", "a <b>\n\n  c");
        assert_eq!(shown(&html), "a <b>\n\n  c\n");
        assert!(html.contains("<figcaption>make run</figcaption>"));
    }
}
