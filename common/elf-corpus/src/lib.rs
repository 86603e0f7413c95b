//! Programs in the ELF format, good ones and bad ones, made by code.
//!
//! Whoever loads programs must be shown what can be wrong with one. A bad file here is a good one
//! with one change, so that there is one reason to refuse it, and a loader that lacks the check for
//! it accepts the file. The change is all that is kept: no file lies anywhere, and what is wrong
//! with one can be read in its line.
//!
//! The bytes are written by this crate alone ([`program`]), without the library that the kernel
//! reads them with.

pub mod program;

mod arrangement;
mod edges;
mod headers;
mod segments;

use program::{AARCH64, FIXED_TYPE, MOVABLE_TYPE, Program, X86_64};

/// A good file.
#[derive(Clone, Debug)]
pub struct Good {
    /// What it is.
    pub name: String,
    /// The machine that it is for, as in `e_machine`.
    pub machine: u16,
    /// What is in it.
    pub program: Program,
}

/// A file that must be refused.
#[derive(Clone, Debug)]
pub struct Bad {
    /// What is wrong with it, and the good file that it was.
    pub name: String,
    /// The machine of the loader that it is given to.
    pub machine: u16,
    /// What is in it.
    pub file: Vec<u8>,
    /// The variant of the error.
    pub kind: &'static str,
    /// A part of what the error says.
    pub words: &'static str,
}

/// What is different then, and what makes a plain program so.
type Change = (&'static str, fn(&mut Program));

/// Changes for which there is one error.
#[derive(Clone, Copy)]
struct Group {
    /// The good files that they make bad.
    of: Of,
    /// The variant of the error.
    kind: &'static str,
    /// A part of what it says.
    words: &'static str,
    changes: &'static [Change],
}

/// Some of the good files.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    All,
    /// The programs at addresses of their own.
    Fixed,
    /// The programs that run anywhere.
    Movable,
}

impl Of {
    fn has(self, program: &Program) -> bool {
        match self {
            Self::All => true,
            Self::Fixed => program.kind == FIXED_TYPE,
            Self::Movable => program.kind == MOVABLE_TYPE,
        }
    }
}

/// Plain programs: one at its own addresses and one that runs anywhere, for each machine.
pub fn plain() -> Vec<Good> {
    let mut all = Vec::new();
    for (machine, machine_name) in [(AARCH64, "aarch64"), (X86_64, "x86_64")] {
        for (program, kind) in
            [(Program::fixed(machine), "fixed"), (Program::movable(machine), "movable")]
        {
            all.push(Good { name: format!("{machine_name}, {kind}"), machine, program });
        }
    }
    all
}

/// All good files: the plain ones, and those with something unusual.
pub fn good() -> Vec<Good> {
    let mut all = plain();
    for plain in plain() {
        let is_fixed = Of::Fixed.has(&plain.program);
        let more: &[_] = if is_fixed { edges::FIXED_EDGES } else { &[] };
        for (name, change) in edges::EDGES.iter().chain(more) {
            let mut good = plain.clone();
            change(&mut good.program);
            good.name = format!("{name} ({})", plain.name);
            all.push(good);
        }
    }
    all
}

/// All bad files: each change, made to each plain program that it makes bad.
pub fn bad() -> Vec<Bad> {
    let groups = [headers::GROUPS, segments::GROUPS, arrangement::GROUPS].concat();
    let mut all = Vec::new();
    for good in plain() {
        for &Group { kind, words, changes, .. } in
            groups.iter().filter(|it| it.of.has(&good.program))
        {
            for (name, change) in changes {
                let mut program = good.program.clone();
                change(&mut program);
                let (name, file) = (format!("{name} ({})", good.name), program.bytes());
                all.push(Bad { name, machine: good.machine, file, kind, words });
            }
        }
    }
    all
}
