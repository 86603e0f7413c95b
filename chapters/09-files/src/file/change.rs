//! Changes of the tree: names come, go, and move.
//!
//! Whatever can fail is looked at first; then the change is made, whole. A folder that has lost its
//! name may still be somebody's working directory. Nothing can be put into it any more.

use alloc::vec::Vec;
use core::time::Duration;

use super::folder::Folder;
use super::node::Content;
use super::tree::{NodeId, Place, Tree};
use super::walk::Found;
use super::{FileError, Name};

/// What becomes of what has the new name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupied {
    /// It goes.
    Replace,
    /// It stays, and the move fails.
    Fail,
    /// It gets the old name.
    Exchange,
}

/// What a name is to be taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// Anything but a folder.
    File,
    /// A folder that is empty.
    Folder,
}

impl Tree {
    /// Makes a node with the name that was found to be free.
    pub fn create(
        &mut self,
        found: &Found,
        content: Content,
        mode: u32,
        now: Duration,
    ) -> Result<NodeId, FileError> {
        let folder = self.place_for(found)?;
        let id = self.add(content, mode, now)?;
        let added = self.add_name(folder, &found.name, id, now);
        self.forget(id);
        added.map(|()| id)
    }

    /// Makes an empty folder with the name that was found to be free.
    pub fn create_folder(
        &mut self,
        found: &Found,
        mode: u32,
        now: Duration,
    ) -> Result<NodeId, FileError> {
        let folder = self.place_for(&Found { wants_folder: false, ..*found })?;
        let id = self.add(Content::Folder(Folder::new(folder)), mode, now)?;
        self.hold(Place::Tree(folder));
        let added = self.add_name(folder, &found.name, id, now);
        self.forget(id);
        added.map(|()| id)
    }

    /// Gives the node at `place` another name.
    pub fn link(&mut self, place: Place, found: &Found, now: Duration) -> Result<(), FileError> {
        let folder = self.place_for(found)?;
        let Place::Tree(id) = place else { return Err(FileError::CrossesDevices) };
        match self.node(id).links {
            _ if self.is_folder(place) => return Err(FileError::NotPermitted),
            // Who has it open still cannot bring it back.
            0 => return Err(FileError::NotFound),
            _ => self.add_name(folder, &found.name, id, now)?,
        }
        self.node_mut(id).times.changed = now;
        Ok(())
    }

    /// The folder that something new is to be in, as `found` says.
    fn place_for(&self, found: &Found) -> Result<NodeId, FileError> {
        if found.place.is_some() {
            return Err(FileError::Exists);
        }
        if found.wants_folder {
            return Err(FileError::NotFound);
        }
        let folder = match found.folder {
            Place::Tree(id) => id,
            Place::Proc(_) => return Err(FileError::NotFound),
        };
        let is_gone = self.node(folder).links < 2;
        if is_gone { Err(FileError::NotFound) } else { Ok(folder) }
    }

    fn add_name(
        &mut self,
        folder: NodeId,
        name: &Name,
        id: NodeId,
        now: Duration,
    ) -> Result<(), FileError> {
        self.folder_mut(folder)?.add(name.bytes(), id)?;
        self.count_name(folder, id, 1);
        self.touch(folder, now);
        Ok(())
    }

    /// Counts a name of `id` in `folder`: one more, or one less.
    fn count_name(&mut self, folder: NodeId, id: NodeId, change: i32) {
        if self.is_folder(Place::Tree(id)) {
            let node = self.node_mut(folder);
            node.links = node.links.saturating_add_signed(change);
        }
        let node = self.node_mut(id);
        node.links = node.links.saturating_add_signed(change);
    }

    fn touch(&mut self, folder: NodeId, now: Duration) {
        let times = &mut self.node_mut(folder).times;
        (times.modified, times.changed) = (now, now);
    }

    /// Takes the name away that was found.
    pub fn remove(&mut self, found: &Found, what: Removed, now: Duration) -> Result<(), FileError> {
        let place = found.place.ok_or(FileError::NotFound)?;
        let folder = check_name(found, what)?;
        match what {
            Removed::File if self.is_folder(place) => return Err(FileError::IsAFolder),
            Removed::File if found.wants_folder => return Err(FileError::NotAFolder),
            Removed::Folder if !self.is_folder(place) => return Err(FileError::NotAFolder),
            _ => {}
        }
        // What covers a folder is in use by the kernel.
        let Place::Tree(id) = place else { return Err(FileError::Busy) };
        if what == Removed::Folder && !self.folder(id)?.is_empty() {
            return Err(FileError::NotEmpty);
        }
        self.folder_mut(folder)?.remove(found.name.bytes());
        self.lose_name(folder, id, now);
        self.touch(folder, now);
        Ok(())
    }

    /// Does what is to be done when `id` has lost a name in `folder`.
    fn lose_name(&mut self, folder: NodeId, id: NodeId, now: Duration) {
        self.count_name(folder, id, -1);
        self.node_mut(id).times.changed = now;
        self.forget(id);
    }

