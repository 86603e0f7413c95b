//! Programs that are good, whatever they look like, and what can be done to make one bad.
//!
//! Given, not to be written.

use core::fmt;

use elf_corpus::program::{
    AARCH64, FIXED_TYPE, HEADERS_PLACE, LOAD, MOVABLE_TYPE, Program, R, STACK, Segment, THREAD, W,
    X, X86_64,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::file::{HIGHEST, LOWEST, PAGE};

/// A program and the machine of whoever loads it.
#[derive(Clone)]
pub struct Case {
    /// The machine.
    pub machine: u16,
    /// What is in the file.
    pub program: Program,
}

impl Case {
    /// What is added to all addresses when it is loaded.
    pub fn base(&self) -> u64 {
        let loads = self.program.segments.iter().filter(|it| it.kind == LOAD && it.memsz > 0);
        let largest = loads.map(|it| it.align.max(1)).max().unwrap_or(1);
        // All alignments are powers of two.
        if self.program.kind == MOVABLE_TYPE { 0x5555_5555_0000 / largest * largest } else { 0 }
    }
}

/// A segment that is to be made.
#[derive(Clone, Copy, Debug)]
struct Plan {
    /// Empty pages before it.
    gap: u64,
    /// Where in its first page it begins.
    place: u64,
    filesz: u64,
    zeroes: u64,
    flags: u32,
    align: u64,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { machine, program: it } = self;
        let kind = if it.kind == MOVABLE_TYPE { "ET_DYN" } else { "ET_EXEC" };
        write!(f, "{kind} for {machine:#x}, {:#x} bytes, entry {:#x}", it.length, it.entry)?;
        for Segment { kind, flags, offset, vaddr, filesz, memsz, align } in &it.segments {
            write!(f, "; type {kind:#x} flags {flags} offset {offset:#x} vaddr {vaddr:#x} ")?;
            write!(f, "filesz {filesz:#x} memsz {memsz:#x} align {align:#x}")?;
        }
        Ok(())
    }
}

/// Good programs of all shapes.
pub fn good() -> impl Strategy<Value = Case> {
    let machines = select(vec![AARCH64, X86_64]);
    // Where it begins: as low as may be, somewhere, or as high that it ends where it must.
    let places = select(vec![Some(LOWEST), Some(0x40_0000), None]);
    let code = plan(select(vec![X, R | X]), 1..0x1200);
    let rest = vec(plan(select(vec![R, W, R | W, X, R | X]), 0..0x1200), 1..4);
    (machines, any::<bool>(), places, code, rest, any::<prop::sample::Index>()).prop_map(
        |(machine, is_movable, place, code, mut plans, index)| {
            let position = index.index(plans.len() + 1);
            plans.insert(position, code);
            let kind = if is_movable { MOVABLE_TYPE } else { FIXED_TYPE };
            let program = build(Program { kind, ..Program::fixed(machine) }, place, &plans);
            Case { machine, program: with_entry(program, position, index.index(0x1000) as u64) }
        },
    )
}

fn plan(
    flags: impl Strategy<Value = u32>,
    filesz: core::ops::Range<u64>,
) -> impl Strategy<Value = Plan> {
    let aligns = select(vec![0, 1, 16, 0x1000, 0x1_0000, 1 << 30]);
    (0..3_u64, 0..PAGE, filesz, prop_oneof![Just(0), 1..0x2800_u64], flags, aligns).prop_map(
        |(gap, place, filesz, zeroes, flags, align)| Plan {
            gap,
            place,
            filesz,
            // Without any byte it would be nothing.
            zeroes: zeroes.max(u64::from(filesz == 0)),
            flags,
            align,
        },
    )
}

/// Makes `program` one of `plans`, from the address `place` on, or up to the highest that may be.
fn build(mut program: Program, place: Option<u64>, plans: &[Plan]) -> Program {
    let (mut offset, mut address) = (PAGE, 0);
    let mut loads: Vec<Segment> =
        plans.iter().map(|it| load(it, &mut offset, &mut address)).collect();
    let base = match place {
        _ if program.kind == MOVABLE_TYPE => 0,
        Some(place) => place,
        None => HIGHEST - address,
    };
    loads.iter_mut().for_each(|it| it.vaddr += base);
    program.length =
        loads.iter().map(|it| it.offset + it.filesz).max().unwrap_or_default() as usize;
    program.length = program.length.max(PAGE as usize);
    program.segments = around(&loads);
    program.phnum = program.segments.len() as u16;
    program
}

/// A segment on pages of its own, from `offset` and `address` on.
fn load(plan: &Plan, offset: &mut u64, address: &mut u64) -> Segment {
    let &Plan { gap, place, filesz, zeroes, flags, align } = plan;
    let (vaddr, memsz) = (*address + gap * PAGE + place, filesz + zeroes);
    let segment =
        Segment { kind: LOAD, flags, offset: *offset + place, vaddr, filesz, memsz, align };
    *offset = (segment.offset + filesz).next_multiple_of(PAGE);
    *address = (vaddr + memsz).next_multiple_of(PAGE);
    segment
}

