//! What is unusual about a program and yet good: as much as there may be of something, as little,
//! or what a loader has no business with.

use crate::Change;
use crate::arrangement::{END, put, shift};
use crate::headers::{enlarge, move_table};
use crate::program::{CODE, CONSTANTS, DATA, FIXED, R, STACK_FLAGS, START, Segment, THREADS, W, X};

/// For all plain programs.
pub const EDGES: &[Change] = &[
    ("as many program headers as there may be", |it| enlarge(it, 64)),
    ("one program header", |it| {
        it.segments = vec![it.segments[CODE]];
        it.phnum = 1;
    }),
    ("the program headers end with the file", |it| move_table(it, 0x3000 - 7 * 56)),
    ("the program headers are half in the start", |it| move_table(it, 0x200)),
    ("the program headers are the last bytes of the start", |it| move_table(it, 0x300 - 7 * 56)),
    ("the program headers are a byte behind the start", |it| move_table(it, 0x301 - 7 * 56)),
    ("a system is named", |it| it.ident[7] = 3),
    ("a version of the system is named", |it| it.ident[8] = 1),
    ("no alignment", |it| it.segments[CODE].align = 0),
    ("an alignment of one byte", |it| it.segments[CODE].align = 1),
    ("an alignment of 64 KiB", |it| it.segments[DATA].align = 0x1_0000),
    ("an alignment of 2 MiB", |it| it.segments[DATA].align = 0x20_0000),
    ("the largest alignment", |it| it.segments[START].align = 1 << 30),
    ("the stack may be executed", |it| it.segments[STACK_FLAGS].flags = R | W | X),
    ("the stack is not spoken of", |it| it.segments[STACK_FLAGS].kind = 0),
    ("the constants may be written only", |it| it.segments[CONSTANTS].flags = W),
    ("the code may be executed only", |it| it.segments[CODE].flags = X),
    ("flags of the system", |it| it.segments[DATA].flags |= 0x0ff0_0000),
    ("the constants are all zero", |it| it.segments[CONSTANTS].filesz = 0),
    ("zeroes have an offset behind the file", |it| {
        it.segments[DATA] = Segment { filesz: 0, offset: 0x3e80, ..it.segments[DATA] };
    }),
    ("zeroes have the last offset of their page", |it| {
        it.segments[DATA] = Segment { filesz: 0, offset: !0xfff | 0xe80, ..it.segments[DATA] };
    }),
    ("a segment has no bytes, out of order", |it| {
        it.segments[CONSTANTS] =
            Segment { filesz: 0, memsz: 0, vaddr: !0, align: 3, flags: 0, ..it.segments[START] };
    }),
    ("the threads' part is all zero", |it| it.segments[THREADS].filesz = 0),
    ("the threads' part is as long in the file", |it| it.segments[THREADS].memsz = 16),
    ("the start ends where the code's page begins", |it| it.segments[START].memsz = 0x2000),
    ("the constants end where the data's page begins", |it| it.segments[CONSTANTS].memsz = 0x1000),
    ("the data has zeroes up to the end of a page", |it| it.segments[DATA].memsz = 0x2180),
    ("the data ends as high as may be", |it| put(it, DATA, END - 0x1180, 0x1180)),
    ("the data ends a byte lower", |it| put(it, DATA, END - 0x1180, 0x117f)),
    ("the data has 1 TiB", |it| it.segments[DATA].memsz = 1 << 40),
    ("the entry is the first byte of the code", |it| it.entry = it.segments[CODE].vaddr),
    ("the entry is the last byte of the code", |it| it.entry = it.segments[CODE].vaddr + 0xff),
    ("the code comes from the same page of the file", |it| {
        it.segments[CONSTANTS].offset = 0x1000;
    }),
];

/// For programs at addresses of their own.
pub const FIXED_EDGES: &[Change] = &[
    ("it begins as low as may be", |it| shift(it, 0x1_0000_u64.wrapping_sub(FIXED))),
    ("it is where movable ones are put", |it| shift(it, 0x5555_5555_0000 - FIXED)),
];
