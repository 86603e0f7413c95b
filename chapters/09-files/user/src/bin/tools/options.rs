//! The words of a call: options, each a letter and some with a value, and what is left.
//!
//! - Letters may stand together: `-la` is `-l -a`. A value may stand behind its letter or in the
//!   next word.
//! - `--` ends the options, and `-` alone is none.
//!
//! (POSIX.1-2017, Base Definitions, 12.2, but options may also stand behind what is left.)

use alloc::vec::Vec;
use core::ffi::CStr;

use crate::report::complain;
use crate::{WRONG_USE, Words};

/// Which letters a tool has.
pub struct Letters {
    pub tool: &'static str,
    /// Those without a value.
    pub flags: &'static str,
    /// Those with one.
    pub valued: &'static str,
}

/// A call, taken apart.
pub struct Options {
    flags: Vec<u8>,
    values: Vec<(u8, &'static [u8])>,
    /// What is no option.
    pub operands: Vec<&'static CStr>,
}

impl Options {
    /// Whether the option `letter` is given.
    pub fn has(&self, letter: u8) -> bool {
        self.flags.contains(&letter)
    }

    /// The value of the last option `letter`.
    pub fn value(&self, letter: u8) -> Option<&'static [u8]> {
        self.values.iter().rev().find(|(found, _)| *found == letter).map(|(_, value)| *value)
    }
}

impl Letters {
    /// Takes `words` apart. The error is a status: what is wrong was said.
    pub fn parse(&self, words: Words) -> Result<Options, u8> {
        let mut options = Options { flags: Vec::new(), values: Vec::new(), operands: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.to_bytes() {
                b"--" => {
                    options.operands.extend(words);
                    break;
                }
                [b'-', letters @ ..] if !letters.is_empty() => {
                    self.letters(letters, &mut words, &mut options)?;
                }
                _ => options.operands.push(word),
            }
        }
        Ok(options)
    }

    fn letters(
        &self,
        letters: &'static [u8],
        words: &mut core::slice::Iter<&'static CStr>,
        options: &mut Options,
    ) -> Result<(), u8> {
        let mut rest = letters;
        while let [letter, behind @ ..] = rest {
            rest = behind;
            if self.flags.as_bytes().contains(letter) {
                options.flags.push(*letter);
            } else if self.valued.as_bytes().contains(letter) {
                let value = match behind {
                    [] => words.next().map(|word| word.to_bytes()),
                    value => Some(value),
                };
                let value =
                    value.ok_or_else(|| self.refuse(*letter, "this option needs a value"))?;
                options.values.push((*letter, value));
                rest = &[];
            } else {
                return Err(self.refuse(*letter, "there is no such option"));
            }
        }
        Ok(())
    }

    fn refuse(&self, letter: u8, why: &str) -> u8 {
        complain(self.tool, &[b'-', letter], why);
        WRONG_USE
    }
}
