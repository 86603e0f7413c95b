//! Tests of the checks in the kernel, on programs that came with it.

use alloc::vec::Vec;

use ktest::{Chance, expect};

use super::{ElfError, read};
use crate::arch;
use crate::process::file;

/// A name for what is done to a program, the offset of a byte, and what to do with it.
type Damage = (&'static str, usize, fn(u8, &mut Chance) -> u8);

/// Any other byte.
fn another(byte: u8, chance: &mut Chance) -> u8 {
    byte ^ (1 + chance.byte() % 255)
}

/// A byte that makes a number of eight much too large.
fn large(_: u8, chance: &mut Chance) -> u8 {
    0x80 | chance.byte()
}

/// What is done to the file header.
const HEADER_DAMAGES: &[Damage] = &[
    ("the first bytes are others", 0, another),
    ("it is not of 64 bits", 4, another),
    ("the byte order is another", 5, another),
    ("the version is another", 6, another),
    ("the type is none that runs", 17, another),
    ("it is for another machine", 18, another),
    ("it begins with its last byte", 31, large),
    ("its program headers are far away", 39, large),
    ("its program headers have another size", 54, another),
    ("it has hundreds of program headers", 57, another),
];

/// What is done to the program header of what is loaded first.
const SEGMENT_DAMAGES: &[Damage] = &[
    ("its first part is far away in the file", 15, large),
    ("its first part is in the kernel's half", 23, large),
    ("its first part has more bytes than there are", 39, large),
    ("its first part has more memory than there is", 47, large),
];

/// A copy of a program that runs here.
fn program() -> Vec<u8> {
    file("bin/hello").expect("it came with the kernel").to_vec()
}

ktest::test! {
    /// A program of the kernel's own that was damaged is refused, whatever the damage.
    fn damaged_programs_are_refused() {
        let mut chance = Chance::new(1);
        let program = program();
        // `e_phoff` is right behind the file header, as linkers have it.
        let mut headers = (64..).step_by(56);
        let first = headers.find(|start| program[*start..start + 4] == [1, 0, 0, 0]);
        let first = first.expect("something is loaded");
        for (start, damages) in [(0, HEADER_DAMAGES), (first, SEGMENT_DAMAGES)] {
            for (name, offset, change) in damages {
                for _ in 0..20 {
                    let mut file = program.clone();
                    let byte = &mut file[start + offset];
                    *byte = change(*byte, &mut chance);
                    is_refused((name, "byte", start + offset, "is", *byte), &file);
                }
            }
        }
    }

    /// One that was cut off is refused.
    fn halves_of_programs_are_refused() {
        let mut chance = Chance::new(2);
        let program = program();
        let headers = 64 + 56 * usize::from(program[56]);
        for _ in 0..50 {
            let length = chance.below(headers);
            is_refused(("its first bytes only", length), &program[..length]);
        }
    }
}

fn is_refused(input: impl core::fmt::Debug, file: &[u8]) {
    let seen: Result<(), ElfError> = read(file, arch::ELF_MACHINE).map(|_| ());
    expect(("bin/hello, but", input, "is it refused"), seen.is_err(), true);
}
