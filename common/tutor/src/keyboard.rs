//! What the reader types, or has piped into this tool, on its way to a kernel's console.
//!
//! A person's keys go through one by one, and the kernel shows them and lets them be mended: so the
//! terminal must do neither, as long as [`Direct`] lives. What comes from a file or a pipe is for
//! the program alone, byte for byte; the kernel is told so by the boot argument [`PIPED`]. There
//! must be a sign for its end then, and so a quotation mark for those bytes that look like one.
//!
//! Nothing is lost on the way: QEMU takes no more than the kernel reads, and we read no more than
//! QEMU takes.

use std::io::{IsTerminal, Read};

use rustix::termios::{self, LocalModes, OptionalActions, Termios};

/// The boot argument that says that what is typed is piped in.
pub const PIPED: &str = "piped";

/// Ends the input: Ctrl-D. (A line discipline understands it at the start of a line.)
pub const END: u8 = 0x04;
/// Takes its meaning from the byte behind it: Ctrl-V.
const QUOTE: u8 = 0x16;

/// The most that is read at once.
const PIECE: usize = 4096;

/// Whether a person types.
pub fn is_person() -> bool {
    std::io::stdin().is_terminal()
}

/// What arrives at standard input, in pieces, as the kernel wants it typed.
pub fn pieces() -> impl Iterator<Item = Vec<u8>> + Send {
    let is_person = is_person();
    let pieces = read_pieces(std::io::stdin());
    let quote = move |piece: Vec<u8>| if is_person { piece } else { quoted(&piece) };
    pieces.map(quote).chain((!is_person).then(|| vec![END]))
}

/// What can be read from `input`, in pieces, as it comes.
fn read_pieces(mut input: impl Read + Send) -> impl Iterator<Item = Vec<u8>> + Send {
    std::iter::from_fn(move || {
        let mut piece = vec![0; PIECE];
        // What cannot be read any more has come to its end.
        let length = input.read(&mut piece).ok().filter(|length| *length > 0)?;
        piece.truncate(length);
        Some(piece)
    })
}

/// `piece`, in which nothing has a meaning.
pub fn quoted(piece: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::with_capacity(piece.len());
    for byte in piece {
        if matches!(*byte, END | QUOTE) {
            quoted.push(QUOTE);
        }
        quoted.push(*byte);
    }
    quoted
}

/// A terminal that passes every key on at once and shows none, as long as this lives.
pub struct Direct(Option<Termios>);

impl Direct {
    /// Makes the reader's terminal so, if there is one. Ctrl-C keeps its meaning.
    pub fn begin() -> Self {
        let input = std::io::stdin();
        let Ok(before) = termios::tcgetattr(&input) else { return Self(None) };
        let mut modes = before.clone();
        modes.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::IEXTEN;
        // Where the terminal refuses, keys arrive line by line.
        let _ = termios::tcsetattr(&input, OptionalActions::Now, &modes);
        Self(Some(before))
    }
}

impl Drop for Direct {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            // A terminal that has gone away wants nothing back.
            let _ = termios::tcsetattr(std::io::stdin(), OptionalActions::Now, before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_have_a_meaning_are_quoted() {
        assert_eq!(quoted(b"a\x04\x16\x16\n"), b"a\x16\x04\x16\x16\x16\x16\n");
        let others: Vec<u8> = (0..=255).filter(|byte| !matches!(byte, 4 | 0x16)).collect();
        assert_eq!(quoted(&others), others);
    }

    #[test]
    fn all_of_a_long_input_comes() {
        let long: Vec<u8> = (0..100_000_u32).map(|number| number as u8).collect();
        let pieces: Vec<Vec<u8>> = read_pieces(&long[..]).collect();
        assert!(pieces.iter().all(|piece| piece.len() <= PIECE));
        assert_eq!(pieces.concat(), long);
    }

    #[test]
    fn what_comes_is_passed_on_before_the_end() {
        let (read, write) = std::io::pipe().expect("there are pipes");
        let mut pieces = read_pieces(read);
        for text in ["a", "b"] {
            std::io::Write::write_all(&mut &write, text.as_bytes()).expect("it is open");
            assert_eq!(pieces.next().as_deref(), Some(text.as_bytes()));
        }
        drop(write);
        assert_eq!(pieces.next(), None);
    }
}
