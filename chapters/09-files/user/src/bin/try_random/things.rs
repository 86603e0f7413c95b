//! What the program knows of its descriptors, from the answers of the kernel.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use linux_raw_sys::general;
use user::Errno;
use user::dice::Dice;
use user::raw::{self, KIND, Stat};

/// More descriptors than these are not opened.
const MOST: usize = 12;

/// A pipe takes this many writes at least before it is full. How many bytes fit depends on how they
/// come.
const WRITES: usize = 15;

/// What kind of thing is behind a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
    Pipe,
}

/// What is known of a descriptor.
#[derive(Clone, Copy, Debug)]
pub struct Thing {
    pub kind: Kind,
    /// Which pipe it is, if it is one.
    pipe: usize,
}

/// The descriptors.
#[derive(Default)]
pub struct Things {
    open: BTreeMap<usize, Thing>,
    /// How often each pipe was written to.
    writes: Vec<usize>,
}

impl Things {
    /// Whether there is room for more.
    pub fn has_room(&self) -> bool {
        self.open.len() < MOST
    }

    /// One of the descriptors, or seldom one that is not open.
    pub fn choose(&self, dice: &mut Dice) -> usize {
        if self.open.is_empty() || dice.one_in(25) {
            return 77;
        }
        self.open.keys().nth(dice.below(self.open.len())).copied().unwrap_or(77)
    }

    /// What is known of `descriptor`.
    pub fn get(&self, descriptor: usize) -> Option<Thing> {
        self.open.get(&descriptor).copied()
    }

    /// Whether `descriptor` is of this kind.
    pub fn is(&self, descriptor: usize, kind: Kind) -> bool {
        self.get(descriptor).is_some_and(|thing| thing.kind == kind)
    }

    /// Notes that `descriptor` was opened.
    pub fn opened(&mut self, descriptor: usize) {
        let mode = raw::fstat(descriptor).map_or(0, |stat| stat.st_mode & KIND);
        let kind = if mode == general::S_IFDIR { Kind::Folder } else { Kind::File };
        self.open.insert(descriptor, Thing { kind, pipe: 0 });
    }

    /// Notes that `ends` are those of a new pipe.
    pub fn piped(&mut self, ends: [usize; 2]) {
        let pipe = self.writes.len();
        self.writes.push(0);
        for end in ends {
            self.open.insert(end, Thing { kind: Kind::Pipe, pipe });
        }
    }

    /// Notes that `copy` is now the same as `descriptor`.
    pub fn copied(&mut self, descriptor: usize, copy: usize) {
        if let Some(thing) = self.get(descriptor) {
            self.open.insert(copy, thing);
        }
    }

    /// Notes that `descriptor` was closed.
    pub fn closed(&mut self, descriptor: usize) {
        self.open.remove(&descriptor);
    }

    /// Whether a write to `descriptor` cannot be too much for a pipe; counts it.
    pub fn may_write(&mut self, descriptor: usize) -> bool {
        let pipe = self.get(descriptor).filter(|thing| thing.kind == Kind::Pipe);
        let Some(writes) = pipe.and_then(|thing| self.writes.get_mut(thing.pipe)) else {
            return true;
        };
        *writes += 1;
        *writes <= WRITES
    }
}

/// An answer as a line shows it.
pub fn shown(answer: Result<usize, Errno>) -> String {
    match answer {
        Ok(number) => format!("{number}"),
        Err(error) => error.name().into(),
    }
}

/// What is the same everywhere of what a call says of a file.
pub fn told(found: Result<Stat, Errno>) -> String {
    let stat = match found {
        Ok(stat) => stat,
        Err(error) => return error.name().into(),
    };
    let (size, names) = (stat.st_size, stat.st_nlink);
    match stat.st_mode & KIND {
        general::S_IFREG => format!("file of {size} with {names} names"),
        general::S_IFLNK => format!("link of {size} with {names} names"),
        general::S_IFDIR => "folder".into(),
        general::S_IFIFO => "pipe".into(),
        _ => "something else".into(),
    }
}
