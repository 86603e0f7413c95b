//! Numbers that look random and are the same in every run.
//!
//! Xorshift: three shifts, so that what is measured is not the dice. (Marsaglia, "Xorshift RNGs",
//! Journal of Statistical Software 8, 2003.)

/// A sequence of numbers.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    /// The one sequence that all measurements begin with anew.
    pub fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    /// The next number, from 0 to `limit` - 1.
    #[inline(always)]
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (((self.0 >> 32) * limit as u64) >> 32) as usize
    }
}
