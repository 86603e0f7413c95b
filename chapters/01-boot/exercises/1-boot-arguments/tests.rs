//! What the kernel expects of its boot arguments.

use core::fmt;

use ktest::expect;

use super::boot_arguments::{Argument, arguments, value_of};

/// More arguments than any test here has.
const MOST: usize = 8;

/// The arguments of a text, to be compared and shown.
#[derive(PartialEq)]
struct List<'a>([Option<Argument<'a>>; MOST]);

impl<'a> List<'a> {
    fn new(arguments: impl Iterator<Item = Argument<'a>>) -> Self {
        let mut list = [None; MOST];
        list.iter_mut().zip(arguments).for_each(|(place, argument)| *place = Some(argument));
        Self(list)
    }
}

impl fmt::Debug for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let pairs = self.0.iter().flatten();
        f.debug_map().entries(pairs.map(|Argument { key, value }| (key, value))).finish()
    }
}

/// `text` has the arguments in `pairs` and no others.
#[track_caller]
fn check(text: &str, pairs: &[(&str, Option<&str>)]) {
    let expected = pairs.iter().map(|(key, value)| Argument { key, value: *value });
    expect(text, List::new(arguments(text)), List::new(expected));
}

ktest::test! {
    /// Each word `key=value` becomes a pair, in the order of the text.
    fn words_become_pairs() {
        check("", &[]);
        check("a=1", &[("a", Some("1"))]);
        check("root=ram0 init=shell", &[("root", Some("ram0")), ("init", Some("shell"))]);
    }

    /// The first `=` divides; others are part of the value.
    fn first_equals_sign_divides() {
        check("root=UUID=7", &[("root", Some("UUID=7"))]);
        check("a==", &[("a", Some("="))]);
    }

    /// Blanks divide words, be they spaces or tabs, one or many.
    fn any_blanks_divide() {
        check("  a=1   b=2 ", &[("a", Some("1")), ("b", Some("2"))]);
        check("a=1\tb\n", &[("a", Some("1")), ("b", None)]);
        check(" \t ", &[]);
    }

    /// A word without `=` has no value, which is not the same as an empty one.
    fn empty_is_not_missing() {
        check("quiet", &[("quiet", None)]);
        check("quiet=", &[("quiet", Some(""))]);
    }

    /// Quotes behind the `=` keep blanks in the value, and are not part of it.
    fn quotes_keep_blanks() {
        check("name=\"a b\" c=1", &[("name", Some("a b")), ("c", Some("1"))]);
        check("name=\"a b", &[("name", Some("a b"))]);
    }

    /// Of several arguments with one key the last one counts.
    fn last_one_counts() {
        expect("a=1 a=2, a", value_of("a=1 a=2", "a"), Some("2"));
        expect("a=1 a, a", value_of("a=1 a", "a"), None);
        expect("a=1, b", value_of("a=1", "b"), None);
    }
}
