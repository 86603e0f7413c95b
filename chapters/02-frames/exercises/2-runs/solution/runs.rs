//! Frames in a row: free, side by side in memory, the first of them aligned.
//!
//! One walk over all frames is enough. It carries the longest run that ends here and begins at a
//! multiple of the alignment. Whatever ends that run ends every shorter one that began later, so
//! there is never a reason to go back.

use super::address::FRAME_SIZE;
use super::frames::Frames;

/// The number of the first frame of `count` free ones (one at least) that lie side by side, the
/// first at a multiple of `alignment` bytes (a power of two, at least a frame). Of several the one
/// with the lowest number; `None` if there is none.
pub fn find_run(frames: &Frames, count: usize, alignment: u64) -> Option<usize> {
    let mut run = None;
    let mut next_address = None;
    for number in 0..frames.count() {
        let address = frames.address(number);
        run = match run {
            _ if !frames.is_free(number) => None,
            Some(first) if next_address == Some(address) => Some(first),
            _ => address.is_aligned(alignment).then_some(number),
        };
        if run.is_some_and(|first| number + 1 - first == count) {
            return run;
        }
        next_address = Some(address + FRAME_SIZE);
    }
    None
}
