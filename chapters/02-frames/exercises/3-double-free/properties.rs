//! Frames that are taken and given back by several, rightly and wrongly, against a model.

use std::collections::BTreeMap;

use address::{FRAME_SIZE, PhysAddr};
use complaint::{Complaint, Owner, State};
use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use ledger::Ledger;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

#[allow(dead_code, reason = "the kernel uses what no property here does")]
#[path = "../../src/memory/address.rs"]
mod address;
mod complaint;
#[allow(dead_code, reason = "a starter uses little")]
#[forbid(unsafe_code)]
mod ledger;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![any_story_is_told_right];

/// Frames of the ledger, and where they begin.
const FRAMES: usize = 3;
const START: u64 = 0x8000;

/// What somebody does.
#[derive(Clone, Copy, Debug)]
enum Step {
    Take { frame: PhysAddr, count: usize, by: Owner },
    GiveBack { frame: PhysAddr, count: usize, by: Owner },
}

fn step() -> impl Strategy<Value = Step> {
    // One frame below the ledger and one above it; now and then none that is aligned.
    let frame = (0..FRAMES as u64 + 2, prop_oneof![9 => Just(0_u64), 1 => Just(8)])
        .prop_map(|(number, odd)| PhysAddr(START + number * FRAME_SIZE + odd - FRAME_SIZE));
    let step = (frame, 1..3_usize, select(vec!["disk", "network"]), any::<bool>());
    step.prop_map(|(frame, count, by, takes)| match takes {
        true => Step::Take { frame, count, by },
        false => Step::GiveBack { frame, count, by },
    })
}

/// What is known of each frame of the ledger, by its address.
type Model = BTreeMap<u64, State>;

fn any_story_is_told_right() {
    holds_for(vec(step(), 0..32), |story| {
        let mut states = [State::Fresh; FRAMES];
        let mut ledger = Ledger::new(PhysAddr(START), &mut states);
        let frames = (0..FRAMES as u64).map(|number| START + number * FRAME_SIZE);
        let mut model: Model = frames.map(|frame| (frame, State::Fresh)).collect();
        for (index, step) in story.iter().enumerate() {
            let seen = match *step {
                Step::Take { frame, count, by } => ledger.take(frame, count, by),
                Step::GiveBack { frame, count, by } => ledger.give_back(frame, count, by),
            };
            expect((&story[..=index], "the last"), seen, tell(&mut model, *step));
        }
    });
}

/// Does `step` in the model.
fn tell(model: &mut Model, step: Step) -> Result<(), Complaint> {
    let (frame, count, by, after) = match step {
        Step::Take { frame, count, by } => (frame, count, by, State::Taken { owner: by }),
        Step::GiveBack { frame, count, by } => (frame, count, by, State::Back { by }),
    };
    let mut changed = model.clone();
    for number in 0..count as u64 {
        let frame = frame + number * FRAME_SIZE;
        let state = changed.get_mut(&frame.0).ok_or(Complaint::Foreign { frame, by })?;
        match (step, *state) {
            (Step::Take { .. }, State::Taken { owner }) => {
                return Err(Complaint::InUse { frame, owner, by });
            }
            (Step::GiveBack { .. }, State::Fresh) => {
                return Err(Complaint::NeverTaken { frame, by });
            }
            (Step::GiveBack { .. }, State::Back { by: first }) => {
                return Err(Complaint::DoubleFree { frame, first, by });
            }
            (Step::GiveBack { .. }, State::Taken { owner }) if owner != by => {
                return Err(Complaint::NotYours { frame, owner, by });
            }
            _ => *state = after,
        }
    }
    *model = changed;
    Ok(())
}
