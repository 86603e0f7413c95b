//! What the kernel expects of its ledger: of real frames that the test has, and nobody else.

use ktest::expect;

use super::address::{FRAME_SIZE, PhysAddr};
use super::complaint::{Complaint, State};
use super::ledger::Ledger;
use crate::memory::frames;

/// Frames of the ledgers here.
const FRAMES: usize = 4;

/// Does `act` with a ledger, and the addresses of its frames and of the first behind them.
fn with_ledger(act: impl FnOnce(&mut Ledger, [PhysAddr; FRAMES + 1])) {
    let run = frames::allocate_run(FRAMES, FRAME_SIZE).expect("boot leaves four frames in a row");
    let start = run.range().start;
    let mut states = [State::Fresh; FRAMES];
    let addresses = core::array::from_fn(|number| start + number as u64 * FRAME_SIZE);
    act(&mut Ledger::new(start, &mut states), addresses);
}

ktest::test! {
    /// What was taken can be given back, and then be taken by others.
    fn frames_come_and_go() {
        with_ledger(|ledger, [first, second, ..]| {
            expect("disk takes 0, 1", ledger.take(first, 2, "disk"), Ok(()));
            expect("network takes 2", ledger.take(second + FRAME_SIZE, 1, "network"), Ok(()));
            expect("disk gives back 0, 1", ledger.give_back(first, 2, "disk"), Ok(()));
            expect("network takes 1", ledger.take(second, 1, "network"), Ok(()));
            expect("network gives back 1", ledger.give_back(second, 1, "network"), Ok(()));
        });
    }

    /// Of a double free both are named: who gives back now, and who did before.
    fn double_free_names_both() {
        with_ledger(|ledger, [frame, ..]| {
            expect("disk takes 0", ledger.take(frame, 1, "disk"), Ok(()));
            expect("disk gives back 0", ledger.give_back(frame, 1, "disk"), Ok(()));
            let complaint = Complaint::DoubleFree { frame, first: "disk", by: "network" };
            let seen = ledger.give_back(frame, 1, "network");
            expect("network gives back 0, too", seen, Err(complaint));
        });
    }

    /// Whoever was refused is not noted: it is still the first who gave the frame back.
    fn refused_one_is_not_noted() {
        with_ledger(|ledger, [frame, ..]| {
            expect("disk takes 0", ledger.take(frame, 1, "disk"), Ok(()));
            expect("disk gives back 0", ledger.give_back(frame, 1, "disk"), Ok(()));
            let _ = ledger.give_back(frame, 1, "network");
            let complaint = Complaint::DoubleFree { frame, first: "disk", by: "console" };
            let seen = ledger.give_back(frame, 1, "console");
            expect("network, refused, then console give back 0", seen, Err(complaint));
        });
    }

    /// A frame that has a new owner cannot be given back by the old one, or by anybody else.
    fn frame_of_another_is_kept() {
        with_ledger(|ledger, [frame, ..]| {
            expect("disk takes 0", ledger.take(frame, 1, "disk"), Ok(()));
            expect("disk gives back 0", ledger.give_back(frame, 1, "disk"), Ok(()));
            expect("network takes 0", ledger.take(frame, 1, "network"), Ok(()));
            let complaint = Complaint::NotYours { frame, owner: "network", by: "disk" };
            let seen = ledger.give_back(frame, 1, "disk");
            expect("disk gives back 0 once more", seen, Err(complaint));
            expect("network gives back 0", ledger.give_back(frame, 1, "network"), Ok(()));
        });
    }

    /// A frame that nobody ever had cannot be given back.
    fn fresh_frame_is_not_given_back() {
        with_ledger(|ledger, [frame, ..]| {
            let complaint = Complaint::NeverTaken { frame, by: "disk" };
            expect("disk gives back 0", ledger.give_back(frame, 1, "disk"), Err(complaint));
        });
    }

    /// Where no frame of the ledger begins there is none: below it, in the middle of a frame.
    fn middle_of_a_frame_is_foreign() {
        with_ledger(|ledger, [first, ..]| {
            expect("disk takes 0", ledger.take(first, 1, "disk"), Ok(()));
            for frame in [PhysAddr(0), first + 8] {
                let complaint = Complaint::Foreign { frame, by: "disk" };
                let seen = ledger.give_back(frame, 1, "disk");
                expect(("disk gives back", frame), seen, Err(complaint));
            }
        });
    }

    /// Behind the last frame there is none, for whoever takes or gives back.
    fn frame_behind_the_last_is_foreign() {
        with_ledger(|ledger, [.., last, end]| {
            let complaint = Complaint::Foreign { frame: end, by: "disk" };
            expect("disk takes 4 of 0 to 3", ledger.take(end, 1, "disk"), Err(complaint));
            expect("disk takes 3 and 4", ledger.take(last, 2, "disk"), Err(complaint));
            expect("disk takes 3", ledger.take(last, 1, "disk"), Ok(()));
        });
    }

    /// A frame that has an owner is not taken, not even by that one.
    fn frame_in_use_is_not_taken() {
        with_ledger(|ledger, [frame, ..]| {
            expect("disk takes 0", ledger.take(frame, 1, "disk"), Ok(()));
            let complaint = Complaint::InUse { frame, owner: "disk", by: "network" };
            expect("network takes 0", ledger.take(frame, 1, "network"), Err(complaint));
            expect("disk gives back 0", ledger.give_back(frame, 1, "disk"), Ok(()));
        });
    }

    /// Of several frames either all come back or none.
    fn all_come_back_or_none() {
        with_ledger(|ledger, [first, _, third, ..]| {
            expect("disk takes 0, 1", ledger.take(first, 2, "disk"), Ok(()));
            let complaint = Complaint::NeverTaken { frame: third, by: "disk" };
            expect("disk gives back 0 to 2", ledger.give_back(first, 3, "disk"), Err(complaint));
            expect("disk gives back 0, 1", ledger.give_back(first, 2, "disk"), Ok(()));
        });
    }

    /// A kernel that dies of a double free says who it was.
    #[must_die("is given back by network, and was before by disk")]
    fn kernel_names_the_culprit() {
        with_ledger(|ledger, [frame, ..]| {
            let story = [
                ledger.take(frame, 1, "disk"),
                ledger.give_back(frame, 1, "disk"),
                ledger.give_back(frame, 1, "network"),
            ];
            if let Some(complaint) = story.into_iter().find_map(Result::err) {
                panic!("{complaint}");
            }
        });
    }
}
