//! Tests that run inside a kernel, on stable Rust.
//!
//! [`test!`] puts a [`Test`] into the linker section `.ktest`; the kernel's linker script gathers
//! them and [`run`] walks them. What happens is told to the host on a channel of its own,
//! semihosting on aarch64 and `isa-debugcon` on x86_64, so that nothing a kernel prints on its
//! console can pass for a verdict. Each line starts with a number that the host made for this run
//! (the nonce), so that stale or stray output cannot either.
//!
//! ```text
//! <nonce> list <index> <name>          a test that returns
//! <nonce> dies <index> <name> <how>    a test that must end the kernel; it is booted alone
//! <nonce> start <index>                test <index> begins
//! <nonce> ok <index> <ticks>           it returned
//! <nonce> done                         all that were asked for have been run
//! <nonce> type <count> <seed>          a test wants bytes typed: see `type_to_me`
//! <nonce> press <keys>                 a test wants keys pressed: see `press`
//! ```
//!
//! A test fails by a panic. There is no unwinding, so the kernel dies with it, and the host boots
//! again for the tests behind it. The boot arguments say what to do: `ktest.nonce=`, and
//! `ktest.only=` or `ktest.from=` with an index, `ktest.these=` with several, and `ktest.seed=`,
//! which [`Chance`] starts from.

#![no_std]

mod chance;
mod channel;
mod expect;
mod outside;
mod plan;

pub use chance::Chance;
pub use expect::{WRONG_ANSWER, expect};
pub use outside::{press, type_to_me};
pub use plan::Test;

use plan::Plan;

#[allow(improper_ctypes, reason = "the symbols are Rust's own on both sides")]
unsafe extern "C" {
    /// The first test, and the end of the last; the kernel's `linker.ld` defines both.
    static __ktest_start: [Test; 0];
    static __ktest_end: [Test; 0];
}

/// Runs the tests that the boot arguments ask for, then ends the run with QEMU's exit status 33.
///
/// Without a nonce in `arguments` nobody listens; then this returns and the kernel goes on as it
/// would without tests.
pub fn run(arguments: &str) {
    let Some(plan) = Plan::parse(arguments) else {
        return;
    };
    chance::set_seed(plan.seed);
    outside::set_nonce(plan.nonce);
    let tests = tests();
    for (index, test) in tests.iter().enumerate() {
        match test.must_die {
            None => say!(plan, "list {index} {}", test.name),
            Some(how) => say!(plan, "dies {index} {} {how}", test.name),
        }
    }
    for (index, test) in tests.iter().enumerate().filter(|(index, test)| plan.has(*index, test)) {
        say!(plan, "start {index}");
        let before = channel::ticks();
        (test.run)();
        let ticks = channel::ticks().wrapping_sub(before);
        say!(plan, "ok {index} {ticks}");
    }
    say!(plan, "done");
    channel::exit();
}

/// How many instructions `work` takes, in a run in which time is counted in them; to about twenty.
pub fn instructions(work: impl FnOnce()) -> u64 {
    let before = channel::ticks();
    work();
    channel::ticks().wrapping_sub(before) * channel::INSTRUCTIONS_PER_TICK
}

/// All tests of this kernel, in the order in which the linker met them.
fn tests() -> &'static [Test] {
    let (start, end) = (&raw const __ktest_start, &raw const __ktest_end);
    let count = (end.addr() - start.addr()) / size_of::<Test>();
    // SAFETY: the linker script places both symbols around `.ktest`, whose only contents are the
    // `Test`s emitted by `test!`, so they are the bounds of one initialised, immutable array.
    unsafe { core::slice::from_raw_parts(start.cast(), count) }
}

/// Tells the host one line about the run that `plan` describes.
macro_rules! say {
    ($plan:expr, $($line:tt)+) => {
        $crate::channel::say(format_args!("{} {}\n", $plan.nonce, format_args!($($line)+)))
    };
}
use say;

/// Registers functions as tests of the kernel.
///
/// A test passes when it returns. One marked `#[must_die("…")]` passes when the kernel dies and
/// what the host then says of it (the console's text, or the coroner's report) contains the quoted
/// words.
///
/// ```text
/// ktest::test! {
///     /// A frame that is dropped is handed out again.
///     fn dropped_frame_is_reused() { … }
///
///     /// A store to the kernel's text is refused.
///     #[must_die("page fault")]
///     fn text_is_read_only() { … }
/// }
/// ```
#[macro_export]
macro_rules! test {
    () => {};
    (
        $(#[doc = $doc:literal])* #[must_die($how:literal)]
        fn $name:ident() $body:block
        $($rest:tt)*
    ) => {
        $crate::test!(@one [$(#[doc = $doc])*] $name, ::core::option::Option::Some($how), $body);
        $crate::test!($($rest)*);
    };
    ($(#[doc = $doc:literal])* fn $name:ident() $body:block $($rest:tt)*) => {
        $crate::test!(@one [$(#[doc = $doc])*] $name, ::core::option::Option::None, $body);
        $crate::test!($($rest)*);
    };
    (@one [$($doc:tt)*] $name:ident, $must_die:expr, $body:block) => {
        $($doc)*
        fn $name() $body

        const _: () = {
            #[used]
            #[unsafe(link_section = ".ktest")]
            static TEST: $crate::Test = $crate::Test {
                name: concat!(module_path!(), "::", stringify!($name)),
                must_die: $must_die,
                run: $name,
            };
        };
    };
}
