//! The axis of time: where a line is drawn, and what stands at it.
//!
//! Times are those of the kernel's clock, in milliseconds, so that what is read off the picture can
//! be found among what was printed.

use std::fmt;

/// A length of time, or a time since the clock began, in nanoseconds: shown in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Millis(pub u64);

impl fmt::Display for Millis {
    /// Writes it with as many digits behind the point as a reader can use: three below 10 ms, two
    /// below 100 ms, else one.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let digits = match self.0 {
            0..10_000_000 => 3,
            10_000_000..100_000_000 => 2,
            _ => 1,
        };
        f.pad(&format!("{:.digits$}", self.0 as f64 / 1e6))
    }
}

/// A time at which a line is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The time, in nanoseconds.
    pub time: u64,
    /// What stands there, in milliseconds.
    pub label: String,
}

/// Marks at round times from `start` to `start + length`, at most `most` of them.
pub fn marks(start: u64, length: u64, most: u64) -> Vec<Mark> {
    let step = step(length, most.max(1));
    let digits = [(1_000_000, 0), (100_000, 1), (10_000, 2), (1_000, 3), (100, 4), (10, 5)];
    let is_whole = |unit: &(u64, usize)| step.is_multiple_of(unit.0);
    let digits = digits.iter().find(|unit| is_whole(unit)).map_or(6, |unit| unit.1);
    let first = start.div_ceil(step);
    let times = (first..).map(|number| number * step).take_while(|time| *time <= start + length);
    times.map(|time| Mark { time, label: format!("{:.digits$}", time as f64 / 1e6) }).collect()
}

/// The smallest of 1, 2, 5, 10, 20, … of which at most `most` fit into `length`.
fn step(length: u64, most: u64) -> u64 {
    let powers = (0..20).map(|power| 10_u64.pow(power.min(19)));
    let steps = powers.flat_map(|power| [1, 2, 5].map(|factor| power.saturating_mul(factor)));
    steps.into_iter().find(|step| length / step < most).unwrap_or(length.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_not_too_many() {
        for (start, length) in [(0, 1), (1_203_400_200, 1_000_000_000), (7, 999), (5, 17_000_000)] {
            for most in [1, 3, 12] {
                let marks = marks(start, length, most);
                assert!(marks.len() as u64 <= most, "{start} {length} {most}: {marks:?}");
                let is_inside = |mark: &Mark| (start..=start + length).contains(&mark.time);
                assert!(marks.iter().all(is_inside), "{marks:?}");
            }
            assert!(!marks(start, length.max(100), 12).is_empty());
        }
    }

    #[test]
    fn labels_are_milliseconds_without_digits_too_many() {
        let labels = |start, length, most| -> Vec<String> {
            marks(start, length, most).into_iter().map(|mark| mark.label).collect()
        };
        assert_eq!(labels(0, 10_000_000, 6), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(labels(950_000, 100_000, 4), ["0.95", "1.00", "1.05"]);
    }

    #[test]
    fn times_have_the_digits_that_say_something() {
        let told = |nanoseconds| Millis(nanoseconds).to_string();
        assert_eq!(told(0), "0.000");
        assert_eq!(told(1_234_567), "1.235");
        assert_eq!(told(12_345_678), "12.35");
        assert_eq!(told(1_234_567_890), "1234.6");
    }
}
