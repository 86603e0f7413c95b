//! A file cut into pieces, none of which is too long to be read at once.

use std::ops::Range;

use super::Part;
use super::tree::{Node, trim_end};

/// An item with more lines than this is cut into the items within.
const LONG: usize = 40;

/// The pieces of `text`, whose items are `nodes`.
pub fn parts(nodes: &[Node], text: &str) -> Vec<Part> {
    let lines: Vec<&str> = text.lines().collect();
    let mut pieces = Vec::new();
    let whole = Node { lines: 1..lines.len() + 1, children: nodes.to_vec(), ..Node::default() };
    cut(&whole, &mut pieces);
    merge_imports(&mut pieces);
    for piece in &mut pieces {
        piece.lines = trimmed(&lines, piece.lines.clone());
    }
    pieces.retain(|piece| !piece.lines.is_empty());
    pieces.into_iter().map(part).collect()
}

/// The whole of `text` as one piece.
pub fn one(name: &str, text: &str) -> Vec<Part> {
    let lines: Vec<&str> = text.lines().collect();
    let range = trimmed(&lines, 1..lines.len() + 1);
    let name = name.rsplit('/').next().unwrap_or(name).to_string();
    let part = Part { name, lines: range, summary: String::new() };
    Some(part).filter(|part| !part.lines.is_empty()).into_iter().collect()
}

/// A piece that becomes a part.
struct Piece<'a> {
    node: &'a Node,
    name: String,
    lines: Range<usize>,
}

fn part(piece: Piece) -> Part {
    Part { name: piece.name, lines: piece.lines, summary: piece.node.summary.clone() }
}

/// Adds the pieces of `node`. What stands between two items belongs to the second; what comes after
/// the last belongs to that.
fn cut<'a>(node: &'a Node, pieces: &mut Vec<Piece<'a>>) {
    if node.children.is_empty() || (!node.names.is_empty() && node.lines.len() <= LONG) {
        let name = if is_import(node) { node.title() } else { node.name().into() };
        pieces.push(Piece { node, name, lines: node.lines.clone() });
        return;
    }
    let first = pieces.len();
    let mut start = node.lines.start;
    for child in &node.children {
        let inner = pieces.len();
        cut(child, pieces);
        pieces[inner].lines.start = start;
        start = child.lines.end;
    }
    if pieces.len() > first
        && let Some(last) = pieces.last_mut()
    {
        last.lines.end = node.lines.end;
    }
}

/// Makes one piece of neighbours that only name other files.
fn merge_imports(pieces: &mut Vec<Piece>) {
    pieces.dedup_by(|later, earlier| {
        let is_merged = is_import(later.node) && is_import(earlier.node);
        if is_merged {
            let is_same = earlier.node.kind == later.node.kind;
            earlier.name = if is_same { later.node.kind } else { "imports" }.into();
            earlier.lines.end = later.lines.end;
        }
        is_merged
    });
}

/// Whether `node` only names other files.
fn is_import(node: &Node) -> bool {
    matches!(node.kind, "use" | "mod" | "extern crate") && node.children.is_empty()
}

/// `range` without the empty lines at either end.
fn trimmed(lines: &[&str], range: Range<usize>) -> Range<usize> {
    let mut range = trim_end(lines, range);
    while !range.is_empty() && lines[range.start - 1].trim().is_empty() {
        range.start += 1;
    }
    range
}
