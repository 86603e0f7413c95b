//! The version that a program tells about itself.

use std::fmt;

/// A version, compared by its first two numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The first two numbers.
    pub number: (u32, u32),
    text: String,
}

impl Version {
    /// The version in the first line that `--version` prints.
    ///
    /// It is the first word that starts with a digit, or with a `v` and a digit, outside of
    /// parentheses: these hold the version of a package.
    pub fn parse(output: &str) -> Option<Self> {
        let mut depth = 0;
        let outside = |&character: &char| {
            depth += i32::from(character == '(') - i32::from(character == ')');
            depth == 0 && character != ')'
        };
        let line: String = output.lines().next()?.chars().filter(outside).collect();
        let is_version = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
        let words = line.split_whitespace();
        let mut words = words.map(|word| word.strip_prefix('v').unwrap_or(word));
        let text = words.find(is_version)?.to_string();
        let mut numbers = text.split(|character: char| !character.is_ascii_digit());
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next().and_then(|minor| minor.parse().ok()).unwrap_or(0);
        Some(Self { number: (major, minor), text })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(output: &str) -> (String, (u32, u32)) {
        let version = Version::parse(output).expect("there is a version");
        (version.to_string(), version.number)
    }

    #[test]
    fn versions_are_found_in_what_programs_print() {
        let qemu = "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\nCopyright 2003";
        assert_eq!(parse(qemu), ("7.2.22".into(), (7, 2)));
        assert_eq!(parse("GNU gdb (Debian 13.1-3) 13.1"), ("13.1".into(), (13, 1)));
        assert_eq!(parse("rustc 1.95.0 (59807616e 2026-04-14)"), ("1.95.0".into(), (1, 95)));
        assert_eq!(parse("cc (Debian 12.2.0-14+deb12u1) 12.2.0"), ("12.2.0".into(), (12, 2)));
        assert_eq!(parse("v20.20.2\n"), ("20.20.2".into(), (20, 20)));
        assert_eq!(parse("less 590 (GNU regular expressions)"), ("590".into(), (590, 0)));
    }

    #[test]
    fn text_without_a_version_has_none() {
        assert_eq!(Version::parse(""), None);
        assert_eq!(Version::parse("BusyBox (built 2024-01-01)"), None);
    }

    #[test]
    fn ten_is_more_than_nine() {
        assert!(parse("10.0.2").1 > parse("9.9").1);
        assert!(parse("7.10").1 > parse("7.2").1);
    }
}
