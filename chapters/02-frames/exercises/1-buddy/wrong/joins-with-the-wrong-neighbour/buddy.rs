//! The buddy allocator: blocks are halved to be given out, and joined again when they come back.

use super::blocks::Blocks;

/// Gives out a block of 2^`order` frames, and returns the number of its first frame. `None` if
/// there is none left.
pub fn allocate(blocks: &mut Blocks, order: usize) -> Option<usize> {
    let mut orders = order..blocks.orders();
    let (found, mut block) = orders.find_map(|at| Some((at, blocks.first_free(at)?)))?;
    blocks.mark_used(found, block);
    for smaller in (order..found).rev() {
        block *= 2;
        blocks.mark_free(smaller, block + 1);
    }
    Some(block << order)
}

/// Takes back the block of 2^`order` frames that begins at frame `first`.
pub fn free(blocks: &mut Blocks, first: usize, mut order: usize) {
    let mut block = first >> order;
    while block + 1 < 1 << (blocks.orders() - 1 - order) && blocks.is_free(order, block + 1) {
        blocks.mark_used(order, block + 1);
        block /= 2;
        order += 1;
    }
    blocks.mark_free(order, block);
}
