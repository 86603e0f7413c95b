//! A kernel that ended with a status and said how it got there: its addresses put into words.
//!
//! Once a kernel catches its own exceptions it knows more of an accident than anybody outside, but
//! it has no names for addresses: those are in its file, which it does not carry along. So it
//! prints numbers, as part of its panic or of its report on an exception:
//!
//! ```text
//!   backtrace:
//!     in 0xffffffff80012345        where an exception came up; absent in a panic
//!     from 0xffffffff80002345      where a call would have returned to, the innermost first
//! ```
//!
//! The last such block on the console is the one about the end. A dying kernel may print half a
//! line or a number that is no address of code: what cannot be read is passed over.

use super::image::Spot;
use super::report::Report;
use super::scene::Scene;

/// The line above the addresses.
const HEADING: &str = "backtrace:";

/// What Rust calls a kernel's own panic handler: what it did is no part of the accident.
const PANIC_HANDLER: &str = "rust_begin_unwind";

/// The addresses of one block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Trace {
    /// The instruction that raised an exception.
    place: Option<u64>,
    /// The addresses to which the calls would have returned, the innermost first.
    returns: Vec<u64>,
}

impl Trace {
    /// The last block of addresses on `console`.
    pub fn last_on(console: &str) -> Option<Self> {
        let lines: Vec<&str> = console.lines().map(str::trim).collect();
        let heading = lines.iter().rposition(|line| *line == HEADING)?;
        let mut trace = Self::default();
        for line in &lines[heading + 1..] {
            match line.split_once(' ') {
                Some(("in", address)) => trace.place = trace.place.or(hex(address)),
                Some(("from", address)) => trace.returns.extend(hex(address)),
                _ => break,
            }
        }
        Some(trace).filter(|trace| *trace != Self::default())
    }
}

/// The number that `text` writes as `0x…`.
fn hex(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

/// The report with the finding `headline` on the accident that `trace` is about.
pub(super) fn report(scene: &mut Scene, headline: &str, trace: Trace) -> Report {
    let Trace { place, returns } = trace;
    match place {
        Some(pc) => after_exception(scene, headline, pc, &returns),
        None => after_panic(scene, headline, &returns),
    }
}

fn after_exception(scene: &mut Scene, headline: &str, pc: u64, returns: &[u64]) -> Report {
    let spot = scene.own_spot(pc, returns);
    let is_code = scene.image.is_code(pc);
    let place = match spot {
        Some(spot) if is_code => format!(", in {spot}"),
        Some(spot) => format!(", after a call from {spot}"),
        None => String::new(),
    };
    let report = Report::new(format!("{headline}{place}"));
    let report = match is_code {
        true => scene.place(report, pc),
        false => report.happened_at(format!("{pc:#x}: {}", no_code(scene, pc))),
    };
    scene.way(report, returns)
}

/// What there is at `pc`, as far as the kernel's file tells: the machine is gone.
fn no_code(scene: &Scene, pc: u64) -> String {
    let section = scene.image.section(pc).map(|section| format!("the kernel's {section}"));
    section.unwrap_or_else(|| "no code of the kernel".into())
}

/// A panic came up in the innermost call from our own code; what is behind it leads there.
fn after_panic(scene: &mut Scene, headline: &str, returns: &[u64]) -> Report {
    let calls = |address: &u64| scene.image.spots(address.wrapping_sub(1));
    let has = |address: &u64, is_it: fn(&Spot) -> bool| calls(address).iter().any(is_it);
    let is_handler = |spot: &Spot| spot.function.ends_with(PANIC_HANDLER);
    let handler = returns.iter().rposition(|address| has(address, is_handler));
    let returns = &returns[handler.map_or(0, |index| index + 1)..];
    let Some(index) = returns.iter().position(|address| has(address, |spot| spot.is_ours)) else {
        return Report::new(headline);
    };
    let (address, behind) = (returns[index], &returns[index + 1..]);
    let spot = calls(&address).into_iter().find(|spot| spot.is_ours);
    let place = spot.map_or(String::new(), |spot| format!(", in {spot}"));
    let report = Report::new(format!("{headline}{place}"));
    let label = format!("the call before {address:#x}");
    let report = scene.place_called(report, address.wrapping_sub(1), &label);
    scene.way(report, behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_block_counts_and_ends_with_the_next_line() {
        let console = "\
trap: breakpoint
  backtrace:
    in 0x1000
    from 0x2000
panic: 6 * 7 is not 43\r
  at src/panic.rs:50:13\r
  backtrace:\r
    from 0x3000\r
    from 0x4000\r
  power-off with status 35\r
    from 0x5000\r
";
        let trace = Trace { place: None, returns: vec![0x3000, 0x4000] };
        assert_eq!(Trace::last_on(console), Some(trace));
    }

    #[test]
    fn a_place_stands_before_the_calls() {
        let trace = Trace { place: Some(0x1000), returns: vec![0x2000] };
        assert_eq!(Trace::last_on("  backtrace:\n    in 0x1000\n    from 0x2000"), Some(trace));
    }

    #[test]
    fn what_cannot_be_read_is_passed_over() {
        let console =
            "backtrace:\n in 0x1z\n from \u{fffd}\n from 0x12345678123456789\n from 0x7\n";
        let trace = Trace { place: None, returns: vec![7] };
        assert_eq!(Trace::last_on(console), Some(trace));
        assert_eq!(Trace::last_on("backtrace:\n    from 0x"), None);
    }

    #[test]
    fn a_console_without_a_block_has_no_trace() {
        assert_eq!(Trace::last_on(""), None);
        assert_eq!(Trace::last_on("backtrace: none\n  from 0x1000\n"), None);
        assert_eq!(Trace::last_on("backtrace:\n"), None);
        assert_eq!(Trace::last_on("from 0x1000\n"), None);
    }
}
