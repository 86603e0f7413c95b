//! Regular expressions, the part of them that is used most.
//!
//! - `.` is any byte, `[a-z]` one of these, `[^a-z]` any other; `*` after one of them or after a
//!   plain byte means as many of it as there are, also none.
//! - `^` at the start is the start of a line, `$` at the end its end.
//! - `\` makes the next byte stand for itself.
//!
//! A pattern is a list of steps. Where a `*` could take more or fewer, the most is tried first, and
//! less when what follows does not fit. (POSIX.1-2017, Base Definitions, 9.3.)

use alloc::vec::Vec;
use core::fmt;

/// A pattern.
pub struct Pattern {
    steps: Vec<Step>,
    is_from_start: bool,
    is_to_end: bool,
    ignores_case: bool,
}

/// What one byte may be, and whether as many as there are.
struct Step {
    one: One,
    is_repeated: bool,
}

/// What one byte may be.
enum One {
    Any,
    Only(u8),
    /// Within one of these ranges, or within none.
    Of {
        ranges: Vec<(u8, u8)>,
        is_wanted: bool,
    },
}

/// Whether `a` and `A` are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Matters,
    Ignored,
}

/// What is wrong with a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// A `[` has no `]`.
    OpenList,
    /// There is nothing behind a `\`.
    NothingEscaped,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::OpenList => write!(f, "Unmatched [, [^, [:, [., or [="),
            Self::NothingEscaped => write!(f, "Trailing backslash"),
        }
    }
}

impl Pattern {
    /// What `text` means.
    pub fn parse(text: &[u8], case: Case) -> Result<Self, PatternError> {
        let (is_from_start, mut rest) = match text.strip_prefix(b"^") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut pattern = Self {
            steps: Vec::new(),
            is_from_start,
            is_to_end: false,
            ignores_case: case == Case::Ignored,
        };
        while let [first, behind @ ..] = rest {
            rest = behind;
            let one = match first {
                b'$' if behind.is_empty() => {
                    pattern.is_to_end = true;
                    break;
                }
                b'*' => match pattern.steps.last_mut() {
                    Some(step) => {
                        step.is_repeated = true;
                        continue;
                    }
                    None => One::Only(b'*'),
                },
                b'.' => One::Any,
                b'[' => list(&mut rest)?,
                b'\\' => {
                    let (escaped, behind) =
                        rest.split_first().ok_or(PatternError::NothingEscaped)?;
                    rest = behind;
                    One::Only(*escaped)
                }
                byte => One::Only(*byte),
            };
            pattern.steps.push(Step { one, is_repeated: false });
        }
        Ok(pattern)
    }

    /// Whether a part of `line` is like this.
    pub fn is_in(&self, line: &[u8]) -> bool {
        let last = if self.is_from_start { 0 } else { line.len() };
        (0..=last).any(|start| self.fits(&self.steps, &line[start..]))
    }

    /// Whether `text` begins with what `steps` say.
    fn fits(&self, steps: &[Step], text: &[u8]) -> bool {
        let Some((step, others)) = steps.split_first() else {
            return !self.is_to_end || text.is_empty();
        };
        let is_next = |text: &[u8]| text.first().is_some_and(|byte| self.is_one(&step.one, *byte));
        if !step.is_repeated {
            return is_next(text) && self.fits(others, &text[1..]);
        }
        let most = (0..text.len()).take_while(|index| is_next(&text[*index..])).count();
        (0..=most).rev().any(|count| self.fits(others, &text[count..]))
    }

    fn is_one(&self, one: &One, byte: u8) -> bool {
        if !self.ignores_case {
            return one.is(byte);
        }
        one.is(byte.to_ascii_lowercase()) || one.is(byte.to_ascii_uppercase())
    }
}

impl One {
    fn is(&self, byte: u8) -> bool {
        match self {
            Self::Any => true,
            Self::Only(wanted) => *wanted == byte,
            Self::Of { ranges, is_wanted } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&byte)) == *is_wanted
            }
        }
    }
}

/// The list behind a `[`. In it only `]`, `-` between two bytes and `^` at the start mean more than
/// themselves, and a `]` at the start does not.
fn list(rest: &mut &[u8]) -> Result<One, PatternError> {
    let (is_wanted, mut text) = match rest.strip_prefix(b"^") {
        Some(behind) => (false, behind),
        None => (true, *rest),
    };
    let mut ranges = Vec::new();
    loop {
        match text {
            [] => return Err(PatternError::OpenList),
            [b']', behind @ ..] if !ranges.is_empty() => {
                *rest = behind;
                return Ok(One::Of { ranges, is_wanted });
            }
            [low, b'-', high, behind @ ..] if *high != b']' => {
                ranges.push((*low, *high));
                text = behind;
            }
            [byte, behind @ ..] => {
                ranges.push((*byte, *byte));
                text = behind;
            }
        }
    }
}
