//! Suites that say themselves which of their cases are right.
//!
//! A case counts if it is right on Linux. Where it is not right on a kernel, somebody wants to know
//! why, and mostly it is a call that the kernel does not have: so the kernel lists the calls, and
//! what it has refused between one verdict and the next belongs to the second.

use std::collections::BTreeSet;

use super::super::oracle::{Oracle, Trial};
use super::super::outcome::Tested;
use crate::failure::Result;
use crate::program::Speaker;

/// Comes before the calls that there are not, at the end of what is told of a case.
pub const LACKING: &str = "lacking: ";

/// Reads a line of output: the name of a case, and whether it is right, if it is a verdict.
pub type Read = fn(&str) -> Option<(String, bool)>;

/// How a suite's verdicts are read.
#[derive(Clone, Copy)]
pub struct Reader {
    /// The verdict in a line.
    pub read: Read,
    /// Whether it takes minutes. Then the kernel is optimised and lists no calls, and its clock is
    /// that on the wall.
    pub is_long: bool,
}

/// A verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// Whether it says that all is as it should be.
    pub is_right: bool,
    /// The line that says so.
    pub line: String,
    /// The calls before it that there are not.
    pub lacking: BTreeSet<String>,
}

/// Runs `trial` on both, a test for each case that Linux gets right.
pub fn run(oracle: &Oracle, trial: &Trial, reader: Reader, arch: &str) -> Result<Vec<Tested>> {
    let linux = match oracle.on_linux(trial) {
        Ok(ended) => ended,
        Err(why) => return Ok(vec![Tested::failed(&trial.name(), format!("on Linux: {why}"))]),
    };
    let mut right = Listener::new(reader.read, arch);
    right.hear(Speaker::Program, &linux.said);
    let mut listener = Listener::new(reader.read, arch);
    let word = if reader.is_long { "" } else { "strace" };
    let ended = oracle.heard_on_kernel(trial, word, |whose, bytes| listener.hear(whose, bytes))?;
    let end = match ended {
        Ok(ended) => format!("it ended with {} before this", ended.end),
        Err(why) => why,
    };
    Ok(compare(&right.cases, &listener.cases, &end))
}

/// A test for each case in `linux`; `end` is said of those that the kernel did not come to.
pub fn compare(linux: &[Case], kernel: &[Case], end: &str) -> Vec<Tested> {
    let mut tests = Vec::new();
    let here = |case: &Case| kernel.iter().find(|here| here.name == case.name);
    for (index, case) in linux.iter().enumerate() {
        let goes_on = linux[index..].iter().any(|case| here(case).is_some());
        let here = here(case);
        tests.push(match here {
            Some(here) if here.is_right => Tested::passed(&case.name),
            _ if !case.is_right => Tested::skipped(&case.name, "it is not right on Linux either"),
            Some(here) => Tested::failed(&case.name, here.why()),
            None if goes_on => Tested::failed(&case.name, "the suite leaves this out here"),
            None => Tested::failed(&case.name, end),
        });
    }
    tests
}

impl Case {
    fn why(&self) -> String {
        let lacking: Vec<&str> = self.lacking.iter().map(String::as_str).collect();
        match lacking.as_slice() {
            [] => self.line.clone(),
            calls => format!("{}\n{LACKING}{}", self.line, calls.join(", ")),
        }
    }
}

/// Whoever hears a run, and takes it apart.
struct Listener<'a> {
    read: Read,
    arch: &'a str,
    cases: Vec<Case>,
    /// The line of the program's that has no end yet, and that of the kernel's.
    lines: [Vec<u8>; 2],
    lacking: BTreeSet<String>,
}

impl<'a> Listener<'a> {
    fn new(read: Read, arch: &'a str) -> Self {
        let (cases, lines, lacking) = Default::default();
        Self { read, arch, cases, lines, lacking }
    }

    fn hear(&mut self, whose: Speaker, bytes: &[u8]) {
        let index = usize::from(whose != Speaker::Program);
        for byte in bytes {
            if *byte != b'\n' {
                self.lines[index].push(*byte);
                continue;
            }
            let line = std::mem::take(&mut self.lines[index]);
            let line = String::from_utf8_lossy(&line).into_owned();
            if index == 0 {
                self.take(line)
            } else {
                self.lacking.extend(refused(&line, self.arch))
            }
        }
    }

    fn take(&mut self, line: String) {
        if let Some((name, is_right)) = (self.read)(&line) {
            let lacking = std::mem::take(&mut self.lacking);
            self.cases.push(Case { name, is_right, line: line.trim().into(), lacking });
        }
    }
}

/// The call that a line of the kernel's list says there is not.
fn refused(line: &str, arch: &str) -> Option<String> {
    let call = line.split_once("syscall_0x").filter(|_| line.contains("= -1 ENOSYS"))?.1;
    let number = usize::from_str_radix(call.split_once('(')?.0, 16).ok()?;
    Some(call_name(number, arch))
}

/// Linux's name of the call `number` on `arch`.
pub fn call_name(number: usize, arch: &str) -> String {
    let name = match arch {
        "aarch64" => syscalls::aarch64::Sysno::new(number).map(|call| call.name()),
        _ => syscalls::x86_64::Sysno::new(number).map(|call| call.name()),
    };
    name.map_or_else(|| format!("call {number}"), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::outcome::Verdict;

    fn read(line: &str) -> Option<(String, bool)> {
        let (name, verdict) = line.split_once(": ")?;
        Some((name.into(), verdict == "right"))
    }

    fn cases(said: &[(Speaker, &str)]) -> Vec<Case> {
        let mut listener = Listener::new(read, "x86_64");
        said.iter().for_each(|(whose, text)| listener.hear(*whose, text.as_bytes()));
        listener.cases
    }

    #[test]
    fn what_is_lacking_belongs_to_the_next_verdict() {
        let told = "[pid 1] syscall_0x48(0x1, 0x3) = -1 ENOSYS (Function not implemented)\n";
        let cases = cases(&[
            (Speaker::Program, "begin\none: right\ntw"),
            (Speaker::Kernel, told),
            (Speaker::Kernel, "[pid 1] write(1, \"o\", 1) = 1\n"),
            (Speaker::Program, "o: wrong\nthree: right\n"),
        ]);
        assert_eq!(cases.len(), 3);
        assert_eq!(cases[1].why(), "two: wrong\nlacking: fcntl");
        assert!(cases[0].lacking.is_empty() && cases[2].lacking.is_empty());
        assert_eq!(refused(told, "aarch64"), Some("pselect6".into()));
        assert_eq!(refused("write(1, \"syscall_0x3\") = 9", "x86_64"), None);
    }

    #[test]
    fn a_case_counts_if_linux_gets_it_right() {
        let said = |text| cases(&[(Speaker::Program, text)]);
        let linux = said("a: right\nb: right\nc: wrong\ne: right\nf: right\nd: right\n");
        let kernel = said("a: right\nb: wrong\nc: wrong\nf: right\n");
        let verdicts: Vec<Verdict> =
            compare(&linux, &kernel, "it died").into_iter().map(|test| test.verdict).collect();
        assert_eq!(verdicts[0], Verdict::Passed);
        assert_eq!(verdicts[1], Verdict::Failed("b: wrong".into()));
        assert!(matches!(verdicts[2], Verdict::Skipped(_)));
        assert_eq!(verdicts[3], Verdict::Failed("the suite leaves this out here".into()));
        assert_eq!(verdicts[5], Verdict::Failed("it died".into()));
    }
}
