//! The picture: bands with what lies there, and beside them the addresses.
//!
//! All words are text, so they can be searched, copied and read aloud; for a reader who hears the
//! picture everything stands in its description as well. Colours follow the page's wish for light
//! or dark, and say nothing that the words do not.

use svg::Document;
use svg::node::Text as Words;
use svg::node::element::{Description, Group, Path, Rectangle, Style, Text, Title};

use super::bands::{Piece, Shows, pieces};
use super::regions::{Map, Region, Space};
use super::size::Size;
use super::words::{access, description, heading, kind, totals};

/// What makes it look so, in light and dark.
const STYLE: &str = include_str!("map.css");

/// The width of the picture, in pixels.
const WIDTH: f64 = 720.0;

/// The margin.
const MARGIN: f64 = 24.0;

/// Where addresses end.
const ADDRESSES: f64 = 178.0;

/// Where bands begin.
const LEFT: f64 = 188.0;

/// Where bands end.
const RIGHT: f64 = WIDTH - MARGIN;

/// What is left free on both sides of a band's words.
const PADDING: f64 = 14.0;

/// Where the first piece begins.
const TOP: f64 = 104.0;

/// How high a line of the sums is, and how many sums it has.
const SUM: (f64, usize) = (24.0, 2);

/// Draws `map`, which the run called `run` has printed, as a picture that stands alone.
pub fn draw(run: &str, map: &Map) -> Document {
    let (document, height) = picture(run, map);
    let paper = rectangle(0.5, 0.5, WIDTH - 1.0, height - 1.0).set("class", "paper").set("rx", 8);
    content(document.add(Style::new(STYLE)).add(paper), run, map)
}

/// Draws it as part of a page, which has the colours.
pub fn figure(run: &str, map: &Map) -> Document {
    content(picture(run, map).0, run, map)
}

/// The picture without its content, and its height.
fn picture(run: &str, map: &Map) -> (Document, f64) {
    let bottom = bottom(&pieces(map));
    let height = bottom + 40.0 + SUM.0 * totals(map).len().div_ceil(SUM.1) as f64;
    let document = Document::new()
        .set("class", "strata-map")
        .set("role", "img")
        .set("width", WIDTH)
        .set("height", height)
        .set("viewBox", (0, 0, WIDTH, height))
        .add(Title::new(heading(run, map)))
        .add(Description::new().add(Words::new(description(map))));
    (document, height)
}

/// Where the last piece ends.
fn bottom(pieces: &[Piece]) -> f64 {
    pieces.last().map_or(0.0, |last| TOP + last.top + last.height)
}

/// `document` with what `map` is about.
fn content(document: Document, run: &str, map: &Map) -> Document {
    let pieces = pieces(map);
    let bottom = bottom(&pieces);
    let document = document.add(caption(run, map));
    let document =
        pieces.iter().fold(document, |document, piece| document.add(drawn(piece, map.space)));
    totals(map).iter().enumerate().fold(document, |document, (index, (name, size))| {
        let (row, column) = (index / SUM.1, index % SUM.1);
        let x = MARGIN + (RIGHT - MARGIN) / SUM.1 as f64 * column as f64;
        document.add(sum(x, bottom + 32.0 + SUM.0 * row as f64, name, *size))
    })
}

/// What it is, and how to read it.
fn caption(run: &str, map: &Map) -> Group {
    let how = "Lowest address first. Not to scale: each doubling of a size adds the same to the";
    let breaks = match map.space {
        Space::Physical => "height. Zigzags stand for addresses of which the map says nothing.",
        Space::Virtual => "height. Zigzags stand for addresses that are not mapped.",
    };
    Group::new()
        .add(text(MARGIN, 42.0, "heading", heading(run, map)))
        .add(text(MARGIN, 64.0, "muted", how))
        .add(text(MARGIN, 80.0, "muted", breaks))
}

fn drawn(piece: &Piece, space: Space) -> Group {
    let (top, height) = (TOP + piece.top, piece.height);
    match piece.shows {
        Shows::Heading(part) => {
            let address = format!("{:#x}", part.start);
            Group::new()
                .add(text(ADDRESSES, top + height - 10.0, "address end", address))
                .add(text(LEFT, top + height - 10.0, "part", part.name))
        }
        Shows::Break(bytes) => gap(top, height, gap_words(bytes, space)),
        Shows::Hole => gap(top, height, HOLE.into()),
        Shows::Region { region, is_end_told } => band(top, height, region, is_end_told),
    }
}

