//! A group of tests: what one line of progress and one field of the table at the end stand for.

use super::outcome::Tested;
use crate::failure::Result;

/// Tests that run and are shown together.
pub(super) struct Group<'a> {
    /// The row and the column of the table at the end.
    pub(super) row: String,
    pub(super) column: &'a str,
    pub(super) title: String,
    /// Whether its tests are chosen together, by its title, and not each by its name.
    pub(super) is_one: bool,
    /// Whether it has an eye on the clock, and so runs by itself.
    pub(super) is_alone: bool,
    /// Whether it takes many minutes, and so begins before all others.
    pub(super) is_long: bool,
    /// Where it works, if nobody else can work there at the same time.
    pub(super) place: Option<&'static str>,
    /// The chapter of which it proves something, by its index, if that lasts until a file changes.
    pub(super) proves: Option<usize>,
    pub(super) run: Box<dyn Fn() -> Result<Vec<Tested>> + Send + Sync + 'a>,
}

impl Group<'_> {
    /// The same group, whose tests are chosen together.
    pub(super) fn in_one_piece(self) -> Self {
        Self { is_one: true, ..self }
    }

    /// The same group, which works in `place`.
    pub(super) fn at(self, place: &'static str) -> Self {
        Self { place: Some(place), ..self }
    }

    /// The same group, which runs by itself.
    pub(super) fn alone(self) -> Self {
        Self { is_alone: true, ..self }
    }
}
