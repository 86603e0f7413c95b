//! Files that nobody would think of: good ones with some fields changed.

use std::cell::Cell;

use elf_corpus::{bad, good};
use host_tests::holds_for;
use proptest::prelude::*;

use crate::model::File;
use crate::process::elf;

/// Where the fields of a file header are, and how many bytes they have.
const HEADER: &[(usize, usize)] = &[
    (0, 4),
    (4, 1),
    (5, 1),
    (6, 1),
    (16, 2),
    (18, 2),
    (20, 4),
    (24, 8),
    (32, 8),
    (52, 2),
    (54, 2),
    (56, 2),
];

/// The same for a program header.
const ENTRY: &[(usize, usize)] = &[(0, 4), (4, 4), (8, 8), (16, 8), (32, 8), (40, 8), (48, 8)];

/// A change of a file's bytes.
#[derive(Clone, Debug)]
enum Mutation {
    /// A field gets this value.
    Set((usize, usize), u64),
    /// This is added to a field.
    Add((usize, usize), u64),
    /// A field gets the value of another.
    Copy((usize, usize), (usize, usize)),
    /// A byte is another.
    Flip(usize, u8),
    /// A stretch of the file is repeated somewhere else.
    Splice(usize, usize, usize),
    /// The file ends here.
    Cut(usize),
}

impl Mutation {
    fn apply(&self, file: &mut Vec<u8>) {
        match *self {
            Self::Set(field, value) => write(file, field, value),
            Self::Add(field, distance) => {
                let value = read(file, field).wrapping_add(distance);
                write(file, field, value);
            }
            Self::Copy(from, to) => {
                let value = read(file, from);
                write(file, to, value);
            }
            Self::Flip(offset, bits) => {
                file.iter_mut().skip(offset).take(1).for_each(|byte| *byte ^= bits);
            }
            Self::Splice(from, to, count) => {
                let part: Vec<_> = file.iter().skip(from).take(count).copied().collect();
                file.iter_mut().skip(to).zip(part).for_each(|(byte, new)| *byte = new);
            }
            Self::Cut(length) => file.truncate(length),
        }
    }
}

fn read(file: &[u8], (offset, size): (usize, usize)) -> u64 {
    let bytes = file.iter().skip(offset).take(size).rev();
    bytes.fold(0, |value, &byte| value << 8 | u64::from(byte))
}

fn write(file: &mut [u8], (offset, size): (usize, usize), value: u64) {
    let bytes = file.iter_mut().skip(offset).take(size);
    bytes.zip(value.to_le_bytes()).for_each(|(byte, new)| *byte = new);
}

/// A field of the header, or of one of the program headers.
fn field() -> impl Strategy<Value = (usize, usize)> {
    let header = prop::sample::select(HEADER);
    let entry = (0..8_usize, prop::sample::select(ENTRY))
        .prop_map(|(index, (offset, size))| (64 + 56 * index + offset, size));
    prop_oneof![1 => header, 6 => entry]
}

/// Numbers at which something changes.
const EDGES: &[u64] = &[0, 1, 2, 3, 4, 7, 62, 183, 0x1000, 0x1_0000, 0x40_0000];

/// Numbers near which something changes.
const REGIONS: &[u64] = &[0, 0x3000, 0x5555_5555_0000, 0x7fff_ff7f_f000, 0x8000_0000_0000, 1 << 63];

/// By how much a field becomes larger or smaller.
const STEPS: &[u64] = &[1, 8, 16, 0x100, 0x800, 0x1000, 0x2000, 0x10_0000, 1 << 32];

fn value() -> impl Strategy<Value = u64> {
    let near = (prop::sample::select(REGIONS), -0x2000..0x2000_i64);
    prop_oneof![
        prop::sample::select(EDGES),
        near.prop_map(|(region, distance)| region.wrapping_add_signed(distance)),
        (0..8_u64).prop_map(|value| value * 0x1000),
        any::<u64>(),
    ]
}

fn distance() -> impl Strategy<Value = u64> {
    (prop::sample::select(STEPS), any::<bool>())
        .prop_map(|(step, up)| if up { step } else { step.wrapping_neg() })
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        4 => (field(), value()).prop_map(|(field, value)| Mutation::Set(field, value)),
        4 => (field(), distance()).prop_map(|(field, value)| Mutation::Add(field, value)),
        2 => (field(), field()).prop_map(|(from, to)| Mutation::Copy(from, to)),
        2 => (0..0x220_usize, 1..=255_u8).prop_map(|(at, bits)| Mutation::Flip(at, bits)),
        1 => (0..0x220_usize, 0..0x220_usize, 1..120_usize)
            .prop_map(|(from, to, count)| Mutation::Splice(from, to, count)),
        1 => (0..0x3001_usize).prop_map(Mutation::Cut),
    ]
}

/// Which of `count` good files is changed, and how; by the dozen, so that many are tried.
fn files(count: usize) -> impl Strategy<Value = Vec<(usize, Vec<Mutation>)>> {
    let file = (0..count, prop::collection::vec(mutation(), 1..4));
    prop::collection::vec(file, 6)
}

/// Whether the loader accepts `file`. It must be right about that, and about what is in it.
fn accepts(file: &[u8], machine: u16) -> bool {
    let (model, answer) = (File::new(file), elf::read(file, machine));
    let is_good = model.as_ref().is_some_and(|model| model.is_good(machine));
    assert_eq!(answer.is_ok(), is_good, "{answer:?}");
    if let (Some(model), Ok(elf)) = (model, answer) {
        model.check(&elf);
    }
    is_good
}

/// No file makes the loader panic, and it accepts those that keep the rules, and no others.
#[test]
fn what_keeps_the_rules_is_accepted_and_nothing_else() {
    let goods = good();
    let bytes: Vec<_> = goods.iter().map(|good| good.program.bytes()).collect();
    let (all, accepted) = (Cell::new(0), Cell::new(0));
    holds_for(files(bytes.len()), |files| {
        for (index, mutations) in files {
            let mut file = bytes[index].clone();
            mutations.iter().for_each(|mutation| mutation.apply(&mut file));
            all.update(|all| all + 1);
            accepted.update(|count| count + i32::from(accepts(&file, goods[index].machine)));
        }
        Ok(())
    });
    // Else it is a test of one side only.
    let share = 100 * accepted.get() / all.get();
    assert!((5..80).contains(&share), "{share} % of {} files are good", all.get());
}

/// The made-up files are judged by the model as they were meant.
#[test]
fn the_model_knows_good_files_from_bad_ones() {
    for file in good() {
        assert!(accepts(&file.program.bytes(), file.machine), "{}", file.name);
    }
    for file in bad() {
        assert!(!accepts(&file.file, file.machine), "{}", file.name);
    }
}

/// A good file is refused as soon as a byte is missing that a header speaks of, and no cut panics.
#[test]
fn a_file_may_be_cut_anywhere() {
    for file in elf_corpus::plain() {
        let bytes = file.program.bytes();
        for length in 0..bytes.len() {
            let is_good = accepts(&bytes[..length], file.machine);
            assert_eq!(is_good, length >= 0x2fc0, "{} of {length} bytes", file.name);
        }
    }
}

#[test]
fn no_bytes_make_it_panic() {
    holds_for(prop::collection::vec(any::<u8>(), 0..0x400), |mut file| {
        accepts(&file, 62);
        let start = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0";
        file.splice(..start.len().min(file.len()), *start);
        accepts(&file, 62);
        Ok(())
    });
}
