//! The walk through tables in the machine's memory, as QEMU's monitor shows it.

use super::Finding;
use super::descriptor::{Descriptor, Rights, decode};
use super::span::{Span, merge};
use crate::coroner::{Monitor, physical_address};

/// Entries in a table.
const ENTRIES: usize = 512;

/// The bytes of the smallest page.
const PAGE: u64 = 4096;

/// The first entry of the root that speaks of the upper half.
const UPPER: u64 = 256;

/// Bytes that an entry of `level` speaks of.
pub const fn reach(level: usize) -> u64 {
    PAGE << (9 * (3 - level))
}

/// Bit 5 of an entry: the processor sets it when it first goes through.
const ACCESSED: u64 = 1 << 5;

/// Where the walk begins: where the kernel has printed. On x86_64 that must be in CR3, or the root
/// of a program that has the same upper half. QEMU does not show aarch64's registers; [`confirm`]
/// finds out if what is printed is wrong.
pub fn root(arch: &str, console: &str, monitor: &mut dyn Monitor) -> Finding<u64> {
    let mut lines = console.lines().rev();
    let line = lines.find_map(|line| line.strip_prefix("  level 0: table 0x"));
    let digits = line.and_then(|line| line.split(',').next());
    let printed = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    let printed = printed.ok_or("the kernel does not print where its root is")?;
    if arch != "x86_64" {
        return Ok(printed);
    }
    let registers = monitor.ask("info registers").ok_or("QEMU does not answer")?;
    let digits = registers.split_once("CR3=").and_then(|(_, rest)| rest.get(..16));
    let current = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    match current.ok_or("QEMU does not show CR3")? & !(PAGE - 1) {
        current if current == printed || upper(current, monitor)? == upper(printed, monitor)? => {
            Ok(printed)
        }
        current => Err(format!("CR3 is {current:#x}, and the kernel prints {printed:#x}")),
    }
}

/// What the table `root` says of the upper half.
fn upper(root: u64, monitor: &mut dyn Monitor) -> Finding<Vec<u64>> {
    let entries = entries(root, monitor)?.into_iter().skip(UPPER as usize);
    Ok(entries.map(|entry| entry & !ACCESSED).collect())
}

/// The entries of the table at `table`.
fn entries(table: u64, monitor: &mut dyn Monitor) -> Finding<Vec<u64>> {
    let answer = monitor.ask(&format!("xp /{ENTRIES}gx {table:#x}"));
    let answer = answer.ok_or("QEMU does not answer")?;
    let words = answer.lines().filter_map(|line| line.split_once(": "));
    let words = words.flat_map(|(_, words)| words.split_whitespace());
    let entries: Vec<u64> =
        words.filter_map(|word| u64::from_str_radix(word.strip_prefix("0x")?, 16).ok()).collect();
    match entries.len() {
        ENTRIES => Ok(entries),
        _ => Err(format!("no table can be read at {table:#x}: {}", answer.trim())),
    }
}

/// All that the tables below `root` map, from the lowest address up; none of them may be empty.
pub fn spans(arch: &str, root: u64, monitor: &mut dyn Monitor) -> Finding<Vec<Span>> {
    let mut walk = Walk { arch, monitor, pages: Vec::new() };
    walk.visit(root, 0, 0, Rights::ALL)?;
    Ok(merge(&walk.pages))
}

struct Walk<'a> {
    arch: &'a str,
    monitor: &'a mut dyn Monitor,
    pages: Vec<Span>,
}

impl Walk<'_> {
    /// Visits the `table` of `level` that speaks of the addresses from `base` on.
    fn visit(&mut self, table: u64, level: usize, base: u64, above: Rights) -> Finding {
        let mut is_empty = true;
        for (index, entry) in entries(table, self.monitor)?.into_iter().enumerate() {
            let address = canonical(base + index as u64 * reach(level));
            let descriptor = decode(self.arch, entry, level, above);
            is_empty &= descriptor == Descriptor::Nothing;
            match descriptor {
                Descriptor::Nothing => {}
                Descriptor::Table(next, rights) => self.visit(next, level + 1, address, rights)?,
                Descriptor::Page(frame, rights) => {
                    let end = address.wrapping_add(reach(level));
                    self.pages.push(Span { start: address, end, frame, rights });
                }
                Descriptor::Reserved => {
                    return Err(format!("entry {index} of table {table:#x} is wrong: {entry:#x}"));
                }
            }
        }
        match is_empty && may_go(level, base) {
            true => Err(format!("table {table:#x}, of level {level}, is empty")),
            false => Ok(()),
        }
    }
}

/// Whether a table of `level` should be given back when it is empty. In the upper half those of
/// level 1 stay, for the roots of all programs.
fn may_go(level: usize, base: u64) -> bool {
    level > 1 || level == 1 && canonical(base) < UPPER * reach(0)
}

/// `address` with bit 47 in all bits above.
fn canonical(address: u64) -> u64 {
    ((address << 16) as i64 >> 16) as u64
}

/// Asks QEMU where the first and the last page of each of `spans` are, and what is beside them.
pub fn confirm(spans: &[Span], monitor: &mut dyn Monitor) -> Finding {
    for span in spans {
        let last = span.end.wrapping_sub(PAGE);
        for page in [span.start.wrapping_sub(PAGE), span.start, last, span.end] {
            let found = spans.iter().find(|span| span.contains(page));
            let expected = found.map(|span| span.frame + (page - span.start));
            let answer =
                monitor.ask(&format!("gva2gpa {page:#x}")).ok_or("QEMU does not answer")?;
            let translated = physical_address(&answer);
            if translated != expected {
                return Err(format!(
                    "the processor translates {page:#x} to {translated:#x?}, the tables to \
                     {expected:#x?}"
                ));
            }
        }
    }
    Ok(())
}
