//! Linker scripts, by their blocks, output sections and symbols.
//!
//! In our scripts a statement is a line, or a block whose brace opens at the end of a line and
//! closes at the start of one. So lines are all that is looked at.

use std::ops::Range;

use super::tree::Node;
use crate::Result;

/// The items of `text`.
pub fn nodes(text: &str) -> Result<Vec<Node>> {
    let lines: Vec<&str> = text.lines().collect();
    let all = without_comments(text);
    let mut open: Vec<Node> = vec![Node::default()];
    open[0].children.extend(header(&lines, &all));
    for (index, code) in all.iter().enumerate() {
        let line = index + 1;
        let code = code.trim();
        if code.starts_with('}') && open.len() > 1 {
            close(&mut open, line);
        } else if let Some((kind, name)) = named(code) {
            let start = start_of(line, |above| is_comment(&all[above - 1], lines[above - 1]));
            let node = node(kind, name, start..line + 1, summary(lines[start - 1]));
            if code.ends_with('{') {
                open.push(Node { frame: std::iter::once(line..line + 1).collect(), ..node });
            } else {
                add(&mut open, node);
            }
        }
    }
    if open.len() > 1 {
        let name = open.pop().map(|node| node.name().to_string()).unwrap_or_default();
        return Err(format!("is no linker script: `{name}` is not closed"));
    }
    Ok(open.remove(0).children)
}

fn close(open: &mut Vec<Node>, line: usize) {
    if let Some(mut node) = open.pop() {
        node.frame.push(line..line + 1);
        node.lines.end = line + 1;
        add(open, node);
    }
}

fn add(open: &mut [Node], node: Node) {
    if let Some(outer) = open.last_mut() {
        outer.children.push(node);
    }
}

fn node(kind: &'static str, name: String, lines: Range<usize>, summary: String) -> Node {
    Node { kind, names: vec![name], lines, summary, ..Node::default() }
}

/// What the statement in `code` is or opens, and its name.
fn named(code: &str) -> Option<(&'static str, String)> {
    let word = code.split([' ', '(', ':']).next().filter(|word| !word.is_empty())?;
    let is_section = code.contains('{') && (word.starts_with('.') || word == "/DISCARD/");
    let provided = code.strip_prefix("PROVIDE(").or_else(|| code.strip_prefix("PROVIDE_HIDDEN("));
    let assigned = provided.unwrap_or(code).split_once('=').map(|(name, _)| name.trim());
    match assigned {
        _ if is_section => Some(("section", word.into())),
        _ if code.ends_with('{') => Some(("block", word.into())),
        Some(name) if is_symbol(name) => Some(("symbol", name.into())),
        _ => matches!(word, "ENTRY" | "ASSERT").then(|| ("", word.into())),
    }
}

fn is_symbol(name: &str) -> bool {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    !name.is_empty() && name.chars().all(is_part)
}

/// The comment at the top, unless it is directly above an item.
fn header(lines: &[&str], code: &[String]) -> Option<Node> {
    let count = code.iter().zip(lines).take_while(|(code, line)| is_comment(code, line)).count();
    let is_apart = lines.get(count).is_none_or(|line| line.trim().is_empty());
    let summary = summary(lines.first()?);
    (count > 0 && is_apart).then(|| node("", "header".into(), 1..count + 1, summary))
}

fn is_comment(code: &str, line: &str) -> bool {
    code.trim().is_empty() && !line.trim().is_empty()
}

/// The first line of what is in `line`, with the comment directly above it.
fn start_of(line: usize, is_comment: impl Fn(usize) -> bool) -> usize {
    let mut start = line;
    while start > 1 && is_comment(start - 1) {
        start -= 1;
    }
    start
}

/// What the comment that begins in `line` says there.
fn summary(line: &str) -> String {
    let text = line.trim_start().strip_prefix("/*").unwrap_or_default();
    text.trim_end_matches("*/").trim().to_string()
}

/// The lines of `text` with nothing in place of comments.
fn without_comments(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = match rest.strip_prefix("/*") {
            Some(inner) => inner.find("*/").map_or(rest.len(), |end| end + 4),
            None => character.len_utf8(),
        };
        let is_comment = rest.starts_with("/*");
        for character in rest[..length].chars() {
            match character {
                '\n' => lines.push(String::new()),
                _ if is_comment => {}
                _ => lines.last_mut().expect("never empty").push(character),
            }
        }
        rest = &rest[length..];
    }
    lines
}
