//! Where a process is, and what the files that it makes do not allow.

use super::Held;
use super::tree::Tree;

/// Where a process is. Threads share it.
#[derive(Debug)]
pub struct Surroundings {
    /// The working directory: where paths begin that do not begin at the root.
    pub folder: Held,
    /// What is taken away from the mode of new files: twelve bits.
    pub mask: u32,
}

/// Nobody else may write, unless somebody says otherwise.
const MASK: u32 = 0o022;

impl Surroundings {
    /// Those of a process that nobody has made.
    pub fn new() -> Self {
        Self { folder: Held::root(), mask: MASK }
    }

    /// The same again.
    pub fn copy(&self, tree: &mut Tree) -> Self {
        Self { folder: self.folder.again(tree), mask: self.mask }
    }
}
