//! The queues, against a `VecDeque` for each level.

use std::collections::VecDeque;

use host_tests::holds_for_many;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::scheduler::policy::queues::Queues;
use crate::scheduler::policy::{Level, ThreadId};
use crate::workload::levels;

const THREADS: usize = 6;

#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Puts the thread to the back, or takes it out where it is.
    Back(usize, Level),
    /// Puts it to the front, or takes it out where it is.
    Front(usize, Level),
    Pop,
    Append(Level, Level),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        3 => (0..THREADS, levels()).prop_map(|(id, level)| Deed::Back(id, level)),
        3 => (0..THREADS, levels()).prop_map(|(id, level)| Deed::Front(id, level)),
        1 => Just(Deed::Pop),
        1 => (levels(), levels()).prop_map(|(from, to)| Deed::Append(from, to)),
    ];
    vec(deed, 1..60)
}

#[derive(Default)]
struct Model([VecDeque<ThreadId>; 5]);

impl Model {
    fn highest(&self) -> Option<Level> {
        Level::ALL.into_iter().rev().find(|level| !self.0[*level as usize].is_empty())
    }

    fn place(&self, id: ThreadId) -> Option<Level> {
        Level::ALL.into_iter().find(|level| self.0[*level as usize].contains(&id))
    }

    fn pop(&mut self) -> Option<ThreadId> {
        self.0[self.highest()? as usize].pop_front()
    }
}

fn act(queues: &mut Queues, model: &mut Model, deed: Deed) -> Result<(), TestCaseError> {
    match deed {
        Deed::Back(id, level) | Deed::Front(id, level) => {
            let id = ThreadId(id);
            if let Some(level) = model.place(id) {
                queues.remove(level, id);
                model.0[level as usize].retain(|other| *other != id);
            } else if matches!(deed, Deed::Back(..)) {
                queues.push_back(level, id);
                model.0[level as usize].push_back(id);
            } else {
                queues.push_front(level, id);
                model.0[level as usize].push_front(id);
            }
        }
        Deed::Pop => prop_assert_eq!(queues.pop(), model.pop()),
        Deed::Append(from, to) if from != to => {
            queues.append(from, to);
            let moved = std::mem::take(&mut model.0[from as usize]);
            model.0[to as usize].extend(moved);
        }
        Deed::Append(..) => {}
    }
    Ok(())
}

#[test]
fn queues_are_queues() {
    holds_for_many(1000, deeds(), |deeds| {
        let (mut queues, mut model) = (Queues::new(), Model::default());
        (0..THREADS).for_each(|id| queues.reserve(ThreadId(id)).expect("there is memory"));
        for deed in deeds {
            act(&mut queues, &mut model, deed)?;
            prop_assert_eq!(queues.highest(), model.highest(), "after {:?}", deed);
        }
        for _ in 0..=THREADS {
            prop_assert_eq!(queues.pop(), model.pop());
        }
        prop_assert_eq!(queues.highest(), None);
        Ok(())
    });
}
