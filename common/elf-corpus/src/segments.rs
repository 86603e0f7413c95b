//! What can be wrong with one segment.

use crate::program::{
    CODE, CONSTANTS, DATA, INTERPRETER, Program, R, STACK_FLAGS, START, Segment, THREADS, W, X,
};
use crate::{Group, Of};

pub const GROUPS: &[Group] = &[
    Group {
        of: Of::All,
        kind: "Alignment",
        words: "no power of two up to 0x40000000",
        changes: &[
            ("the code's alignment is 3", |it| it.segments[CODE].align = 3),
            ("the start's alignment is a page and a byte", |it| it.segments[START].align = 0x1001),
            ("the data's alignment is one and a half pages", |it| it.segments[DATA].align = 0x1800),
            ("an alignment is odd in its high half", |it| it.segments[CODE].align |= 1 << 40),
            ("an alignment is 2 GiB", |it| it.segments[CONSTANTS].align = 1 << 31),
            ("an alignment is half of all there is", |it| it.segments[DATA].align = 1 << 63),
            ("an alignment is the largest number", |it| it.segments[START].align = u64::MAX),
        ],
    },
    Group {
        of: Of::All,
        kind: "Size",
        words: "bytes in the file, more than",
        changes: &[
            ("the code is a byte longer in the file", |it| it.segments[CODE].filesz += 1),
            ("the data is a byte longer in the file", |it| it.segments[DATA].memsz = 0x13f),
            ("the constants have one byte in memory", |it| it.segments[CONSTANTS].memsz = 1),
            ("the start has no size in memory but one in the file", |it| {
                it.segments[START].memsz = 0
            }),
            ("the code has all of the file", |it| it.segments[CODE].filesz = 0x1fc0),
            ("a thread's part is a byte longer in the file", |it| it.segments[THREADS].memsz = 15),
            ("a thread's part has no size in memory", |it| it.segments[THREADS].memsz = 0),
        ],
    },
    Group {
        of: Of::All,
        kind: "Outside",
        words: "not all in the file of",
        changes: &[
            ("the data ends a byte behind the file", |it| resize(it, DATA, 0x181)),
            ("the constants end a page behind the file", |it| resize(it, CONSTANTS, 0x2000)),
            ("the code begins where the file ends", |it| it.segments[CODE].offset = 0x3040),
            ("the start begins far behind the file", |it| it.segments[START].offset = 1 << 20),
            ("the data begins beyond 32 bits", |it| it.segments[DATA].offset |= 1 << 32),
            ("the code begins at a negative offset", |it| it.segments[CODE].offset |= 1 << 63),
            ("the start begins in the last page", |it| it.segments[START].offset = !0xfff),
            ("the data ends at offset 0x40", |it| {
                it.segments[DATA] = Segment { offset: !0x17f, filesz: 0x1c0, ..it.segments[DATA] };
            }),
            ("the code's size is the largest number", |it| resize(it, CODE, u64::MAX)),
            ("the code's size is a negative number", |it| resize(it, CODE, 1 << 63)),
            ("the data's end is beyond all offsets", |it| resize(it, DATA, !0x2e7f)),
            ("a thread's part is behind the file", |it| it.segments[THREADS].offset = 0x3000),
            ("a thread's part ends behind the file", |it| it.segments[THREADS].offset = 0x2ff1),
            ("the interpreter's name is behind the file", |it| {
                let header = &mut it.segments[STACK_FLAGS];
                *header = Segment { kind: INTERPRETER, offset: 0x2ff1, filesz: 16, ..*header };
            }),
            ("it is cut within its data", |it| it.length = 0x2fbf),
            ("it is cut within its code", |it| it.length = 0x1100),
            ("it is cut within its start", |it| it.length = 0x2ff),
        ],
    },
    Group {
        of: Of::All,
        kind: "WritableCode",
        words: "may be written and executed",
        changes: &[
            ("the code may be written", |it| it.segments[CODE].flags |= W),
            ("the data may be executed", |it| it.segments[DATA].flags |= X),
            ("the constants may be all", |it| it.segments[CONSTANTS].flags = R | W | X),
            ("the start may be written and executed, not read", |it| {
                it.segments[START].flags = W | X
            }),
            ("the code may be all and has a flag of the processor's", |it| {
                it.segments[CODE].flags = R | W | X | 1 << 28;
            }),
        ],
    },
    Group {
        of: Of::All,
        kind: "NoAccess",
        words: "may not be read, written or executed",
        changes: &[
            ("the start may not be used", |it| it.segments[START].flags = 0),
            ("the constants may not be used", |it| it.segments[CONSTANTS].flags = 0),
            ("the data has a flag of the system's only", |it| it.segments[DATA].flags = 1 << 20),
            ("the data has a flag that means nothing", |it| it.segments[DATA].flags = 8),
        ],
    },
    Group {
        of: Of::All,
        kind: "Congruence",
        words: "not at the same place of a page",
        changes: &[
            ("the start is a byte further in memory", |it| it.segments[START].vaddr += 1),
            ("the code is 16 bytes further in memory", |it| it.segments[CODE].vaddr += 16),
            ("the constants are half a page further in memory", |it| {
                it.segments[CONSTANTS].vaddr += 0x800;
            }),
            ("the data is half a page earlier in memory", |it| it.segments[DATA].vaddr -= 0x800),
            ("the code is a byte earlier in the file", |it| it.segments[CODE].offset -= 1),
            ("the constants are 8 bytes further in the file", |it| {
                it.segments[CONSTANTS].offset += 8;
            }),
            ("the data is half a page earlier in the file", |it| it.segments[DATA].offset -= 0x800),
        ],
    },
];

/// Gives a segment another size, in the file and in memory.
fn resize(program: &mut Program, segment: usize, size: u64) {
    let segment = &mut program.segments[segment];
    segment.filesz = size;
    segment.memsz = size;
}
