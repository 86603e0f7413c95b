//! What a program reads on its stack, as its first instructions would find it: upwards from the
//! pointer.

use std::ops::Range;

use crate::memory::address::VirtAddr;
use crate::process::arguments::{Start, StartError, lay_out};

/// What a program is told, with texts of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub arguments: Vec<Vec<u8>>,
    pub environment: Vec<Vec<u8>>,
    pub name: Vec<u8>,
    pub platform: Vec<u8>,
    pub random: [u8; 16],
    pub auxiliary: Vec<(u64, u64)>,
}

impl Told {
    pub fn lay_out(&self, room: &mut [u8], top: u64) -> Result<VirtAddr, StartError> {
        let arguments: Vec<_> = self.arguments.iter().map(Vec::as_slice).collect();
        let environment: Vec<_> = self.environment.iter().map(Vec::as_slice).collect();
        let start = Start {
            arguments: &arguments,
            environment: &environment,
            name: &self.name,
            platform: &self.platform,
            random: self.random,
            auxiliary: &self.auxiliary,
        };
        lay_out(room, VirtAddr(top), &start)
    }
}

/// Memory as a program sees it.
pub struct Memory<'a> {
    pub bytes: &'a [u8],
    pub top: u64,
}

impl Memory<'_> {
    pub fn byte(&self, address: u64) -> u8 {
        let below = usize::try_from(self.top - address).expect("it is not far");
        self.bytes[self.bytes.len() - below]
    }

    fn word(&self, address: u64) -> u64 {
        (0..8).rev().fold(0, |word, i| word << 8 | u64::from(self.byte(address + i)))
    }

    fn text(&self, address: u64) -> Vec<u8> {
        (address..).map(|address| self.byte(address)).take_while(|&byte| byte != 0).collect()
    }

    /// The words from `address` on, up to one that is 0, and where the next is.
    fn words(&self, address: u64) -> (Vec<u64>, u64) {
        let places = (address..).step_by(8);
        let words: Vec<_> = places.map(|at| self.word(at)).take_while(|&word| word != 0).collect();
        let end = address + 8 * (words.len() as u64 + 1);
        (words, end)
    }

    /// What a program is told whose stack pointer is `pointer`, and the stretches of memory in
    /// which it found that.
    pub fn read(&self, pointer: u64) -> (Told, Vec<Range<u64>>) {
        let (arguments, next) = self.words(pointer + 8);
        assert_eq!(self.word(pointer), arguments.len() as u64);
        let (environment, next) = self.words(next);
        let mut pairs: Vec<_> = (next..)
            .step_by(16)
            .map(|at| (self.word(at), self.word(at + 8)))
            .take_while(|it| it.0 != 0)
            .collect();
        let end = next + 16 * (pairs.len() as u64 + 1);
        assert_eq!(self.word(end - 8), 0, "AT_NULL has a value");
        let mut take = |key| {
            let place = pairs.iter().rposition(|it| it.0 == key)?;
            Some(pairs.remove(place).1)
        };
        let (name, random) = (take(31).expect("AT_EXECFN"), take(25).expect("AT_RANDOM"));
        let platform = take(15);
        let texts: Vec<u64> =
            arguments.iter().chain(&environment).chain([&name]).chain(&platform).copied().collect();
        let mut used = vec![pointer..end, random..random + 16, self.top - 8..self.top];
        used.extend(texts.iter().map(|&at| at..at + self.text(at).len() as u64 + 1));
        let told = Told {
            arguments: arguments.iter().map(|&at| self.text(at)).collect(),
            environment: environment.iter().map(|&at| self.text(at)).collect(),
            name: self.text(name),
            platform: platform.map(|at| self.text(at)).unwrap_or_default(),
            random: std::array::from_fn(|i| self.byte(random + i as u64)),
            auxiliary: pairs,
        };
        (told, used)
    }
}
