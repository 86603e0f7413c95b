//! Boot arguments, taken apart into keys and values.

/// One of the boot arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument<'a> {
    /// What stands before the first `=`, or the whole word if it has none.
    pub key: &'a str,
    /// What stands behind it, without the quotes around it; `None` if there is no `=`.
    pub value: Option<&'a str>,
}

/// The arguments in `text`, in their order.
pub fn arguments(text: &str) -> Arguments<'_> {
    Arguments { rest: text }
}

/// The value of the last argument with this `key`; `None` if there is none, or it has no value.
pub fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    arguments(text).filter(|argument| argument.key == key).last()?.value
}

/// Yields the arguments of a text, one after the other.
#[derive(Clone, Debug)]
pub struct Arguments<'a> {
    /// What has not been taken apart yet.
    rest: &'a str,
}

impl<'a> Iterator for Arguments<'a> {
    type Item = Argument<'a>;

    fn next(&mut self) -> Option<Argument<'a>> {
        let word = self.rest.trim_ascii_start();
        if word.is_empty() {
            return None;
        }
        let blank = |text: &str| text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len());
        let quotes = word.find("=\"").filter(|at| *at < blank(word));
        let end = quotes.map_or(blank(word), |at| match word[at + 2..].find('"') {
            Some(length) => at + 2 + length + 1,
            None => word.len(),
        });
        let (word, rest) = word.split_at(end);
        self.rest = rest;
        let Some((key, value)) = word.rsplit_once('=') else {
            return Some(Argument { key: word, value: None });
        };
        let (value, _) = split_value(value);
        Some(Argument { key, value: Some(value) })
    }
}

/// The value with which `text` begins, and what stands behind it.
fn split_value(text: &str) -> (&str, &str) {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted.split_once('"').unwrap_or((quoted, ""));
    }
    text.split_at(text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len()))
}
