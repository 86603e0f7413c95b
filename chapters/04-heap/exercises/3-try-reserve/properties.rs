//! Any settings in any order, with a failure anywhere, against a model: a map that never fails.

use std::collections::BTreeMap;

use exercise_host::allocations::{bytes, with_failure};
use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use settings::{NoMemory, Settings};

#[allow(dead_code, reason = "the kernel's tests use the rest")]
mod settings;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![any_story_ends_well];

/// A key and its value.
type Pair = (&'static str, &'static str);

/// What is done, and how many allocations succeed before one fails.
#[derive(Clone, Debug)]
struct Step {
    pairs: Vec<Pair>,
    before: usize,
}

fn step() -> impl Strategy<Value = Step> {
    let pair = (select(vec!["", "a", "b", "key"]), select(vec!["", "1", "two", "and three"]));
    (vec(pair, 1..4), 0..20_usize).prop_map(|(pairs, before)| Step { pairs, before })
}

fn any_story_ends_well() {
    holds_for(vec(step(), 0..8), |story| {
        let at_first = bytes();
        let mut settings = Settings::new();
        let mut model = BTreeMap::new();
        for (number, step) in story.iter().enumerate() {
            let (result, has_failed) = with_failure(step.before, || match step.pairs.as_slice() {
                [(key, value)] => settings.set(key, value),
                pairs => settings.set_all(pairs),
            });
            let story = &story[..=number];
            match result {
                Ok(()) => model.extend(step.pairs.iter().copied()),
                Err(NoMemory) => expect((story, "has there been a failure"), has_failed, true),
            }
            let seen: BTreeMap<_, _> = settings.pairs().collect();
            expect(story, seen, model.clone());
            expect((story, "how many"), settings.pairs().count(), model.len());
        }
        drop((settings, model));
        expect((&story, "bytes left"), bytes() - at_first, 0);
    });
}
