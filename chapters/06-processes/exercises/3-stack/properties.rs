//! What is laid out, read as a program reads it; and beside what Linux has laid out for the program
//! that tries this.

use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use linux::Stack;
use proptest::collection::vec;
use proptest::prelude::*;
use reader::{Memory, Places, Told};
use start::{StartError, Text};

mod linux;
mod reader;
#[forbid(unsafe_code)]
mod stack;
#[allow(dead_code, reason = "unused until the hole is filled")]
mod start;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    what_is_told_is_read,
    pointer_is_aligned,
    all_is_where_linux_has_it,
    it_is_linuxs_own,
    gaps_are_zero,
    nothing_below_is_touched,
    what_is_needed_is_said,
    zeroes_inside_are_refused,
];

/// What is in memory before anything is laid out.
const OLD: u8 = 0xaa;

/// More than anything here needs.
const ROOM: usize = 0x2000;

/// Larger than any gap of Linux's: it takes a random number of 13 bits, and aligns.
const LARGEST_GAP: u64 = 0x2010;

fn text(least: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(1..=255_u8, least..20)
}

fn told() -> impl Strategy<Value = Told> {
    let texts = || vec(text(0), 0..8);
    // A platform's name is there or not.
    let platform = prop_oneof![Just(Vec::new()), text(1)];
    let auxiliary = vec((1..=14_u64, any::<u64>()), 0..12);
    let all = (texts(), texts(), text(1), platform, any::<[u8; 16]>(), auxiliary);
    all.prop_map(|(arguments, environment, name, platform, random, auxiliary)| Told {
        arguments,
        environment,
        name,
        platform,
        random,
        auxiliary,
    })
}

/// The ends of pages, and once in a while another place.
fn top() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0x7fff_ffff_f000_u64), (0x100..0x7_0000_0000_u64).prop_map(|page| page << 12)]
}

/// Has `told` laid out, and calls `check` with the whole memory, the stack pointer in it and a
/// description of all.
fn laid_out(check: impl Fn(&Told, Memory, u64, &str)) {
    holds_for((told(), top()), |(told, top)| {
        let mut room = vec![OLD; ROOM];
        let input = format!("{told:?} below {top:#x}");
        match told.lay_out(&mut room, top) {
            Ok(pointer) => check(&told, Memory { bytes: &room, top }, pointer, &input),
            Err(error) => expect(input, error.to_string(), "a stack, since there is room".into()),
        }
    });
}

/// Where all is that was `told`. What cannot be read, or is misread, is another promise's affair.
fn found(told: &Told, memory: Memory, pointer: u64) -> Option<Places> {
    memory.read(pointer).ok().filter(|(found, _)| found == told).map(|(_, places)| places)
}

fn what_is_told_is_read() {
    laid_out(|told, memory, pointer, input| {
        expect(input, memory.read(pointer).map(|(found, _)| found), Ok(told.clone()));
    });
}

fn pointer_is_aligned() {
    laid_out(|_, _, pointer, input| {
        expect((input, "the pointer modulo 16"), pointer % 16, 0);
    });
}

/// Where all must be, by Linux's `copy_strings` and `create_elf_tables`, for a pointer that is
/// where it should be.
fn places(told: &Told, top: u64) -> Places {
    // What is written first lies highest.
    let mut next = top - 8;
    let mut push = |size: usize| {
        next -= size as u64;
        next..next + size as u64
    };
    let all = told.arguments.iter().chain(&told.environment).chain([&told.name]);
    let mut texts: Vec<_> = all.rev().map(|text| push(text.len() + 1)).collect();
    texts.reverse();
    let low = texts[0].start;
    push((low % 16) as usize);
    let platform = match told.platform.len() {
        0 => 0..0,
        length => push(length + 1),
    };
    let random = push(16);
    let pairs = told.auxiliary.len() + 3 + usize::from(!told.platform.is_empty());
    let words = told.arguments.len() + told.environment.len() + 3 + 2 * pairs;
    let pointer = (random.start - 8 * words as u64) / 16 * 16;
    Places { table: pointer..pointer + 8 * words as u64, random, platform, texts }
}

fn all_is_where_linux_has_it() {
    laid_out(|told, memory, pointer, input| {
        if let Some(found) = found(told, memory, pointer) {
            expect(input, InHex(found), InHex(places(told, memory.top)));
        }
    });
}

