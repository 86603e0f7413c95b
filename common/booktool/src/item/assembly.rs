//! Assembly, by its sections and labels.
//!
//! A label is a name at the start of a line, with a colon; a number or `.L` makes it local, and
//! then it belongs to the one before it. What stands directly above a label belongs to it: a
//! comment, its section, its alignment. So a label's item begins where its comment does and ends
//! before the next one's.

use super::tree::{Node, trim_end};
use crate::Result;

/// What may stand between a label and the comment above it.
const PREPARATIONS: [&str; 10] = [
    ".section", ".balign", ".p2align", ".globl", ".global", ".type", ".weak", ".code32", ".code64",
    ".hidden",
];

/// A line that begins an item.
struct Mark {
    /// The item's first line.
    start: usize,
    kind: &'static str,
    name: String,
}

/// The items of `text`: its header, its constants, its sections with their labels.
pub fn nodes(text: &str) -> Result<Vec<Node>> {
    let lines: Vec<&str> = text.lines().collect();
    let marks = marks(&lines);
    let first = marks.first().map_or(lines.len() + 1, |mark| mark.start);
    let mut nodes: Vec<Node> = header(&lines, first).into_iter().collect();
    for (index, mark) in marks.iter().enumerate() {
        let end = marks.get(index + 1).map_or(lines.len() + 1, |next| next.start);
        let node = node(&lines, mark, end);
        match nodes.last_mut() {
            Some(section) if section.kind == "section" && is_inside(mark) => {
                section.lines.end = node.lines.end;
                section.children.push(node);
            }
            _ => nodes.push(node),
        }
    }
    Ok(nodes.into_iter().map(with_beginning).collect())
}

fn node(lines: &[&str], mark: &Mark, end: usize) -> Node {
    let range = trim_end(lines, mark.start..end);
    let names = vec![mark.name.clone()];
    let summary = comment(lines[range.start - 1]);
    Node { kind: mark.kind, names, lines: range, summary, ..Node::default() }
}

/// The comment at the top.
fn header(lines: &[&str], first: usize) -> Option<Node> {
    let count = lines.iter().take_while(|line| is_comment(line)).count();
    let count = count.min(first - 1);
    let summary = comment(lines.first()?);
    let names = vec!["header".to_string()];
    (count > 0).then(|| Node { names, lines: 1..count + 1, summary, ..Node::default() })
}

/// Whether an item is part of the section that it stands in.
fn is_inside(mark: &Mark) -> bool {
    matches!(mark.kind, "label" | "macro")
}

/// A section whose first label comes later has a beginning of its own.
fn with_beginning(mut section: Node) -> Node {
    let first = section.children.first().map(|child| child.lines.start);
    if let Some(first) = first.filter(|first| *first > section.lines.start) {
        let lines = section.lines.start..first;
        let (kind, summary) = (".section", section.summary.clone());
        section.children.insert(0, Node { kind, lines, summary, ..Node::default() });
    }
    section
}

fn marks(lines: &[&str]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let has_begun = marks.iter().any(|mark| mark.kind != "constant");
        let Some((kind, name)) = named(line, has_begun) else { continue };
        let start = start_of(lines, index + 1);
        marks.push(Mark { start, kind, name });
    }
    marks
}

/// What `line` begins: a section, a label, a macro; before the first of those, a constant.
fn named(line: &str, has_begun: bool) -> Option<(&'static str, String)> {
    let code = line.split("//").next().unwrap_or_default().trim();
    let mut words = code.split([' ', ',', '\t']).filter(|word| !word.is_empty());
    let first = words.next()?;
    match first {
        ".section" => Some(("section", words.next()?.into())),
        ".text" | ".data" | ".bss" => Some(("section", first.into())),
        ".macro" => Some(("macro", words.next()?.into())),
        ".set" | ".equ" if !has_begun => Some(("constant", words.next()?.into())),
        _ => label(line, first).map(|name| ("label", name.into())),
    }
}

/// The label at the start of `line`, unless it is local.
fn label<'a>(line: &str, first: &'a str) -> Option<&'a str> {
    let name = first.strip_suffix(':')?;
    let is_local = name.starts_with(".L") || name.starts_with(|first: char| first.is_ascii_digit());
    let is_at_start = !line.starts_with([' ', '\t']);
    (is_at_start && !is_local && !name.is_empty()).then_some(name)
}

/// The first line of what begins at `line`, with what belongs to it directly above.
fn start_of(lines: &[&str], line: usize) -> usize {
    let mut start = line;
    while start > 1 && (is_comment(lines[start - 2]) || is_preparation(lines[start - 2])) {
        start -= 1;
    }
    start
}

fn is_preparation(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    PREPARATIONS.contains(&first)
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// What a comment of one line says.
fn comment(line: &str) -> String {
    line.trim_start().strip_prefix("//").unwrap_or_default().trim().to_string()
}
