//! Your checks, on hundreds of bad files, each with one thing wrong, and on good ones.
//!
//! The files are made by the crate `elf-corpus`, which says of each what is wrong with it, and by
//! `programs.rs`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use elf_corpus::program::LOAD;
use exercise_host::{Property, holds_for, properties};
use file::Refused;
use ktest::{Chance, expect};
use programs::Case;
use proptest::prelude::*;

#[forbid(unsafe_code)]
mod checks;
#[allow(dead_code, reason = "unused until the holes are filled")]
mod file;
mod programs;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    strangers_are_refused,
    tables_are_where_they_should_be,
    interpreters_are_refused,
    bytes_are_in_the_file,
    memory_has_room_for_the_bytes,
    nothing_is_written_and_executed,
    places_in_pages_agree,
    no_sum_overflows,
    the_rest_of_memory_is_left_alone,
    no_page_is_shared,
    the_entry_is_code,
    good_programs_are_taken,
];

fn strangers_are_refused() {
    are_refused(&["NotElf", "TooShort", "Class", "ByteOrder", "Version", "Type", "Machine"]);
}

fn tables_are_where_they_should_be() {
    are_refused(&["HeaderSize", "EntrySize", "Count", "TableInHeader", "TableOutside"]);
}

fn interpreters_are_refused() {
    are_refused(&["Interpreter"]);
}

fn bytes_are_in_the_file() {
    are_refused(&["Outside"]);
}

fn memory_has_room_for_the_bytes() {
    are_refused(&["Size"]);
}

fn nothing_is_written_and_executed() {
    are_refused(&["WritableCode", "NoAccess"]);
}

fn places_in_pages_agree() {
    are_refused(&["Alignment", "Congruence"]);
}

fn no_sum_overflows() {
    are_refused(&["Overflow"]);
}

fn the_rest_of_memory_is_left_alone() {
    are_refused(&["TooLow", "TooHigh"]);
}

fn no_page_is_shared() {
    are_refused(&["Order", "SharedPage"]);
}

fn the_entry_is_code() {
    are_refused(&["Entry"]);
}

/// Whether every bad file is refused whose defect is of one of these `kinds`.
fn are_refused(kinds: &[&str]) {
    let mut files = elf_corpus::bad();
    files.retain(|file| kinds.contains(&file.kind));
    holds_for(any::<u64>(), |seed| {
        for file in &files {
            let input = format!("a file of which {}", file.name);
            is_refused(&input, with_noise(file.file.clone(), seed), file.machine);
        }
    });
    let damages: Vec<_> =
        programs::DAMAGES.iter().filter(|(kind, ..)| kinds.contains(kind)).collect();
    if !damages.is_empty() {
        holds_for((programs::good(), any::<usize>(), any::<u64>()), |(case, index, number)| {
            for (_, name, damage) in &damages {
                let Case { machine, mut program } = case.clone();
                damage(&mut program, index, number);
                let file = program.bytes();
                is_refused(&format!("{name}: {:?}", Case { machine, program }), file, machine);
            }
        });
    }
}

/// Loads `file`, of which `input` tells, to the end; it must not come so far.
fn is_refused(input: &str, file: Vec<u8>, machine: u16) {
    let seen = catch_unwind(AssertUnwindSafe(|| match file::read(&file, machine) {
        Err(Refused(_)) => "it is refused".to_string(),
        Ok(program) => format!("it is loaded, in {} parts", program.parts().count()),
    }));
    let seen = seen.unwrap_or_else(|why| {
        let words = why.downcast_ref::<String>().map(String::as_str);
        let words = words.or(why.downcast_ref::<&str>().copied()).unwrap_or_default();
        // A hole of the starter's is no mistake.
        assert!(!words.starts_with("not yet implemented"), "{words}");
        format!("it is believed, until a panic: {words}")
    });
    expect(input, seen.as_str(), "it is refused");
}

/// `file` with other values in what no loader looks at, unless `seed` is 0.
fn with_noise(mut file: Vec<u8>, seed: u64) -> Vec<u8> {
    let mut chance = Chance::from_seed(seed);
    let mut spoil = |range: core::ops::Range<usize>| {
        if let (Some(bytes), true) = (file.get_mut(range), seed > 0) {
            bytes.iter_mut().for_each(|byte| *byte = chance.byte());
        }
    };
    // The system, and what is reserved; the section headers; flags of the processor's.
    spoil(7..16);
    spoil(40..52);
    spoil(58..64);
    // The physical address of the first segments, where the program headers are if they are whole.
    for header in 0..7 {
        let place = 64 + header * 56 + 24;
        spoil(place..place + 8);
    }
    file
}

fn good_programs_are_taken() {
    for elf_corpus::Good { name, machine, program } in elf_corpus::good() {
        is_taken(&name, &Case { machine, program });
    }
    holds_for(programs::good(), |case| is_taken("made up", &case));
}

/// Whether `case`, of which `name` says what is unusual, is loaded to where it should be.
fn is_taken(name: &str, case: &Case) {
    let file = case.program.bytes();
    let seen = file::read(&file, case.machine).map(|it| (it.entry(), it.parts().count()));
    let parts = case.program.segments.iter().filter(|it| it.kind == LOAD && it.memsz > 0);
    let expected = (case.program.entry + case.base(), parts.count());
    expect(("a good file", name, case), seen, Ok(expected));
}
