//! Folders: names, and the nodes that they stand for.
//!
//! They lie in the order in which they came, each with a number that grows. So who reads a folder
//! piece by piece can go on behind the last name that it has seen, whatever has come and gone
//! meanwhile. To find a name is to look at all of them. (Linux keeps those that were looked up
//! lately in a hash table for all folders.)

use alloc::collections::TryReserveError;
use alloc::vec::Vec;

use super::tree::NodeId;

/// A name in a folder.
#[derive(Debug)]
pub struct Entry {
    /// What it is called.
    pub name: Vec<u8>,
    /// What it stands for.
    pub node: NodeId,
    /// The number of the name: higher than those of all that came before.
    pub number: u64,
}

/// A folder.
#[derive(Debug)]
pub struct Folder {
    /// The folder that it is in; the root is in itself.
    pub parent: NodeId,
    entries: Vec<Entry>,
    next: u64,
}

/// The number of the first name. Below are `.` and `..`.
pub const FIRST: u64 = 2;

impl Folder {
    /// An empty one in `parent`.
    pub const fn new(parent: NodeId) -> Self {
        Self { parent, entries: Vec::new(), next: FIRST }
    }

    /// What `name` stands for.
    pub fn find(&self, name: &[u8]) -> Option<NodeId> {
        self.entries.iter().find(|entry| entry.name == name).map(|entry| entry.node)
    }

    /// The first name from `number` on.
    pub fn from(&self, number: u64) -> Option<&Entry> {
        let index = self.entries.partition_point(|entry| entry.number < number);
        self.entries.get(index)
    }

    /// The name of `node`.
    pub fn name_of(&self, node: NodeId) -> Option<&[u8]> {
        self.entries.iter().find(|entry| entry.node == node).map(|entry| entry.name.as_slice())
    }

    /// Makes `name` stand for `node`. Nothing else may be called so.
    pub fn add(&mut self, name: &[u8], node: NodeId) -> Result<(), TryReserveError> {
        let mut owned = Vec::new();
        owned.try_reserve_exact(name.len())?;
        owned.extend_from_slice(name);
        self.entries.try_reserve(1)?;
        self.entries.push(Entry { name: owned, node, number: self.next });
        self.next += 1;
        Ok(())
    }

    /// Makes `name` stand for `node` in the place of what it stood for, which is the result.
    pub fn replace(&mut self, name: &[u8], node: NodeId) -> Option<NodeId> {
        let entry = self.entries.iter_mut().find(|entry| entry.name == name)?;
        Some(core::mem::replace(&mut entry.node, node))
    }

    /// Takes `name` away; what it stood for.
    pub fn remove(&mut self, name: &[u8]) -> Option<NodeId> {
        let index = self.entries.iter().position(|entry| entry.name == name)?;
        Some(self.entries.remove(index).node)
    }

    /// Whether no name is in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
