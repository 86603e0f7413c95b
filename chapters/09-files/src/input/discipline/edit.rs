//! The line that is being typed: what is added to it, erased from it, and shown of it.
//!
//! A terminal shows bytes and knows nothing of lines. What is erased it must be told to overwrite:
//! back, a blank, and back again, for each column. So whoever erases must know how wide each
//! character was when it was shown.

use super::super::settings::{InputFlags, Key, LocalFlags};
use super::{Discipline, End, Typed};

const BACKSPACE: u8 = 0x08;
const DELETE: u8 = 0x7f;
const TAB: u8 = b'\t';

impl Discipline {
    /// Does what `byte` means to a line; whether it means anything.
    pub(super) fn edit(&mut self, byte: u8, show: &mut dyn FnMut(&[u8])) -> bool {
        let is = |key| self.settings.is(byte, key);
        let is_extended = self.has(LocalFlags::IEXTEN);
        match byte {
            _ if is(Key::Erase) || byte == BACKSPACE => {
                self.erase_while(show, |erased, _| erased == 0)
            }
            _ if is(Key::Kill) => self.kill(byte, show),
            _ if is_extended && is(Key::EraseWord) => self.erase_word(show),
            _ if is_extended && is(Key::Literal) => {
                self.is_quoted = true;
                if self.has(LocalFlags::ECHO) && self.has(LocalFlags::ECHOCTL) {
                    show(b"^\x08");
                }
            }
            _ if is(Key::EndOfFile) => self.put(0, End::File),
            b'\n' => {
                if self.has(LocalFlags::ECHO) || self.has(LocalFlags::ECHONL) {
                    show(b"\n");
                }
                self.put(byte, End::Line);
            }
            _ if is(Key::EndOfLine) || is(Key::OtherEndOfLine) => self.add(byte, End::Line, show),
            _ => return false,
        }
        true
    }

    /// Puts `byte` behind all others, and shows it, if there is room.
    pub(super) fn add(&mut self, byte: u8, end: End, show: &mut dyn FnMut(&[u8])) {
        if !self.is_full() || end != End::No {
            self.echo(byte, show);
            self.put(byte, end);
        }
    }

    fn put(&mut self, byte: u8, end: End) {
        *self.at(self.head) = Typed { byte, end };
        self.head += 1;
        if end != End::No {
            self.line = self.head;
        }
    }

    /// Shows `byte`, a control character as two that can be read.
    pub(super) fn echo(&self, byte: u8, show: &mut dyn FnMut(&[u8])) {
        if !self.has(LocalFlags::ECHO) {
            return;
        }
        match byte {
            // As wide as it is when it is erased: nobody here knows where the next stop is.
            TAB if self.has(LocalFlags::ICANON) => show(b" "),
            b'\n' | TAB => show(&[byte]),
            ..b' ' | DELETE if self.has(LocalFlags::ECHOCTL) => show(&[b'^', byte ^ 0x40]),
            _ => show(&[byte]),
        }
    }

    /// Erases the line.
    fn kill(&mut self, byte: u8, show: &mut dyn FnMut(&[u8])) {
        if self.has(LocalFlags::ECHOKE) && self.has(LocalFlags::ECHOE) {
            return self.erase_while(show, |_, _| true);
        }
        self.head = self.line;
        self.echo(byte, show);
        if self.has(LocalFlags::ECHOK) && self.has(LocalFlags::ECHO) {
            show(b"\n");
        }
    }

    /// Erases the word before the end, and what is no word behind it.
    fn erase_word(&mut self, show: &mut dyn FnMut(&[u8])) {
        let mut has_begun = false;
        self.erase_while(show, |_, last| {
            let is_word = last.is_ascii_alphanumeric() || last == b'_' || last >= 0x80;
            has_begun |= is_word;
            !has_begun || is_word
        });
    }

    /// Erases characters from the end as long as `wants` does, which is told how many are erased
    /// and the first byte of the next.
    fn erase_while(
        &mut self,
        show: &mut dyn FnMut(&[u8]),
        mut wants: impl FnMut(usize, u8) -> bool,
    ) {
        let mut erased = 0;
        while let Some(start) = self.last_character()
            && let first = self.at(start).byte
            && wants(erased, first)
        {
            self.head = start;
            erased += 1;
            if self.has(LocalFlags::ECHO) {
                (0..self.width(first)).for_each(|_| show(b"\x08 \x08"));
            }
        }
    }

    /// How many columns a character was shown in that begins with `first`.
    fn width(&self, first: u8) -> usize {
        let is_control = first < b' ' || first == DELETE;
        match first {
            TAB => 1,
            _ if is_control && self.has(LocalFlags::ECHOCTL) => 2,
            _ if is_control => 0,
            _ => 1,
        }
    }

    /// Where the last character of the line begins: it may have more than one byte.
    fn last_character(&mut self) -> Option<usize> {
        let mut start = self.head;
        while start > self.line {
            start -= 1;
            let is_first = self.at(start).byte & 0xc0 != 0x80;
            if is_first || !self.settings.input.contains(InputFlags::IUTF8) {
                break;
            }
        }
        (start < self.head).then_some(start)
    }
}
