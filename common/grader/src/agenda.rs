//! Who does what of work that comes in groups.
//!
//! What belongs together is quicker done in one place: the candidates of a task differ in a few
//! lines, and after the first of them little is left to compile. So a worker stays with a group as
//! long as something is left of it, and then begins another. Only when all have been begun does it
//! help with the longest.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Work that is still to be done.
pub struct Agenda<T>(Mutex<Vec<Group<T>>>);

struct Group<T> {
    left: VecDeque<T>,
    has_begun: bool,
}

impl<T> Agenda<T> {
    /// The work in `groups`.
    pub fn new(groups: impl IntoIterator<Item = Vec<T>>) -> Self {
        let group = |work: Vec<T>| Group { left: work.into(), has_begun: false };
        Self(Mutex::new(groups.into_iter().map(group).collect()))
    }

    /// The next thing to do for the worker that is at `place`, which is `None` at first.
    pub fn next(&self, place: &mut Option<usize>) -> Option<T> {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_left = |number: &usize| !groups[*number].left.is_empty();
        let fresh = || (0..groups.len()).filter(is_left).find(|number| !groups[*number].has_begun);
        let longest = || (0..groups.len()).filter(is_left).max_by_key(|it| groups[*it].left.len());
        *place = place.filter(is_left).or_else(fresh).or_else(longest);
        let group = &mut groups[(*place)?];
        group.has_begun = true;
        group.left.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_stays_with_a_group_and_helps_at_the_end() {
        let agenda = Agenda::new([vec![1, 2], vec![], vec![3, 4, 5, 6]]);
        let (mut first, mut second) = (None, None);
        assert_eq!(agenda.next(&mut first), Some(1));
        assert_eq!(agenda.next(&mut second), Some(3));
        assert_eq!(agenda.next(&mut first), Some(2));
        assert_eq!(agenda.next(&mut first), Some(4));
        assert_eq!([agenda.next(&mut second), agenda.next(&mut first)], [Some(5), Some(6)]);
        assert_eq!([agenda.next(&mut first), agenda.next(&mut second)], [None, None]);
    }
}
