//! What `/proc` tells of a process.
//!
//! Linux, Documentation/filesystems/proc.rst, 1.1, "Process-Specific Subdirectories".

use alloc::vec::Vec;
use core::fmt::Write;
use core::time::Duration;

use super::Text;
use crate::config::TICK_HERTZ;
use crate::file::status::Kind;
use crate::file::{FileError, TREE};
use crate::memory::address::FRAME_SIZE;
use crate::memory::paging::Access;
use crate::process::about::{self, About, Doing};
use crate::process::memory::{Piece, Sizes};
use crate::process::{Pid, regions, send};

/// What there is of each process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// The arguments that it was started with, each with a zero behind it.
    Arguments,
    /// What it is called.
    Name,
    /// The folder that it is in.
    Folder,
    /// Its program.
    Program,
    /// What it has open.
    Descriptors,
    /// Its memory, range by range.
    Maps,
    /// The root of its tree, which is everybody's.
    Root,
    /// Numbers, for programs.
    Stat,
    /// Some of them, for people.
    Status,
}

/// All of them, with their names.
const ALL: [(&str, Item); 9] = [
    ("cmdline", Item::Arguments),
    ("comm", Item::Name),
    ("cwd", Item::Folder),
    ("exe", Item::Program),
    ("fd", Item::Descriptors),
    ("maps", Item::Maps),
    ("root", Item::Root),
    ("stat", Item::Stat),
    ("status", Item::Status),
];

/// Where the name of a file begins in a line of `maps`.
const NAME_COLUMN: usize = 73;

impl Item {
    /// The one that is called `name`.
    pub fn find(name: &[u8]) -> Option<Self> {
        ALL.iter().find(|(other, _)| other.as_bytes() == name).map(|(_, item)| *item)
    }

    /// Number `index` of them, and its name.
    pub fn listed(index: u64) -> Option<(&'static str, Self)> {
        ALL.get(usize::try_from(index).ok()?).copied()
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        ALL[self as usize].0
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self {
            Self::Folder | Self::Program | Self::Root => Kind::Link,
            Self::Descriptors => Kind::Folder,
            _ => Kind::Regular,
        }
    }

    /// What it tells of the process `pid`.
    pub fn text(self, pid: Pid) -> Result<Vec<u8>, FileError> {
        let about = about::about(pid).ok_or(FileError::NoProcess)?;
        match self {
            Self::Arguments => match about::memory(pid) {
                Some(memory) => memory.lock().arguments(),
                None => Ok(Vec::new()),
            },
            Self::Name => Text::of(|text| Ok(writeln!(text, "{}", about.name)?)),
            Self::Maps => maps(pid),
            Self::Stat => stat(&about, sizes(pid)),
            Self::Status => status(&about, sizes(pid)),
            Self::Folder | Self::Program | Self::Root | Self::Descriptors => {
                Err(FileError::IsAFolder)
            }
        }
    }
}

/// How much memory the process `pid` has; none, when it has ended.
fn sizes(pid: Pid) -> Option<Sizes> {
    about::memory(pid).map(|memory| memory.lock().sizes())
}

/// The letter of Linux for what a process is doing, and its word.
fn state(about: &About) -> (char, &'static str) {
    match about.doing {
        Doing::Running => ('R', "running"),
        Doing::Waiting => ('S', "sleeping"),
        Doing::Ended => ('Z', "zombie"),
    }
}

/// `time` in ticks, which is what programs are told that a second has so many of.
pub(super) fn ticks(time: Duration) -> u64 {
    (time.as_nanos() * u128::from(TICK_HERTZ) / 1_000_000_000) as u64
}

