//! `/proc`: what the kernel tells of itself, as files.
//!
//! Nothing of it is stored. An [`Entry`] says what one would find, and each look makes it up anew:
//! so what was found a moment ago may be gone, with its process. Some entries are links that lead
//! to a file itself and not along a path: what a process has open is found by its number, whatever
//! became of its name.
//!
//! ```text
//!  /proc/meminfo, uptime, ...        about the system
//!       /self ─────────────> /proc/<who asks>
//!       /<number>/stat, maps, ...    about a process
//!                /exe, cwd, root ──> a file, a folder
//!                /fd/<number> ─────> a file, or what has no name
//! ```
//!
//! A text is made when its first byte is read. Whoever goes on reads the rest of the same text, and
//! whoever begins again gets a new one. Linux, `man 5 proc`.

mod links;
mod process;
mod system;
#[cfg(feature = "ktest")]
mod tests;
mod text;

use alloc::vec::Vec;
use core::fmt::Write;

use super::change::copy;
use super::status::{Kind, Status, Times};
use super::tree::{Listed, Place};
use super::{FileError, Name};
use crate::process::{Pid, about};
use crate::syscall::time::time_of_day;
pub use process::Item;
pub use system::Subject;
use text::Text;

/// Something below `/proc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `/proc` itself.
    Root,
    /// The link to the folder of whoever asks.
    Itself,
    /// What is told of the system.
    System(Subject),
    /// The folder of a process, or of a thread, which is not listed.
    Process(Pid),
    /// Something in it.
    Of(Pid, Item),
    /// The link to what a process has open as this number.
    Descriptor(Pid, u32),
    /// What it leads to, if that has no place.
    Nameless(Pid, u32),
}

/// The file system, as programs see it.
const DEVICE: u64 = 2;

/// The number of the first name of a folder. Below are `.` and `..`.
const FIRST: u64 = 2;

/// From where on the names of `/proc` are numbers.
const PROCESSES: u64 = 1 << 32;

impl Entry {
    /// What it is.
    pub fn kind(self) -> Kind {
        match self {
            Self::Root | Self::Process(_) => Kind::Folder,
            Self::Itself | Self::Descriptor(..) => Kind::Link,
            Self::System(_) => Kind::Regular,
            Self::Of(_, item) => item.kind(),
            Self::Nameless(..) => Kind::Pipe,
        }
    }

    /// What is called `name` in this folder.
    pub fn find(self, name: &[u8]) -> Option<Place> {
        let entry = match self {
            Self::Root if name == b"self" => Some(Self::Itself),
            Self::Root => match Subject::find(name) {
                Some(subject) => Some(Self::System(subject)),
                None => {
                    number(name).map(Pid).filter(|pid| about::is_there(*pid)).map(Self::Process)
                }
            },
            Self::Process(pid) => {
                Item::find(name).filter(|_| about::is_there(pid)).map(|item| Self::Of(pid, item))
            }
            Self::Of(pid, Item::Descriptors) => number(name)
                .filter(|number| about::opened(pid, *number).is_some())
                .map(|number| Self::Descriptor(pid, number)),
            _ => None,
        };
        entry.map(Place::Proc)
    }

    /// The first name of this folder from number `place` on.
    pub fn listed(self, place: u64) -> Result<Option<Listed>, FileError> {
        match place {
            0 => return Ok(Some(Listed::new(b".", Place::Proc(self), 1)?)),
            1 => {
                let parent = self.parent().map_or(Place::ROOT, Place::Proc);
                return Ok(Some(Listed::new(b"..", parent, FIRST)?));
            }
            _ => {}
        }
        let listed = match self {
            Self::Root => return Self::listed_in_root(place),
            Self::Process(pid) if !about::is_there(pid) => return Err(FileError::NotFound),
            Self::Process(pid) => Item::listed(place - FIRST).map(|(name, item)| {
                Listed::new(name.as_bytes(), Place::Proc(Self::Of(pid, item)), place + 1)
            }),
            Self::Of(pid, Item::Descriptors) => {
                let first = u32::try_from(place - FIRST).unwrap_or(u32::MAX);
                about::next_opened(pid, first).map(|number| {
                    let next = FIRST + u64::from(number) + 1;
                    numbered(number, Self::Descriptor(pid, number), next)
                })
            }
            _ => return Err(FileError::NotAFolder),
        };
        listed.transpose()
    }