    /// Gives what was found as `old` the name `new`, maybe in another folder.
    pub fn rename(
        &mut self,
        old: &Found,
        new: &Found,
        occupied: Occupied,
        now: Duration,
    ) -> Result<(), FileError> {
        if old.name.is_special() || new.name.is_special() {
            let is_taken = occupied == Occupied::Fail && new.name.is_special();
            return Err(if is_taken { FileError::Exists } else { FileError::Busy });
        }
        let [from, to] = [old.folder, new.folder].map(|folder| match folder {
            Place::Tree(id) => Ok(id),
            Place::Proc(_) => Err(FileError::CrossesDevices),
        });
        let (from, to) = (from?, to?);
        let Place::Tree(id) = old.place.ok_or(FileError::NotFound)? else {
            return Err(FileError::Busy);
        };
        self.may_rename((old, id), (to, new), occupied)?;
        match new.place {
            None if self.node(to).links < 2 => Err(FileError::NotFound),
            None => self.move_to_free((from, old, id), (to, new), now),
            Some(Place::Proc(_)) => Err(FileError::Busy),
            Some(Place::Tree(other)) if other == id => Ok(()),
            Some(Place::Tree(other)) if occupied == Occupied::Exchange => {
                if self.is_inside(from, other) {
                    return Err(FileError::Invalid);
                }
                self.exchange((from, old, id), (to, new, other), now)
            }
            // What one is in is not empty, whatever it would be replaced by.
            Some(Place::Tree(other)) if self.is_inside(from, other) => Err(FileError::NotEmpty),
            Some(Place::Tree(other)) => self.move_onto((from, old, id), (to, new, other), now),
        }
    }

    /// Looks at what can be seen of a move before it is known what it is onto.
    fn may_rename(
        &self,
        (old, id): (&Found, NodeId),
        (to, new): (NodeId, &Found),
        occupied: Occupied,
    ) -> Result<(), FileError> {
        match (new.place, occupied) {
            (Some(_), Occupied::Fail) => return Err(FileError::Exists),
            (None, Occupied::Exchange) => return Err(FileError::NotFound),
            _ => {}
        }
        let wants_folder = old.wants_folder || new.wants_folder && occupied != Occupied::Exchange;
        if wants_folder && !self.is_folder(Place::Tree(id)) {
            return Err(FileError::NotAFolder);
        }
        if self.is_inside(to, id) { Err(FileError::Invalid) } else { Ok(()) }
    }

    /// Whether `folder` is `outer`, or inside of it.
    fn is_inside(&self, folder: NodeId, outer: NodeId) -> bool {
        let mut at = folder;
        loop {
            if at == outer {
                return true;
            }
            match self.folder(at) {
                Ok(folder) if folder.parent != at => at = folder.parent,
                _ => return false,
            }
        }
    }

    fn move_to_free(
        &mut self,
        (from, old, id): (NodeId, &Found, NodeId),
        (to, new): (NodeId, &Found),
        now: Duration,
    ) -> Result<(), FileError> {
        self.folder_mut(to)?.add(new.name.bytes(), id)?;
        self.folder_mut(from)?.remove(old.name.bytes());
        self.settle(id, from, to, now);
        Ok(())
    }

    fn move_onto(
        &mut self,
        (from, old, id): (NodeId, &Found, NodeId),
        (to, new, other): (NodeId, &Found, NodeId),
        now: Duration,
    ) -> Result<(), FileError> {
        match [id, other].map(|id| self.is_folder(Place::Tree(id))) {
            [true, false] => return Err(FileError::NotAFolder),
            [false, true] => return Err(FileError::IsAFolder),
            [true, true] if !self.folder(other)?.is_empty() => return Err(FileError::NotEmpty),
            _ => {}
        }
        self.folder_mut(to)?.replace(new.name.bytes(), id);
        self.folder_mut(from)?.remove(old.name.bytes());
        self.settle(id, from, to, now);
        self.lose_name(to, other, now);
        Ok(())
    }

    fn exchange(
        &mut self,
        (from, old, id): (NodeId, &Found, NodeId),
        (to, new, other): (NodeId, &Found, NodeId),
        now: Duration,
    ) -> Result<(), FileError> {
        self.folder_mut(from)?.replace(old.name.bytes(), other);
        self.folder_mut(to)?.replace(new.name.bytes(), id);
        self.settle(id, from, to, now);
        self.settle(other, to, from, now);
        Ok(())
    }

    /// Does what is to be done when `id` has gone from one folder to another.
    fn settle(&mut self, id: NodeId, from: NodeId, to: NodeId, now: Duration) {
        self.count_name(from, id, -1);
        self.count_name(to, id, 1);
        if let Content::Folder(folder) = &mut self.node_mut(id).content {
            folder.parent = to;
            self.hold(Place::Tree(to));
            self.release(Place::Tree(from));
        }
        self.node_mut(id).times.changed = now;
        self.touch(from, now);
        self.touch(to, now);
    }
}

/// The folder in which a name is to be taken away, if it is one that can be.
fn check_name(found: &Found, what: Removed) -> Result<NodeId, FileError> {
    match (found.name.bytes(), what) {
        (b"" | b"." | b"..", Removed::File) => Err(FileError::IsAFolder),
        (b"", Removed::Folder) => Err(FileError::Busy),
        (b".", Removed::Folder) => Err(FileError::Invalid),
        (b"..", Removed::Folder) => Err(FileError::NotEmpty),
        _ => found.folder.node(),
    }
}

/// A copy of `bytes`, if there is memory for it.
pub fn copy(bytes: &[u8]) -> Result<Vec<u8>, FileError> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len())?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}
