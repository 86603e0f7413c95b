//! What others may know of a process: what `/proc` tells.
//!
//! Two kinds of questions come. Some come while the tree of files is locked, from who walks a path
//! there: they are answered by places, which stay good as long as the tree is locked, since nobody
//! can let a file go meanwhile. Nothing of the process is held for that: to let it go again might
//! be to close its last file, for which the tree would have to be free. The others come when
//! nothing is locked, and are answered by what the process shares with who asks.

use alloc::vec::Vec;
use core::time::Duration;

use super::files::Program;
use super::memory::Memory;
use super::run::{PROCESSES, with_current};
use super::threads::current_tid;
use super::{Name, Pid, Process, State};
use crate::file::change::copy;
use crate::file::tree::Place;
use crate::file::{Description, FileError};
use crate::memory::shared::Shared;
use crate::scheduler::mutex::Mutex;
use crate::scheduler::{self, table};

/// What is known of a process as a whole; or, by the number of a thread that is not its first, of
/// that thread.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its number.
    pub pid: Pid,
    /// The number by which it was asked for: its own, or that of one of its threads.
    pub tid: Pid,
    /// The number of who made it, or of who has inherited it.
    pub parent: Pid,
    /// What it is called.
    pub name: Name,
    /// What it is doing.
    pub doing: Doing,
    /// How many threads it has; one, when it has ended.
    pub threads: usize,
    /// How long it has had the processor.
    pub used: Duration,
    /// When it was made, since the start of the system.
    pub started: Duration,
}

/// What a process is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It runs, or could: the thread that was asked for, or any of the process.
    Running,
    /// That one waits, or all of them.
    Waiting,
    /// It has ended, and nobody has asked how.
    Ended,
}

/// A descriptor of a process, to who comes by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A file that has a place.
    At(Place),
    /// A file without any, and its number among those.
    Nameless(u64),
}

/// What is known of the process that `tid` means. By the number of a thread that is not its first,
/// it is called as the thread is, and does what the thread does; all else is the process's. (On
/// Linux a thread has a start of its own.)
pub fn about(tid: Pid) -> Option<About> {
    let mut about = with(tid, |process| {
        let has_ended = matches!(process.state, State::Ended(_));
        Some(About {
            pid: process.pid,
            tid,
            parent: process.parent,
            name: process.name,
            doing: if has_ended { Doing::Ended } else { Doing::Waiting },
            threads: process.threads.len().max(1),
            used: process.row.map_or(Duration::ZERO, |row| row.used),
            started: process.started,
        })
    })?;
    if about.doing == Doing::Ended {
        return Some(about);
    }
    let mut index = 0;
    let rows = core::iter::from_fn(|| table::next(&mut index));
    for row in rows.filter(|row| row.pid == Some(about.pid)) {
        about.used += row.used;
        let is_asked = tid == about.pid || row.tid == Some(tid);
        if is_asked && tid != about.pid {
            about.name = row.name;
        }
        if is_asked && matches!(row.state, scheduler::State::Ready | scheduler::State::Running) {
            about.doing = Doing::Running;
        }
    }
    Some(about)
}

/// The lowest number of a process from `first` on.
pub fn next(first: Pid) -> Option<Pid> {
    let processes = PROCESSES.lock();
    processes.iter().map(|process| process.pid).filter(|pid| *pid >= first).min()
}

/// The memory of the process `pid`, if it has not ended. The tree must not be locked.
pub fn memory(pid: Pid) -> Option<Shared<Mutex<Memory>>> {
    with(pid, |process| process.memory.clone())
}

/// What the process `pid` executes, if it has not ended. The tree must not be locked.
pub fn program(pid: Pid) -> Option<Shared<Program>> {
    with(pid, |process| Some(process.files.as_ref()?.program.clone()))
}

/// What the process `pid` has open as `number`. The tree must not be locked.
pub fn description(pid: Pid, number: u32) -> Option<Shared<Description>> {
    with(pid, |process| {
        let descriptors = process.files.as_ref()?.descriptors.lock();
        Some(descriptors.find(number.into()).ok()?.description.clone())
    })
}

/// The path by which the program of the process `pid` was found.
pub fn program_path(pid: Pid) -> Result<Vec<u8>, FileError> {
    let path = with(pid, |process| Some(copy(&process.files.as_ref()?.program.path)));
    path.unwrap_or(Err(FileError::NotFound))
}

/// Where the program of the process `pid` is, for who has locked the tree.
pub fn program_place(pid: Pid) -> Option<Place> {
    with(pid, |process| Some(process.files.as_ref()?.program.held.place()))
}

/// Where the process `pid` is, for who has locked the tree.
pub fn folder_place(pid: Pid) -> Option<Place> {
    with(pid, |process| Some(process.files.as_ref()?.surroundings.lock().folder.place()))
}

/// What the process `pid` has open as `number`, for who has locked the tree.
pub fn opened(pid: Pid, number: u32) -> Option<Opened> {
    with(pid, |process| {
        let descriptors = process.files.as_ref()?.descriptors.lock();
        let description = &descriptors.find(number.into()).ok()?.description;
        match description.nameless() {
            Some(number) => Some(Opened::Nameless(number)),
            None => description.place().map(Opened::At),
        }
    })
}

/// The lowest number from `first` on that means something to the process `pid`.
pub fn next_opened(pid: Pid, first: u32) -> Option<u32> {
    with(pid, |process| {
        let descriptors = process.files.as_ref()?.descriptors.lock();
        (first..descriptors.len() as u32).find(|number| descriptors.find((*number).into()).is_ok())
    })
}

/// Whether a process or a thread has the number `pid`.
pub fn is_there(pid: Pid) -> bool {
    with(pid, |_| Some(())).is_some()
}

fn with<T>(pid: Pid, act: impl FnOnce(&Process) -> Option<T>) -> Option<T> {
    let processes = PROCESSES.lock();
    processes.iter().find(|process| process.has_number(pid)).and_then(act)
}

/// Notes that the thread that runs is called `name` now: its first thread names a process.
pub fn rename(name: Name) {
    let tid = current_tid();
    with_current(|process| {
        if process.pid == tid {
            process.name = name;
        }
    });
}
