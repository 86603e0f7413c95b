//! Any table of descriptors, beside a model that has a row for each number.

use std::collections::BTreeMap;

use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use table::Descriptors;

#[allow(dead_code, unused_imports, reason = "until its holes are filled")]
mod cloexec;
#[allow(dead_code, reason = "unused until the holes are filled")]
#[path = "../../src/file/descriptors/table.rs"]
mod table;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    any_flags_are_told_by_one_bit,
    any_dup_has_no_note,
    any_dup3_notes_what_it_is_told,
    any_fcntl_copies_as_it_is_told,
    any_note_can_be_asked_for,
    any_note_can_be_set,
    any_missing_number_is_refused,
    any_child_has_the_same,
    any_failed_execve_closes_nothing,
    any_execve_closes_what_is_noted,
];

// What `cloexec.rs` and `table.rs` use of the kernel's own. (Linux,
// `include/uapi/asm-generic/fcntl.h`.)
pub const F_DUPFD: u32 = 0;
pub const F_GETFD: u32 = 1;
pub const F_SETFD: u32 = 2;
pub const F_DUPFD_CLOEXEC: u32 = 1030;
pub const FD_CLOEXEC: u32 = 1;
pub const O_CLOEXEC: u32 = 0o2_000_000;
pub const USUAL_LIMIT: u64 = 1024;
pub const HIGHEST_LIMIT: u64 = 4096;

/// Why something cannot be done, likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "unused until the holes are filled")]
pub enum FileError {
    BadDescriptor,
    Invalid,
    NoMemory,
    TooManyOpen,
}

impl From<std::collections::TryReserveError> for FileError {
    fn from(_: std::collections::TryReserveError) -> Self {
        Self::NoMemory
    }
}

/// A descriptor, likewise. What it means is a number here.
#[derive(Clone, Debug)]
pub struct Descriptor {
    pub description: u8,
    pub closes_on_exec: bool,
}

/// What each number means, and its note.
type Rows = BTreeMap<u64, (u8, bool)>;

/// Rows with gaps between some of them. Several mean the same.
fn rows() -> impl Strategy<Value = Rows> {
    vec((0..3_u64, 0..4_u8, any::<bool>()), 1..8).prop_map(|list| {
        let mut next = 0;
        let place = |(gap, description, note)| {
            let number = next + gap;
            next = number + 1;
            (number, (description, note))
        };
        list.into_iter().map(place).collect()
    })
}

/// Rows, and the number of one of them.
fn rows_and_number() -> impl Strategy<Value = (Rows, u64)> {
    rows().prop_flat_map(|rows| {
        let numbers: Vec<u64> = rows.keys().copied().collect();
        (Just(rows), select(numbers))
    })
}

/// The table that has these rows.
fn table(rows: &Rows) -> Descriptors {
    let mut table = Descriptors::new();
    for (number, (description, closes_on_exec)) in rows {
        let descriptor = Descriptor { description: *description, closes_on_exec: *closes_on_exec };
        table.put(*number, descriptor).expect("there is room");
    }
    table
}

/// The rows that `table` has.
fn look(table: &Descriptors) -> Rows {
    let row = |number| {
        let found: &Descriptor = table.find(number).ok()?;
        Some((number, (found.description, found.closes_on_exec)))
    };
    (0..table.len() as u64).filter_map(row).collect()
}

/// The lowest number from `lowest` on that is not in `rows`.
fn free(rows: &Rows, lowest: u64) -> u64 {
    (lowest..).find(|number| !rows.contains_key(number)).expect("there is no end")
}

/// `rows` as text: what each means, and which of them `execve` closes.
fn show(rows: &Rows) -> Vec<String> {
    let text = |(number, (description, note)): (&u64, &(u8, bool))| {
        format!("{number}: {description}{}", if *note { " noted" } else { "" })
    };
    rows.iter().map(text).collect()
}

fn any_flags_are_told_by_one_bit() {
    let others = select(vec![0, 1, 2, 0o101, 0o1101, 0o2001, 0o4000, 0o4002]);
    holds_for((others, any::<bool>()), |(others, has)| {
        let flags = others | if has { O_CLOEXEC } else { 0 };
        let input = format!("the flags {flags:#o}, in which O_CLOEXEC is {has}");
        expect(input, cloexec::closes_on_exec(flags), has);
    });
}

fn any_dup_has_no_note() {
    holds_for(rows_and_number(), |(rows, number)| {
        let mut table = table(&rows);
        let answer = cloexec::dup(&mut table, number);
        let new = free(&rows, 0);
        let input = ("dup of", number, "in", show(&rows));
        expect((&input, "the answer"), answer, Ok(new as usize));
        let mut expected = rows.clone();
        expected.insert(new, (rows[&number].0, false));
        expect((&input, "the table"), show(&look(&table)), show(&expected));
    });
}

