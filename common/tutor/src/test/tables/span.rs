//! Spans: pages that follow each other, with the same rights, and memory that follows as well.

use std::fmt;

use super::Finding;
use super::descriptor::Rights;

/// A span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first address.
    pub start: u64,
    /// The address behind the last; 0 if there is none.
    pub end: u64,
    /// The memory that the first page maps.
    pub frame: u64,
    /// What may be done.
    pub rights: Rights,
}

impl Span {
    /// Whether `address` is in it.
    pub fn contains(&self, address: u64) -> bool {
        self.start <= address && address <= self.end.wrapping_sub(1)
    }

    fn size(&self) -> u64 {
        self.end.wrapping_sub(self.start)
    }

    /// Whether `next` goes on where this ends, in all respects.
    fn is_followed_by(&self, next: &Self) -> bool {
        next.start == self.end
            && next.frame == self.frame + self.size()
            && next.rights == self.rights
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { start, end, frame, rights } = self;
        write!(f, "{start:#x}..{end:#x} {} {frame:#x}", letters(*rights))
    }
}

fn letters(rights: Rights) -> String {
    let Rights { write, execute, user, device } = rights;
    let all = [(true, 'r'), (write, 'w'), (execute, 'x'), (user, 'u'), (device, 'd')];
    all.map(|(is_set, letter)| if is_set { letter } else { '-' }).iter().collect()
}

/// Joins `pages`, which are in order, as far as possible.
pub fn merge(pages: &[Span]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for page in pages {
        match spans.last_mut().filter(|last| last.is_followed_by(page)) {
            Some(last) => last.end = page.end,
            None => spans.push(page.clone()),
        }
    }
    spans
}

/// The spans that the kernel has printed last.
pub fn printed(console: &str) -> Finding<Vec<Span>> {
    let Some((_, below)) = console.rsplit_once("mapped:\n") else {
        return Err("the kernel does not print what is mapped".into());
    };
    let lines = below.lines().take_while(|line| line.starts_with("  0x"));
    let spans = lines.map(|line| parse(line).ok_or_else(|| format!("not a span: `{line}`")));
    let spans: Vec<Span> = spans.collect::<Finding<_>>()?;
    if spans.is_empty() {
        Err("the kernel prints that nothing is mapped".into())
    } else {
        Ok(spans)
    }
}

/// Reads a line such as `  0x1000..0x2000  4 KiB  rw---  0x8000`, in which the size must be right.
fn parse(line: &str) -> Option<Span> {
    let mut words = line.split_whitespace();
    let (start, end) = words.next()?.split_once("..")?;
    let (kibibytes, unit): (u64, &str) = (words.next()?.parse().ok()?, words.next()?);
    let access = words.next()?;
    let number = |text: &str| u64::from_str_radix(text.strip_prefix("0x")?, 16).ok();
    let has = |letter| access.contains(letter);
    let rights = Rights { write: has('w'), execute: has('x'), user: has('u'), device: has('d') };
    let span =
        Span { start: number(start)?, end: number(end)?, frame: number(words.next()?)?, rights };
    let is_whole = unit == "KiB" && span.size() == kibibytes << 10 && access == letters(rights);
    (is_whole && words.next().is_none()).then_some(span)
}

/// How many bytes of heap the kernel says it has, if it says so after it has printed its map.
pub fn heap_told_later(console: &str) -> Option<u64> {
    let (_, later) = console.rsplit_once("mapped:\n")?;
    let of =
        |line: &str| line.strip_prefix("heap: ")?.split_once(" bytes used").map(|it| it.0.into());
    let told: String = later.lines().filter_map(of).next_back()?;
    told.split_once(" of ")?.1.parse().ok()
}

/// `heap` must have so many `bytes` for the kernel to write, and for nobody to execute.
pub fn is_heap_of(bytes: u64, heap: &[&Span]) -> Finding {
    let mapped: u64 = heap.iter().map(|span| span.size()).sum();
    if mapped != bytes {
        return Err(format!("the heap has {bytes} bytes, and {mapped} are mapped"));
    }
    match heap.iter().find(|span| letters(span.rights) != "rw---") {
        None => Ok(()),
        Some(span) => Err(format!("in the heap, but not rw---: {span}")),
    }
}

/// Where kernel stacks are: they come and go with threads, so some may have come since the list was
/// printed.
const STACKS: std::ops::Range<u64> = 0xffff_e000_0000_0000..0xffff_f000_0000_0000;

/// Compares what was printed with what was found; both are in order.
pub fn compare(printed: &[Span], found: &[Span]) -> Finding {
    let has_come = |span: &&Span| STACKS.contains(&span.start) && !printed.contains(span);
    let found: Vec<Span> = found.iter().filter(|span| !has_come(span)).cloned().collect();
    let found = found.as_slice();
    let only = |these: &[Span], those: &[Span], what: &str| -> Vec<String> {
        let alone = these.iter().filter(|span| !those.contains(span));
        alone.map(|span| format!("{what}: {span}")).collect()
    };
    let mut differences = only(printed, found, "printed, and not in the tables");
    differences.extend(only(found, printed, "in the tables, and not printed"));
    match differences.is_empty() {
        true if printed.len() == found.len() => Ok(()),
        true => Err("a span is printed twice".into()),
        false => Err(differences.join("\n")),
    }
}
