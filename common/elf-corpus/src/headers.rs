//! What can be wrong with the header, and with the place of the program headers.

use crate::program::{AARCH64, INTERPRETER, Program, STACK_FLAGS, Segment, X86_64};
use crate::{Group, Of};

/// Bytes of all program headers.
const TABLE: u64 = 7 * 56;

pub const GROUPS: &[Group] = &[
    Group {
        of: Of::All,
        kind: "NotElf",
        words: "not an ELF file",
        changes: &[
            ("it is empty", |it| it.length = 0),
            ("it has one byte", |it| it.length = 1),
            ("it has three bytes", |it| it.length = 3),
            ("it begins with zeroes", |it| it.patch(0, &[0; 64])),
            ("it is a script", |it| it.patch(0, b"#!/bin/sh\necho this is not for the loader\n")),
            ("it is a program for Windows", |it| it.patch(0, b"MZ\x90\0\x03")),
            ("the first byte is another", |it| it.ident[0] = 0x7e),
            ("the second byte is another", |it| it.ident[1] = b'e'),
            ("the third byte is another", |it| it.ident[2] = b'l'),
            ("the fourth byte is another", |it| it.ident[3] = b'f'),
            ("it begins one byte late", |it| it.ident.rotate_right(1)),
        ],
    },
    Group {
        of: Of::All,
        kind: "TooShort",
        words: "ends within its header",
        changes: &[
            ("it ends before its class", |it| it.length = 4),
            ("it ends with its class", |it| it.length = 5),
            ("it ends before its type", |it| it.length = 16),
            ("it ends before its entry", |it| it.length = 24),
            ("it ends one byte before its header", |it| it.length = 63),
        ],
    },
    Group {
        of: Of::All,
        kind: "Class",
        words: "class is",
        changes: &[
            ("its class is none", |it| it.ident[4] = 0),
            ("it is of 32 bits", |it| it.ident[4] = 1),
            ("its class is a later one", |it| it.ident[4] = 3),
            ("its class is the last one", |it| it.ident[4] = 0xff),
        ],
    },
    Group {
        of: Of::All,
        kind: "ByteOrder",
        words: "byte order is",
        changes: &[
            ("its byte order is none", |it| it.ident[5] = 0),
            ("it is big-endian", |it| it.ident[5] = 2),
            ("its byte order is unknown", |it| it.ident[5] = 0x81),
        ],
    },
    Group {
        of: Of::All,
        kind: "Version",
        words: "version is",
        changes: &[
            ("its first version is none", |it| it.ident[6] = 0),
            ("its first version is 2", |it| it.ident[6] = 2),
            ("its version is none", |it| it.version = 0),
            ("its version is 2", |it| it.version = 2),
            ("its version is big-endian", |it| it.version = 1 << 24),
        ],
    },
    Group {
        of: Of::All,
        kind: "Type",
        words: "type is",
        changes: &[
            ("its type is none", |it| it.kind = 0),
            ("it is an object file", |it| it.kind = 1),
            ("it is a core dump", |it| it.kind = 4),
            ("its type is the system's own", |it| it.kind = 0xfe00),
            ("its type is the last one", |it| it.kind = 0xffff),
            ("its type is big-endian", |it| it.kind <<= 8),
        ],
    },
    Group {
        of: Of::All,
        kind: "Machine",
        words: "machine is",
        changes: &[
            ("it is for no machine", |it| it.machine = 0),
            ("it is for the other machine", |it| it.machine ^= AARCH64 ^ X86_64),
            ("it is for i386", |it| it.machine = 3),
            ("it is for ARM of 32 bits", |it| it.machine = 40),
            ("it is for RISC-V", |it| it.machine = 243),
            ("its machine is big-endian", |it| it.machine <<= 8),
        ],
    },
    Group {
        of: Of::All,
        kind: "HeaderSize",
        words: "header has",
        changes: &[
            ("its header has no bytes", |it| it.ehsize = 0),
            ("its header is one of 32 bits", |it| it.ehsize = 52),
            ("its header is one byte smaller", |it| it.ehsize = 63),
            ("its header is one byte larger", |it| it.ehsize = 65),
            ("its header is as large as can be", |it| it.ehsize = 0xffff),
        ],
    },
    Group {
        of: Of::All,
        kind: "EntrySize",
        words: "program headers have",
        changes: &[
            ("its program headers have no bytes", |it| it.phentsize = 0),
            ("its program headers are of 32 bits", |it| it.phentsize = 32),
            ("its program headers are one byte smaller", |it| it.phentsize = 55),
            ("its program headers are one byte larger", |it| it.phentsize = 57),
            ("its program headers are twice as large", |it| it.phentsize = 112),
            ("its program headers are as large as can be", |it| it.phentsize = 0xffff),
        ],
    },
    Group {
        of: Of::All,
        kind: "Count",
        words: "program headers, not 1 to 64",
        changes: &[
            ("it has no program headers", |it| it.phnum = 0),
            ("it has one program header too many", |it| enlarge(it, 65)),
            ("it has hundreds of program headers", |it| enlarge(it, 1000)),
            ("its program headers are beyond counting", |it| it.phnum = 0xffff),
        ],
    },
    Group {
        of: Of::All,
        kind: "TableInHeader",
        words: "inside the header",
        changes: &[
            ("its program headers are its header", |it| it.phoff = 0),
            ("its program headers are in its header", |it| move_table(it, 8)),
            ("its program headers begin one byte early", |it| move_table(it, 63)),
        ],
    },
    Group {
        of: Of::All,
        kind: "TableOutside",
        words: "are not all in its",
        changes: &[
            ("its program headers lack a byte", |it| move_table(it, 0x3000 - TABLE + 1)),
            ("its program headers lack the last", |it| it.phoff = 0x3000 - 6 * 56),
            ("its program headers begin where it ends", |it| it.phoff = 0x3000),
            ("its program headers begin behind it", |it| it.phoff = 0x10_0000),
            ("its program headers are beyond 32 bits", |it| it.phoff |= 1 << 32),
            ("its program headers are at a negative offset", |it| it.phoff = 1 << 63),
            ("its program headers begin at the last offset", |it| it.phoff = u64::MAX),
            ("its program headers end at offset 0", |it| it.phoff = u64::MAX - TABLE + 1),
            ("it ends within its program headers", |it| it.length = 64 + TABLE as usize - 1),
            ("it ends with its header", |it| it.length = 64),
        ],
    },
    Group {
        of: Of::All,
        kind: "Interpreter",
        words: "needs the interpreter",
        changes: &[
            ("it needs an interpreter", |it| interpret(it, b"/lib/ld-linux-aarch64.so.1\0")),
            ("it needs another interpreter", |it| interpret(it, b"/lib64/ld-linux-x86-64.so.2\0")),
            ("it needs an interpreter without a name", |it| interpret(it, b"\0")),
            ("its interpreter's name does not end", |it| interpret(it, &[b'a'; 48])),
            ("its interpreter's name is no text", |it| interpret(it, b"\xff\x1b[2J\0")),
        ],
    },
];

/// Adds program headers that say nothing, up to `count`.
pub fn enlarge(program: &mut Program, count: u16) {
    let nothing = Segment { kind: 0, flags: 0, offset: 0, vaddr: 0, filesz: 0, memsz: 0, align: 0 };
    program.segments.resize(count.into(), nothing);
    program.phnum = count;
    // Behind all else, where there is room.
    let end = program.length as u64;
    program.length += usize::from(count) * 56;
    move_table(program, end);
}

/// Writes the program headers somewhere else. What of the header is there stays.
pub fn move_table(program: &mut Program, offset: u64) {
    program.place = offset as usize;
    program.phoff = offset;
}

/// Makes the program header of the stack one of an interpreter.
fn interpret(program: &mut Program, path: &[u8]) {
    let (offset, size) = (0x2fd0, path.len() as u64);
    let header = &mut program.segments[STACK_FLAGS];
    *header = Segment { kind: INTERPRETER, offset, filesz: size, memsz: size, ..*header };
    program.patch(offset as usize, path);
}
