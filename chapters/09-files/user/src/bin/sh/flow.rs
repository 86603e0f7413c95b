//! Whether the shell goes on with the next command.

/// Where the shell goes from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// To the next command.
    On,
    /// Out of so many loops.
    Break(usize),
    /// To the next round of the loop so many loops further out; 1 is the innermost.
    Continue(usize),
    /// To the next line that is typed: somebody has typed `^C`.
    Interrupted,
    /// To the end of the shell.
    Over,
}

impl Flow {
    /// Comes to the end of a round of a loop; says whether the loop goes on.
    pub fn ends_round(&mut self) -> bool {
        let (next, goes_on) = match *self {
            Self::On | Self::Continue(1) => (Self::On, true),
            Self::Continue(count) => (Self::Continue(count - 1), false),
            Self::Break(1) => (Self::On, false),
            Self::Break(count) => (Self::Break(count - 1), false),
            stop @ (Self::Interrupted | Self::Over) => (stop, false),
        };
        *self = next;
        goes_on
    }
}
