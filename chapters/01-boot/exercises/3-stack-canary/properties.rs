//! A canary with any damage, on any stack, against what was damaged.

use std::collections::{BTreeMap, BTreeSet};

use canary::{check, place};
use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use memory::{BYTES, Memory, Overflow};
use proptest::collection::btree_set;

#[forbid(unsafe_code)]
mod canary;
mod memory;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![any_damage_is_found];

/// Bytes of a word.
const WORD: usize = size_of::<u64>();

/// The words that were written; others are zero.
#[derive(Default)]
struct Words(BTreeMap<usize, u64>);

impl Memory for Words {
    fn read(&self, address: usize) -> u64 {
        self.0.get(&address).copied().unwrap_or(0)
    }

    fn write(&mut self, address: usize, word: u64) {
        self.0.insert(address, word);
    }
}

fn any_damage_is_found() {
    let damage = btree_set(0..BYTES / WORD, 0..6);
    let cases = (1..u64::MAX, (1..1000_usize, 130..1000_usize), damage, 0..64_u32);
    holds_for(cases, |(secret, (start, length), damage, bit)| {
        let stack = start * 4096..start * 4096 + length * WORD;
        let mut words = Words::default();
        place(&mut words, &stack, secret);
        let damage: BTreeSet<usize> = damage.iter().map(|word| stack.start + word * WORD).collect();
        for address in &damage {
            words.write(*address, words.read(*address) ^ 1 << bit);
        }
        let expected = damage.first().map_or(Ok(()), |lowest| Err(Overflow { lowest: *lowest }));
        let asked = format!("stack {stack:#x?}, changed: {damage:x?}");
        expect(asked, check(&words, &stack, secret), expected);
    });
}
