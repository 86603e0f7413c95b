//! What is typed at a console when the kernel asks for it.
//!
//! Bytes that come before anybody listens are lost: a kernel that sets up its serial port throws
//! away what the port has. So each text waits for the words on the console that it answers.

use std::collections::VecDeque;

use crate::keyboard;

/// Something to be typed once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The text on the console that it answers.
    pub prompt: &'static str,
    /// What is typed.
    pub text: Text,
}

/// What is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// This.
    Words(&'static str),
    /// The end of the input.
    End,
    /// What the reader types, or has piped into this tool.
    Input,
}

/// How the line begins by which a kernel says that it starts the first program: from there on,
/// what is typed is for programs.
const INIT: &str = "init: bin/";

impl Typed {
    /// A shell is told that there is nothing to read.
    pub const END: Self = Self { prompt: INIT, text: Text::End };
    /// A shell, or a program in its place, reads what the reader has to say.
    pub const INPUT: Self = Self { prompt: INIT, text: Text::Input };

    /// `text`, in answer to `prompt`.
    pub const fn words(prompt: &'static str, text: &'static str) -> Self {
        Self { prompt, text: Text::Words(text) }
    }
}

/// Bytes to be typed, made piece by piece.
pub type Pieces = Box<dyn Iterator<Item = Vec<u8>> + Send>;

impl Text {
    /// The bytes of it; `input` is what stands before the end.
    fn pieces(self, input: &[u8]) -> Pieces {
        match self {
            Self::Words(words) => Box::new(std::iter::once(words.into())),
            Self::End => {
                let pieces = [keyboard::quoted(input), vec![keyboard::END]];
                Box::new(std::iter::once(pieces.concat()))
            }
            Self::Input => Box::new(keyboard::pieces()),
        }
    }
}

/// Texts that wait for their prompts, in order.
#[derive(Debug, Default)]
pub struct Prompts {
    waiting: VecDeque<Typed>,
    /// What was printed behind the last prompt and may hold the next.
    seen: Vec<u8>,
    /// What there is to read before the end.
    input: Vec<u8>,
}

impl Prompts {
    /// These texts; before the end of the input there is `input`.
    pub fn new(typed: impl IntoIterator<Item = Typed>, input: Vec<u8>) -> Self {
        Self { waiting: typed.into_iter().collect(), seen: Vec::new(), input }
    }

    /// Hears what the kernel prints; `answer` types.
    pub fn hear(&mut self, bytes: &[u8], mut answer: impl FnMut(Pieces)) {
        if self.waiting.is_empty() {
            return;
        }
        self.seen.extend_from_slice(bytes);
        while let Some(next) = self.waiting.front() {
            let Some(end) = end_of(&self.seen, next.prompt.as_bytes()) else {
                // Of what is no prompt, only its end may be the beginning of one.
                let kept = next.prompt.len().min(self.seen.len());
                self.seen.drain(..self.seen.len() - kept);
                return;
            };
            answer(next.text.pieces(&self.input));
            self.seen.drain(..end);
            self.waiting.pop_front();
        }
        self.seen.clear();
    }
}

/// Where the first `prompt` in `text` ends.
fn end_of(text: &[u8], prompt: &[u8]) -> Option<usize> {
    if prompt.is_empty() {
        return Some(0);
    }
    text.windows(prompt.len()).position(|it| it == prompt).map(|start| start + prompt.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is typed behind which byte of `console`, when it comes in pieces of `length`.
    fn typed(typed: &[Typed], console: &str, length: usize) -> Vec<(usize, String)> {
        let mut prompts = Prompts::new(typed.iter().copied(), Vec::new());
        let (mut at, mut answers) = (0, Vec::new());
        for piece in console.as_bytes().chunks(length) {
            at += piece.len();
            prompts.hear(piece, |pieces| {
                let bytes: Vec<u8> = pieces.flatten().collect();
                answers.push((at, String::from_utf8(bytes).expect("it is text")));
            });
        }
        answers
    }

    #[test]
    fn each_text_answers_its_prompt_once_and_in_order() {
        let texts = [Typed::words("$ ", "one"), Typed::words("$ ", "two"), Typed::END];
        let console = "init: bin/x $ a$ b$ init: bin/init";
        let answers = [(14, "one"), (17, "two"), (30, "\x04")].map(|(at, it)| (at, it.into()));
        assert_eq!(typed(&texts, console, 1), answers);
        for length in 2..40 {
            let words = typed(&texts, console, length).into_iter().map(|(_, text)| text);
            assert_eq!(words.collect::<Vec<_>>(), ["one", "two", "\x04"], "{length}");
        }
        assert_eq!(typed(&texts, "init: bin/x, and nothing more", 3), []);
    }

    #[test]
    fn input_comes_before_its_end_and_is_quoted() {
        let mut bytes = Vec::new();
        let mut prompts = Prompts::new([Typed::END], b"a\x04b".to_vec());
        prompts.hear(b"init: bin/x", |pieces| bytes.extend(pieces.flatten()));
        assert_eq!(bytes, b"a\x16\x04b\x04");
    }

    #[test]
    fn without_a_prompt_it_is_typed_at_once() {
        let texts = [Typed::words("", "a"), Typed::words("b", "c")];
        assert_eq!(typed(&texts, "-b", 1), [(1, "a".to_string()), (2, "c".to_string())]);
    }
}