fn it_is_linuxs_own() {
    let Some(Stack { pointer, top, bytes }) = Stack::of_this_program() else { return };
    let linux = Memory { bytes: &bytes, top };
    let Ok((told, theirs)) = linux.read(pointer) else { return };
    let mut room = vec![OLD; bytes.len()];
    let ours = told.lay_out(&mut room, top);
    let input = ("what Linux told this program, below", InHex(top), &told);
    let ours = Memory { bytes: &room, top }.read(ours.unwrap_or(pointer));
    // What is misread is another promise's affair.
    let Some((_, ours)) = ours.ok().filter(|(found, _)| *found == told) else { return };
    let gap = ours.table.start.wrapping_sub(theirs.table.start);
    let is_gap = gap < LARGEST_GAP && gap.is_multiple_of(16);
    expect((input, "bytes that the pointer is above Linux's", gap), is_gap, true);
    // All below the texts is lower on Linux, by the same gap.
    let down = |range: core::ops::Range<u64>| match range.end {
        0 => range,
        _ => range.start - gap..range.end - gap,
    };
    let Places { table, random, platform, texts } = ours;
    let (table, random, platform) = (down(table), down(random), down(platform));
    expect(input, InHex(Places { table, random, platform, texts }), InHex(theirs));
}

fn gaps_are_zero() {
    laid_out(|told, memory, pointer, input| {
        let Some(found) = found(told, memory, pointer) else { return };
        let mut used = [vec![found.table, found.random, found.platform], found.texts].concat();
        used.retain(|range| range.start >= pointer);
        let is_used = |address| used.iter().any(|range| range.contains(&address));
        for address in (pointer..memory.top).filter(|address| !is_used(*address)) {
            let byte = memory.bytes(address..address + 1);
            expect((input, "what is unused at", InHex(address)), byte, Ok(&[0][..]));
        }
    });
}

fn nothing_below_is_touched() {
    laid_out(|_, memory, pointer, input| {
        let base = memory.top - ROOM as u64;
        let below = memory.bytes(base..pointer.max(base)).unwrap_or_default();
        let touched = below.iter().position(|byte| *byte != OLD);
        let touched = touched.map(|offset| InHex(base + offset as u64));
        expect((input, "what is touched below", InHex(pointer)), touched, None);
    });
}

fn what_is_needed_is_said() {
    holds_for((told(), top(), 1..400_u64), |(told, top, less)| {
        let needed = top - places(&told, top).table.start;
        let mut enough = vec![OLD; needed as usize];
        let input = (&told, "below", InHex(top), "in as many bytes as are needed", needed);
        expect(input, told.lay_out(&mut enough, top), Ok(top - needed));
        let room = needed.saturating_sub(less);
        let mut few = vec![OLD; room as usize];
        let input = (&told, "below", InHex(top), "in bytes", room);
        let error = StartError::TooLarge { needed, room };
        expect(input, told.lay_out(&mut few, top), Err(error));
        let untouched = few.iter().all(|byte| *byte == OLD);
        expect((input, "is nothing touched"), untouched, true);
    });
}

fn zeroes_inside_are_refused() {
    let index = any::<prop::sample::Index>();
    holds_for((told(), top(), index.clone(), index), |(mut told, top, which, place)| {
        let Told { arguments, environment, name, platform, .. } = &mut told;

        let mut texts: Vec<(Text, &mut Vec<u8>)> = arguments
            .iter_mut()
            .enumerate()
            .map(|(number, it)| (Text::Argument(number), it))
            .collect();
        let environment = environment.iter_mut().enumerate();
        texts.extend(environment.map(|(number, it)| (Text::Environment(number), it)));
        texts.extend([(Text::Name, name), (Text::Platform, platform)]);
        let (text, bytes) = texts.swap_remove(which.index(texts.len()));
        bytes.insert(place.index(bytes.len() + 1), 0);
        let mut room = vec![OLD; ROOM];
        let seen = told.lay_out(&mut room, top);
        expect(&told, seen, Err(StartError::ZeroInside { text }));
        expect((&told, "is nothing touched"), room == [OLD; ROOM], true);
    });
}

/// Something that is told in hexadecimal numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct InHex<T>(T);

impl<T: core::fmt::Debug> core::fmt::Debug for InHex<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        write!(f, "{:x?}", self.0)
    }
}
