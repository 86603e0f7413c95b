//! Opening: from a path to a description.

use alloc::vec::Vec;

use linux_raw_sys::general::{
    O_ACCMODE, O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_PATH, O_RDONLY,
    O_TRUNC,
};

use super::contents::Contents;
use super::description::{Description, File};
use super::device::Device;
use super::node::Content;
use super::proc::Entry;
use super::tree::{Place, TREE, Tree};
use super::walk::{Found, LastLink, walk};
use super::{Buffer, FileError, Held};
use crate::memory::shared::Shared;
use crate::process::{Pid, about};
use crate::scheduler::mutex::Mutex;
use crate::syscall::time::time_of_day;

/// The flags that are remembered.
const KEPT: u32 = O_ACCMODE | O_APPEND | O_NONBLOCK | O_PATH | O_DIRECTORY | O_NOFOLLOW;

/// Opens what is at `path`, from `start` on, as Linux's `flags` say; a file that has to be made
/// gets `mode`.
pub fn open(
    start: &Held,
    path: &[u8],
    flags: u32,
    mode: u32,
) -> Result<Shared<Description>, FileError> {
    // Its memory comes first: a file that was made or emptied cannot be had back.
    let mut description = Shared::new(Description::new(File::Node, None, flags & KEPT))?;
    let mut tree = TREE.lock();
    let place = find_or_create(&mut tree, start, path, flags, mode)?;
    let held = Held::new(&mut tree, place);
    let opened = prepare(&mut tree, place, flags);
    // What is held is let go with the tree unlocked, whatever comes.
    drop(tree);
    let (file, held) = match opened? {
        Opened::File(file) => (file, Some(held)),
        Opened::Nameless(pid, number) => (reopen(pid, number, flags)?, None),
    };
    let ours = description.get_mut().expect("nobody else has it yet");
    *ours = Description::new(file, held, flags & KEPT);
    Ok(description)
}

/// What is opened.
enum Opened {
    File(File),
    /// What a process has open already, by that number, and what is at no place in the tree.
    Nameless(Pid, u32),
}

/// What the process `pid` has open as `number`, once more. Nothing may be locked. Differs: who has
/// opened it with O_PATH comes to what the number means now, and on Linux to what it meant then.
fn reopen(pid: Pid, number: u32, flags: u32) -> Result<File, FileError> {
    let description = about::description(pid, number).ok_or(FileError::NotFound)?;
    match &description.file {
        File::Pipe(end) => end.reopen(flags).map(File::Pipe),
        File::Input => Ok(File::Input),
        // Since it was found, it was closed, and the number given to something else.
        _ => Err(FileError::NotFound),
    }
}

fn find_or_create(
    tree: &mut Tree,
    start: &Held,
    path: &[u8],
    flags: u32,
    mode: u32,
) -> Result<Place, FileError> {
    let has = |flag: u32| flags & flag != 0;
    let creates = has(O_CREAT) && !has(O_PATH);
    let keeps = has(O_NOFOLLOW) || creates && has(O_EXCL);
    let last = if keeps { LastLink::Keep } else { LastLink::Follow };
    let found = walk(tree, start.place(), path, last)?;
    if creates && found.wants_folder {
        return Err(FileError::IsAFolder);
    }
    match found.place {
        Some(_) if creates && has(O_EXCL) => Err(FileError::Exists),
        None if creates => create(tree, &found, mode).map(Place::Tree),
        _ => {
            let place = found.existing(tree)?;
            if creates && tree.is_folder(place) { Err(FileError::IsAFolder) } else { Ok(place) }
        }
    }
}

fn create(tree: &mut Tree, found: &Found, mode: u32) -> Result<super::tree::NodeId, FileError> {
    tree.create(found, Content::Regular(Contents::new(&[])), mode, time_of_day())
}

/// Sees whether what is at `place` can be opened so, and does to it what opening does.
fn prepare(tree: &mut Tree, place: Place, flags: u32) -> Result<Opened, FileError> {
    use super::status::Kind;
    let has = |flag: u32| flags & flag != 0;
    let kind = tree.kind(place);
    if has(O_DIRECTORY) && kind != Kind::Folder {
        return Err(FileError::NotAFolder);
    }
    if has(O_PATH) {
        return Ok(Opened::File(File::Node));
    }
    let writes = flags & O_ACCMODE != O_RDONLY;
    match (kind, place) {
        (Kind::Link, _) => Err(FileError::TooManyLinks),
        (Kind::Folder, _) if writes || has(O_TRUNC) => Err(FileError::IsAFolder),
        (Kind::Regular, Place::Proc(_)) if writes => Err(FileError::Denied),
        (Kind::Regular, Place::Proc(_)) => Ok(Opened::File(File::Text(Mutex::new(Vec::new())))),
        (Kind::Pipe, Place::Proc(Entry::Nameless(pid, number))) => {
            Ok(Opened::Nameless(pid, number))
        }
        (Kind::Device, Place::Tree(id)) => match tree.node(id).content {
            Content::Device(device) => Ok(Opened::File(file_of(device))),
            _ => Err(FileError::NoDevice),
        },
        (Kind::Regular, _) if has(O_TRUNC) => {
            tree.contents_mut(place, time_of_day())?.resize(0)?;
            Ok(Opened::File(File::Node))
        }
        _ => Ok(Opened::File(File::Node)),
    }
}

/// What a device is when it is open. What is sent in the place of the terminal is no device: the
/// first descriptor of the first process has it.
fn file_of(device: Device) -> File {
    match device {
        Device::Console | Device::Terminal => File::Terminal,
        device => File::Device(device),
    }
}

/// The node of the console, if there is one.
pub fn console() -> Option<Held> {
    let mut tree = TREE.lock();
    let found = walk(&tree, Place::ROOT, b"/dev/console", LastLink::Follow).ok()?;
    let place = found.place?;
    Some(Held::new(&mut tree, place))
}

/// All that is in the file at `path`.
pub fn read(path: &[u8]) -> Result<Whole, FileError> {
    let tree = TREE.lock();
    let place = walk(&tree, Place::ROOT, path, LastLink::Follow)?.existing(&tree)?;
    tree.whole(place)
}

impl Tree {
    /// All bytes of the file at `place`: those that came with the kernel, or a copy.
    pub fn whole(&self, place: Place) -> Result<Whole, FileError> {
        let contents = self.contents(place)?;
        if let Some(bytes) = contents.original() {
            return Ok(Whole::Original(bytes));
        }
        let mut copy = Vec::new();
        copy.try_reserve_exact(usize::try_from(contents.size()).unwrap_or(usize::MAX))?;
        copy.resize(contents.size() as usize, 0);
        contents.read(0, &mut Buffer::Kernel(&mut copy))?;
        Ok(Whole::Copy(copy))
    }
}

/// All bytes of a file.
#[derive(Debug)]
pub enum Whole {
    /// As they came with the kernel.
    Original(&'static [u8]),
    /// As they were when somebody asked.
    Copy(Vec<u8>),
}

impl core::ops::Deref for Whole {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Original(bytes) => bytes,
            Self::Copy(bytes) => bytes,
        }
    }
}
