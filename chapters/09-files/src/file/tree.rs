//! The tree: all nodes, and how they hang together.
//!
//! A node does not know its names: those are in folders, and there may be several of one node, or
//! none any more. It goes when it has neither a name nor anybody who holds it. Folders have one
//! name, and know the folder that they are in: so there is a way up from each.
//!
//! Nodes stand in one list and mean each other by their places in it. One lock protects all: with
//! one processor nobody gains by more of them, and to move a folder into another, or to see that it
//! would come to be inside of itself, takes the whole tree anyway.
//!
//! What is below `/proc` is not stored at all. It is made up when somebody looks, so a [`Place`]
//! there says only what it would be.

use alloc::vec::Vec;
use core::time::Duration;

use super::contents::Contents;
use super::folder::{FIRST, Folder};
use super::node::{Content, Node};
use super::status::{Kind, Status, Times};
use super::{FileError, Name, proc};
use crate::scheduler::mutex::Mutex;

/// Protects the tree. What a program passes may be copied while it is held, and the processes
/// looked at; the memory of a process must not be locked.
pub static TREE: Mutex<Tree> = Mutex::new(Tree::new());

/// The number of a node in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeId(usize);

/// Where a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among the nodes.
    Tree(NodeId),
    /// Below `/proc`.
    Proc(proc::Entry),
}

/// A name in a folder, as it is told to who lists them.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// What it is called.
    pub name: Name,
    /// What it stands for.
    pub place: Place,
    /// The number from which on the next name is found.
    pub next: u64,
}

/// All nodes.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Option<Node>>,
    next: u64,
    /// The folder that `/proc` covers, if there is one.
    covered: Option<NodeId>,
}

impl Place {
    /// The folder at the root of all.
    pub const ROOT: Self = Self::Tree(NodeId(0));

    /// The node there; the error is for what cannot be changed.
    pub fn node(self) -> Result<NodeId, FileError> {
        match self {
            Self::Tree(id) => Ok(id),
            Self::Proc(_) => Err(FileError::NotPermitted),
        }
    }
}

impl Tree {
    /// One without any node.
    pub(super) const fn new() -> Self {
        Self { nodes: Vec::new(), next: 1, covered: None }
    }

    /// The node `id`.
    ///
    /// # Panics
    ///
    /// When it is gone: whoever has its number holds it, or has a name of it.
    pub fn node(&self, id: NodeId) -> &Node {
        self.nodes[id.0].as_ref().expect("a node with a name or a holder stays")
    }

    /// The node `id`, to change it.
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node {
        self.nodes[id.0].as_mut().expect("a node with a name or a holder stays")
    }

    /// Adds a node without a name. Whoever does not give it one, or hold it, lets it go again by
    /// [`Tree::forget`].
    pub fn add(&mut self, content: Content, mode: u32, now: Duration) -> Result<NodeId, FileError> {
        let index = match self.nodes.iter().position(Option::is_none) {
            Some(index) => index,
            None => {
                self.nodes.try_reserve(1)?;
                self.nodes.push(None);
                self.nodes.len() - 1
            }
        };
        let times = Times { accessed: now, modified: now, changed: now };
        let links = if matches!(content, Content::Folder(_)) { 1 } else { 0 };
        let (owner, group, number) = (0, 0, self.next);
        self.next += 1;
        let node = Node { content, mode, owner, group, times, links, holders: 0, number };
        self.nodes[index] = Some(node);
        Ok(NodeId(index))
    }

