//! What to run: the tests there are, and which of them the host asks for.

/// A test, as `test!` leaves it in the section `.ktest`.
#[repr(C)]
pub struct Test {
    /// Its module's path and its own name.
    pub name: &'static str,
    /// What the host must find in the report of the kernel's death; `None` if the test must return.
    pub must_die: Option<&'static str>,
    /// The test itself.
    pub run: fn(),
}

/// What the boot arguments ask for.
pub(crate) struct Plan<'a> {
    /// The word that starts every line to the host.
    pub(crate) nonce: &'a str,
    /// Run this test and no other.
    only: Option<usize>,
    /// Leave out the tests before this one.
    from: usize,
    /// Of the others run these only, numbers with commas between.
    these: Option<&'a str>,
    /// What made-up cases come from, in digits.
    pub(crate) seed: Option<&'a str>,
}

impl<'a> Plan<'a> {
    /// Reads the `ktest.` words of `arguments`; `None` without a nonce.
    pub(crate) fn parse(arguments: &'a str) -> Option<Self> {
        let value = |name| {
            let mut words = arguments.split_ascii_whitespace();
            words.find_map(|word| word.strip_prefix(name))
        };
        let number = |name| value(name).and_then(|digits| digits.parse().ok());
        Some(Self {
            nonce: value("ktest.nonce=")?,
            only: number("ktest.only="),
            from: number("ktest.from=").unwrap_or(0),
            these: value("ktest.these="),
            seed: value("ktest.seed="),
        })
    }

    /// Whether `test`, the one at `index`, runs in this boot.
    pub(crate) fn has(&self, index: usize, test: &Test) -> bool {
        match self.only {
            Some(only) => index == only,
            None => index >= self.from && test.must_die.is_none() && self.is_one_of_these(index),
        }
    }

    fn is_one_of_these(&self, index: usize) -> bool {
        let Some(these) = self.these else { return true };
        these.split(',').any(|digits| digits.parse() == Ok(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETURNS: Test = Test { name: "returns", must_die: None, run: || {} };
    const DIES: Test = Test { name: "dies", must_die: Some("panic"), run: || {} };

    #[test]
    fn no_nonce_is_no_plan() {
        assert!(Plan::parse("").is_none());
        assert!(Plan::parse("ktest.only=3 console=x").is_none());
    }

    #[test]
    fn a_plan_without_numbers_has_all_that_return() {
        let plan = Plan::parse("a=b ktest.nonce=17").expect("there is a nonce");
        assert_eq!((plan.nonce, plan.seed), ("17", None));
        assert!(plan.has(0, &RETURNS));
        assert!(!plan.has(0, &DIES));
    }

    #[test]
    fn from_leaves_out_those_before() {
        let plan = Plan::parse("ktest.nonce=1 ktest.from=2").expect("there is a nonce");
        assert!(!plan.has(1, &RETURNS));
        assert!(plan.has(2, &RETURNS));
    }

    #[test]
    fn these_leave_out_the_others() {
        let plan = Plan::parse("ktest.nonce=1 ktest.from=2 ktest.these=1,3,17").expect("a nonce");
        assert!((0..20).filter(|index| plan.has(*index, &RETURNS)).eq([3, 17]));
        assert!(!plan.has(3, &DIES));
        let none = Plan::parse("ktest.nonce=1 ktest.these=").expect("a nonce");
        assert!(!(0..20).any(|index| none.has(index, &RETURNS)));
    }

    #[test]
    fn only_takes_one_even_if_it_dies() {
        let plan = Plan::parse("ktest.nonce=1 ktest.only=2").expect("there is a nonce");
        assert!(plan.has(2, &DIES));
        assert!(!plan.has(1, &RETURNS));
        assert!(!plan.has(3, &RETURNS));
    }
}
