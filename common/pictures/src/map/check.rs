//! Whether a picture shows what a run printed, as a reader sees it who knows nothing of how it was
//! drawn: words in the console, and in the picture, which must be XML.

use std::ops::Range;

use roxmltree::{Document, Node};

use super::regions::{lines_below, range};
use crate::Result;

/// Every region in `console` must be in `picture`: once, in order, with all that was said of it;
/// and in the picture's description as well.
pub fn check(picture: &str, console: &str) -> Result<()> {
    let document = Document::parse(picture).map_err(|error| format!("not XML: {error}"))?;
    let root = document.root_element();
    let mapped = lines_below(console, "mapped:");
    let told = if mapped.is_empty() { lines_below(console, "memory:") } else { mapped };
    let drawn: Vec<Node> =
        root.children().filter(|node| node.attribute("class") == Some("region")).collect();
    if told.is_empty() || told.len() != drawn.len() {
        return Err(format!("the run has {} regions, the picture {}", told.len(), drawn.len()));
    }
    words_of(&root, "title")?;
    let description = words_of(&root, "desc")?;
    let mut described = description.as_str();
    let mut bottom = 0.0;
    for (line, region) in told.iter().zip(drawn) {
        let (range, facts) = facts(line)?;
        let words = format!(" {} ", words(&region));
        if let Some(fact) = facts.iter().find(|fact| !words.contains(&format!(" {fact} "))) {
            return Err(format!("`{line}`: no {fact} in `{words}`"));
        }
        bottom = bottom_below(&region, bottom)?;
        let place = format!(" {:#x} to {:#x}: ", range.start, range.end);
        let rest = described.split_once(&place).map(|(_, rest)| rest);
        described = rest.ok_or_else(|| format!("`{line}` is not in the description"))?;
    }
    Ok(())
}

/// The text of the picture's element `name`, of which there must be some.
fn words_of(root: &Node, name: &str) -> Result<String> {
    let element = root.children().find(|node| node.tag_name().name() == name);
    let words = element.map(|element| words(&element)).filter(|words| !words.is_empty());
    words.ok_or_else(|| format!("it has no {name}"))
}

/// What a line of the console says, apart from the size: the addresses; the first of them and the
/// words behind, as they must stand in the picture.
fn facts(line: &str) -> Result<(Range<u64>, Vec<String>)> {
    let (addresses, rest) = line.split_once(' ').unwrap_or((line, ""));
    let range = range(addresses).ok_or_else(|| format!("not a region: `{line}`"))?;
    let (_, words) = rest.split_once(" KiB  ").unwrap_or_default();
    let start = format!("{:#x}", range.start);
    Ok((range, words.split("  ").map(str::to_string).chain([start]).collect()))
}

/// Where `region` ends, if it begins where those before have ended or below.
fn bottom_below(region: &Node, bottom: f64) -> Result<f64> {
    let rectangle = region.children().find(|node| node.tag_name().name() == "rect");
    let number = |name| rectangle?.attribute(name)?.parse::<f64>().ok();
    match (number("y"), number("height")) {
        (Some(top), Some(height)) if top >= bottom && height > 0.0 => Ok(top + height),
        _ => Err(format!("`{}` is not below the one before", words(region))),
    }
}

/// All text in `node`.
fn words(node: &Node) -> String {
    let texts = node.descendants().filter_map(|node| node.text().filter(|_| node.is_text()));
    texts.map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}
