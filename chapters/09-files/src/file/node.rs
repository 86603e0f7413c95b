//! Nodes: what is stored, whatever it is called.

use alloc::vec::Vec;

use super::contents::Contents;
use super::device::Device;
use super::folder::Folder;
use super::status::{Kind, Status, Times};
use crate::memory::address::FRAME_SIZE;

/// What is stored.
#[derive(Debug)]
pub struct Node {
    /// What there is of it.
    pub content: Content,
    /// Who may do what: twelve bits.
    pub mode: u32,
    /// Whose it is.
    pub owner: u32,
    /// And which group's.
    pub group: u32,
    /// When something happened to it.
    pub times: Times,
    /// How many names it has; of a folder, how many know it as their folder as well.
    pub links: u32,
    /// By how many it is held.
    pub(super) holders: u32,
    /// The number that programs see. It is never used again.
    pub(super) number: u64,
}

/// What there is of a node.
#[derive(Debug)]
pub enum Content {
    /// Bytes.
    Regular(Contents),
    /// Names.
    Folder(Folder),
    /// A path that leads elsewhere.
    Link(Vec<u8>),
    /// A door to a device.
    Device(Device),
}

/// The file system that the tree is, and that of `/proc`, as programs see them.
const TREE_DEVICE: u64 = 1;

/// What a folder is said to be long.
const FOLDER_SIZE: u64 = FRAME_SIZE;

/// In how many bytes memory that files take is counted.
const BLOCK: u64 = 512;

impl Node {
    /// What it is.
    pub fn kind(&self) -> Kind {
        match self.content {
            Content::Regular(_) => Kind::Regular,
            Content::Folder(_) => Kind::Folder,
            Content::Link(_) => Kind::Link,
            Content::Device(_) => Kind::Device,
        }
    }

    /// What can be told of it.
    pub fn status(&self) -> Status {
        let (size, blocks, opens) = match &self.content {
            Content::Regular(contents) => {
                (contents.size(), contents.frames() as u64 * (FRAME_SIZE / BLOCK), 0)
            }
            Content::Folder(_) => (FOLDER_SIZE, 0, 0),
            Content::Link(target) => (target.len() as u64, 0, 0),
            Content::Device(device) => (0, 0, device.number()),
        };
        let is_gone = self.kind() == Kind::Folder && self.links < 2;
        Status {
            device: TREE_DEVICE,
            number: self.number,
            kind: self.kind(),
            mode: self.mode,
            links: if is_gone { 0 } else { self.links },
            owner: self.owner,
            group: self.group,
            opens,
            size,
            blocks,
            times: self.times,
        }
    }
}
