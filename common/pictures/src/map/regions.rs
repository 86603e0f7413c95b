//! What a run says of memory, read from its console.
//!
//! ```text
//! memory:
//!   0x000040200000..0x00004022f000       188 KiB  kernel
//! mapped:
//!   0xffffffff80200000..0xffffffff80222000       136 KiB  r-x--  0x40200000
//! ```
//!
//! A run that has an address space prints both lists. Then the second is the map, and what its
//! pages are for follows from the first, and from the list of the image's sections. A list may be
//! printed again after something has changed; the last one counts.

use std::ops::Range;

use crate::Result;

/// The line above a map of physical memory, and the one above that of an address space.
const PHYSICAL: &str = "memory:";
const VIRTUAL: &str = "mapped:";

/// A part of an address space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its first address.
    pub start: u64,
    /// Its last address.
    pub last: u64,
    /// What it is for.
    pub name: &'static str,
}

const fn part(start: u64, last: u64, name: &'static str) -> Part {
    Part { start, last, name }
}

/// The parts of the address space. (The design of the address space is the same for all chapters:
/// `memory/layout.rs`.)
pub const PARTS: &[Part] = &[
    part(0, 0x7fff_ffff_ffff, "programs"),
    part(0xffff_8000_0000_0000, 0xffff_bfff_ffff_ffff, "direct map of physical memory"),
    part(0xffff_c000_0000_0000, 0xffff_dfff_ffff_ffff, "kernel heap"),
    part(0xffff_e000_0000_0000, 0xffff_ffff_7fff_ffff, "kernel stacks"),
    part(0xffff_ffff_8000_0000, u64::MAX, "kernel image"),
];

/// The part of it that shows physical memory.
const DIRECT_MAP: usize = 1;

/// A map that a run has printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// What it is a map of.
    pub space: Space,
    /// What lies where, from the lowest address up.
    pub regions: Vec<Region>,
}

/// What addresses are addresses of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Physical memory.
    Physical,
    /// The kernel's address space.
    Virtual,
}

/// What lies at some addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The addresses.
    pub range: Range<u64>,
    /// What lies there.
    pub name: String,
    /// What is mapped, in an address space.
    pub mapping: Option<Mapping>,
}

/// How an address space shows memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The part of the address space.
    pub part: &'static str,
    /// What may be done, as the kernel writes it: `r-x--`.
    pub access: String,
    /// The physical address of the first byte.
    pub frame: u64,
}

impl Region {
    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.range.end - self.range.start
    }
}

/// Reads the map that `console` ends up with: of its address space if it prints one.
pub fn parse(console: &str) -> Result<Map> {
    let space = match lines_below(console, VIRTUAL).as_slice() {
        [] => Space::Physical,
        _ => Space::Virtual,
    };
    parse_space(console, space)
}

/// Reads the map of `space` that `console` ends up with.
pub fn parse_space(console: &str, space: Space) -> Result<Map> {
    let memory = lines_below(console, PHYSICAL);
    let physical = memory.into_iter().map(physical_region).collect::<Result<Vec<_>>>()?;
    let regions = match space {
        Space::Physical => physical,
        Space::Virtual => virtual_regions(console, &physical)?,
    };
    if regions.is_empty() {
        return Err(format!("the run prints no map: neither `{PHYSICAL}` nor `{VIRTUAL}`"));
    }
    match regions.windows(2).find(|pair| pair[0].range.end > pair[1].range.start) {
        None => Ok(Map { space, regions }),
        Some(pair) => Err(format!("regions overlap: {:#x?}, {:#x?}", pair[0].range, pair[1].range)),
    }
}

fn virtual_regions(console: &str, physical: &[Region]) -> Result<Vec<Region>> {
    let sections: Vec<Region> =
        console.lines().filter_map(|line| section(line.strip_prefix("  ")?)).collect();
    let mapped = lines_below(console, VIRTUAL).into_iter();
    mapped.map(|line| virtual_region(line, physical, &sections)).collect()
}

/// The indented lines below the last line that is `heading`.
pub fn lines_below<'a>(console: &'a str, heading: &str) -> Vec<&'a str> {
    let lines: Vec<&str> = console.lines().collect();
    let start = lines.iter().rposition(|line| *line == heading).map_or(lines.len(), |at| at + 1);
    lines[start..].iter().map_while(|line| line.strip_prefix("  ")).collect()
}

/// Reads a line such as `0x1000..0x2000  4 KiB  kernel`.
fn physical_region(line: &str) -> Result<Region> {
    let read = || {
        let (addresses, rest) = line.split_once(' ')?;
        let (_, name) = rest.split_once(" KiB  ")?;
        Some(Region { range: range(addresses)?, name: name.into(), mapping: None })
    };
    read().ok_or_else(|| format!("not a region of memory: `{line}`"))
}

/// Reads a line such as `0x1000..0x2000  4 KiB  rw---  0x8000`.
fn virtual_region(line: &str, physical: &[Region], sections: &[Region]) -> Result<Region> {
    let read = || {
        let (addresses, rest) = line.split_once(' ')?;
        let (_, rest) = rest.split_once(" KiB  ")?;
        let (access, frame) = rest.split_once("  ")?;
        let (range, frame, access) = (range(addresses)?, number(frame)?, access.to_string());
        let part = PARTS.iter().rposition(|part| part.start <= range.start)?;
        let name = if access.ends_with('d') {
            "device".into()
        } else if part == DIRECT_MAP {
            names_in(physical, frame..frame.checked_add(range.end - range.start)?)
        } else {
            names_in(sections, range.clone())
        };
        Some(Region {
            range,
            name,
            mapping: Some(Mapping { part: PARTS[part].name, access, frame }),
        })
    };
    read().ok_or_else(|| format!("not a mapping: `{line}`"))
}

/// Reads a line such as `text   0x1000..0x1fff    4 KiB`.
fn section(line: &str) -> Option<Region> {
    let mut words = line.split_whitespace();
    let (name, addresses) = (words.next()?, words.next()?);
    Some(Region { range: range(addresses)?, name: name.into(), mapping: None })
}

/// The names of what lies in `range`, each once.
fn names_in(regions: &[Region], range: Range<u64>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for Region { range: other, name, .. } in regions {
        let is_there = other.start < range.end && range.start < other.end;
        if is_there && !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    if names.is_empty() { "pages".into() } else { names.join(", ") }
}

/// Reads `0x1000..0x2000`.
pub fn range(text: &str) -> Option<Range<u64>> {
    let (start, end) = text.split_once("..")?;
    let range = number(start)?..number(end)?;
    (range.start <= range.end).then_some(range)
}

fn number(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}
