//! What a process has of files: its descriptors, where it is, and its program.
//!
//! Each is shared by reference, so that it can be had from the table of processes in no time. Who
//! wants to use one takes it out of there first: a look at files may have to wait, and nobody waits
//! while the table is locked.
//!
//! The table of descriptors and the surroundings have locks that may be taken while the table of
//! processes is locked, for `/proc`; so nothing is held, let go or closed while one of them is.

use alloc::vec::Vec;

use linux_raw_sys::general::O_PATH;

use super::run::with_current;
use crate::file::descriptors::{Descriptor, Descriptors};
use crate::file::surroundings::Surroundings;
use crate::file::{Description, FileError, Held, TREE};
use crate::memory::shared::Shared;
use crate::sync::Lock;

/// What a process has of files.
#[derive(Clone, Debug)]
pub struct Files {
    /// Which number means what.
    pub descriptors: Shared<Lock<Descriptors>>,
    /// Where it is.
    pub surroundings: Shared<Lock<Surroundings>>,
    /// What it executes.
    pub program: Shared<Program>,
}

/// The file of a program.
#[derive(Debug)]
pub struct Program {
    /// The file.
    pub held: Held,
    /// The path by which it was found when it was started, from the root on.
    pub path: Vec<u8>,
}

impl Files {
    /// Those of a process that nobody has made, which executes `program`: the console.
    pub fn new(program: Program) -> Result<Self, FileError> {
        Ok(Self {
            descriptors: Shared::new(Lock::new(Descriptors::with_console()?))?,
            surroundings: Shared::new(Lock::new(Surroundings::new()))?,
            program: Shared::new(program)?,
        })
    }

    /// Those of a child of the process that runs, which shares what it is to share.
    pub fn fork(shares_descriptors: bool, shares_surroundings: bool) -> Result<Self, FileError> {
        let mut files = current();
        if !shares_descriptors {
            #[cfg(not(exercise = "09-cloexec"))]
            let copy = files.descriptors.lock().copy()?;
            #[cfg(exercise = "09-cloexec")]
            let copy = files.descriptors.lock().for_child()?;
            files.descriptors = Shared::new(Lock::new(copy))?;
        }
        if !shares_surroundings {
            let copy = {
                let mut tree = TREE.lock();
                files.surroundings.lock().copy(&mut tree)
            };
            files.surroundings = Shared::new(Lock::new(copy))?;
        }
        Ok(files)
    }

    /// What the new program of the process that runs is to have of these.
    pub fn execve(&self, program: Program) -> Result<Self, FileError> {
        #[cfg(not(exercise = "09-cloexec"))]
        let copy = self.descriptors.lock().copy()?;
        #[cfg(exercise = "09-cloexec")]
        let copy = self.descriptors.lock().before_execve()?;
        Ok(Self {
            descriptors: Shared::new(Lock::new(copy))?,
            surroundings: self.surroundings.clone(),
            program: Shared::new(program)?,
        })
    }

    /// Closes what is for the old program only.
    pub fn close_private(&self) {
        loop {
            // What is dropped may lock much: so each in its turn, with the table unlocked.
            let removed = self.descriptors.lock().remove_private();
            if removed.is_none() {
                return;
            }
        }
    }
}

/// What the process that runs has of files.
pub fn current() -> Files {
    with_current(|process| process.files.clone()).expect("a program that runs has files")
}

/// The table of the process that runs.
pub fn descriptors() -> Shared<Lock<Descriptors>> {
    let table =
        with_current(|process| process.files.as_ref().map(|files| files.descriptors.clone()));
    table.expect("a program that runs has files")
}

/// What `number` means to the process that runs.
pub fn description(number: u64) -> Result<Shared<Description>, FileError> {
    Ok(descriptors().lock().find(number)?.description.clone())
}

/// What `number` means to the process that runs, if it does more than to name a file. (O_PATH.)
pub fn usable(number: u64) -> Result<Shared<Description>, FileError> {
    let description = description(number)?;
    let is_usable = description.flags() & O_PATH == 0;
    if is_usable { Ok(description) } else { Err(FileError::BadDescriptor) }
}

/// Gives `description` the lowest number that is free.
pub fn add(description: Shared<Description>, closes_on_exec: bool) -> Result<usize, FileError> {
    let descriptor = Descriptor { description, closes_on_exec };
    let table = descriptors();
    // If there is no number left, it is closed where nothing is locked.
    let copy = descriptor.clone();
    let added = table.lock().add(copy, 0);
    drop(descriptor);
    added
}

/// Where the process that runs is.
pub fn surroundings() -> Shared<Lock<Surroundings>> {
    let found =
        with_current(|process| process.files.as_ref().map(|files| files.surroundings.clone()));
    found.expect("a program that runs has files")
}

/// The working directory of the process that runs; the root, for the kernel itself.
pub fn folder() -> Held {
    match super::current() {
        Some(_) => {
            let surroundings = surroundings();
            let mut tree = TREE.lock();
            surroundings.lock().folder.again(&mut tree)
        }
        None => Held::root(),
    }
}

/// Closes all that the process that runs has, which is done.
pub(super) fn give_back() {
    drop(with_current(|process| process.files.take()));
}
