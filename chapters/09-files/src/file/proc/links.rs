//! The links below `/proc`: where they lead, and the path that is told of that.

use alloc::vec::Vec;
use core::fmt::Write;

use super::{Entry, Item, Text, copy};
use crate::file::FileError;
use crate::file::tree::{Place, Tree};
use crate::process::about::Opened;
use crate::process::{self, about};

impl Entry {
    /// Where it leads, if it is a link. The tree is locked, so what is there stays meanwhile.
    pub fn target(self) -> Result<Place, FileError> {
        let place = match self {
            Self::Itself => process::current().map(Self::Process).map(Place::Proc),
            Self::Of(pid, Item::Program) => about::program_place(pid),
            Self::Of(pid, Item::Folder) => about::folder_place(pid),
            Self::Of(_, Item::Root) => Some(Place::ROOT),
            Self::Descriptor(pid, number) => {
                about::opened(pid, number).map(|opened| match opened {
                    Opened::At(place) => place,
                    Opened::Nameless(_) => Place::Proc(Self::Nameless(pid, number)),
                })
            }
            _ => None,
        };
        place.ok_or(FileError::NotFound)
    }

    /// The path that it has, if it is a link: of the file that it leads to, where that is now.
    pub fn target_path(self, tree: &Tree) -> Result<Vec<u8>, FileError> {
        match self {
            Self::Itself => {
                let pid = process::current().ok_or(FileError::NotFound)?;
                Text::of(|text| Ok(write!(text, "{pid}")?))
            }
            Self::Of(pid, Item::Program) => about::program_path(pid),
            Self::Of(pid, Item::Folder) => {
                tree.path_of_any(about::folder_place(pid).ok_or(FileError::NotFound)?)
            }
            Self::Of(_, Item::Root) => copy(b"/"),
            Self::Descriptor(pid, number) => {
                match about::opened(pid, number).ok_or(FileError::NotFound)? {
                    Opened::At(place) => tree.path_of_any(place),
                    Opened::Nameless(number) => {
                        Text::of(|text| Ok(write!(text, "pipe:[{number}]")?))
                    }
                }
            }
            _ => Err(FileError::Invalid),
        }
    }
}
