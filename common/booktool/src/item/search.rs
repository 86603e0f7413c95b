//! The search for the one item that a name means.

use std::ops::Range;

use super::Found;
use super::tree::{Node, walk};
use crate::Result;

/// What stands between an item and the words of one of its paragraphs.
const PARAGRAPH: &str = " > ";

/// How many near names an error lists.
const NEAR: usize = 5;

type Hit<'a> = (Vec<&'a Node>, &'a Node);

/// The one item in `text` that `name` means.
pub fn find(nodes: &[Node], text: &str, name: &str) -> Result<Found> {
    let Some((item, words)) = name.split_once(PARAGRAPH) else {
        return found(one(nodes, name)?);
    };
    let whole = found(one(nodes, item)?)?;
    let mut hits = paragraphs_with(text, whole.lines.clone(), words);
    match hits.len() {
        1 => Ok(Found { lines: hits.remove(0), ..whole }),
        count => Err(format!("has {count} paragraphs with `{words}` in `{item}`, not one")),
    }
}

fn found((within, node): Hit) -> Result<Found> {
    let around = within.iter().flat_map(|outer| outer.frame.clone()).collect();
    Ok(Found { lines: node.lines.clone(), name: node.name().into(), around })
}

fn one<'a>(nodes: &'a [Node], name: &str) -> Result<Hit<'a>> {
    let all = walk(nodes);
    let (plain, number) = numbered(name);
    let mut hits: Vec<Hit> = all.iter().filter(|(_, it)| it.is_called(plain)).cloned().collect();
    match (hits.len(), number) {
        (0, _) => Err(format!("has no item `{name}`; {}", near(&all, name))),
        (1, None) => Ok(hits.remove(0)),
        (count, Some(number)) if (1..=count).contains(&number) => Ok(hits.remove(number - 1)),
        _ => Err(format!("has {} items `{plain}`: {}", hits.len(), apart(&all, &hits, plain))),
    }
}

/// `map#2` is the second `map`.
fn numbered(name: &str) -> (&str, Option<usize>) {
    let parsed = name.rsplit_once('#').and_then(|(plain, n)| Some((plain, n.parse().ok()?)));
    parsed.map_or((name, None), |(plain, number)| (plain, Some(number)))
}

/// The names that are most like `name`.
fn near(all: &[Hit], name: &str) -> String {
    let mut names: Vec<&str> =
        all.iter().flat_map(|(_, node)| node.names.first()).map(|it| &**it).collect();
    names.sort_by(|one, other| likeness(name, other).total_cmp(&likeness(name, one)));
    names.dedup();
    match &names[..names.len().min(NEAR)] {
        [] => "it has none at all".into(),
        nearest => format!("near it are {}", quoted(nearest)),
    }
}

/// How alike two names are, from 0 to 1, as they stand or in what follows the last `::`.
fn likeness(one: &str, other: &str) -> f64 {
    let last = |name: &str| name.rsplit("::").next().unwrap_or_default().to_lowercase();
    let whole = strsim::normalized_damerau_levenshtein(&one.to_lowercase(), &other.to_lowercase());
    whole.max(0.99 * strsim::normalized_damerau_levenshtein(&last(one), &last(other)))
}

/// How to tell `hits` apart: by a name that only one has, or by its number.
fn apart(all: &[Hit], hits: &[Hit], name: &str) -> String {
    let is_sole = |other: &&String| all.iter().filter(|(_, it)| it.is_called(other)).count() == 1;
    let told = |(index, (_, node)): (usize, &Hit)| {
        let longer = node.names.iter().find(is_sole).cloned();
        let longer = longer.unwrap_or_else(|| format!("{name}#{}", index + 1));
        format!("`{longer}` (line {})", node.lines.start)
    };
    format!("say {}", hits.iter().enumerate().map(told).collect::<Vec<_>>().join(" or "))
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The paragraphs in `lines` of `text` that contain `words`.
fn paragraphs_with(text: &str, lines: Range<usize>, words: &str) -> Vec<Range<usize>> {
    let all: Vec<&str> = text.lines().collect();
    let mut paragraphs = paragraphs(&all, lines);
    paragraphs.retain(|range| all[range.start - 1..range.end - 1].join("\n").contains(words));
    paragraphs
}

/// The runs of lines without an empty one. A comment in the first column begins another: so does
/// assembly name its steps.
fn paragraphs(all: &[&str], lines: Range<usize>) -> Vec<Range<usize>> {
    let mut paragraphs: Vec<Range<usize>> = Vec::new();
    let mut is_open = false;
    for line in lines {
        let text = all[line - 1];
        let is_comment = |text: &str| text.starts_with("//");
        let begins = is_comment(text) && !(line > 1 && is_comment(all[line - 2]));
        match paragraphs.last_mut() {
            _ if text.trim().is_empty() => is_open = false,
            Some(last) if is_open && !begins => last.end = line + 1,
            _ => {
                paragraphs.push(line..line + 1);
                is_open = true;
            }
        }
    }
    paragraphs
}
