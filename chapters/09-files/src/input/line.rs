//! A line being typed: what each key does to it.
//!
//! A terminal sends bytes and shows bytes, and knows nothing of lines. So whoever reads must show
//! what was typed, and take back what was erased. This file decides; printing is left to others,
//! which makes it the same on any machine, and easy to test.

/// The most bytes that a line may have.
pub const LIMIT: usize = 128;

/// A line that is not finished yet.
pub struct Line {
    bytes: [u8; LIMIT],
    length: usize,
    escape: Escape,
}

/// What the terminal must show for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// Nothing: the key means nothing here, or the line is full.
    Nothing,
    /// One more byte.
    Byte(u8),
    /// So many characters less.
    Erase(usize),
    /// The line is complete.
    End,
}

/// How much of a sequence was seen that a terminal sends for an arrow or a function key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    /// Nothing.
    No,
    /// An escape character.
    Begun,
    /// The bracket or the letter behind it.
    Inside,
}

const BACKSPACE: u8 = 0x08;
const DELETE: u8 = 0x7f;
const ESCAPE: u8 = 0x1b;
const CONTROL_U: u8 = 0x15;
const CONTROL_W: u8 = 0x17;

impl Line {
    /// An empty line.
    pub const fn new() -> Self {
        Self { bytes: [0; LIMIT], length: 0, escape: Escape::No }
    }

    /// What is on the line. (Bytes that are no text end it.)
    pub fn text(&self) -> &str {
        match str::from_utf8(&self.bytes[..self.length]) {
            Ok(text) => text,
            Err(error) => str::from_utf8(&self.bytes[..error.valid_up_to()]).unwrap_or_default(),
        }
    }

    /// Does what the key that sends `byte` is for.
    pub fn key(&mut self, byte: u8) -> Echo {
        if self.is_of_escape(byte) {
            return Echo::Nothing;
        }
        match byte {
            b'\r' | b'\n' => Echo::End,
            BACKSPACE | DELETE => self.erase_while(|erased, _| erased == 0),
            CONTROL_U => self.erase_while(|_, _| true),
            CONTROL_W => self.erase_word(),
            b' '..=b'~' | 0x80.. if self.length < LIMIT => {
                self.bytes[self.length] = byte;
                self.length += 1;
                Echo::Byte(byte)
            }
            _ => Echo::Nothing,
        }
    }

    /// Whether `byte` belongs to an escape sequence: ESC and a character, or ESC, a bracket or an
    /// O, and all up to a letter or a tilde. (ECMA-48, "Control sequences".)
    fn is_of_escape(&mut self, byte: u8) -> bool {
        let before = self.escape;
        self.escape = match (before, byte) {
            (_, ESCAPE) => Escape::Begun,
            (Escape::Begun, b'[' | b'O') => Escape::Inside,
            (Escape::Inside, b' '..=b'?') => Escape::Inside,
            _ => Escape::No,
        };
        before != Escape::No || self.escape != Escape::No
    }

    /// Erases the word before the end, and the blanks behind it.
    fn erase_word(&mut self) -> Echo {
        let mut has_begun = false;
        self.erase_while(|_, last| {
            has_begun |= last != b' ';
            !(has_begun && last == b' ')
        })
    }

    /// Erases characters from the end as long as `wants` does, which is told how many are erased
    /// and the first byte of the next.
    fn erase_while(&mut self, mut wants: impl FnMut(usize, u8) -> bool) -> Echo {
        let mut erased = 0;
        while let Some(start) = self.last_character()
            && wants(erased, self.bytes[start])
        {
            self.length = start;
            erased += 1;
        }
        if erased == 0 { Echo::Nothing } else { Echo::Erase(erased) }
    }

    /// Where the last character begins: it may have more than one byte.
    fn last_character(&self) -> Option<usize> {
        let is_first = |byte: &u8| byte & 0xc0 != 0x80;
        let line = &self.bytes[..self.length];
        line.iter().rposition(is_first).or(self.length.checked_sub(1))
    }
}
