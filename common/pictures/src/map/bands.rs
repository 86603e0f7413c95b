//! Where each region is drawn: one band below the other, the lowest address at the top.
//!
//! Memory has pieces of a few bytes beside pieces of a million times that. To scale, all but one or
//! two would be thinner than a hair. So each doubling of a size adds as much to the height of its
//! band, and what nothing is said of is a break of one height.

use super::regions::{Map, PARTS, Part, Region, Space};

/// The least height of a band: a line of text, or two where a region is mapped.
const LEAST: [f64; 2] = [26.0, 42.0];

/// What each doubling beyond a page adds to it.
const DOUBLING: f64 = 4.0;

/// The size of a page.
const PAGE: f64 = 4096.0;

/// The height of a break.
const BREAK: f64 = 46.0;

/// The height of the line that names a part of an address space.
const HEADING: f64 = 34.0;

/// A piece of the picture: where it begins, counted from the first one, and its height.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece<'a> {
    /// Where it begins.
    pub top: f64,
    /// How high it is.
    pub height: f64,
    /// What it shows.
    pub shows: Shows<'a>,
}

/// What a piece shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shows<'a> {
    /// The name of a part.
    Heading(&'static Part),
    /// A region. Its end is told, too, where no other begins at once.
    Region { region: &'a Region, is_end_told: bool },
    /// So many bytes of which nothing is said.
    Break(u64),
    /// Numbers that are no addresses.
    Hole,
}

/// The pieces of the picture of `map`.
pub fn pieces(map: &Map) -> Vec<Piece<'_>> {
    let shown = match map.space {
        Space::Physical => regions(&map.regions),
        Space::Virtual => PARTS.iter().flat_map(|part| shown_of(part, map)).collect(),
    };
    let mut top = 0.0;
    let piece = |shows| {
        let piece = Piece { top, height: height(&shows), shows };
        top += piece.height;
        piece
    };
    shown.into_iter().map(piece).collect()
}

/// A part of an address space, which may be empty, and what lies between the one before and it.
fn shown_of<'a>(part: &'static Part, map: &'a Map) -> Vec<Shows<'a>> {
    let at = PARTS.iter().position(|other| other == part).unwrap_or_default();
    let is_behind_hole =
        at.checked_sub(1).is_some_and(|before| PARTS[before].last + 1 < part.start);
    let mut shown = if is_behind_hole { vec![Shows::Hole] } else { Vec::new() };
    shown.push(Shows::Heading(part));
    let is_here = |region: &&Region| (part.start..=part.last).contains(&region.range.start);
    let first = map.regions.iter().position(|region| is_here(&region));
    let count = map.regions.iter().filter(is_here).count();
    let inside = &map.regions[first.unwrap_or_default()..][..count];
    let above = part.last.wrapping_add(1);
    let Some((first, last)) = inside.first().zip(inside.last()) else {
        shown.push(Shows::Break(above.wrapping_sub(part.start)));
        return shown;
    };
    shown.extend(gap(part.start, first.range.start));
    shown.extend(regions(inside));
    shown.extend(gap(last.range.end, above));
    shown
}

/// Regions, and the gaps between them.
fn regions(regions: &[Region]) -> Vec<Shows<'_>> {
    let mut shown = Vec::new();
    for (index, region) in regions.iter().enumerate() {
        let next = regions.get(index + 1).map(|next| next.range.start);
        let is_end_told = next != Some(region.range.end);
        shown.push(Shows::Region { region, is_end_told });
        shown.extend(next.and_then(|next| gap(region.range.end, next)));
    }
    shown
}

/// The gap from `start` to `end`, if there is one; an end of 0 is that of all addresses.
fn gap<'a>(start: u64, end: u64) -> Option<Shows<'a>> {
    let bytes = end.wrapping_sub(start);
    (bytes > 0).then_some(Shows::Break(bytes))
}

fn height(shows: &Shows) -> f64 {
    match shows {
        Shows::Heading(_) => HEADING,
        Shows::Break(_) | Shows::Hole => BREAK,
        Shows::Region { region, .. } => {
            let doublings = (region.size() as f64 / PAGE).log2().max(0.0);
            LEAST[usize::from(region.mapping.is_some())] + (DOUBLING * doublings).round()
        }
    }
}
