//! A file as a tree of items, the same for every language.

use std::ops::Range;

/// An item, with those within it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// What it is, such as `fn`; empty where the name says all.
    pub kind: &'static str,
    /// The names that it is found by. The first is the one that it is told by; without any it is
    /// not found, but is a piece of the file all the same.
    pub names: Vec<String>,
    /// Its lines, counted from 1, without the one at the end of the range.
    pub lines: Range<usize>,
    /// The lines that open and close it, where it has such.
    pub frame: Vec<Range<usize>>,
    /// The first line of its documentation.
    pub summary: String,
    /// The items within, in their order.
    pub children: Vec<Node>,
}

impl Node {
    /// The name that it is told by.
    pub fn name(&self) -> &str {
        self.names.first().map_or(self.kind, String::as_str)
    }

    /// What it is and its name.
    pub fn title(&self) -> String {
        let name = self.name();
        if self.kind.is_empty() || name.starts_with(self.kind) {
            name.to_string()
        } else {
            format!("{} {name}", self.kind)
        }
    }

    /// Whether `name` is one of its names, or its kind and one of them.
    pub fn is_called(&self, name: &str) -> bool {
        let is_name = |other: &str| self.names.iter().any(|known| known == other);
        let plain = name.strip_prefix(self.kind).and_then(|rest| rest.strip_prefix(' '));
        is_name(name) || plain.is_some_and(is_name)
    }
}

/// Every node with the ones that it is in, outermost first.
pub fn walk(nodes: &[Node]) -> Vec<(Vec<&Node>, &Node)> {
    let mut all = Vec::new();
    for node in nodes {
        all.push((Vec::new(), node));
        all.extend(walk(&node.children).into_iter().map(|(mut within, inner)| {
            within.insert(0, node);
            (within, inner)
        }));
    }
    all
}

/// The smallest named node that has `line`.
pub fn innermost(nodes: &[Node], line: usize) -> Option<&Node> {
    let node = nodes.iter().find(|node| node.lines.contains(&line))?;
    innermost(&node.children, line).or((!node.names.is_empty()).then_some(node))
}

/// The line after the last one of `lines` that is not empty.
pub fn trim_end(lines: &[&str], range: Range<usize>) -> Range<usize> {
    let mut end = range.end;
    while end > range.start && lines[end - 2].trim().is_empty() {
        end -= 1;
    }
    range.start..end
}
