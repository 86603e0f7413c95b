//! The lines that were typed, and how to have one again: `!!` is the last, `!3` number 3.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// The lines, from number 1 on.
#[derive(Default)]
pub struct History {
    lines: Vec<Vec<u8>>,
}

/// There is no such line.
pub struct NoSuchLine(String);

impl fmt::Display for NoSuchLine {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: there is no such line", self.0)
    }
}

impl History {
    /// The line that `line` stands for; it is remembered.
    pub fn expand(&mut self, line: Vec<u8>) -> Result<Vec<u8>, NoSuchLine> {
        let line = match line.trim_ascii().strip_prefix(b"!") {
            Some(which) if which == b"!" || is_number(which) => {
                let found = self.find(which).ok_or_else(|| {
                    NoSuchLine(String::from_utf8_lossy(line.trim_ascii()).into_owned())
                })?;
                println!("{}", String::from_utf8_lossy(&found));
                found
            }
            _ => line,
        };
        if !line.trim_ascii().is_empty() {
            self.lines.push(line.clone());
        }
        Ok(line)
    }

    /// Remembers that the last line goes on with `line`.
    pub fn go_on(&mut self, line: &[u8]) {
        if let Some(last) = self.lines.last_mut() {
            last.push(b'\n');
            last.extend(line);
        }
    }

    /// Prints all lines.
    pub fn show(&self) {
        for (number, line) in (1..).zip(&self.lines) {
            println!("{number:4}  {}", String::from_utf8_lossy(line));
        }
    }

    /// The line that the text behind a `!` names.
    fn find(&self, which: &[u8]) -> Option<Vec<u8>> {
        let number = match which {
            b"!" => self.lines.len(),
            digits => str::from_utf8(digits).ok()?.parse().ok()?,
        };
        self.lines.get(number.checked_sub(1)?).cloned()
    }
}

fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}
