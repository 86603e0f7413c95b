//! Reads a first stack as a program does, from the stack pointer up, and notes where all was.
//!
//! Given, not to be written.

use core::ops::Range;

use super::stack;
use super::start::{AT_EXECFN, AT_NULL, AT_PLATFORM, AT_RANDOM, Start, StartError};

/// What a program was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub arguments: Vec<Vec<u8>>,
    pub environment: Vec<Vec<u8>>,
    pub name: Vec<u8>,
    pub platform: Vec<u8>,
    pub random: [u8; 16],
    pub auxiliary: Vec<(u64, u64)>,
}

/// Where it stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Numbers and pointers.
    pub table: Range<u64>,
    pub random: Range<u64>,
    pub platform: Range<u64>,
    /// The arguments, the environment and the file's name, with the zero behind each.
    pub texts: Vec<Range<u64>>,
}

impl Told {
    /// Has it laid out in `room`.
    pub fn lay_out(&self, room: &mut [u8], top: u64) -> Result<u64, StartError> {
        let arguments: Vec<&[u8]> = self.arguments.iter().map(Vec::as_slice).collect();
        let environment: Vec<&[u8]> = self.environment.iter().map(Vec::as_slice).collect();
        let start = Start {
            arguments: &arguments,
            environment: &environment,
            name: &self.name,
            platform: &self.platform,
            random: self.random,
            auxiliary: &self.auxiliary,
        };
        stack::lay_out(room, top, &start)
    }
}

/// Memory that ends at the address `top`.
#[derive(Clone, Copy)]
pub struct Memory<'a> {
    pub bytes: &'a [u8],
    pub top: u64,
}

/// Why it cannot be read.
pub type Unreadable = String;

impl Memory<'_> {
    /// The bytes at these addresses.
    pub fn bytes(&self, range: Range<u64>) -> Result<&[u8], Unreadable> {
        let base = self.top - self.bytes.len() as u64;
        let outside = || format!("{:#x} is not on the stack", range.start);
        let start = range.start.checked_sub(base).ok_or_else(outside)? as usize;
        let length = range.end.saturating_sub(range.start) as usize;
        let end = start.checked_add(length).ok_or_else(outside)?;
        self.bytes.get(start..end).ok_or_else(outside)
    }

    fn word(&self, address: u64) -> Result<u64, Unreadable> {
        let bytes = self.bytes(address..address.saturating_add(8))?;
        Ok(u64::from_le_bytes(bytes.try_into().map_err(|_| "a word is missing")?))
    }

    /// Where the text at `address` is, with its zero.
    fn text(&self, address: u64) -> Result<Range<u64>, Unreadable> {
        let rest = self.bytes(address..self.top)?;
        let length = rest.iter().position(|byte| *byte == 0);
        let length = length.ok_or_else(|| format!("the text at {address:#x} does not end"))?;
        Ok(address..address + length as u64 + 1)
    }

    fn told(&self, text: &Range<u64>) -> Result<Vec<u8>, Unreadable> {
        Ok(self.bytes(text.start..text.end - 1)?.to_vec())
    }

    /// Reads all that is at the stack pointer `pointer`.
    pub fn read(&self, pointer: u64) -> Result<(Told, Places), Unreadable> {
        let (mut told, mut places) = (Told::default(), Places::default());
        let mut next = pointer;
        let mut word = || {
            next += 8;
            self.word(next - 8)
        };
        let count = word()?;
        for texts in [&mut told.arguments, &mut told.environment] {
            loop {
                let address = word()?;
                if address == 0 {
                    break;
                }
                let text = self.text(address)?;
                texts.push(self.told(&text)?);
                places.texts.push(text);
            }
        }
        if count != told.arguments.len() as u64 {
            return Err(format!("{count} arguments, and {} pointers", told.arguments.len()));
        }
        loop {
            match (word()?, word()?) {
                (AT_NULL, 0) => break,
                (AT_NULL, value) => return Err(format!("the end has the value {value:#x}")),
                (AT_RANDOM, address) => places.random = address..address + 16,
                (AT_PLATFORM, address) => places.platform = self.text(address)?,
                (AT_EXECFN, address) => places.texts.push(self.text(address)?),
                pair => told.auxiliary.push(pair),
            }
        }
        places.table = pointer..next;
        told.random =
            self.bytes(places.random.clone())?.try_into().map_err(|_| "no random bytes")?;
        if places.platform.end > 0 {
            told.platform = self.told(&places.platform)?;
        }
        let texts = told.arguments.len() + told.environment.len();
        let name = places.texts.get(texts).ok_or("the file's name is not told")?;
        told.name = self.told(name)?;
        Ok((told, places))
    }
}
