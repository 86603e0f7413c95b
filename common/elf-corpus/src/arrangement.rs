//! What can be wrong with where segments lie, and with where the program begins.

use crate::program::{
    CODE, CONSTANTS, DATA, FIXED, LOAD, MOVABLE_TYPE, Program, R, START, Segment,
};
use crate::{Group, Of};

/// Where a program that runs anywhere is put.
const BASE: u64 = 0x5555_5555_0000;

/// The first address that is the stack's, which ends at the last page of the lower half and has
/// 8 MiB.
pub const END: u64 = 0x7fff_ffff_f000 - 0x80_0000;

/// `p_type` of what is not loaded.
const NOTE: u32 = 4;

pub const GROUPS: &[Group] = &[
    Group {
        of: Of::All,
        kind: "Overflow",
        words: "beyond the last address",
        changes: &[
            ("the data's size is the largest number", |it| it.segments[DATA].memsz = u64::MAX),
            ("the data ends with the last address", |it| put(it, DATA, !0x117f, 0x1180)),
            ("the data ends in the last page", |it| put(it, DATA, !0x117f, 0x1100)),
            ("the data ends behind the last address", |it| put(it, DATA, !0x117f, 0x1400)),
            ("the data's end is that of the code", |it| {
                let end = it.segments[CODE].vaddr + 0x100;
                it.segments[DATA].memsz = end.wrapping_sub(it.segments[DATA].vaddr);
            }),
            ("the code's end is that of the start", |it| {
                let end = it.segments[START].vaddr + 0x300;
                it.segments[CODE].memsz = end.wrapping_sub(it.segments[CODE].vaddr);
            }),
        ],
    },
    Group {
        of: Of::Movable,
        kind: "Overflow",
        words: "beyond the last address",
        changes: &[
            ("the start is at a negative address", |it| it.segments[START].vaddr = !0xfff),
            ("the start comes to lie at 0", |it| put(it, START, 0, 0x300)),
            ("the start comes to lie at its own address", |it| put(it, START, FIXED, 0x300)),
            ("all comes to lie from 0 on", |it| shift(it, BASE.wrapping_neg())),
        ],
    },
    Group {
        of: Of::Fixed,
        kind: "TooLow",
        words: "below 0x10000",
        changes: &[
            ("the start is at 0", |it| put(it, START, 0, 0x300)),
            ("the start is on the second page", |it| put(it, START, 0x1000, 0x300)),
            ("the start is right below what is allowed", |it| put(it, START, 0xf000, 0x300)),
            ("the start is below and above", |it| put(it, START, 0xf000, 0x1001)),
            ("all is from 0 on", |it| shift(it, FIXED.wrapping_neg())),
            ("all is a page too low", |it| shift(it, 0xf000_u64.wrapping_sub(FIXED))),
        ],
    },
    Group {
        of: Of::All,
        kind: "TooHigh",
        words: "above 0x7fffff7ff000",
        changes: &[
            ("the data ends a byte too high", |it| put(it, DATA, END - 0x1180, 0x1181)),
            ("the data ends a page too high", |it| put(it, DATA, END - 0x1180, 0x2180)),
            ("the data begins where the stack may", |it| put(it, DATA, END + 0xe80, 0x1400)),
            ("the data is on the stack", |it| put(it, DATA, 0x7fff_ffff_ce80, 0x1400)),
            ("the data ends with the stack", |it| put(it, DATA, 0x7fff_ffff_de80, 0x1180)),
            ("the data is on the last page", |it| put(it, DATA, 0x7fff_ffff_fe80, 0x140)),
            ("the data crosses into the hole", |it| put(it, DATA, 0x7fff_ffff_ee80, 0x1400)),
            ("the data is in the hole", |it| put(it, DATA, 0x8000_0000_0e80, 0x1400)),
            ("the data is far in the hole", |it| put(it, DATA, 1 << 63 | 0xe80, 0x1400)),
            ("the data is where all memory is", |it| put(it, DATA, !0 << 47 | 0xe80, 0x1400)),
            ("the data is the kernel's", |it| put(it, DATA, !0 << 31 | 0xe80, 0x1400)),
            ("the data has 128 TiB", |it| it.segments[DATA].memsz = 1 << 47),
            ("the data has half of all there is", |it| it.segments[DATA].memsz = 1 << 63),
            ("the data reaches into the kernel", |it| {
                it.segments[DATA].memsz = (!0 << 47) - base(it) - it.segments[DATA].vaddr;
            }),
            ("all is a page too high", |it| shift(it, END - 0x7000 - base(it) - lowest(it))),
        ],
    },
    Group {
        of: Of::Movable,
        kind: "TooHigh",
        words: "above 0x7fffff7ff000",
        changes: &[
            ("the data is too high where it is put", |it| {
                it.segments[DATA].vaddr = 0x7000_0000_0e80;
            }),
            ("all is where it would be put", |it| shift(it, BASE)),
        ],
    },
    Group {
        of: Of::All,
        kind: "Order",
        words: "not in order",
        changes: &[
            ("the constants come before the code", |it| it.segments.swap(CODE, CONSTANTS)),
            ("the code comes before the start", |it| it.segments.swap(START, CODE)),
            ("the data comes before the constants", |it| it.segments.swap(CONSTANTS, DATA)),
            ("the data comes first", |it| it.segments[START..=DATA].rotate_right(1)),
            ("the start comes last", |it| it.segments[START..=DATA].rotate_left(1)),
            ("the last comes first", |it| it.segments.reverse()),
            ("the code lies above all else", |it| {
                it.segments[CODE].vaddr += 0x10_0000;
                it.entry += 0x10_0000;
            }),
        ],
    },
    Group {
        of: Of::All,
        kind: "SharedPage",
        words: "share the page at",
        changes: &[
            ("the constants come twice", |it| it.segments[CODE + 2] = it.segments[CONSTANTS]),
            ("the code comes twice", |it| it.segments[CONSTANTS] = it.segments[CODE]),
            ("the start reaches the code's page", |it| it.segments[START].memsz = 0x2001),
            ("the start reaches the code", |it| it.segments[START].memsz = 0x2041),
            ("the start covers the code", |it| it.segments[START].memsz = 0x3000),
            ("the start covers all", |it| it.segments[START].memsz = 0x10_0000),
            ("the code reaches the constants", |it| it.segments[CODE].memsz = 0x1fc1),
            ("the constants reach the data's page", |it| it.segments[CONSTANTS].memsz = 0x1001),
            ("the constants reach into the data", |it| it.segments[CONSTANTS].memsz = 0x1e90),
            ("the constants begin below the code", |it| it.segments[CONSTANTS].vaddr -= 0x2000),
            ("the constants are behind the code, on its page", |it| {
                it.segments[CONSTANTS].vaddr -= 0x2000 - 0x800;
                it.segments[CONSTANTS].offset = 0x2800;
            }),
        ],
    },
    Group {
        of: Of::All,
        kind: "Entry",
        words: "is in no code of the file",
        changes: &[
            ("the entry is 0", |it| it.entry = 0),
            ("the entry is the largest number", |it| it.entry = u64::MAX),
            ("the entry is in the kernel", |it| it.entry = !0 << 31),
            ("the entry is a byte before the code", |it| it.entry = it.segments[CODE].vaddr - 1),
            ("the entry is where the code ends", |it| it.entry = it.segments[CODE].vaddr + 0x100),
            ("the entry is on the code's page", |it| it.entry = it.segments[CODE].vaddr + 0x200),
            ("the entry is in the constants", |it| it.entry = it.segments[CONSTANTS].vaddr),
            ("the entry is in the data", |it| it.entry = it.segments[DATA].vaddr + 8),
            ("the entry is in the start", |it| it.entry = it.segments[START].vaddr + 64),
            ("the entry is its offset in the file", |it| it.entry -= 0x1000 + lowest(it)),
            ("the entry is where it would be put", |it| it.entry += BASE),
            ("the entry is in zeroes behind the code", |it| {
                it.segments[CODE].memsz = 0x200;
                it.entry = it.segments[CODE].vaddr + 0x180;
            }),
            ("the code ends where the entry is", |it| it.segments[CODE].filesz = 0x40),
            ("the code is not in the file", |it| it.segments[CODE].filesz = 0),
            ("the code has no bytes", |it| {
                it.segments[CODE] = Segment { filesz: 0, memsz: 0, ..it.segments[CODE] };
            }),
            ("the code may not be executed", |it| it.segments[CODE].flags = R),
            ("the code is not loaded", |it| it.segments[CODE].kind = NOTE),
            ("nothing is loaded", |it| {
                it.segments.iter_mut().filter(|it| it.kind == LOAD).for_each(|it| it.kind = NOTE);
            }),
        ],
    },
];

/// Gives a segment another address when it is loaded, and another size in memory.
pub fn put(program: &mut Program, segment: usize, address: u64, size: u64) {
    program.segments[segment].vaddr = address.wrapping_sub(base(program));
    program.segments[segment].memsz = size;
}

/// Moves the whole program, as far as memory is concerned.
pub fn shift(program: &mut Program, distance: u64) {
    program.entry = program.entry.wrapping_add(distance);
    for segment in program.segments.iter_mut().filter(|it| it.vaddr != 0 || it.kind == LOAD) {
        segment.vaddr = segment.vaddr.wrapping_add(distance);
    }
}

/// What is added to all addresses.
fn base(program: &Program) -> u64 {
    if program.kind == MOVABLE_TYPE { BASE } else { 0 }
}

/// The lowest address in the file.
fn lowest(program: &Program) -> u64 {
    program.segments[START].vaddr
}
