//! Runs groups of tests, several at a time, and tells of them in their order.
//!
//! A machine that is emulated keeps one processor of this computer busy, and most groups boot one
//! after the other. So as many groups run at once as there are processors; those that take longest
//! begin first, or the last of them would run for minutes when all else is done. Groups that share
//! a place to work in follow each other, with others beside them: two of them at once would be one
//! that works and one that waits. Groups with an eye on the clock run alone. What is shown does not
//! depend on which group was done first.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use super::Group;
use super::outcome::Tested;
use crate::failure::Result;
use crate::watch;

/// What a group came to, and how long it took.
pub struct Done {
    /// Its tests.
    pub tests: Result<Vec<Tested>>,
    /// From its begin to its end.
    pub time: Duration,
}

/// Runs `groups`. `begin` is called with the number of the group that is waited for, and what it
/// gives is passed to `end` with what the group came to. An error of `end` ends all of it.
pub fn run<L>(
    groups: &[Group],
    begin: impl Fn(usize) -> L,
    mut end: impl FnMut(usize, L, Done) -> Result<()>,
) -> Result<()> {
    for batch in batches(groups) {
        let agenda = Agenda::new(groups, batch.clone());
        let count = thread::available_parallelism().map_or(1, usize::from).min(batch.len());
        let (tell, told) = channel();
        thread::scope(|scope| -> Result<()> {
            for _ in 0..count {
                let (tell, agenda) = (tell.clone(), &agenda);
                scope.spawn(move || work(groups, agenda, &tell));
            }
            let mut done = BTreeMap::new();
            for number in batch.clone() {
                let line = begin(number);
                while !done.contains_key(&number) {
                    let (other, result) = told.recv().expect("each group is told of");
                    done.insert(other, result);
                }
                let result = done.remove(&number).expect("it is there now");
                end(number, line, result).inspect_err(|_| agenda.drop_all())?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Runs groups of the `agenda` as long as there are some, and tells what each came to.
fn work(groups: &[Group], agenda: &Agenda, tell: &Sender<(usize, Done)>) {
    while let Some(number) = agenda.next() {
        let start = Instant::now();
        // Who has pressed Ctrl-C waits for no group that has not begun.
        let is_over = watch::is_interrupted();
        let tests = if is_over { Ok(Vec::new()) } else { (groups[number].run)() };
        // Nobody listens any more once there was an error.
        let _ = tell.send((number, Done { tests, time: start.elapsed() }));
        agenda.leave(number);
    }
}

/// Which groups have not begun, and which places are taken.
struct Agenda<'a> {
    groups: &'a [Group<'a>],
    state: Mutex<State>,
    /// A place is free again, or nothing is left.
    has_changed: Condvar,
}

struct State {
    /// The numbers of the groups that have not begun, in the order in which they shall.
    left: Vec<usize>,
    /// The places that groups work in now.
    taken: Vec<&'static str>,
}

impl<'a> Agenda<'a> {
    /// That of the groups with the numbers in `batch`: those that take longest come first.
    fn new(groups: &'a [Group<'a>], batch: Range<usize>) -> Self {
        let mut left: Vec<usize> = batch.collect();
        left.sort_by_key(|number| !groups[*number].is_long);
        let state = Mutex::new(State { left, taken: Vec::new() });
        Self { groups, state, has_changed: Condvar::new() }
    }

    /// Takes the first group whose place is free; waits for one if there are only others.
    fn next(&self) -> Option<usize> {
        let mut state = self.lock();
        while !state.left.is_empty() {
            let is_free = |number: &usize| {
                self.groups[*number].place.is_none_or(|place| !state.taken.contains(&place))
            };
            if let Some(index) = state.left.iter().position(is_free) {
                let number = state.left.remove(index);
                state.taken.extend(self.groups[number].place);
                return Some(number);
            }
            state = self.has_changed.wait(state).expect(NOBODY_PANICS);
        }
        None
    }

    /// Group `number` is done, and its place free.
    fn leave(&self, number: usize) {
        let place = self.groups[number].place;
        self.lock().taken.retain(|taken| Some(*taken) != place);
        self.has_changed.notify_all();
    }

    /// Nothing that has not begun does.
    fn drop_all(&self) {
        self.lock().left.clear();
        self.has_changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(NOBODY_PANICS)
    }
}

const NOBODY_PANICS: &str = "nobody panics with the agenda in hands";

/// Groups that follow each other and may run at once; and each of the others by itself.
fn batches(groups: &[Group]) -> Vec<Range<usize>> {
    let mut batches: Vec<Range<usize>> = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        match batches.last_mut() {
            Some(last) if !group.is_alone && !groups[number - 1].is_alone => last.end = number + 1,
            _ => batches.push(number..number + 1),
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::failure::Failure;

    const ORDER: Ordering = Ordering::SeqCst;

    fn group(name: &str, is_alone: bool) -> Group<'static> {
        let title = name.to_string();
        let group = super::super::group("row", "column", name, move || {
            // The first ones take longest, so they end last.
            let letter = title.bytes().next().unwrap_or_default();
            thread::sleep(Duration::from_millis(u64::from(b'z' - letter)));
            Ok(vec![Tested::passed(&title)])
        });
        Group { is_alone, ..group }
    }

    #[test]
    fn those_that_are_alone_are_alone() {
        let kinds = [true, false, false, true, true, false];
        let groups = kinds.map(|is_alone| group("a", is_alone));
        assert_eq!(batches(&groups), [0..1, 1..3, 3..4, 4..5, 5..6]);
    }

    #[test]
    fn results_come_in_order() {
        let groups = ["a", "h", "p", "z", "k"].map(|name| group(name, name == "p"));
        let mut told = Vec::new();
        let end = |number, begun, done: Done| {
            assert_eq!(number, begun);
            told.push(done.tests.expect("none fails")[0].name.clone());
            Ok(())
        };
        run(&groups, |number| number, end).expect("none fails");
        assert_eq!(told, ["a", "h", "p", "z", "k"]);
    }

    #[test]
    fn the_long_ones_begin_first_and_are_told_in_their_place() {
        let begun = Mutex::new(Vec::new());
        let groups: Vec<Group> = (0..4)
            .map(|number| {
                let begun = &begun;
                let group = super::super::group("row", "column", "title", move || {
                    begun.lock().expect("nobody panics").push(number);
                    Ok(Vec::new())
                });
                Group { is_long: number == 3, ..group }
            })
            .collect();
        let mut told = Vec::new();
        run(
            &groups,
            |_| (),
            |number, (), _| {
                told.push(number);
                Ok(())
            },
        )
        .expect("none fails");
        assert_eq!(told, [0, 1, 2, 3]);
        assert!(begun.lock().expect("nobody panics")[..2].contains(&3));
    }

    #[test]
    fn a_place_is_taken_by_one_at_a_time() {
        let (inside, most, others) = <(AtomicUsize, AtomicUsize, AtomicUsize)>::default();
        let group = |place: Option<&'static str>| {
            let (inside, most, others) = (&inside, &most, &others);
            let group = super::super::group("row", "column", "title", move || {
                if place.is_none() {
                    others.fetch_add(1, ORDER);
                } else {
                    most.fetch_max(inside.fetch_add(1, ORDER) + 1, ORDER);
                    thread::sleep(Duration::from_millis(5));
                    inside.fetch_sub(1, ORDER);
                }
                Ok(Vec::new())
            });
            Group { place, ..group }
        };
        let groups = [Some("a"), Some("a"), None, Some("a"), Some("a"), None].map(group);
        let mut told = Vec::new();
        let end = |number, (), _| {
            told.push(number);
            Ok(())
        };
        run(&groups, |_| (), end).expect("none fails");
        assert_eq!((most.load(ORDER), others.load(ORDER)), (1, 2));
        assert_eq!(told, [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn an_error_ends_it() {
        let groups = ["x", "y", "z", "z", "z"].map(|name| group(name, false));
        let mut told = 0;
        let result = run(
            &groups,
            |_| (),
            |_, (), _| {
                told += 1;
                Err(Failure::silent(130))
            },
        );
        assert_eq!((result.expect_err("it is passed on").status, told), (130, 1));
    }
}