/// A region: its band, its first address, what lies there and how much of it.
fn band(top: f64, height: f64, region: &Region, is_end_told: bool) -> Group {
    let kind = kind(region);
    let strip = rectangle(LEFT, top, 4.0, height).set("class", colour(&kind));
    let fill =
        rectangle(LEFT, top, RIGHT - LEFT, height).set("class", format!("fill {}", colour(&kind)));
    let frame = rectangle(LEFT, top, RIGHT - LEFT, height).set("class", "line");
    let address = |y, address| text(ADDRESSES, y, "address end", format!("{address:#x}"));
    let mut group = Group::new()
        .set("class", "region")
        .add(fill)
        .add(strip)
        .add(frame)
        .add(line(format!("M{MARGIN},{top}H{LEFT}")))
        .add(address(top + 13.0, region.range.start));
    if is_end_told {
        let bottom = top + height;
        group = group
            .add(line(format!("M{MARGIN},{bottom}H{LEFT}")))
            .add(address(bottom - 4.0, region.range.end));
    }
    let size = Size(region.size()).to_string();
    let (left, right, middle) = (LEFT + PADDING, RIGHT - PADDING, top + height / 2.0);
    let first = if region.mapping.is_some() { middle - 4.0 } else { middle + 4.5 };
    group = group
        .add(text(left, first, "name", region.name.as_str()))
        .add(text(right, first, "end", size));
    let Some(mapping) = &region.mapping else { return group };
    let frames = format!("memory from {:#x} on", mapping.frame);
    let rights = format!("{} · {}", access(&mapping.access), mapping.access);
    group.add(text(left, middle + 13.0, "muted", frames)).add(text(
        right,
        middle + 13.0,
        "muted end",
        rights,
    ))
}

/// What is said of `bytes` of addresses of `space` with nothing.
fn gap_words(bytes: u64, space: Space) -> String {
    match space {
        Space::Physical => format!("not listed: {}", Size(bytes)),
        Space::Virtual => format!("not mapped: {}", Size(bytes)),
    }
}

/// What is said of numbers that are no addresses.
const HOLE: &str = "no addresses: bits 63 to 47 of an address are equal";

/// Addresses with nothing, and what is said of them.
fn gap(top: f64, height: f64, words: String) -> Group {
    Group::new()
        .set("class", "break")
        .add(zigzag(top + 4.0))
        .add(text((LEFT + RIGHT) / 2.0, top + height / 2.0 + 4.0, "muted middle", words))
        .add(zigzag(top + height - 10.0))
}

/// A line of teeth across the width of a band.
fn zigzag(top: f64) -> Path {
    const TEETH: u32 = 24;
    let step = (RIGHT - LEFT) / f64::from(2 * TEETH);
    let tooth = format!("l{step:.3},6l{step:.3},-6");
    line(format!("M{LEFT},{top}{}", tooth.repeat(TEETH as usize)))
}

/// How much there is of a kind.
fn sum(x: f64, y: f64, kind: &str, size: u64) -> Group {
    let chip = rectangle(x, y - 10.0, 12.0, 12.0);
    Group::new()
        .add(chip.clone().set("class", format!("fill {}", colour(kind))))
        .add(rectangle(x, y - 10.0, 4.0, 12.0).set("class", colour(kind)))
        .add(chip.set("class", "line"))
        .add(text(x + 20.0, y, "", format!("{kind}: {}", Size(size))))
}

/// The colour of a kind: of memory by what it is for, of mappings by what may be done.
fn colour(kind: &str) -> &'static str {
    match kind {
        "usable" | "read, write" => "green",
        "kernel" | "read, execute" => "blue",
        "loader" | "read" => "yellow",
        "frame bitmap" | "read, write, device" => "purple",
        "boot tables" => "orange",
        "initrd" => "pink",
        "firmware" => "grey",
        _ => "pink",
    }
}

fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Rectangle {
    Rectangle::new().set("x", x).set("y", y).set("width", width).set("height", height)
}

fn line(path: String) -> Path {
    Path::new().set("class", "line").set("d", path)
}

fn text(x: f64, y: f64, class: &str, words: impl Into<String>) -> Text {
    Text::new(words).set("x", x).set("y", y).set("class", class)
}