/// `loads`, and others that say nothing about what is loaded.
fn around(loads: &[Segment]) -> Vec<Segment> {
    let wild = Segment {
        kind: STACK,
        flags: R | W | X,
        offset: !0,
        vaddr: !0,
        filesz: !0,
        memsz: 0,
        align: 3,
    };
    let nothing = Segment { kind: LOAD, flags: R, vaddr: 5, filesz: 0, memsz: 0, ..wild };
    let thread = Segment { kind: THREAD, flags: R, ..loads[0] };
    let place = Segment { kind: HEADERS_PLACE, flags: R, offset: 64, vaddr: 64, ..wild };
    let (first, others) = loads.split_at(1);
    [&[place], first, &[wild, nothing], others, &[thread]].concat()
}

/// `program`, which begins at a byte of its load number `number`.
fn with_entry(mut program: Program, number: usize, index: u64) -> Program {
    let code = program.segments.iter().filter(|it| it.kind == LOAD && it.memsz > 0).nth(number);
    program.entry = code.map_or(0, |it| it.vaddr + index % it.filesz);
    program
}

/// Makes a program bad; the numbers choose how.
pub type Damage = fn(&mut Program, usize, u64);

/// The load number `index`, from the first on again behind the last.
fn chosen(program: &mut Program, index: usize) -> &mut Segment {
    let mut loads: Vec<&mut Segment> =
        program.segments.iter_mut().filter(|it| it.kind == LOAD && it.memsz > 0).collect();
    let index = index % loads.len();
    loads.swap_remove(index)
}

/// What can be done to any good program, by the promise that it breaks.
pub const DAMAGES: &[(&str, &str, Damage)] = &[
    ("Machine", "it is for another machine", |it, _, number| {
        it.machine ^= 1 + (number % 0xffff) as u16;
    }),
    ("TableOutside", "its program headers are not all in the file", |it, _, number| {
        it.phoff = it.length as u64 - u64::from(it.phnum) * 56 + 1 + number % (1 << 63);
    }),
    ("Interpreter", "it needs an interpreter", |it, index, _| {
        let index = index % it.segments.len();
        it.segments.insert(index, Segment { kind: 3, offset: 0, filesz: 1, ..it.segments[0] });
        it.phnum += 1;
    }),
    ("Outside", "a segment begins behind the file", |it, index, number| {
        let pages = number % (1 << 51);
        let length = (it.length as u64).next_multiple_of(PAGE);
        let segment = chosen(it, index);
        segment.filesz = segment.memsz;
        segment.offset = segment.offset % PAGE + length + pages * PAGE;
    }),
    ("Outside", "a segment ends behind all offsets", |it, index, number| {
        let segment = chosen(it, index);
        segment.filesz = !0 - number % segment.offset;
        segment.memsz = !0;
    }),
    ("Size", "more of a segment is in the file than in memory", |it, index, number| {
        let segment = chosen(it, index);
        segment.filesz = segment.filesz.max(1);
        segment.memsz = number % segment.filesz;
    }),
    ("WritableCode", "a segment may be written and executed", |it, index, number| {
        chosen(it, index).flags = W | X | (number as u32 & R);
    }),
    ("NoAccess", "a segment may not be used", |it, index, number| {
        chosen(it, index).flags = (number as u32) << 3;
    }),
    ("Alignment", "an alignment is no power of two", |it, index, number| {
        chosen(it, index).align = number << 2 | 3;
    }),
    ("Congruence", "a segment is at another place of its page", |it, index, number| {
        let length = it.length as u64;
        let segment = chosen(it, index);
        // Moved within its first page, so that nothing else is wrong with it.
        let place = segment.vaddr % PAGE;
        let other = (place + 1 + number % (PAGE - 1)) % PAGE;
        segment.vaddr = segment.vaddr - place + other;
        segment.filesz = segment.filesz.min(length - segment.offset);
    }),
    ("Overflow", "a segment ends behind all addresses", |it, index, number| {
        let segment = chosen(it, index);
        segment.memsz = !0 - number % segment.vaddr.clamp(1, LOWEST);
    }),
    ("TooHigh", "a segment ends in the stack's room or behind", |it, index, number| {
        let segment = chosen(it, index);
        segment.memsz = HIGHEST - segment.vaddr + 1 + number % (1 << 62);
    }),
    ("SharedPage", "a segment is on the last page of the one before", |it, index, number| {
        let index = 1 + index % (loads(it) - 1);
        let before = *chosen(it, index - 1);
        let last = (before.vaddr + before.memsz - 1) / PAGE * PAGE;
        let segment = chosen(it, index);
        segment.vaddr = last + segment.vaddr % PAGE;
        // It must not matter which of the two begins first on that page.
        segment.memsz = segment.memsz.max(number % 2 * PAGE);
    }),
    ("Entry", "the entry is in no segment's part of the file", |it, index, number| {
        let segment = *chosen(it, index);
        it.entry = match number % 4 {
            0 => (segment.vaddr / PAGE * PAGE).wrapping_sub(1),
            1 => segment.vaddr + segment.filesz,
            2 => segment.vaddr,
            _ => number,
        };
        if it.segments.iter().any(|segment| is_code(segment, it.entry)) {
            it.entry = !0;
        }
    }),
];

/// Whether `address` is in code of the file.
fn is_code(segment: &Segment, address: u64) -> bool {
    let bytes = segment.vaddr..segment.vaddr.saturating_add(segment.filesz);
    segment.kind == LOAD && segment.flags & X != 0 && bytes.contains(&address)
}

fn loads(program: &Program) -> usize {
    program.segments.iter().filter(|it| it.kind == LOAD && it.memsz > 0).count()
}
