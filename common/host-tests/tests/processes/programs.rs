//! What the loader finds in a good file, and how it says what is wrong with a bad one.

use elf_corpus::bad;
use elf_corpus::program::{AARCH64, CODE, DATA, Program, STACK_FLAGS, START, X86_64};

use crate::memory::address::VirtAddr;
use crate::memory::paging::Access;
use crate::process::elf::{Segment, read};

/// Pages of a program, access, start, bytes in the file and in memory.
type Shape = (u64, u64, Access, u64, usize, u64);

fn shape(segment: &Segment) -> Shape {
    let Segment { pages, access, start, bytes, memory_size } = segment;
    (pages.start.0, pages.end.0, *access, start.0, bytes.len(), *memory_size)
}

/// What the plain programs have, from `base` on.
fn plain(base: u64) -> [Shape; 4] {
    let read = Access::USER;
    let (execute, write) = (read | Access::EXECUTE, read | Access::WRITE);
    let shapes = [
        (0, 0x1000, read, 0, 0x300, 0x300),
        (0x2000, 0x3000, execute, 0x2040, 0x100, 0x100),
        (0x4000, 0x5000, read, 0x4000, 0x200, 0x200),
        (0x5000, 0x8000, write, 0x5e80, 0x140, 0x1400),
    ];
    shapes.map(|(first, end, access, start, in_file, in_memory)| {
        (base + first, base + end, access, base + start, in_file, in_memory)
    })
}

fn check(program: &Program, base: u64, added: u64) {
    let file = program.bytes();
    let elf = read(&file, program.machine).expect("it is a good one");
    assert_eq!(elf.entry, VirtAddr(base + 0x2080));
    assert_eq!(elf.base, added);
    assert_eq!(elf.program_headers, VirtAddr(base + 64));
    assert_eq!(elf.program_header_count, 7);
    let segments: Vec<_> = elf.segments().collect();
    assert_eq!(segments.iter().map(shape).collect::<Vec<_>>(), plain(base));
    assert_eq!(segments[0].bytes, &file[..0x300]);
    assert_eq!(segments[1].bytes, &file[0x1040..0x1140]);
    assert_eq!(segments[3].bytes, &file[0x2e80..0x2fc0]);
}

#[test]
fn a_program_lies_at_its_own_addresses() {
    for machine in [AARCH64, X86_64] {
        check(&Program::fixed(machine), 0x40_0000, 0);
    }
}

#[test]
fn a_movable_program_lies_at_the_base() {
    for machine in [AARCH64, X86_64] {
        check(&Program::movable(machine), 0x5555_5555_0000, 0x5555_5555_0000);
    }
}

#[test]
fn the_base_keeps_the_largest_alignment() {
    for (alignment, base) in [
        (0, 0x5555_5555_0000),
        (0x1_0000, 0x5555_5555_0000),
        (0x2_0000, 0x5555_5554_0000),
        (0x20_0000, 0x5555_5540_0000),
        (0x4000_0000, 0x5555_4000_0000),
    ] {
        let mut program = Program::movable(AARCH64);
        program.segments[DATA].align = alignment;
        check(&program, base, base);
    }
}

#[test]
fn program_headers_in_no_segment_are_nowhere() {
    let mut program = Program::fixed(X86_64);
    program.segments[START].filesz = 64 + 7 * 56 - 1;
    let file = program.bytes();
    assert_eq!(read(&file, X86_64).map(|elf| elf.program_headers), Ok(VirtAddr(0)));
}

/// We never make a stack executable, whoever asks for it.
#[test]
fn an_executable_stack_is_no_segment() {
    let mut program = Program::fixed(AARCH64);
    program.segments[STACK_FLAGS].flags = 7;
    check(&program, 0x40_0000, 0);
}

#[test]
fn an_error_names_the_value_that_is_wrong() {
    let words = |change: fn(&mut Program)| {
        let mut program = Program::fixed(X86_64);
        change(&mut program);
        read(&program.bytes(), X86_64).expect_err("it is a bad one").to_string()
    };
    assert_eq!(words(|it| it.machine = AARCH64), "machine is 0xb7, not 0x3e");
    assert_eq!(words(|it| it.length = 63), "ends within its header, after 63 bytes");
    assert_eq!(words(|it| it.kind = 1), "type is 1, not 2 or 3: it is no program");
    assert_eq!(words(|it| it.segments[CODE].flags = 7), "segment 2 may be written and executed");
    assert_eq!(
        words(|it| it.segments[DATA].memsz = 1 << 47),
        "segment 4 ends at 0x800000406000, above 0x7fffff7ff000"
    );
    assert_eq!(
        words(|it| it.segments[START].memsz = 0x2001),
        "segments 1 and 2 share the page at 0x402000"
    );
    assert_eq!(words(|it| it.entry = 0x123), "entry 0x123 is in no code of the file");
}

/// An interpreter's name comes from the file, so it may be anything, and long.
#[test]
fn an_interpreter_is_named_as_far_as_there_is_room() {
    let words = |path: &[u8]| {
        let mut program = Program::movable(AARCH64);
        let header = &mut program.segments[STACK_FLAGS];
        (header.kind, header.offset, header.filesz) = (3, 0x2800, path.len() as u64);
        program.patch(0x2800, path);
        read(&program.bytes(), AARCH64).expect_err("there is no interpreter").to_string()
    };
    assert_eq!(words(b"/lib/ld.so\0"), "needs the interpreter /lib/ld.so");
    assert_eq!(words(b"/lib/ld.so"), "needs the interpreter /lib/ld.so");
    assert_eq!(words(b"/lib\0/ld.so\0"), "needs the interpreter /lib");
    assert_eq!(words(b"\x1b[2J\xff\0"), "needs the interpreter \\x1b[2J\\xff");
    assert_eq!(words(b""), "needs the interpreter ");
    assert_eq!(words(&[b'a'; 0x400]), format!("needs the interpreter {}", "a".repeat(48)));
}

/// Every obstacle has words of its own, on one line.
#[test]
fn every_error_is_one_line() {
    for file in bad() {
        let error = read(&file.file, file.machine).expect_err("it is a bad one").to_string();
        assert!(!error.contains('\n') && error.len() < 120, "{error}");
    }
}
