//! The table of a process: which number means which description.
//!
//! It keeps what it is given, and hands out what it forgets: to drop a description may lock much,
//! and is not done while the table is locked.

use alloc::vec::Vec;

use super::{Descriptor, FileError, HIGHEST_LIMIT, USUAL_LIMIT};

/// The table of a process. Threads share it.
#[derive(Debug)]
pub struct Descriptors {
    list: Vec<Option<Descriptor>>,
    /// How many there may be now, and how many that may become.
    pub limits: [u64; 2],
}

impl Descriptors {
    /// A table without any.
    pub const fn new() -> Self {
        Self { list: Vec::new(), limits: [USUAL_LIMIT, HIGHEST_LIMIT] }
    }

    /// The same again, with a limit of its own.
    pub fn copy(&self) -> Result<Self, FileError> {
        let mut list = Vec::new();
        list.try_reserve_exact(self.list.len())?;
        list.extend(self.list.iter().cloned());
        Ok(Self { list, limits: self.limits })
    }

    /// What `number` means.
    pub fn find(&self, number: u64) -> Result<&Descriptor, FileError> {
        // As on Linux it is an `int`: the upper half of the register means nothing.
        let found = self.list.get(number as u32 as usize).and_then(Option::as_ref);
        found.ok_or(FileError::BadDescriptor)
    }

    /// What `number` means, to change what is noted of it.
    pub fn find_mut(&mut self, number: u64) -> Result<&mut Descriptor, FileError> {
        let found = self.list.get_mut(number as u32 as usize).and_then(Option::as_mut);
        found.ok_or(FileError::BadDescriptor)
    }

    /// Makes room for one more, from number 0 on. The error is that there may not be more.
    pub fn reserve(&mut self) -> Result<(), FileError> {
        let number = self.free(0)?;
        self.slot(number).map(|_| ())
    }

    /// Gives `descriptor` the lowest number from `lowest` on that is free.
    pub fn add(&mut self, descriptor: Descriptor, lowest: u64) -> Result<usize, FileError> {
        let number = self.free(lowest)?;
        *self.slot(number)? = Some(descriptor);
        Ok(number)
    }

    /// The lowest number from `lowest` on that is free.
    fn free(&self, lowest: u64) -> Result<usize, FileError> {
        let lowest = lowest as usize;
        let from = self.list.get(lowest..).unwrap_or_default();
        let free = from.iter().position(Option::is_none).map(|index| lowest + index);
        let number = free.unwrap_or(self.list.len().max(lowest));
        if number as u64 >= self.limits[0] {
            return Err(FileError::TooManyOpen);
        }
        Ok(number)
    }

    /// Makes `number` mean `descriptor`; the result is what it meant before.
    pub fn put(
        &mut self,
        number: u64,
        descriptor: Descriptor,
    ) -> Result<Option<Descriptor>, FileError> {
        let number = u64::from(number as u32);
        if number >= self.limits[0] {
            return Err(FileError::BadDescriptor);
        }
        Ok(self.slot(number as usize)?.replace(descriptor))
    }

    /// The place for `number`.
    fn slot(&mut self, number: usize) -> Result<&mut Option<Descriptor>, FileError> {
        if number >= self.list.len() {
            self.list.try_reserve(number + 1 - self.list.len())?;
            self.list.resize_with(number + 1, || None);
        }
        Ok(&mut self.list[number])
    }

    /// Takes `number` away. What it meant is the result, so that it can be dropped where nothing is
    /// locked.
    pub fn remove(&mut self, number: u64) -> Result<Descriptor, FileError> {
        let found = self.list.get_mut(number as u32 as usize).and_then(Option::take);
        found.ok_or(FileError::BadDescriptor)
    }

    /// How many numbers are in use, or were: all that mean something are below.
    pub fn len(&self) -> usize {
        self.list.len()
    }
}
