//! Made-up cases for tests, from a seed that the host names, so that every run can be repeated.

use core::sync::atomic::{AtomicU64, Ordering};

/// The seed where none is named.
const USUAL: u64 = 1;

/// The seed of this run.
static SEED: AtomicU64 = AtomicU64::new(USUAL);

/// Remembers the seed that `digits` name.
pub(crate) fn set_seed(digits: Option<&str>) {
    let seed = digits.and_then(|digits| digits.parse().ok());
    SEED.store(seed.unwrap_or(USUAL), Ordering::Relaxed);
}

/// What [`Chance::new`] starts from in this run.
pub(crate) fn seed_for(salt: u64) -> u64 {
    SEED.load(Ordering::Relaxed) ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Numbers that look random and are the same for the same seed: xorshift64*. (Vigna, "An
/// experimental exploration of Marsaglia's xorshift generators, scrambled".)
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Starts from this run's seed. Another `salt` makes other numbers.
    pub fn new(salt: u64) -> Self {
        Self::from_seed(seed_for(salt))
    }

    /// Starts from `seed`.
    pub fn from_seed(seed: u64) -> Self {
        // The generator cannot leave zero; small seeds are spread over all bits.
        let mut chance = Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1);
        chance.number();
        chance
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A byte of the next number.
    pub fn byte(&mut self) -> u8 {
        // The low bits are the weakest.
        (self.number() >> 56) as u8
    }

    /// The next number below `limit`, which is not zero.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.number() % limit as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let numbers = |seed| {
            let mut chance = Chance::from_seed(seed);
            [chance.number(), chance.number(), chance.number()]
        };
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
        assert_ne!(numbers(0), [0; 3]);
    }

    #[test]
    fn bytes_take_all_values() {
        let mut chance = Chance::from_seed(3);
        let mut seen = [false; 256];
        (0..10_000).for_each(|_| seen[usize::from(chance.byte())] = true);
        assert_eq!(seen, [true; 256]);
    }

    #[test]
    fn numbers_are_below_their_limit_and_reach_all_of_it() {
        let mut chance = Chance::from_seed(1);
        let mut seen = [false; 5];
        (0..200).for_each(|_| seen[chance.below(5)] = true);
        assert_eq!(seen, [true; 5]);
    }
}
