//! Frames in a row: free, side by side in memory, the first of them aligned.

use super::frames::Frames;

/// The number of the first frame of `count` free ones (one at least) that lie side by side, the
/// first at a multiple of `alignment` bytes (a power of two, at least a frame). Of several the one
/// with the lowest number; `None` if there is none.
pub fn find_run(frames: &Frames, count: usize, alignment: u64) -> Option<usize> {
    todo!("find {count} frames in a row at a multiple of {alignment:#x} among {frames:?}")
}