fn any_dup3_notes_what_it_is_told() {
    holds_for((rows_and_number(), 0..12_u64, any::<bool>()), |((rows, number), new, notes)| {
        // The kernel has refused this before.
        if new == number {
            return;
        }
        let mut table = table(&rows);
        let flags = if notes { O_CLOEXEC } else { 0 };
        let before = cloexec::dup3(&mut table, number, new, flags);
        let before = before.map(|found| found.map(|it| (it.description, it.closes_on_exec)));
        let flags = if notes { "O_CLOEXEC" } else { "0" };
        let input = ("dup3 of", number, "to", new, "with", flags, "in", show(&rows));
        expect((&input, "what it meant before"), before, Ok(rows.get(&new).copied()));
        let mut expected = rows.clone();
        expected.insert(new, (rows[&number].0, notes));
        expect((&input, "the table"), show(&look(&table)), show(&expected));
    });
}

fn any_fcntl_copies_as_it_is_told() {
    holds_for((rows_and_number(), 0..30_u64, any::<bool>()), |((rows, number), lowest, notes)| {
        let mut table = table(&rows);
        let command = if notes { F_DUPFD_CLOEXEC } else { F_DUPFD };
        let answer = cloexec::fcntl(&mut table, number, command, lowest);
        let new = free(&rows, lowest);
        let name = if notes { "F_DUPFD_CLOEXEC" } else { "F_DUPFD" };
        let input = (name, "of", number, "from", lowest, "on, in", show(&rows));
        expect((&input, "the answer"), answer, Ok(new as usize));
        let mut expected = rows.clone();
        expected.insert(new, (rows[&number].0, notes));
        expect((&input, "the table"), show(&look(&table)), show(&expected));
    });
}

fn any_note_can_be_asked_for() {
    holds_for(rows_and_number(), |(rows, number)| {
        let mut table = table(&rows);
        let answer = cloexec::fcntl(&mut table, number, F_GETFD, 0);
        let input = ("F_GETFD of", number, "in", show(&rows));
        let expected = if rows[&number].1 { FD_CLOEXEC as usize } else { 0 };
        expect((&input, "the answer"), answer, Ok(expected));
        expect((&input, "the table"), show(&look(&table)), show(&rows));
    });
}

fn any_note_can_be_set() {
    let arguments = select(vec![0, 1, 2, 3, u64::from(O_CLOEXEC), u64::from(O_CLOEXEC) | 1]);
    holds_for((rows_and_number(), arguments), |((rows, number), argument)| {
        let mut table = table(&rows);
        let answer = cloexec::fcntl(&mut table, number, F_SETFD, argument);
        let input = format!("F_SETFD of {number} with {argument:#o}, in {:?}", show(&rows));
        expect((&input, "the answer"), answer, Ok(0));
        let mut expected = rows.clone();
        expected.insert(number, (rows[&number].0, argument & u64::from(FD_CLOEXEC) != 0));
        expect((&input, "the table"), show(&look(&table)), show(&expected));
    });
}

fn any_missing_number_is_refused() {
    let commands = select(vec![F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD]);
    holds_for((rows(), commands, 0..3_u64), |(rows, command, further)| {
        let mut table = table(&rows);
        let number = free(&rows, 0) + further;
        if rows.contains_key(&number) {
            return;
        }
        let answers = [
            cloexec::dup(&mut table, number),
            cloexec::dup3(&mut table, number, 20, 0).map(|_| 0),
            cloexec::fcntl(&mut table, number, command, 1),
        ];
        let input = ("dup, dup3 and fcntl", command, "of", number, "in", show(&rows));
        expect((&input, "the answers"), answers, [Err(FileError::BadDescriptor); 3]);
        expect((&input, "the table"), show(&look(&table)), show(&rows));
    });
}

fn any_child_has_the_same() {
    holds_for((rows(), 10..2000_u64), |(rows, limit)| {
        let mut own = table(&rows);
        own.limits[0] = limit;
        let child = cloexec::fork(&own);
        let input = ("fork with", show(&rows));
        let seen = child.as_ref().map(|child| (show(&look(child)), child.limits[0]));
        expect((&input, "the child's, and its limit"), seen, Ok((show(&rows), limit)));
        expect((&input, "the parent's"), show(&look(&own)), show(&rows));
    });
}

/// Nothing has failed yet when the new table is made, and anything may behind it.
fn any_failed_execve_closes_nothing() {
    holds_for(rows(), |rows| {
        let mut old = table(&rows);
        let new = cloexec::begin_execve(&mut old).map(drop);
        let input = ("execve with", show(&rows), "fails when the new table is made");
        expect((&input, "is it made"), new, Ok(()));
        expect((&input, "the old program's table"), show(&look(&old)), show(&rows));
    });
}

/// Whether it happens when the table is made or afterwards, what is noted goes, and once.
fn any_execve_closes_what_is_noted() {
    holds_for(rows(), |rows| {
        let mut old = table(&rows);
        let input = ("execve with", show(&rows));
        let Ok(mut new) = cloexec::begin_execve(&mut old) else {
            panic!("there is memory for a table");
        };
        let mut count = 0;
        while cloexec::end_execve(&mut new).is_some() {
            count += 1;
            expect((&input, "it takes out more than there are"), count > rows.len(), false);
        }
        let mut expected = rows.clone();
        expected.retain(|_, (_, is_noted)| !*is_noted);
        expect((&input, "the new program's table"), show(&look(&new)), show(&expected));
    });
}
