//! Paths of places: the other way round, from a folder to the root.
//!
//! Linux, `man 2 getcwd`.

use alloc::vec::Vec;

use super::FileError;
use super::change::copy;
use super::tree::{NodeId, Place, Tree};
use super::walk::{LastLink, walk};

impl Tree {
    /// The path of the folder at `place`, from the root on.
    pub fn path(&self, place: Place) -> Result<Vec<u8>, FileError> {
        match place {
            Place::Tree(id) => self.path_of_folder(id),
            Place::Proc(entry) => entry.path(),
        }
    }

    fn path_of_folder(&self, id: NodeId) -> Result<Vec<u8>, FileError> {
        let mut path = Vec::new();
        let mut at = id;
        while Place::Tree(at) != Place::ROOT {
            let parent = self.folder(at)?.parent;
            let name = self.folder(parent)?.name_of(at).ok_or(FileError::NotFound)?;
            prepend(&mut path, name)?;
            at = parent;
        }
        if path.is_empty() {
            prepend(&mut path, b"")?;
        }
        Ok(path)
    }

    /// The path from the root on of what is found at `path` from `start` on.
    pub fn path_of_file(&self, start: Place, path: &[u8]) -> Result<Vec<u8>, FileError> {
        let found = walk(self, start, path, LastLink::Follow)?;
        if let (Place::Proc(_), Some(place @ Place::Tree(_))) = (found.folder, found.place) {
            // A link of `/proc` has led there, which has nothing to do with names.
            return self.path_of_any(place);
        }
        self.joined(found.folder, found.name.bytes())
    }

    /// A path of whatever is at `place`. Files do not know their names, so all folders are looked
    /// at: this is for who is curious, not for who works.
    pub fn path_of_any(&self, place: Place) -> Result<Vec<u8>, FileError> {
        let id = match place {
            place if self.is_folder(place) && self.is_gone(place) => None,
            Place::Tree(id) if !self.is_folder(place) => Some(id),
            place => return self.path(place),
        };
        let named = |folder: &NodeId| self.folder(*folder).ok()?.name_of(id?);
        match self.folders().find_map(|folder| Some((folder, named(&folder)?))) {
            Some((folder, name)) => self.joined(Place::Tree(folder), name),
            None => copy(b"/ (deleted)"),
        }
    }

    /// The path of what is called `name` in `folder`.
    fn joined(&self, folder: Place, name: &[u8]) -> Result<Vec<u8>, FileError> {
        let mut whole = self.path(folder)?;
        if !whole.ends_with(b"/") {
            whole.try_reserve(1)?;
            whole.push(b'/');
        }
        whole.try_reserve(name.len())?;
        whole.extend_from_slice(name);
        Ok(whole)
    }
}

/// Puts a slash and `name` before `path`.
fn prepend(path: &mut Vec<u8>, name: &[u8]) -> Result<(), FileError> {
    path.try_reserve(name.len() + 1)?;
    path.splice(0..0, core::iter::once(b'/').chain(name.iter().copied()));
    Ok(())
}
