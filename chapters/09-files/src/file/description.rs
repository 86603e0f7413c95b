//! What is open: a file, how far it was read, and what whoever opened it may do with it.
//!
//! Linux, `man 2 open`, "Open file descriptions".

use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering};

use linux_raw_sys::general::{O_ACCMODE, O_APPEND, O_NONBLOCK, O_PATH, O_RDONLY, O_RDWR, O_WRONLY};

use super::contents::LONGEST;
use super::device::Device;
use super::pipe::End;
use super::status::{Kind, Status};
use super::tree::{Place, TREE};
use super::{Buffer, FileError, Held, console};
use crate::scheduler::mutex::Mutex;
use crate::syscall::time::time_of_day;

/// Something that is open.
pub struct Description {
    /// What there is to read and to write.
    pub file: File,
    /// The node that it was opened by, if it has one.
    held: Option<Held>,
    /// Linux's flags: what it may be used for, and how.
    flags: AtomicU32,
    /// Where the next read or write begins, or the next name of a folder.
    offset: Mutex<u64>,
}

/// What there is to read and to write.
pub enum File {
    /// A node: bytes, or names.
    Node,
    /// The terminal.
    Terminal,
    /// What is sent instead of typed: it ends.
    Input,
    /// An end of a pipe.
    Pipe(End),
    /// A device without memory.
    Device(Device),
    /// What the kernel has told when it was last read from the beginning.
    Text(Mutex<Vec<u8>>),
}

/// What whoever asks is told who would read or write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// A read would not wait.
    pub can_read: bool,
    /// A write would not wait.
    pub can_write: bool,
    /// Nobody is at the other end any more.
    pub is_hung_up: bool,
    /// A write would be an error.
    pub is_broken: bool,
}

/// From where an offset is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whence {
    /// The beginning.
    Start,
    /// Where one is.
    Current,
    /// The end.
    End,
}

/// The flags that can be changed while it is open. (`man 2 fcntl`, F_SETFL.)
pub const CHANGEABLE: u32 = O_APPEND | O_NONBLOCK;

impl Description {
    /// Opens `file`, which is the node `held`, with `flags`.
    pub fn new(file: File, held: Option<Held>, flags: u32) -> Self {
        Self { file, held, flags: AtomicU32::new(flags), offset: Mutex::new(0) }
    }

    /// The node that it was opened by.
    pub fn place(&self) -> Option<Place> {
        self.held.as_ref().map(Held::place)
    }

    /// The same, held once more.
    pub fn held(&self) -> Option<Held> {
        self.held.clone()
    }

    /// The number that it has among those files that have no place, if it is one. This locks
    /// nothing.
    pub fn nameless(&self) -> Option<u64> {
        match &self.file {
            File::Pipe(end) => Some(end.status().number),
            File::Input => Some(console::status().number),
            _ => None,
        }
    }

    /// Linux's flags of it.
    pub fn flags(&self) -> u32 {
        self.flags.load(Ordering::Relaxed)
    }

    /// Changes those flags that can be changed, to what `change` makes of them.
    pub fn change_flags(&self, change: impl Fn(u32) -> u32) {
        let changed = |flags| Some(flags & !CHANGEABLE | change(flags) & CHANGEABLE);
        // It never says no.
        let _ = self.flags.fetch_update(Ordering::Relaxed, Ordering::Relaxed, changed);
    }

    /// Whether whoever would have to wait wants an error instead.
    pub fn is_impatient(&self) -> bool {
        self.flags() & O_NONBLOCK != 0
    }

    /// The error is that it is not open to be read.
    pub fn check_readable(&self) -> Result<(), FileError> {
        let is_good = matches!(self.flags() & (O_ACCMODE | O_PATH), O_RDONLY | O_RDWR);
        if is_good { Ok(()) } else { Err(FileError::BadDescriptor) }
    }

    /// The error is that it is not open to be written.
    pub fn check_writable(&self) -> Result<(), FileError> {
        let is_good = matches!(self.flags() & (O_ACCMODE | O_PATH), O_WRONLY | O_RDWR);
        if is_good { Ok(()) } else { Err(FileError::BadDescriptor) }
    }

    /// Reads into `buffer`. The result is how many bytes; none, at the end.
    pub fn read(&self, buffer: &mut Buffer) -> Result<usize, FileError> {
        self.check_readable()?;
        match &self.file {
            File::Terminal | File::Input => console::read(buffer, self.is_impatient()),
            File::Pipe(end) => end.read(buffer, self.is_impatient()),
            File::Device(device) => device.read(buffer),
            File::Node | File::Text(_) => {
                let mut offset = self.offset.lock();
                let count = self.read_stored(*offset, buffer)?;
                *offset += count as u64;
                Ok(count)
            }
        }
    }

    /// Reads from byte `offset` on, and stays where it is.
    pub fn read_at(&self, offset: u64, buffer: &mut Buffer) -> Result<usize, FileError> {
        self.check_readable()?;
        match &self.file {
            File::Device(device) => device.read(buffer),
            File::Node | File::Text(_) => self.read_stored(offset, buffer),
            File::Terminal | File::Input | File::Pipe(_) => Err(FileError::NotSeekable),
        }
    }

