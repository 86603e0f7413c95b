//! A screen of one row, which does what it is told and knows nothing of lines.

/// A row, and where the next character goes.
#[derive(Debug, Default)]
pub struct Screen {
    row: Vec<char>,
    column: usize,
    /// The bytes of a character that is not complete.
    begun: Vec<u8>,
}

impl Screen {
    /// Shows `bytes`.
    pub fn show(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.begun.push(*byte);
            if let Ok(text) = std::str::from_utf8(&self.begun) {
                let character = text.chars().next().expect("it has a byte");
                self.begun.clear();
                self.put(character);
            }
        }
    }

    fn put(&mut self, character: char) {
        match character {
            '\n' => *self = Self::default(),
            '\x08' => self.column -= 1,
            _ => {
                self.row.resize(self.row.len().max(self.column + 1), ' ');
                self.row[self.column] = character;
                self.column += 1;
            }
        }
    }

    /// What is left of the cursor. Behind it there must be nothing.
    pub fn text(&self) -> String {
        assert!(self.row[self.column..].iter().all(|behind| *behind == ' '), "{self:?}");
        assert!(self.begun.is_empty(), "{self:?}");
        self.row[..self.column].iter().collect()
    }
}
