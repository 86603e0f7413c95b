//! What the picture says in words.

use super::regions::{Map, Region, Space};
use super::size::Size;

/// What the map of the run called `run` is a map of.
pub fn heading(run: &str, map: &Map) -> String {
    match map.space {
        Space::Physical => format!("Physical memory: {run}"),
        Space::Virtual => format!("The kernel's address space: {run}"),
    }
}

/// All that the picture shows, for whoever hears it.
pub fn description(map: &Map) -> String {
    let mut words = vec!["From the lowest address up.".to_string()];
    let mut end = None;
    for region in &map.regions {
        if let Some(gap) = end.map(|end| region.range.start - end).filter(|gap| *gap > 0) {
            words.push(format!("Nothing for {}.", Size(gap)));
        }
        words.push(sentence(region));
        end = Some(region.range.end);
    }
    words.join(" ")
}

fn sentence(region: &Region) -> String {
    let Region { range, name, mapping } = region;
    let size = Size(region.size());
    let place = format!("{:#x} to {:#x}: {name}, {size}", range.start, range.end);
    match mapping {
        None => format!("{place}."),
        Some(mapping) => {
            let access = access(&mapping.access);
            format!("{place}, {access}, memory from {:#x} on ({}).", mapping.frame, mapping.part)
        }
    }
}

/// What a region is counted as: memory by what it is for, mappings by what may be done.
pub fn kind(region: &Region) -> String {
    region.mapping.as_ref().map_or_else(|| region.name.clone(), |it| access(&it.access))
}

/// What the letters that the kernel writes stand for: of `rw---`, "read, write".
pub fn access(letters: &str) -> String {
    let words = letters.chars().filter_map(|letter| match letter {
        'r' => Some("read"),
        'w' => Some("write"),
        'x' => Some("execute"),
        'u' => Some("programs too"),
        'd' => Some("device"),
        _ => None,
    });
    words.collect::<Vec<_>>().join(", ")
}

/// How much there is of each kind, in the order in which they come first.
pub fn totals(map: &Map) -> Vec<(String, u64)> {
    let mut totals: Vec<(String, u64)> = Vec::new();
    for region in &map.regions {
        let kind = kind(region);
        match totals.iter_mut().find(|(other, _)| *other == kind) {
            Some((_, total)) => *total += region.size(),
            None => totals.push((kind, region.size())),
        }
    }
    totals
}
