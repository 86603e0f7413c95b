//! Diagrams that are drawn with characters, as SVG.
//!
//! A block of code whose language is `bob` is drawn when the book is built: a reader's browser
//! needs no script for it. Its colours and its letters are the page's. Whoever does not see it
//! hears its title, so it must have one:
//!
//! ````text
//! ```bob "The walk"
//!  .-------.     .-------.
//!  | table | --> | table |
//!  '-------'     '-------'
//! ```
//! ````

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use svgbob::{CellBuffer, Settings};

use crate::Result;
use crate::directive::Fault;
use crate::html;
use crate::show::figure::framed;

/// The language of such a block.
const LANGUAGE: &str = "bob";

/// The ends that a line can have, by the names that `svgbob` gives them.
const MARKERS: &[&str] = &["arrow", "diamond", "circle", "open_circle", "big_open_circle"];

/// A diagram on a page.
struct Diagram {
    /// The block, with its fences.
    range: Range<usize>,
    title: String,
    characters: String,
}

/// What is wrong with the diagrams of `page`.
pub fn faults(page: &str) -> Vec<Fault> {
    let line = |at: usize| page[..at].matches('\n').count() + 1;
    let fault = |(at, message)| Fault { line: line(at), message };
    diagrams(page).into_iter().filter_map(|found| found.err().map(fault)).collect()
}

/// `page` with its diagrams drawn.
pub fn drawn(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut from = 0;
    for (index, diagram) in diagrams(page).into_iter().flatten().enumerate() {
        text += &page[from..diagram.range.start];
        from = diagram.range.end;
        text += &diagram.html(&format!("bob{}-", index + 1));
    }
    text + &page[from..]
}

/// The diagrams of `page`, and where which fault is.
fn diagrams(page: &str) -> Vec<std::result::Result<Diagram, (usize, String)>> {
    let mut found = Vec::new();
    let mut open: Option<(Range<usize>, String, String)> = None;
    for (event, range) in Parser::new(page).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_diagram(&info) => {
                open = Some((range, info.to_string(), String::new()));
            }
            Event::Text(text) => {
                if let Some((_, _, characters)) = &mut open {
                    characters.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                let block = open.take();
                found.extend(block.map(|(range, info, characters)| {
                    let at = range.start;
                    Diagram::new(range, &info, characters).map_err(|why| (at, why))
                }));
            }
            _ => {}
        }
    }
    found
}

fn is_diagram(info: &str) -> bool {
    info.split_whitespace().next() == Some(LANGUAGE)
}

impl Diagram {
    fn new(range: Range<usize>, info: &str, characters: String) -> Result<Self> {
        let title = info[LANGUAGE.len()..].trim();
        let title = title.strip_prefix('"').and_then(|title| title.strip_suffix('"'));
        let title = title.map(str::trim).filter(|title| !title.is_empty()).ok_or_else(|| {
            format!("```{info}: a diagram needs a title for who does not see it: ```bob \"…\"")
        })?;
        if characters.trim().is_empty() {
            return Err(format!("```{info}: there is nothing in it"));
        }
        Ok(Self { range, title: title.into(), characters })
    }

