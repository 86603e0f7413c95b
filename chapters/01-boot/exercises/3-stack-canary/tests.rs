//! What the kernel expects of its canary: on memory of the tests, and on its own stack.

use core::fmt;
use core::ops::Range;

use ktest::{Chance, expect};

use super::canary::{check, place};
use super::memory::{BYTES, Memory, Overflow};
use super::stack::{guarded, overflow};

/// Where the stack of a test lies, and what is around it.
const STACK: Range<usize> = 0x1_0400..0x1_0c00;
const AROUND: Range<usize> = 0x1_0000..0x1_1000;

/// Bytes of a word.
const WORD: usize = size_of::<u64>();

/// What the canary is made of here.
const SECRET: u64 = 0x5a17_0000_c0de_1234;

/// Memory from `AROUND.start` on. What nobody has written is what its address is.
struct Words([u64; AROUND.end / WORD - AROUND.start / WORD]);

impl Words {
    fn new() -> Self {
        Self(core::array::from_fn(|index| (AROUND.start + index * WORD) as u64))
    }

    fn with_canary() -> Self {
        let mut words = Self::new();
        place(&mut words, &STACK, SECRET);
        words
    }

    fn is_written(&self, address: usize) -> bool {
        self.read(address) != address as u64
    }

    fn index(address: usize) -> usize {
        let is_here = AROUND.contains(&address) && address.is_multiple_of(WORD);
        assert!(is_here, "{address:#x} is no word near the stack, {STACK:#x?}");
        (address - AROUND.start) / WORD
    }
}

impl Memory for Words {
    fn read(&self, address: usize) -> u64 {
        self.0[Self::index(address)]
    }

    fn write(&mut self, address: usize, word: u64) {
        self.0[Self::index(address)] = word;
    }
}

/// An address, shown in base 16.
struct Address(usize);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// The addresses of the canary's words.
fn canary() -> impl Iterator<Item = usize> {
    (STACK.start..STACK.start + BYTES).step_by(WORD)
}

ktest::test! {
    /// The canary fills the lowest bytes of the stack, and no others of it.
    fn canary_lies_at_the_end() {
        let words = Words::with_canary();
        for address in STACK.step_by(WORD) {
            let is_canary = address < STACK.start + BYTES;
            let asked = ("stack 0x10400..0x10c00, is written:", Address(address));
            expect(asked, words.is_written(address), is_canary);
        }
    }

    /// Nothing is written that is not the stack's.
    fn nothing_else_is_written() {
        let words = Words::with_canary();
        for address in AROUND.step_by(WORD).filter(|address| !STACK.contains(address)) {
            let asked = ("stack 0x10400..0x10c00, is written:", Address(address));
            expect(asked, words.is_written(address), false);
        }
    }

    /// A canary that nobody touched is whole.
    fn untouched_canary_is_whole() {
        let seen = check(&Words::with_canary(), &STACK, SECRET);
        expect("a canary, untouched", seen, Ok(()));
    }

    /// A change of any word is noticed, and that word is named.
    fn every_word_counts() {
        for lowest in canary() {
            let mut words = Words::with_canary();
            words.write(lowest, words.read(lowest) ^ 1 << 63);
            let seen = check(&words, &STACK, SECRET);
            expect(("changed:", Address(lowest)), seen, Err(Overflow { lowest }));
        }
    }

    /// Of several words the lowest is named, whatever was spared above it.
    fn lowest_word_is_named() {
        let mut chance = Chance::new(1);
        for _ in 0..8 {
            let mut words = Words::with_canary();
            let lowest = STACK.start + chance.below(BYTES / WORD / 2) * WORD;
            let other = STACK.start + BYTES - WORD;
            [lowest, other].into_iter().for_each(|address| words.write(address, 0));
            let seen = check(&words, &STACK, SECRET);
            expect(("changed:", Address(lowest), Address(other)), seen, Err(Overflow { lowest }));
        }
    }

    /// The canary of another secret is none.
    fn secret_makes_the_canary() {
        let mut words = Words::new();
        place(&mut words, &STACK, SECRET + 1);
        let seen = check(&words, &STACK, SECRET);
        expect("a canary of another secret", seen, Err(Overflow { lowest: STACK.start }));
    }

    /// Work that has enough of the kernel's own stack leaves the canary whole.
    fn enough_stack_is_no_overflow() {
        guarded(SECRET, || println!("{} bytes of canary, and a number: {:?}", BYTES, 6 * 7));
    }

    /// When the kernel's own stack overflows, that is what it says.
    #[must_die("stack overflow: the canary is overwritten down to")]
    fn overflow_is_named() {
        guarded(SECRET, overflow);
    }
}
