//! The buddy allocator: blocks are halved to be given out, and joined again when they come back.

use super::blocks::Blocks;

/// Gives out a block of 2^`order` frames, and returns the number of its first frame. `None` if
/// there is none left.
pub fn allocate(blocks: &mut Blocks, order: usize) -> Option<usize> {
    todo!("find or make a block of order {order} among {blocks:?}")
}

/// Takes back the block of 2^`order` frames that begins at frame `first`.
pub fn free(blocks: &mut Blocks, first: usize, order: usize) {
    todo!("take back the block of order {order} at {first} among {blocks:?}, and join buddies")
}