    /// The diagram, as HTML on one line; what has an id gets one that begins with `prefix`.
    fn html(&self, prefix: &str) -> String {
        let content = with_markers(&self.content(), prefix);
        let (width, height) = self.render(false).1;
        let title = html::text(&self.title);
        let svg = format!(
            r#"<svg class="svgbob" role="img" width="{width}" height="{height}" {}>{}{content}"#,
            format_args!(r#"viewBox="0 0 {width} {height}""#),
            format_args!("<title>{title}</title>"),
        );
        framed(LANGUAGE, &self.title, &svg)
    }

    /// What is in the SVG, with its end; and with the ends of lines that it needs, if it needs any.
    fn content(&self) -> String {
        let (plain, _) = self.render(false);
        let svg = if plain.contains("_marked_") { self.render(true).0 } else { plain };
        svg.split_once('>').map_or_else(String::new, |(_, content)| content.into())
    }

    /// The SVG that `svgbob` makes, and how large it is.
    fn render(&self, include_defs: bool) -> (String, (f32, f32)) {
        let settings = Settings {
            include_styles: false,
            include_backdrop: false,
            include_defs,
            ..Settings::default()
        };
        let characters = CellBuffer::from(self.characters.as_str());
        let (node, width, height) = characters.get_node_with_size::<()>(&settings);
        (node.render_to_string().replace('\n', " "), (width, height))
    }
}

/// `svg` with the ends of its lines said by attributes, where `svgbob` has a style sheet of its own
/// for the whole page; and with their ids made different from other diagrams'.
fn with_markers(svg: &str, prefix: &str) -> String {
    let mut svg = svg.to_string();
    for name in MARKERS {
        svg = svg.replace(&format!("id=\"{name}\""), &format!("id=\"{prefix}{name}\""));
    }
    let mut result = String::with_capacity(svg.len());
    let mut rest = svg.as_str();
    while let Some((before, behind)) = rest.split_once("class=\"") {
        let (classes, behind) = behind.split_once('"').unwrap_or((behind, ""));
        result += &format!("{before}class=\"{classes}\"");
        result.extend(classes.split(' ').filter_map(|class| marker(class, prefix)));
        rest = behind;
    }
    result + rest
}

/// The attribute for what `class` says of an end of a line.
fn marker(class: &str, prefix: &str) -> Option<String> {
    let (end, name) = class.split_once("_marked_")?;
    MARKERS.contains(&name).then(|| format!(" marker-{end}=\"url(#{prefix}{name})\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "# A\n\n```bob \"One & two\"\n.---.\n| a +---*\n'---'\n\n  < b\n```\n\nText.\n";

    #[test]
    fn a_diagram_becomes_a_picture_on_one_line() {
        let page = drawn(PAGE);
        assert_eq!(page.lines().count(), 5, "{page}");
        let line = page.lines().nth(2).expect("it is the third");
        for part in ["role=\"img\"", "<title>One &amp; two</title>", "viewBox=", "&lt;", "</svg>"] {
            assert!(line.contains(part), "{part}: {line}");
        }
        assert!(!line.contains("<style") && page.ends_with("\n\nText.\n"), "{page}");
    }

    #[test]
    fn ids_of_several_diagrams_differ() {
        let page = drawn(&PAGE.repeat(2));
        assert_eq!(page.matches("id=\"bob1-circle\"").count(), 1, "{page}");
        assert_eq!(page.matches("id=\"bob2-circle\"").count(), 1, "{page}");
        assert_eq!(page.matches("url(#bob2-circle)").count(), 1, "{page}");
    }

    #[test]
    fn ends_of_lines_are_defined_where_there_are_some() {
        assert!(!drawn("```bob \"A\"\n--->\n```\n").contains("<defs>"));
        assert!(drawn(PAGE).contains("<defs>"));
    }

    #[test]
    fn other_blocks_stay() {
        for page in ["```text\n.-.\n```\n", "````text\n```bob\n.-.\n```\n````\n", "`bob`\n"] {
            assert_eq!(drawn(page), page);
            assert!(faults(page).is_empty());
        }
    }

    #[test]
    fn a_diagram_without_a_title_is_a_fault() {
        for info in ["bob", "bob \"\"", "bob The walk"] {
            let found = faults(&format!("# A\n\n```{info}\n.-.\n```\n"));
            assert_eq!(found.len(), 1, "{info}");
            assert_eq!(found[0].line, 3);
            assert!(found[0].message.contains("title"), "{}", found[0].message);
        }
        assert!(faults(PAGE).is_empty());
    }

    #[test]
    fn an_empty_diagram_is_a_fault() {
        assert_eq!(faults("```bob \"Nothing\"\n\n```\n").len(), 1);
    }

    #[test]
    fn pictures_are_well_formed() {
        let page = drawn(PAGE);
        let (_, svg) = page.split_once("<svg").expect("there is one");
        let (svg, _) = svg.split_once("</svg>").expect("it ends");
        let svg = format!("<svg{svg}</svg>");
        assert!(roxmltree::Document::parse(&svg).is_ok(), "{svg}");
    }
}