    fn read_stored(&self, offset: u64, buffer: &mut Buffer) -> Result<usize, FileError> {
        if let File::Text(text) = &self.file {
            let mut text = text.lock();
            if offset == 0 {
                *text = self.told()?;
            }
            let start = usize::try_from(offset).unwrap_or(usize::MAX);
            let rest = text.get(start..).unwrap_or_default();
            let wanted = rest.len().min(buffer.len());
            let count = buffer.put(0, &rest[..wanted]);
            return if count == 0 && wanted > 0 { Err(FileError::BadAddress) } else { Ok(count) };
        }
        let place = self.place().ok_or(FileError::Invalid)?;
        TREE.lock().contents(place)?.read(offset, buffer)
    }

    /// What the kernel tells now.
    fn told(&self) -> Result<Vec<u8>, FileError> {
        match self.place() {
            Some(Place::Proc(entry)) => entry.text(),
            _ => Err(FileError::Invalid),
        }
    }

    /// Writes `buffer`. The result is how many bytes.
    pub fn write(&self, buffer: &Buffer) -> Result<usize, FileError> {
        self.check_writable()?;
        match &self.file {
            File::Terminal => console::write(buffer),
            File::Pipe(end) => end.write(buffer, self.is_impatient()),
            File::Device(device) => device.write(buffer),
            File::Input | File::Text(_) => Err(FileError::BadDescriptor),
            File::Node => {
                let mut offset = self.offset.lock();
                let (start, count) = self.write_stored(*offset, buffer)?;
                *offset = start + count as u64;
                Ok(count)
            }
        }
    }

    /// Writes from byte `offset` on, and stays where it is.
    pub fn write_at(&self, offset: u64, buffer: &Buffer) -> Result<usize, FileError> {
        self.check_writable()?;
        match &self.file {
            File::Device(device) => device.write(buffer),
            File::Node => self.write_stored(offset, buffer).map(|(_, count)| count),
            _ => Err(FileError::NotSeekable),
        }
    }

    /// Writes at `offset`, or at the end if it was opened for that. The result is where, and how
    /// much.
    fn write_stored(&self, offset: u64, buffer: &Buffer) -> Result<(u64, usize), FileError> {
        if buffer.len() == 0 {
            return Ok((offset, 0));
        }
        let place = self.place().ok_or(FileError::Invalid)?;
        let mut tree = TREE.lock();
        let contents = tree.contents_mut(place, time_of_day())?;
        let start = if self.flags() & O_APPEND != 0 { contents.size() } else { offset };
        Ok((start, contents.write(start, buffer)?))
    }

    /// Goes to a place; the result is where that is, from the beginning.
    pub fn seek(&self, whence: Whence, by: i64) -> Result<u64, FileError> {
        let mut offset = match &self.file {
            File::Text(_) if whence == Whence::End => return Err(FileError::Invalid),
            File::Node | File::Text(_) => self.offset.lock(),
            File::Device(_) => return Ok(0),
            _ => return Err(FileError::NotSeekable),
        };
        let base = match whence {
            Whence::Start => 0,
            Whence::Current => *offset,
            Whence::End => self.size(),
        };
        let place = base.checked_add_signed(by).filter(|place| *place <= LONGEST);
        *offset = place.ok_or(FileError::Invalid)?;
        Ok(*offset)
    }

    fn size(&self) -> u64 {
        self.place().map_or(0, |place| TREE.lock().status(place).size)
    }

    /// Makes it `size` bytes long.
    pub fn resize(&self, size: u64) -> Result<(), FileError> {
        let is_file = matches!(self.file, File::Node);
        if !is_file || self.check_writable().is_err() {
            return Err(FileError::Invalid);
        }
        let place = self.place().ok_or(FileError::Invalid)?;
        TREE.lock().contents_mut(place, time_of_day())?.resize(size)
    }

    /// What can be told of it.
    pub fn status(&self) -> Status {
        match (&self.file, self.place()) {
            (File::Pipe(end), _) => end.status(),
            (_, Some(place)) => TREE.lock().status(place),
            (_, None) => console::status(),
        }
    }

    /// Whether a read or a write would wait.
    pub fn readiness(&self) -> Readiness {
        match &self.file {
            File::Terminal | File::Input => console::readiness(matches!(self.file, File::Input)),
            File::Pipe(end) => end.readiness(),
            _ => Readiness { can_read: true, can_write: true, ..Readiness::default() },
        }
    }

    /// Passes to `give` one name after the other, as long as it takes them: the name, what it
    /// stands for, the number of that, and the place behind it.
    pub fn list(
        &self,
        mut give: impl FnMut(&[u8], Kind, u64, u64) -> bool,
    ) -> Result<(), FileError> {
        if self.flags() & O_PATH != 0 {
            return Err(FileError::BadDescriptor);
        }
        let place = self.place().ok_or(FileError::NotAFolder)?;
        let mut offset = self.offset.lock();
        let tree = TREE.lock();
        if !tree.is_folder(place) {
            return Err(FileError::NotAFolder);
        }
        if tree.is_gone(place) {
            return Err(FileError::NotFound);
        }
        while let Some(listed) = tree.listed(place, *offset)? {
            let status = tree.status(listed.place);
            if !give(listed.name.bytes(), status.kind, status.number, listed.next) {
                break;
            }
            *offset = listed.next;
        }
        Ok(())
    }
}
