//! Signals that are sent, blocked, let through and ignored, in any order, against a model.

use std::collections::BTreeMap;

use host_tests::holds_for;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::process::Pid;
use crate::process::signals::{Action, Number, Set, Signals, Target};

const KILL: u32 = 9;
const STOP: u32 = 19;

/// What ends nobody unless it is told to: SIGCHLD, SIGCONT, SIGURG, SIGWINCH. (signal(7).)
const HARMLESS: [u32; 4] = [17, 18, 23, 28];

/// What would stop a process: SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU.
const STOPPING: [u32; 4] = [19, 20, 21, 22];

/// What happens to a process of the threads 1 to 3.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// To a thread, or to the process: 0.
    Send {
        thread: u32,
        number: u32,
    },
    Block {
        thread: u32,
        set: u64,
    },
    Handle {
        number: u32,
        handler: u64,
    },
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    // Few of them, so that they meet.
    let numbers = select(vec![2, 9, 11, 15, 17, 19, 20, 28, 34, 64]);
    let sets = prop_oneof![Just(0), Just(u64::MAX), any::<u64>()];
    let deed = prop_oneof![
        4 => (0..4_u32, numbers.clone()).prop_map(|(thread, number)| Deed::Send { thread, number }),
        2 => (1..4_u32, sets).prop_map(|(thread, set)| Deed::Block { thread, set }),
        2 => (numbers, select(vec![0, 1, 0x1234]))
            .prop_filter("they cannot be set", |(number, _)| ![KILL, STOP].contains(number))
            .prop_map(|(number, handler)| Deed::Handle { number, handler }),
    ];
    vec(deed, 1..60)
}

/// Signals one by one, in maps.
#[derive(Default)]
struct Model {
    handlers: BTreeMap<u32, u64>,
    blocked: BTreeMap<(u32, u32), ()>,
    /// By the thread that they are for; 0 is the process.
    pending: BTreeMap<(u32, u32), ()>,
}

impl Model {
    fn ends(&self, number: u32) -> bool {
        let is_usual = self.handlers.get(&number).is_none_or(|handler| *handler == 0);
        is_usual && number < 32 && !HARMLESS.contains(&number) && !STOPPING.contains(&number)
    }

    fn is_ignored(&self, number: u32) -> bool {
        match self.handlers.get(&number) {
            None | Some(0) => !self.ends(number),
            Some(handler) => *handler == 1,
        }
    }

    fn is_blocked(&self, thread: u32, number: u32) -> bool {
        self.blocked.contains_key(&(thread, number))
    }

    fn can_take(&self, thread: u32, number: u32) -> bool {
        let mut threads = if thread == 0 { 1..=3 } else { thread..=thread };
        threads.any(|thread| !self.is_blocked(thread, number))
    }

    fn act(&mut self, deed: Deed) {
        match deed {
            Deed::Send { thread, number } => {
                if !(self.is_ignored(number) && self.can_take(thread, number)) {
                    self.pending.insert((thread, number), ());
                }
            }
            Deed::Block { thread, set } => {
                self.blocked.retain(|(blocker, _), ()| *blocker != thread);
                for number in (1..=64).filter(|number| set >> (number - 1) & 1 != 0) {
                    if number != KILL && number != STOP {
                        self.blocked.insert((thread, number), ());
                    }
                }
            }
            Deed::Handle { number, handler } => {
                self.handlers.insert(number, handler);
                if self.is_ignored(number) {
                    self.pending.retain(|(_, other), ()| *other != number);
                }
            }
        }
    }

    /// Takes away what can be taken; whether one of it ends the process.
    fn is_ended(&mut self) -> bool {
        let taken: Vec<(u32, u32)> = self.pending.keys().copied().collect();
        let mut is_ended = false;
        for (thread, number) in taken {
            if self.can_take(thread, number) {
                self.pending.remove(&(thread, number));
                is_ended |= self.ends(number);
            }
        }
        is_ended
    }

    fn pending(&self, thread: u32) -> u64 {
        let is_told = |target: u32, number: u32| {
            (target == 0 || target == thread) && self.is_blocked(thread, number)
        };
        let told = self.pending.keys().filter(|(target, number)| is_told(*target, *number));
        told.fold(0, |set, (_, number)| set | 1 << (number - 1))
    }
}

fn number(number: u32) -> Number {
    Number::new(number.into()).expect("there is such a signal")
}

fn act(signals: &mut Signals, deed: Deed) {
    match deed {
        Deed::Send { thread: 0, number: sent } => signals.send(Target::Process, number(sent)),
        Deed::Send { thread, number: sent } => {
            signals.send(Target::Thread(Pid(thread)), number(sent));
        }
        Deed::Block { thread, set } => signals.set_blocked(Pid(thread), Set(set)),
        Deed::Handle { number: of, handler } => {
            signals.set_action(number(of), Action { handler, ..Action::USUAL });
        }
    }
}

/// Whatever happens, the process ends when the model does, and until then the same is pending.
#[test]
fn signals_do_what_they_mean() {
    holds_for(deeds(), |deeds| {
        let mut model = Model::default();
        let mut signals = Signals::new(Pid(1)).expect("there is memory");
        signals.add_thread(Pid(1), Pid(2)).expect("there is memory");
        signals.add_thread(Pid(1), Pid(3)).expect("there is memory");
        for deed in deeds {
            act(&mut signals, deed);
            model.act(deed);
            let is_ended = model.is_ended();
            prop_assert_eq!(signals.due().is_some(), is_ended, "{:?}", deed);
            if is_ended {
                break;
            }
            for thread in 1..=3 {
                let pending = signals.pending(Pid(thread));
                prop_assert_eq!(pending, Set(model.pending(thread)), "{:?}", deed);
            }
        }
        Ok(())
    });
}
