//! A measurement, as the bench kernel prints it: `bench OPERATION/BY COUNT INSTRUCTIONS`.

use std::collections::BTreeSet;

/// The word that such a line begins with.
const WORD: &str = "bench ";

/// What repeating an operation cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measurement {
    /// What was done, such as `frame`.
    pub operation: String,
    /// Who did it, such as `kernel`.
    pub by: String,
    /// How often.
    pub count: u64,
    /// The instructions of all repetitions, without those of the loop.
    pub instructions: u64,
}

impl Measurement {
    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        let [name, count, instructions] = words[..] else { return None };
        let (operation, by) = name.split_once('/')?;
        let count = count.parse().ok().filter(|count| *count > 0)?;
        let instructions = instructions.parse().ok()?;
        Some(Self { operation: operation.into(), by: by.into(), count, instructions })
    }

    /// Whether it is of the same thing as `other`.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.operation, &self.by) == (&other.operation, &other.by)
    }

    /// The instructions of one operation, with one decimal.
    pub fn per_operation(&self) -> String {
        let tenths = (self.instructions * 10 + self.count / 2) / self.count;
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// All measurements in what a kernel printed.
pub fn parse(console: &str) -> Result<Vec<Measurement>, String> {
    let mut measurements = Vec::new();
    let mut names = BTreeSet::new();
    for line in console.lines() {
        let Some(rest) = line.strip_prefix(WORD) else { continue };
        let measurement =
            Measurement::parse(rest).ok_or_else(|| format!("not a measurement: {line}"))?;
        if !names.insert((measurement.operation.clone(), measurement.by.clone())) {
            return Err(format!("measured twice: {line}"));
        }
        measurements.push(measurement);
    }
    if measurements.is_empty() {
        return Err("the kernel has measured nothing".into());
    }
    Ok(measurements)
}

/// What two runs disagree about, if anything.
pub fn difference(first: &[Measurement], second: &[Measurement]) -> Option<String> {
    if first.len() != second.len() {
        return Some(format!("{} and {} measurements", first.len(), second.len()));
    }
    let differs = |(one, other): &(&Measurement, &Measurement)| one != other;
    let (one, other) = first.iter().zip(second).find(differs)?;
    let told = |it: &Measurement| format!("{}/{}: {}", it.operation, it.by, it.instructions);
    Some(format!("{} and {}", told(one), told(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONSOLE: &str = "hello\nbench frame/kernel 1000 27049\nbench heap/talc 8 9\ngoodbye\n";

    #[test]
    fn measurements_are_found_among_other_lines() {
        let all = parse(CONSOLE).expect("both lines are right");
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].operation.as_str(), all[0].by.as_str()), ("frame", "kernel"));
        assert_eq!((all[0].count, all[0].instructions), (1000, 27049));
    }

    #[test]
    fn nonsense_is_refused() {
        for line in [
            "bench frame 1 2",
            "bench a/b 0 2",
            "bench a/b 1 -2",
            "bench a/b 1",
            "bench a/b 1 2 3",
            "bench a/b 1 2\nbench a/b 1 2",
            "nothing of ours",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn costs_are_rounded_to_a_tenth() {
        let all = parse(CONSOLE).expect("both lines are right");
        assert_eq!(all[0].per_operation(), "27.0");
        assert_eq!(all[1].per_operation(), "1.1");
        let half = parse("bench a/b 20 39").expect("the line is right");
        assert_eq!(half[0].per_operation(), "2.0");
    }

    #[test]
    fn two_runs_are_compared() {
        let first = parse(CONSOLE).expect("both lines are right");
        assert_eq!(difference(&first, &first), None);
        let second = parse(&CONSOLE.replace("27049", "27050")).expect("both lines are right");
        let told = difference(&first, &second).expect("one number differs");
        assert_eq!(told, "frame/kernel: 27049 and frame/kernel: 27050");
        assert!(difference(&first, &first[..1]).is_some());
    }
}