    fn listed_in_root(place: u64) -> Result<Option<Listed>, FileError> {
        if place == FIRST {
            return Listed::new(b"self", Place::Proc(Self::Itself), FIRST + 1).map(Some);
        }
        if let Some((name, subject)) = Subject::listed(place - FIRST - 1) {
            let subject = Place::Proc(Self::System(subject));
            return Listed::new(name.as_bytes(), subject, place + 1).map(Some);
        }
        let first = u32::try_from(place.saturating_sub(PROCESSES)).unwrap_or(u32::MAX);
        let next = about::next(Pid(first));
        next.map(|pid| numbered(pid.0, Self::Process(pid), PROCESSES + u64::from(pid.0) + 1))
            .transpose()
    }

    /// Its path, from the root on.
    pub fn path(self) -> Result<Vec<u8>, FileError> {
        Text::of(|text| match self {
            Self::Root => text.add(b"/proc"),
            Self::Itself => text.add(b"/proc/self"),
            Self::System(subject) => Ok(write!(text, "/proc/{}", subject.name())?),
            Self::Process(pid) => Ok(write!(text, "/proc/{pid}")?),
            Self::Of(pid, item) => Ok(write!(text, "/proc/{pid}/{}", item.name())?),
            Self::Descriptor(pid, number) | Self::Nameless(pid, number) => {
                Ok(write!(text, "/proc/{pid}/fd/{number}")?)
            }
        })
    }

    /// What it tells, if it is a file to be read. Nothing may be locked.
    pub fn text(self) -> Result<Vec<u8>, FileError> {
        match self {
            Self::System(subject) => subject.text(),
            Self::Of(pid, item) => item.text(pid),
            _ => Err(FileError::IsAFolder),
        }
    }

    /// The folder that it is in; `None` for `/proc` itself.
    pub fn parent(self) -> Option<Self> {
        match self {
            Self::Root => None,
            Self::Itself | Self::System(_) | Self::Process(_) => Some(Self::Root),
            Self::Of(pid, _) => Some(Self::Process(pid)),
            Self::Descriptor(pid, _) | Self::Nameless(pid, _) => {
                Some(Self::Of(pid, Item::Descriptors))
            }
        }
    }

    /// What can be told of it.
    pub fn status(self) -> Status {
        let (kind, now) = (self.kind(), time_of_day());
        let mode = match (self, kind) {
            (Self::Descriptor(..), _) => 0o700,
            (_, Kind::Folder) => 0o555,
            (_, Kind::Link) => 0o777,
            (_, Kind::Pipe) => 0o600,
            _ => 0o444,
        };
        Status {
            device: DEVICE,
            number: self.number(),
            kind,
            mode,
            links: if kind == Kind::Folder { 2 } else { 1 },
            owner: 0,
            group: 0,
            opens: 0,
            size: 0,
            blocks: 0,
            times: Times { accessed: now, modified: now, changed: now },
        }
    }

    /// The number that programs see: another one for each.
    fn number(self) -> u64 {
        let of = |pid: Pid, number: u64| ((u64::from(pid.0) + 1) << 32) | number;
        match self {
            Self::Root => 1,
            Self::Itself => 2,
            Self::System(subject) => 3 + subject as u64,
            Self::Process(pid) => of(pid, 0),
            Self::Of(pid, item) => of(pid, 1 + item as u64),
            Self::Descriptor(pid, number) => of(pid, 0x1000 + 2 * u64::from(number)),
            Self::Nameless(pid, number) => of(pid, 0x1001 + 2 * u64::from(number)),
        }
    }
}

impl Listed {
    fn new(name: &[u8], place: Place, next: u64) -> Result<Self, FileError> {
        Ok(Self { name: Name::new(name)?, place, next })
    }
}

/// A name that is a number.
fn numbered(number: u32, entry: Entry, next: u64) -> Result<Listed, FileError> {
    let name = Text::of(|text| Ok(write!(text, "{number}")?))?;
    Listed::new(&name, Place::Proc(entry), next)
}

/// The number that `name` is, as Linux writes it: without zeroes before it.
fn number(name: &[u8]) -> Option<u32> {
    let is_plain = name == b"0" || name.first().is_some_and(|digit| (b'1'..=b'9').contains(digit));
    if is_plain { core::str::from_utf8(name).ok()?.parse().ok() } else { None }
}
