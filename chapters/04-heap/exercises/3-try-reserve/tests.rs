//! What the kernel expects of settings, when each allocation in turn is the one that fails.

use ktest::expect;

use super::failures::with_failure;
use super::settings::{NoMemory, Settings, try_box};
use crate::memory::heap;

/// More allocations than any step here needs.
const MOST: usize = 100;

/// The keys that tests here use.
const KEYS: [&str; 4] = ["root", "init", "quiet", "console"];

/// The values of [`KEYS`].
type Values<'a> = [Option<&'a str>; KEYS.len()];

/// What all tests start with.
fn settings() -> Settings {
    let mut settings = Settings::new();
    for (key, value) in [("root", "ram0"), ("init", "shell")] {
        expect((key, value), settings.set(key, value), Ok(()));
    }
    settings
}

fn values(settings: &Settings) -> Values<'_> {
    KEYS.map(|key| settings.get(key))
}

/// What is done.
#[derive(Clone, Copy, Debug)]
enum Step {
    Set(&'static str, &'static str),
    SetAll(&'static [(&'static str, &'static str)]),
}

/// Steps, with what must be there after each of them.
const STEPS: [(Step, Values); 4] = [
    (Step::Set("quiet", ""), [Some("ram0"), Some("shell"), Some(""), None]),
    (Step::Set("root", "a disk"), [Some("a disk"), Some("shell"), None, None]),
    (
        Step::SetAll(&[("console", "serial"), ("root", "disk"), ("quiet", "no")]),
        [Some("disk"), Some("shell"), Some("no"), Some("serial")],
    ),
    (
        Step::SetAll(&[("quiet", "no"), ("quiet", "yes")]),
        [Some("ram0"), Some("shell"), Some("yes"), None],
    ),
];

impl Step {
    fn take(self, settings: &mut Settings) -> Result<(), NoMemory> {
        match self {
            Self::Set(key, value) => settings.set(key, value),
            Self::SetAll(pairs) => settings.set_all(pairs),
        }
    }

    fn is_set(self) -> bool {
        matches!(self, Self::Set(..))
    }
}

/// What a step says when it went wrong: that, and where.
type Input = (Step, &'static str, usize);

/// Does every step that `is_wanted` with every allocation failing in turn. `look` gets the
/// settings, the result, and what there is to be if it succeeded.
fn try_each(
    is_wanted: fn(Step) -> bool,
    look: impl Fn(Input, &mut Settings, Result<(), NoMemory>, Values),
) {
    for (step, after) in STEPS.into_iter().filter(|(step, _)| is_wanted(*step)) {
        for before in 0..MOST {
            let mut settings = settings();
            let (result, has_failed) = with_failure(before, || step.take(&mut settings));
            if !has_failed {
                break;
            }
            let input = (step, "fails after so many allocations:", before);
            look(input, &mut settings, result, after);
        }
    }
}

ktest::test! {
    /// What is set is found, and a second value replaces the first.
    fn what_is_set_is_found() {
        for (step, after) in STEPS.into_iter().filter(|(step, _)| step.is_set()) {
            let mut settings = settings();
            expect(step, step.take(&mut settings), Ok(()));
            expect((step, KEYS), values(&settings), after);
        }
        expect("how many settings", settings().pairs().count(), 2);
    }

    /// All of several pairs are set, and of two with one key the last one counts.
    fn all_pairs_are_set() {
        for (step, after) in STEPS.into_iter().filter(|(step, _)| !step.is_set()) {
            let mut settings = settings();
            expect(step, step.take(&mut settings), Ok(()));
            expect((step, KEYS), values(&settings), after);
            let expected = after.iter().flatten().count();
            expect((step, "how many settings"), settings.pairs().count(), expected);
        }
    }

    /// Whichever allocation fails, `set` survives it, and says so unless the value is set.
    fn set_tells_of_each_failure() {
        try_each(Step::is_set, |input, settings, result, after| {
            let is_done = values(settings) == after;
            expect((input, "result"), result, if is_done { Ok(()) } else { Err(NoMemory) });
        });
    }

    /// When `set` fails, all values are what they were.
    fn failed_set_changes_nothing() {
        try_each(Step::is_set, |input, now, result, _| {
            if result.is_err() {
                expect((input, KEYS), values(now), values(&settings()));
            }
        });
    }

    /// Whichever allocation fails, `set_all` survives it, and says so unless all is set.
    fn set_all_tells_of_each_failure() {
        try_each(|step| !step.is_set(), |input, settings, result, after| {
            let is_done = values(settings) == after;
            expect((input, "result"), result, if is_done { Ok(()) } else { Err(NoMemory) });
        });
    }

    /// When `set_all` fails, all values are what they were: it sets all pairs or none.
    fn failed_set_all_changes_nothing() {
        try_each(|step| !step.is_set(), |input, now, result, _| {
            if result.is_err() {
                expect((input, KEYS), values(now), values(&settings()));
            }
        });
    }

    /// Once there is memory again, what failed succeeds.
    fn what_failed_can_be_repeated() {
        try_each(|_| true, |(step, ..), settings, _, after| {
            expect((step, "again"), step.take(settings), Ok(()));
            expect((step, "again", KEYS), values(settings), after);
        });
    }

    /// Whichever allocation fails, when the settings are gone all memory is back.
    fn nothing_is_leaked() {
        for (step, _) in STEPS {
            for before in 0..MOST {
                let used = heap::statistics().used;
                let mut settings = settings();
                let (_, has_failed) = with_failure(before, || step.take(&mut settings));
                drop(settings);
                let left = heap::statistics().used - used;
                expect((step, "bytes left, failure after", before), left, 0);
                if !has_failed {
                    break;
                }
            }
        }
    }

    /// A box has the value, or there is none and the value is dropped.
    fn a_box_has_the_value() {
        let used = heap::statistics().used;
        let boxed = try_box([7_u64; 20]);
        expect("a box of 20 words", boxed.as_deref(), Ok(&[7; 20]));
        drop(boxed);
        let inner = try_box(5).expect("there is memory");
        let (outer, _) = with_failure(0, || try_box(inner));
        expect("a box of a box, with no memory", outer.map(|_| ()), Err(NoMemory));
        expect("bytes left, after boxes are dropped", heap::statistics().used - used, 0);
    }

    /// A box of nothing takes no memory: an allocator may not even be asked for 0 bytes.
    fn a_box_of_nothing_takes_nothing() {
        let before = heap::statistics().allocations;
        let boxed = try_box(());
        expect("a box of ()", boxed.as_deref(), Ok(&()));
        expect("allocations for ()", heap::statistics().allocations - before, 0);
    }
}
