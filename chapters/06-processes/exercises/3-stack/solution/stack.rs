//! What a program finds on its stack when it starts.
//!
//! First the place of everything is found, from the top down, as Linux does it; with that it is
//! known how much room is needed. Then all is written, each thing to its place.

use super::start::{
    ALIGNMENT, AT_EXECFN, AT_NULL, AT_PLATFORM, AT_RANDOM, Start, StartError, Text, WORD,
};

/// Lays out the stack of a program that starts, in `room`, which is the memory right below the
/// address `top`. The result is the stack pointer.
pub fn lay_out(room: &mut [u8], top: u64, start: &Start) -> Result<u64, StartError> {
    check(start)?;
    let texts = Texts::new(top, start);
    let size = room.len() as u64;
    if texts.needed > size {
        return Err(StartError::TooLarge { needed: texts.needed, room: size });
    }
    let pointer = top - texts.needed;
    let mut stack = Stack { bytes: &mut room[(size - texts.needed) as usize..], base: pointer };
    stack.bytes.fill(0);
    stack.put_tables(&texts, start);
    stack.put_texts(&texts, start);
    Ok(pointer)
}

/// Refuses texts with a zero inside: the program would take it for the end.
fn check(start: &Start) -> Result<(), StartError> {
    let arguments = (0..).map(Text::Argument).zip(start.arguments);
    let environment = (0..).map(Text::Environment).zip(start.environment);
    let names = [(Text::Name, &start.name), (Text::Platform, &start.platform)];
    match arguments.chain(environment).chain(names).find(|(_, bytes)| bytes.contains(&0)) {
        Some((text, _)) => Err(StartError::ZeroInside { text }),
        None => Ok(()),
    }
}

/// Where the texts are, and how many bytes are needed for all.
struct Texts {
    name: u64,
    environment: u64,
    arguments: u64,
    platform: u64,
    random: u64,
    needed: u64,
}

impl Texts {
    /// Goes down from `top`.
    fn new(top: u64, start: &Start) -> Self {
        let name = top - WORD - size(&[start.name]);
        let environment = name - size(start.environment);
        let arguments = environment - size(start.arguments);
        let platform = align_down(arguments) - platform_size(start);
        let random = platform - start.random.len() as u64;
        let pointer = align_down(random - WORD * words(start));
        Self { name, environment, arguments, platform, random, needed: top - pointer }
    }
}

fn align_down(address: u64) -> u64 {
    address / ALIGNMENT * ALIGNMENT
}

/// Bytes of `texts`, with the zero behind each.
fn size(texts: &[&[u8]]) -> u64 {
    texts.iter().map(|text| text.len() as u64 + 1).sum()
}

fn platform_size(start: &Start) -> u64 {
    if start.platform.is_empty() { 0 } else { size(&[start.platform]) }
}

/// Words from the number of arguments to the end of the auxiliary vector.
fn words(start: &Start) -> u64 {
    let pairs = start.auxiliary.len() + if start.platform.is_empty() { 3 } else { 4 };
    let pointers = start.arguments.len() + 1 + start.environment.len() + 1;
    (1 + pointers + 2 * pairs) as u64
}

/// The stack, which begins at the address `base`.
struct Stack<'a> {
    bytes: &'a mut [u8],
    base: u64,
}

impl Stack<'_> {
    /// Writes the numbers and pointers, from the stack pointer up.
    fn put_tables(&mut self, texts: &Texts, start: &Start) {
        let mut next = self.base;
        next = self.put_words(next, &[start.arguments.len() as u64]);
        next = self.put_pointers(next, texts.arguments, start.arguments);
        next = self.put_pointers(next, texts.environment, start.environment);
        for (key, value) in start.auxiliary {
            next = self.put_words(next, &[*key, *value]);
        }
        next = self.put_words(next, &[AT_RANDOM, texts.random, AT_EXECFN, texts.name]);
        if !start.platform.is_empty() {
            next = self.put_words(next, &[AT_PLATFORM, texts.platform]);
        }
        self.put_words(next, &[AT_NULL, 0]);
    }

    /// Writes a pointer to each of `texts`, which lie one behind the other, and a zero.
    fn put_pointers(&mut self, mut next: u64, first: u64, texts: &[&[u8]]) -> u64 {
        let mut text = first;
        for bytes in texts {
            next = self.put_words(next, &[text]);
            text += size(&[bytes]);
        }
        self.put_words(next, &[0])
    }

    /// Writes what the pointers point to. The zeroes behind the texts are there already.
    fn put_texts(&mut self, texts: &Texts, start: &Start) {
        self.put(texts.random, &start.random);
        self.put(texts.platform, start.platform);
        self.put(texts.name, start.name);
        for (first, all) in
            [(texts.arguments, start.arguments), (texts.environment, start.environment)]
        {
            let mut next = first;
            for text in all {
                next = self.put(next, text) + 1;
            }
        }
    }

    fn put_words(&mut self, address: u64, words: &[u64]) -> u64 {
        words.iter().fold(address, |next, word| self.put(next, &word.to_le_bytes()))
    }

    /// Writes `bytes` at `address`; the result is the address behind them.
    fn put(&mut self, address: u64, bytes: &[u8]) -> u64 {
        let offset = (address - self.base) as usize;
        self.bytes[offset..offset + bytes.len()].copy_from_slice(bytes);
        address + bytes.len() as u64
    }
}
