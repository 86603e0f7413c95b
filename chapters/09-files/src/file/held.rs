//! Holding a file, so that it stays.
//!
//! A file may lose its last name while somebody uses it: who has it open goes on, and what was in
//! it goes when nobody has it any more. So whoever uses a file beyond one look at the tree holds
//! it, by one of these.

use super::tree::{Place, TREE, Tree};

/// A file that stays until this is dropped. No lock that others take before the tree's may be held
/// then, nor the tree's own.
#[derive(Debug)]
pub struct Held {
    place: Place,
}

impl Held {
    /// Holds what is at `place` in `tree`.
    pub fn new(tree: &mut Tree, place: Place) -> Self {
        tree.hold(place);
        Self { place }
    }

    /// The root of the tree.
    pub fn root() -> Self {
        Self::new(&mut TREE.lock(), Place::ROOT)
    }

    /// The same, held once more, by who has `tree` already.
    pub fn again(&self, tree: &mut Tree) -> Self {
        Self::new(tree, self.place)
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        self.place
    }
}

impl Clone for Held {
    fn clone(&self) -> Self {
        self.again(&mut TREE.lock())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        TREE.lock().release(self.place);
    }
}
