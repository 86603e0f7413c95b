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
    todo!("find the last argument of {text:?} whose key is {key:?}")
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
        todo!("take the first argument off {:?}", self.rest)
    }
}