/// The 52 numbers of `stat`. What nobody counts is 0, and the limit of memory all ones.
fn stat(about: &About, sizes: Option<Sizes>) -> Result<Vec<u8>, FileError> {
    const TERMINAL: u32 = 5 << 8 | 1;
    const SIGCHLD: u32 = 17;
    const PRIORITY: u32 = 20;
    let About { tid, parent, name, threads, used, started, .. } = about;
    let (group, state) = (send::group(), state(about).0);
    let [used, started] = [used, started].map(|time| ticks(*time));
    let Sizes { all, resident, .. } = sizes.unwrap_or_default();
    let resident = resident / FRAME_SIZE;
    Text::of(|text| {
        write!(text, "{tid} ({name}) {state} {parent} {group} {group} {TERMINAL} {group} 0 ")?;
        // Faults, of four kinds; then the time in the program, in the kernel, and the children's.
        write!(text, "0 0 0 0 {used} 0 0 0 {PRIORITY} 0 {threads} 0 {started} ")?;
        write!(text, "{all} {resident} {} ", u64::MAX)?;
        // Places in memory, and sets of signals, that only a debugger may see.
        write!(text, "0 0 0 0 0 0 0 0 0 0 0 0 {SIGCHLD} 0 0 0 0 0 0 ")?;
        Ok(writeln!(text, "0 0 0 0 0 0 0 0")?)
    })
}

/// The same for people, a line each.
fn status(about: &About, sizes: Option<Sizes>) -> Result<Vec<u8>, FileError> {
    let About { pid, tid, parent, name, threads, .. } = about;
    let (letter, word) = state(about);
    Text::of(|text| {
        write!(text, "Name:\t{name}\nState:\t{letter} ({word})\nTgid:\t{pid}\nNgid:\t0\n")?;
        write!(text, "Pid:\t{tid}\nPPid:\t{parent}\nTracerPid:\t0\n")?;
        write!(text, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n")?;
        if let Some(Sizes { all, resident, stack, program }) = sizes {
            let lines = [("Size", all), ("RSS", resident), ("Stk", stack), ("Exe", program)];
            for (what, bytes) in lines {
                writeln!(text, "Vm{what}:\t{:8} kB", bytes / 1024)?;
            }
        }
        Ok(writeln!(text, "Threads:\t{threads}")?)
    })
}

/// A line for each range of memory that is for one thing.
///
/// Differs: where in its file a part of the program begins is told as 0.
fn maps(pid: Pid) -> Result<Vec<u8>, FileError> {
    let (Some(memory), Some(program)) = (about::memory(pid), about::program(pid)) else {
        return Ok(Vec::new());
    };
    let file = TREE.lock().status(program.held.place());
    let memory = memory.lock();
    Text::of(|text| {
        for piece in memory.pieces() {
            let name: &[u8] = match (piece.kind, piece.file) {
                (_, Some((file, _))) => &file.path,
                (regions::Kind::Program, _) => &program.path,
                (regions::Kind::Heap, _) => b"[heap]",
                (regions::Kind::Stack, _) => b"[stack]",
                (regions::Kind::Mapping, _) => b"",
            };
            let (device, number, offset) = match (piece.kind, piece.file) {
                (_, Some((file, offset))) => (file.device, file.number, offset),
                (regions::Kind::Program, _) => (file.device, file.number, 0),
                _ => (0, 0, 0),
            };
            let start = text.len();
            range(text, &piece)?;
            write!(text, " {offset:08x} {:02x}:{:02x} {number} ", device >> 8, device & 0xff)?;
            if !name.is_empty() {
                text.pad_to(start + NAME_COLUMN)?;
                text.add(name)?;
            }
            text.add(b"\n")?;
        }
        Ok(())
    })
}

/// Where a range is, and what may be done there.
fn range(text: &mut Text, piece: &Piece) -> Result<(), FileError> {
    let letter = |access, letter| if piece.access.contains(access) { letter } else { '-' };
    let [read, write, execute] =
        [(Access::USER, 'r'), (Access::WRITE, 'w'), (Access::EXECUTE, 'x')]
            .map(|(access, sign)| letter(access, sign));
    let shared = if piece.file.is_some_and(|(file, _)| file.is_shared) { 's' } else { 'p' };
    let (start, end) = (piece.pages.start.0, piece.pages.end.0);
    Ok(write!(text, "{start:08x}-{end:08x} {read}{write}{execute}{shared}")?)
}
