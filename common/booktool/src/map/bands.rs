//! Where each region is drawn: one band below the other, the lowest address at the top.
//!
//! Memory has pieces of a few bytes beside pieces of a million times that. To scale, all but one or
//! two would be thinner than a hair. So each doubling of a size adds as much to the height of its
//! band, and what nothing is said of is a break of one height.

use super::regions::{Map, Region};

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
    Heading(&'static str),
    /// A region. Its end is told, too, where no other begins at once.
    Region { region: &'a Region, is_end_told: bool },
    /// So many bytes of which nothing is said.
    Break(u64),
}

/// The pieces of the picture of `map`.
pub fn pieces(map: &Map) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut add = |shows| {
        let top = pieces.last().map_or(0.0, |last| last.top + last.height);
        pieces.push(Piece { top, height: height(&shows), shows });
    };
    let mut before: Option<&Region> = None;
    for (index, region) in map.regions.iter().enumerate() {
        let gap = before.map_or(0, |before| region.range.start - before.range.end);
        if gap > 0 {
            add(Shows::Break(gap));
        }
        if let Some(name) = part(region)
            && before.and_then(part) != Some(name)
        {
            add(Shows::Heading(name));
        }
        let next = map.regions.get(index + 1);
        let is_end_told = next.is_none_or(|next| next.range.start != region.range.end);
        add(Shows::Region { region, is_end_told });
        before = Some(region);
    }
    pieces
}

/// The part of an address space that `region` is in.
fn part(region: &Region) -> Option<&'static str> {
    region.mapping.as_ref().map(|mapping| mapping.part)
}

fn height(shows: &Shows) -> f64 {
    match shows {
        Shows::Heading(_) => HEADING,
        Shows::Break(_) => BREAK,
        Shows::Region { region, .. } => {
            let doublings = (region.size() as f64 / PAGE).log2().max(0.0);
            LEAST[usize::from(region.mapping.is_some())] + (DOUBLING * doublings).round()
        }
    }
}
