//! The line discipline: what lies between the keys and the programs that read.
//!
//! A program that reads a line wants one that is finished, without what was erased on the way. So
//! bytes are collected, and shown, and only when the line ends may they be read; that is Linux's
//! *canonical* mode. A program that does all this itself, such as a shell with a history, switches
//! it off and gets each byte as it comes.
//!
//! ```text
//!          tail                     line           head
//!           |                        |              |
//!  | free   | l s \n c a t \n E      | h e l l      |     free |     E: end of file
//!            may be read              may be erased
//! ```
//!
//! The line of chapter 5's kernel did not need to keep what it had collected. Here lines may come
//! faster than they are read, and a read may want less than a line. What has no room is not
//! accepted, and waits in front, unless it is a line longer than all there is: of that, the rest is
//! lost, as otherwise nobody could ever end it.
//!
//! Linux, `drivers/tty/n_tty.c`.

mod edit;

use core::time::Duration;

use super::settings::{InputFlags, Key, LocalFlags, Settings};

/// How many bytes there can be that nobody has read, as on Linux.
pub const SIZE: usize = 4096;

/// A key that is for those who run, and not for those who read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// `^C`.
    Interrupt,
    /// `^\`.
    Quit,
}

/// What a read got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// How many bytes.
    pub count: usize,
    /// Whether a read ends here, though it could take more.
    pub is_end: bool,
}

/// A byte that was typed.
#[derive(Clone, Copy)]
struct Typed {
    byte: u8,
    end: End,
}

/// What ends with a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Nothing.
    No,
    /// A line.
    Line,
    /// All input, if nothing is in front of it. The byte is none.
    File,
}

/// The state between keys and readers.
pub struct Discipline {
    settings: Settings,
    typed: [Typed; SIZE],
    /// How many bytes were ever put in; a place is the number modulo the size.
    head: usize,
    /// As many of them are of lines that are complete.
    line: usize,
    /// As many of them were read.
    tail: usize,
    /// Whether the next key means nothing but itself.
    is_quoted: bool,
    /// When the last byte came.
    last: Duration,
}

impl Discipline {
    /// One to which nothing was typed.
    pub const fn new() -> Self {
        Self {
            settings: Settings::FIRST,
            typed: [Typed { byte: 0, end: End::No }; SIZE],
            head: 0,
            line: 0,
            tail: 0,
            is_quoted: false,
            last: Duration::ZERO,
        }
    }

    /// The settings that hold.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Lets `settings` hold from now on. Where lines come to be, what is there is one.
    pub fn set_settings(&mut self, settings: Settings) {
        let had_lines = self.has(LocalFlags::ICANON);
        self.settings = settings;
        if self.has(LocalFlags::ICANON) && !had_lines {
            self.is_quoted = false;
            self.line = self.head;
            if self.head != self.tail {
                self.at(self.head - 1).end = End::Line;
            }
        }
    }

    /// Forgets all that was typed and not read.
    pub fn flush(&mut self) {
        (self.line, self.tail) = (self.head, self.head);
        self.is_quoted = false;
    }

    /// Whether another byte is accepted.
    pub fn has_room(&self) -> bool {
        !self.is_full() || self.has(LocalFlags::ICANON) && self.line == self.tail
    }

    /// Does what the key that sends `byte` is for, at the time `now`, and calls `show` with what is
    /// to be seen. The result is what others must be told.
    ///
    /// # Panics
    ///
    /// When there is no room.
    pub fn receive(
        &mut self,
        byte: u8,
        now: Duration,
        show: &mut dyn FnMut(&[u8]),
    ) -> Option<Attention> {
        assert!(self.has_room(), "{} bytes are waiting to be read", self.head - self.tail);
        self.last = now;
        if core::mem::take(&mut self.is_quoted) {
            self.add(byte, End::No, show);
            return None;
        }
        let byte = self.translate(byte)?;
        let attention = self.attention(byte);
        if attention.is_some() {
            if !self.has(LocalFlags::NOFLSH) {
                self.flush();
            }
            self.echo(byte, show);
        } else if !(self.has(LocalFlags::ICANON) && self.edit(byte, show)) {
            self.add(byte, End::No, show);
        }
        attention
    }

    /// What becomes of a byte that comes in.
    fn translate(&self, byte: u8) -> Option<u8> {
        let input = self.settings.input;
        match byte {
            b'\r' if input.contains(InputFlags::IGNCR) => None,
            b'\r' if input.contains(InputFlags::ICRNL) => Some(b'\n'),
            b'\n' if input.contains(InputFlags::INLCR) => Some(b'\r'),
            _ => Some(byte),
        }
    }

    fn attention(&self, byte: u8) -> Option<Attention> {
        let is = |key| self.has(LocalFlags::ISIG) && self.settings.is(byte, key);
        match byte {
            _ if is(Key::Interrupt) => Some(Attention::Interrupt),
            _ if is(Key::Quit) => Some(Attention::Quit),
            _ => None,
        }
    }

    /// How many bytes may be read.
    pub fn readable(&self) -> usize {
        let end = if self.has(LocalFlags::ICANON) { self.line } else { self.head };
        end - self.tail
    }

    /// Whether a read for `wanted` bytes that has waited since `began` need not wait any longer.
    pub fn is_ready(&self, wanted: usize, began: Duration, now: Duration) -> bool {
        let there = self.readable();
        if self.has(LocalFlags::ICANON) {
            return there > 0;
        }
        let (least, patience) = (self.settings.least(), self.settings.patience());
        let is_enough = there >= least.min(wanted);
        match (least, patience) {
            (0, Duration::ZERO) => true,
            (0, _) => there > 0 || now >= began + patience,
            (_, Duration::ZERO) => is_enough,
            _ => is_enough || there > 0 && now >= self.last.max(began) + patience,
        }
    }

    /// Whether a read that waits may have to look at the clock.
    pub fn is_timed(&self) -> bool {
        !self.has(LocalFlags::ICANON) && !self.settings.patience().is_zero()
    }

    /// Whether somebody who asks before they read is told that there is something.
    pub fn is_worth_a_read(&self) -> bool {
        let is_counted = !self.has(LocalFlags::ICANON) && self.settings.patience().is_zero();
        let least = if is_counted { self.settings.least() } else { 1 };
        self.readable() >= least.max(1)
    }

    /// Takes what may be read into `buffer`, up to the end of a line.
    pub fn take(&mut self, buffer: &mut [u8]) -> Taken {
        let mut count = 0;
        let has_lines = self.has(LocalFlags::ICANON);
        let mut left = self.readable();
        while left > 0 {
            let Typed { byte, end } = *self.at(self.tail);
            // The end of the input goes with the last byte in front of it.
            if end != End::File {
                if count == buffer.len() {
                    break;
                }
                buffer[count] = byte;
                count += 1;
            }
            (self.tail, left) = (self.tail + 1, left - 1);
            if has_lines && end != End::No {
                return Taken { count, is_end: true };
            }
        }
        self.line = self.line.max(self.tail);
        Taken { count, is_end: left == 0 }
    }

    /// Whether there is room for nothing but the end of a line.
    fn is_full(&self) -> bool {
        self.head - self.tail >= SIZE - 1
    }

    fn has(&self, flag: LocalFlags) -> bool {
        self.settings.local.contains(flag)
    }

    fn at(&mut self, number: usize) -> &mut Typed {
        &mut self.typed[number % SIZE]
    }
}