    /// All nodes.
    #[cfg(feature = "ktest")]
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().flatten()
    }

    /// The number that the next node will get.
    #[cfg(feature = "ktest")]
    pub fn next_number(&self) -> u64 {
        self.next
    }

    /// Makes the root.
    pub fn add_root(&mut self, mode: u32, now: Duration) -> Result<NodeId, FileError> {
        let root = self.add(Content::Folder(Folder::new(NodeId(0))), mode, now)?;
        let node = self.node_mut(root);
        (node.links, node.holders) = (2, 1);
        Ok(root)
    }

    /// Holds what is at `place`.
    pub(super) fn hold(&mut self, place: Place) {
        if let Place::Tree(id) = place {
            self.node_mut(id).holders += 1;
        }
    }

    /// Holds it no more.
    pub(super) fn release(&mut self, place: Place) {
        if let Place::Tree(id) = place {
            self.node_mut(id).holders -= 1;
            self.forget(id);
        }
    }

    /// Gives back the node `id`, if nobody has it any more. A folder has held the one that it is
    /// in, so that there is a way up as long as somebody is there.
    pub fn forget(&mut self, id: NodeId) {
        let mut next = Some(id);
        while let Some(id) = next.take() {
            let node = self.node(id);
            let parent = match &node.content {
                Content::Folder(folder) => Some(folder.parent),
                _ => None,
            };
            let floor = if parent.is_some() { 1 } else { 0 };
            if node.links <= floor && node.holders == 0 {
                self.nodes[id.0] = None;
                if let Some(parent) = parent {
                    self.node_mut(parent).holders -= 1;
                }
                next = parent;
            }
        }
    }

    /// Lets `/proc` be where the folder `id` is.
    pub fn cover(&mut self, id: NodeId) {
        self.covered = Some(id);
    }

    /// What one finds who comes to `place`.
    pub fn what_covers(&self, place: Place) -> Place {
        match place {
            Place::Tree(id) if self.covered == Some(id) => Place::Proc(proc::Entry::Root),
            place => place,
        }
    }

    /// What is at `place`.
    pub fn kind(&self, place: Place) -> Kind {
        match place {
            Place::Tree(id) => self.node(id).kind(),
            Place::Proc(entry) => entry.kind(),
        }
    }

    /// Whether a folder is at `place`.
    pub fn is_folder(&self, place: Place) -> bool {
        self.kind(place) == Kind::Folder
    }

    /// The folder `id`, if it is one.
    pub fn folder(&self, id: NodeId) -> Result<&Folder, FileError> {
        match &self.node(id).content {
            Content::Folder(folder) => Ok(folder),
            _ => Err(FileError::NotAFolder),
        }
    }

    /// The folder `id`, to change it.
    pub fn folder_mut(&mut self, id: NodeId) -> Result<&mut Folder, FileError> {
        match &mut self.node_mut(id).content {
            Content::Folder(folder) => Ok(folder),
            _ => Err(FileError::NotAFolder),
        }
    }

    /// All folders.
    pub fn folders(&self) -> impl Iterator<Item = NodeId> {
        (0..self.nodes.len()).map(NodeId).filter(|id| {
            let node = self.nodes[id.0].as_ref();
            node.is_some_and(|node| matches!(node.content, Content::Folder(_)))
        })
    }

    /// Whether the folder at `place` has lost its name.
    pub fn is_gone(&self, place: Place) -> bool {
        matches!(place, Place::Tree(id) if self.node(id).links < 2)
    }

    /// The first name of the folder at `place` from number `number` on.
    pub fn listed(&self, place: Place, number: u64) -> Result<Option<Listed>, FileError> {
        let id = match place {
            Place::Tree(id) => id,
            Place::Proc(entry) => return entry.listed(number),
        };
        let folder = self.folder(id)?;
        let (name, place, next) = match number {
            0 => (b".".as_slice(), place, 1),
            1 => (b"..".as_slice(), Place::Tree(folder.parent), FIRST),
            _ => match folder.from(number) {
                Some(entry) => {
                    let place = self.what_covers(Place::Tree(entry.node));
                    (entry.name.as_slice(), place, entry.number + 1)
                }
                None => return Ok(None),
            },
        };
        Ok(Some(Listed { name: Name::new(name)?, place, next }))
    }

    /// The bytes of the file at `place`.
    pub fn contents(&self, place: Place) -> Result<&Contents, FileError> {
        // Of what is below `/proc` only folders come here: all else is told, not stored.
        let Place::Tree(id) = place else { return Err(FileError::IsAFolder) };
        match &self.node(id).content {
            Content::Regular(contents) => Ok(contents),
            Content::Folder(_) => Err(FileError::IsAFolder),
            _ => Err(FileError::Invalid),
        }
    }

    /// The bytes of the file at `place`, to change them at the time `now`.
    pub fn contents_mut(
        &mut self,
        place: Place,
        now: Duration,
    ) -> Result<&mut Contents, FileError> {
        let node = self.node_mut(place.node()?);
        (node.times.modified, node.times.changed) = (now, now);
        match &mut node.content {
            Content::Regular(contents) => Ok(contents),
            Content::Folder(_) => Err(FileError::IsAFolder),
            _ => Err(FileError::Invalid),
        }
    }

    /// What can be told of the file at `place`.
    pub fn status(&self, place: Place) -> Status {
        match place {
            Place::Tree(id) => self.node(id).status(),
            Place::Proc(entry) => entry.status(),
        }
    }
}
