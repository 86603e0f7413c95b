//! What the arguments of calls are, for those who want to show them.

/// What an argument is.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(test), allow(dead_code, reason = "some calls come with files"))]
pub enum Kind {
    /// A number, which may be negative; 32 bits of it, as C's `int`.
    Int,
    /// A number of bytes or the like, 64 bits.
    Size,
    /// A number of bytes from some place on, back or forth.
    Offset,
    /// A number that is read best in hexadecimal digits.
    Hex,
    /// An address, of which no more is shown.
    Address,
    /// A number in octal digits: who may do what with a file.
    Mode,
    /// The number of an open file.
    Descriptor,
    /// The address of a text that ends with a zero byte.
    Text,
    /// The address of addresses of texts, up to a null.
    Texts,
    /// The same, of which only the number is of interest.
    Environment,
    /// The address of bytes that the program passes; how many is the argument of this number.
    Input(usize),
    /// The address of bytes that the program gets: as many as the result says.
    Output,
    /// The address of as many `struct iovec` as the argument of this number says, with what the
    /// program passes.
    Inputs(usize),
    /// The same, for what it gets.
    Outputs(usize),
    /// The address of a `struct timespec` that the program passes.
    Time,
    /// The address of a number of 32 bits.
    IntAt,
    /// The address of two such.
    Pair,
    /// The address of a `struct stat`.
    Stat,
    /// The address of how a process has ended, as `wait4` tells it.
    StatusAt,
    /// What the call leaves there, unless it fails.
    Got(&'static Kind),
    /// The number of a signal.
    Signal,
    /// Bits with names; what is left over is shown as a number.
    Flags(&'static [(u32, &'static str)]),
    /// Bits with names, and in the lowest byte the number of a signal: what `clone` is told.
    CloneFlags(&'static [(u32, &'static str)]),
    /// Bits with names, and in the lowest two what may be done with a file: what `open` is told.
    OpenFlags(&'static [(u32, &'static str)]),
    /// A number with a name.
    Choice(&'static [(u32, &'static str)]),
    /// What the other arguments make of it, if they want it at all.
    Depends(fn([u64; 6]) -> Option<Kind>),
}
