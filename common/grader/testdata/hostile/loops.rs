//! Never comes to an end.

/// One of the boot arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument<'a> {
    /// Its key.
    pub key: &'a str,
    /// Its value.
    pub value: Option<&'a str>,
}

/// The arguments in `text`.
pub fn arguments(text: &str) -> impl Iterator<Item = Argument<'_>> {
    text.split(' ').map(|_| endless())
}

/// The value of `key`.
pub fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    arguments(text).find(|argument| argument.key == key)?.value
}

fn endless() -> Argument<'static> {
    // An empty loop is slow to emulate, and reaches the limit of instructions late.
    let mut number = 1_u64;
    loop {
        number ^= number << 13;
        number ^= number >> 7;
        number ^= number << 17;
    }
}
