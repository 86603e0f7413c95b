//! Frames in a row: free, side by side in memory, the first of them aligned.

use super::address::FRAME_SIZE;
use super::frames::Frames;

/// The number of the first frame of `count` free ones (one at least) that lie side by side, the
/// first at a multiple of `alignment` bytes (a power of two, at least a frame). Of several the one
/// with the lowest number; `None` if there is none.
pub fn find_run(frames: &Frames, count: usize, alignment: u64) -> Option<usize> {
    (0..frames.count()).find(|first| {
        let start = frames.address(*first);
        start.is_aligned(alignment) && (0..count).all(|more| is_next(frames, *first, more))
    })
}

/// Whether the frame `more` behind `first` is free and lies as far behind it in memory.
fn is_next(frames: &Frames, first: usize, more: usize) -> bool {
    let number = first + more;
    number < frames.count()
        && frames.is_free(number)
        && frames.address(number) == frames.address(first) + more as u64 * FRAME_SIZE
}
