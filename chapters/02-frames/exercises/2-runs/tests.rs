//! What the kernel expects of the search for frames in a row: on frames that nobody has.

use ktest::{Chance, expect};

use super::address::{FRAME_SIZE, PhysAddr};
use super::frames::Frames;
use super::runs::find_run;

/// Room for the bits of 128 frames.
const WORDS: usize = 2;

/// Does `act` with the frames of `regions`, given by their addresses in units of a frame.
fn with_frames(regions: &[(u64, u64)], act: impl FnOnce(&mut Frames)) {
    let address = |frame: u64| PhysAddr(frame * FRAME_SIZE);
    let ranges = regions.iter().map(|(start, end)| address(*start)..address(*end));
    act(&mut Frames::new(&mut [0; WORDS], ranges));
}

ktest::test! {
    /// The frames of a run are free, and as many as were asked for.
    fn frames_of_a_run_are_free() {
        with_frames(&[(16, 80)], |frames| {
            let mut chance = Chance::new(1);
            for _ in 0..16 {
                let used = chance.below(64);
                frames.mark_used(used..used + 1);
            }
            let Some(first) = find_run(frames, 3, FRAME_SIZE) else { return };
            for number in first..first + 3 {
                expect(("3 frames from", first, "free:", number), frames.is_free(number), true);
            }
        });
    }

    /// The first frame's address is a multiple of the alignment, whatever its number is.
    fn address_is_aligned() {
        with_frames(&[(5, 21)], |frames| {
            let asked = "2 frames at a multiple of 8, region 5..21";
            expect(asked, find_run(frames, 2, 8 * FRAME_SIZE), Some(3));
        });
    }

    /// A run that begins behind a frame in use is as aligned as any.
    fn later_starts_are_aligned() {
        with_frames(&[(8, 24)], |frames| {
            frames.mark_used(1..2);
            let asked = "2 frames at a multiple of 4, region 8..24, 9 in use";
            expect(asked, find_run(frames, 2, 4 * FRAME_SIZE), Some(4));
        });
    }

    /// Frames whose numbers follow each other and whose addresses do not are no run.
    fn gap_ends_a_run() {
        with_frames(&[(4, 7), (9, 11)], |frames| {
            let asked = "4 frames, regions 4..7 and 9..11";
            expect(asked, find_run(frames, 4, FRAME_SIZE), None);
        });
    }

    /// A run can begin with the first frame behind a gap, or behind one that is in use.
    fn run_begins_behind_an_obstacle() {
        with_frames(&[(4, 6), (9, 12)], |frames| {
            let asked = "3 frames, regions 4..6 and 9..12";
            expect(asked, find_run(frames, 3, FRAME_SIZE), Some(2));
        });
        with_frames(&[(4, 8)], |frames| {
            frames.mark_used(0..1);
            expect("3 frames, region 4..8, 4 in use", find_run(frames, 3, FRAME_SIZE), Some(1));
        });
    }

    /// A run that ends with the last frame there is, is one.
    fn last_frame_counts() {
        with_frames(&[(4, 8)], |frames| {
            expect("4 frames, region 4..8", find_run(frames, 4, FRAME_SIZE), Some(0));
            expect("5 frames, region 4..8", find_run(frames, 5, FRAME_SIZE), None);
            frames.mark_used(0..3);
            expect("1 frame, region 4..8, 4..7 in use", find_run(frames, 1, FRAME_SIZE), Some(3));
        });
    }

    /// However scattered memory is, a frame is looked at twice at most.
    fn frames_are_looked_at_twice_at_most() {
        with_frames(&[(0, 128)], |frames| {
            (15..128).step_by(16).for_each(|used| frames.mark_used(used..used + 1));
            expect("16 frames, every 16th in use", find_run(frames, 16, FRAME_SIZE), None);
            let looks = frames.looks();
            expect(("looks at 128 frames", looks), looks <= 2 * 128, true);
        });
    }
}
