//! The settings of a terminal, as programs see and change them: Linux's `struct termios`.
//!
//! Most of it is about telephone lines. All of it is kept, so that a program that puts back what it
//! has found finds it again; what is heeded has a name here.
//!
//! ```text
//!  0       4        8         12      16     17                     36
//! | input | output | control | local | line | keys, one byte each  |
//! ```
//!
//! Linux, `man 3 termios`; `include/uapi/asm-generic/termbits.h`.

use core::time::Duration;

use linux_raw_sys::general;

bitflags::bitflags! {
    /// What becomes of a byte that comes in.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct InputFlags: u32 {
        /// A newline becomes a carriage return.
        const INLCR = general::INLCR;
        /// A carriage return is nothing.
        const IGNCR = general::IGNCR;
        /// A carriage return, which is what the key sends, becomes a newline.
        const ICRNL = general::ICRNL;
        /// A character may have several bytes; all of them are erased at once.
        const IUTF8 = general::IUTF8;
        const _ = !0;
    }

    /// What becomes of a byte that goes out.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct OutputFlags: u32 {
        /// Anything at all.
        const OPOST = general::OPOST;
        /// In front of a newline goes a carriage return.
        const ONLCR = general::ONLCR;
        const _ = !0;
    }

    /// What keys mean, and what is shown of them.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct LocalFlags: u32 {
        /// Some keys are signals.
        const ISIG = general::ISIG;
        /// Lines can be edited, and are read when they are complete.
        const ICANON = general::ICANON;
        /// What is typed is shown.
        const ECHO = general::ECHO;
        /// What is erased vanishes.
        const ECHOE = general::ECHOE;
        /// Behind a line that is erased goes a newline.
        const ECHOK = general::ECHOK;
        /// The end of a line is shown, even if nothing else is.
        const ECHONL = general::ECHONL;
        /// Keys that are signals leave what was typed before.
        const NOFLSH = general::NOFLSH;
        /// Control characters are shown as `^C`.
        const ECHOCTL = general::ECHOCTL;
        /// A line that is erased vanishes.
        const ECHOKE = general::ECHOKE;
        /// The keys that POSIX does not know work, too.
        const IEXTEN = general::IEXTEN;
        const _ = !0;
    }
}

/// Bytes of a `struct termios`.
pub const BYTES: usize = 36;

/// How many keys can be set.
const KEYS: usize = general::NCCS as usize;

/// The settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What becomes of a byte that comes in.
    pub input: InputFlags,
    /// What becomes of a byte that goes out.
    pub output: OutputFlags,
    /// Speed, parity and the like, of a line that has none.
    pub control: u32,
    /// What keys mean, and what is shown of them.
    pub local: LocalFlags,
    /// The number of the line discipline.
    pub line: u8,
    /// Which byte has which meaning; and two numbers.
    pub keys: [u8; KEYS],
}

/// A meaning that a byte can have, by its place among the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Key {
    /// Ends the programs: `^C`.
    Interrupt = general::VINTR as usize,
    /// Ends the programs, for somebody who wants to know why: `^\`.
    Quit = general::VQUIT as usize,
    /// Erases a character.
    Erase = general::VERASE as usize,
    /// Erases the line: `^U`.
    Kill = general::VKILL as usize,
    /// Ends the input, or the read: `^D`.
    EndOfFile = general::VEOF as usize,
    /// Ends a line, beside newline.
    EndOfLine = general::VEOL as usize,
    /// So does this.
    OtherEndOfLine = general::VEOL2 as usize,
    /// Erases a word: `^W`.
    EraseWord = general::VWERASE as usize,
    /// Takes its meaning from the next key: `^V`.
    Literal = general::VLNEXT as usize,
}

impl Settings {
    /// Those that a terminal has at first: Linux's of a serial line, but for IUTF8, which is on,
    /// and IXON, which is off since no key stops the output here.
    pub const FIRST: Self = Self {
        input: InputFlags::ICRNL.union(InputFlags::IUTF8),
        output: OutputFlags::OPOST.union(OutputFlags::ONLCR),
        control: general::B38400 | general::CS8 | general::CREAD | general::HUPCL,
        local: LocalFlags::from_bits_retain(
            general::ISIG
                | general::ICANON
                | general::ECHO
                | general::ECHOE
                | general::ECHOK
                | general::ECHOCTL
                | general::ECHOKE
                | general::IEXTEN,
        ),
        line: 0,
        // In the order of `Key`; the fifth and the sixth are VTIME and VMIN, and at the places
        // between are keys that do nothing here.
        keys: [3, 0x1c, 0x7f, 0x15, 4, 0, 1, 0, 0x11, 0x13, 0x1a, 0, 0x12, 15, 0x17, 0x16, 0, 0, 0],
    };

    /// Reads a `struct termios`.
    pub fn from_bytes(bytes: &[u8; BYTES]) -> Self {
        let word =
            |place: usize| u32::from_le_bytes([0, 1, 2, 3].map(|offset| bytes[place + offset]));
        let mut keys = [0; KEYS];
        keys.copy_from_slice(&bytes[17..]);
        Self {
            input: InputFlags::from_bits_retain(word(0)),
            output: OutputFlags::from_bits_retain(word(4)),
            control: word(8),
            local: LocalFlags::from_bits_retain(word(12)),
            line: bytes[16],
            keys,
        }
    }

    /// Writes a `struct termios`.
    pub fn to_bytes(self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        let words = [self.input.bits(), self.output.bits(), self.control, self.local.bits()];
        for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes[16] = self.line;
        bytes[17..].copy_from_slice(&self.keys);
        bytes
    }

    /// Whether `byte` has the meaning `key`. A key that is zero is none.
    pub fn is(&self, byte: u8, key: Key) -> bool {
        byte != 0 && self.keys[key as usize] == byte
    }

    /// How many bytes a read waits for where there are no lines.
    pub fn least(&self) -> usize {
        self.keys[general::VMIN as usize].into()
    }

    /// How long such a read waits; nothing, if there is no limit.
    pub fn patience(&self) -> Duration {
        Duration::from_millis(100) * self.keys[general::VTIME as usize].into()
    }
}
