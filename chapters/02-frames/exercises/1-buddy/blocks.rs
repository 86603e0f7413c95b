//! Which blocks are free: one bit for each block that there can be.
//!
//! Given, not to be written. A block of order k has 2^k frames and begins at a frame whose number
//! is a multiple of 2^k; block b of order k begins at frame b * 2^k. A frame is free if a block is
//! free that it is part of: of one order, never of two.
//!
//! ```text
//!  order 2  |       0       |
//!  order 1  |   0   |   1   |
//!  order 0  | 0 | 1 | 2 | 3 |
//! ```

use core::fmt;

/// Blocks that one word speaks of.
const WORD: usize = u64::BITS as usize;

/// The free blocks of some frames.
pub struct Blocks<'a> {
    words: &'a mut [u64],
    orders: usize,
}

impl<'a> Blocks<'a> {
    /// How many words the blocks of `frames` frames need.
    pub fn words_for(frames: usize) -> usize {
        (2 * frames.next_power_of_two()).div_ceil(WORD)
    }

    /// The blocks of `frames` frames in `words`, whatever they hold; none is free.
    pub fn new(words: &'a mut [u64], frames: usize) -> Self {
        words.fill(0);
        Self { words, orders: frames.next_power_of_two().ilog2() as usize + 1 }
    }

    /// The number of orders: the largest block has order `orders() - 1`, and there is one of it.
    pub fn orders(&self) -> usize {
        self.orders
    }

    /// Whether block `block` of `order` is free, as a block of this order.
    pub fn is_free(&self, order: usize, block: usize) -> bool {
        let bit = self.bit(order, block);
        self.words[bit / WORD] >> (bit % WORD) & 1 == 1
    }

    /// Marks block `block` of `order` as free.
    pub fn mark_free(&mut self, order: usize, block: usize) {
        let bit = self.bit(order, block);
        self.words[bit / WORD] |= 1 << (bit % WORD);
    }

    /// Marks block `block` of `order` as not free: it is given out, or a part of a larger block, or
    /// split.
    pub fn mark_used(&mut self, order: usize, block: usize) {
        let bit = self.bit(order, block);
        self.words[bit / WORD] &= !(1 << (bit % WORD));
    }

    /// The first block of `order` that is free.
    pub fn first_free(&self, order: usize) -> Option<usize> {
        let (start, end) = (self.bit(order, 0), self.bit(order, 0) + self.count(order));
        let mut at = start;
        while at < end {
            let word = self.words[at / WORD] >> (at % WORD);
            if word != 0 {
                let found = at + word.trailing_zeros() as usize;
                return (found < end).then_some(found - start);
            }
            at = (at / WORD + 1) * WORD;
        }
        None
    }

    /// The order of the largest block that is free.
    pub fn largest(&self) -> Option<usize> {
        (0..self.orders).rev().find(|order| self.first_free(*order).is_some())
    }

    /// Whether a free block has the frame.
    pub fn has_free(&self, frame: usize) -> bool {
        (0..self.orders).any(|order| self.is_free(order, frame >> order))
    }

    /// Takes a free frame out of the block that it is part of.
    #[allow(dead_code, reason = "a later chapter asks for it")]
    pub fn take(&mut self, frame: usize) {
        let orders = 0..self.orders;
        if let Some(found) = orders.into_iter().find(|order| self.is_free(*order, frame >> order)) {
            self.mark_used(found, frame >> found);
            (0..found).for_each(|order| self.mark_free(order, (frame >> order) ^ 1));
        }
    }

    /// How many blocks of `order` there can be.
    fn count(&self, order: usize) -> usize {
        1 << (self.orders - 1 - order)
    }

    /// The bit of a block. The bits of order 0 come first; each order has half as many.
    fn bit(&self, order: usize, block: usize) -> usize {
        assert!(order < self.orders, "there is no order {order}");
        assert!(block < self.count(order), "order {order} has no block {block}");
        (1 << self.orders) - 2 * self.count(order) + block
    }
}

impl fmt::Debug for Blocks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "the blocks of {} frames", self.count(0))
    }
}
