//! The `name=value` words of a command.
//!
//! `make` silently accepts any variable on its command line, so a misspelt `chpater=4` would run
//! another chapter than the one that was asked for. It also tells its children all of them, in
//! `MAKEFLAGS`: here they are checked against what the command knows.
//!
//! The environment is not read: `arch` and `file` may stand there for another program. But whoever
//! types `arch=x86_64 make run` means us, so a name that we know is answered with a note.

use std::collections::BTreeMap;
use std::env;

use crate::failure::{Failure, Result};
use crate::ui;

/// Settings that choose some of many, with an example. An empty one would mean all of them, and is
/// what a script leaves whose variable has no value.
const CHOICES: [(&str, &str); 3] = [("exercise", "1.1"), ("bug", "lost-pointer"), ("only", "lock")];

/// How much of a name may be misspelt: single letters that are wrong, missing, too many or swapped.
const MISSPELT: usize = 2;

/// The settings of one command.
#[derive(Clone, Debug, Default)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Reads `words` and what `make` passed on; each name must be one of `known`.
    pub fn read(words: &[String], known: &[&str]) -> Result<Self> {
        let flags = env::var_os("MAKEFLAGS").unwrap_or_default();
        let flags = flags.to_str().ok_or_else(|| Failure::usage("settings must be UTF-8"))?;
        let words: Vec<String> =
            variables(flags).into_iter().chain(words.iter().cloned()).collect();
        let settings = Self::parse(words.iter().cloned(), known)?;
        if let Some(note) = not_read(&words, known, |name| env::var(name).ok()) {
            ui::note(note);
        }
        Ok(settings)
    }

    fn parse(words: impl IntoIterator<Item = String>, known: &[&str]) -> Result<Self> {
        let mut settings = BTreeMap::new();
        for word in words {
            let Some((name, value)) = word.split_once('=') else {
                return Err(Failure::usage(format!("{word}: settings look like name=value")));
            };
            if !known.contains(&name) {
                return Err(unknown(name, known));
            }
            if let Some((_, example)) = CHOICES.iter().find(|it| it.0 == name && value.is_empty()) {
                let message = format!("{name}=: the value is missing, such as {name}={example}");
                return Err(Failure::usage(message));
            }
            if !value.is_empty() {
                settings.insert(name.into(), value.into());
            }
        }
        Ok(Self(settings))
    }

    /// The value of `name`, if it was given and is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All of them, as words.
    pub fn words(&self) -> Vec<String> {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    /// Whether the setting `name` is 1, which is all that it can be.
    pub fn is_one(&self, name: &str) -> Result<bool> {
        match self.get(name) {
            None => Ok(false),
            Some("1") => Ok(true),
            Some(value) => Err(Failure::not_one_of(name, value, ["1"])),
        }
    }

    /// The value of `name` as a whole number from `least` on.
    pub fn number(&self, name: &str, least: u64) -> Result<Option<u64>> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        match text.parse() {
            Ok(number) if number >= least => Ok(Some(number)),
            _ => {
                let message = format!("{name}={text}: must be a whole number from {least} on");
                Err(Failure::usage(message))
            }
        }
    }
}

/// What to say of `name`, which is none of `known`.
fn unknown(name: &str, known: &[&str]) -> Failure {
    let near = known
        .iter()
        .map(|it| (strsim::damerau_levenshtein(name, it), it))
        .min()
        .filter(|(distance, it)| *distance <= MISSPELT && *distance < it.len().min(name.len()));
    let meant = near.map_or(String::new(), |(_, it)| format!(", did you mean {it}=?"));
    let known = match known {
        [] => "this command has none".into(),
        _ => format!("this command knows {}", known.join(", ")),
    };
    Failure::usage(format!("{name}=: there is no such setting{meant}; {known}"))
}

/// What to say of those names in `known` that only the environment has. (What is on its command
/// line, `make` puts into the environment as well.)
fn not_read(
    words: &[String],
    known: &[&str],
    environment: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let is_told =
        |name: &str| words.iter().any(|word| word.split_once('=').is_some_and(|it| it.0 == name));
    let mut ignored = Vec::new();
    for name in known.iter().filter(|name| !is_told(name)) {
        let value = environment(name).filter(|value| !value.is_empty());
        ignored.extend(value.map(|value| format!("{name}={value}")));
    }
    let missing = (!ignored.is_empty()).then(|| ignored.join(" "))?;
    Some(format!("settings in the environment are ignored: write `make {missing} …`"))
}

/// The variables in `flags`, which is what GNU make leaves in `MAKEFLAGS`: option letters, options,
/// then the variables, with a backslash before each blank or backslash of a value and `$$` for `$`.
fn variables(flags: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut characters = flags.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            (' ', _) => words.push(String::new()),
            ('\\', Some(&next)) | ('$', Some(&next @ '$')) => {
                characters.next();
                words.last_mut().expect("never empty").push(next);
            }
            _ => words.last_mut().expect("never empty").push(character),
        }
    }
    words.into_iter().filter(|word| !word.starts_with('-') && word.contains('=')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Settings> {
        let known = ["chapter", "mem", "exercise", "bug", "only"];
        Settings::parse(words.iter().map(|word| word.to_string()), &known)
    }

    #[test]
    fn known_names_are_taken() {
        let settings = parse(&["chapter=4", "mem="]).expect("both names are known");
        assert_eq!(settings.get("chapter"), Some("4"));
        assert_eq!(settings.get("mem"), None);
    }

    #[test]
    fn unknown_names_are_refused_and_the_known_ones_listed() {
        let failure = parse(&["chpater=4"]).expect_err("the name is misspelt");
        assert_eq!(failure.status, 2);
        assert!(failure.message.contains("chpater"));
        assert!(failure.message.contains("did you mean chapter=?"));
        assert!(failure.message.contains("chapter, mem"));
        for strange in ["colour=4", "x=4", "me=4"] {
            let failure = parse(&[strange]).expect_err("there is no such name");
            assert_eq!(failure.message.contains("did you mean mem=?"), strange == "me=4");
        }
    }

    #[test]
    fn a_choice_without_a_value_is_refused() {
        for word in ["exercise=", "bug=", "only="] {
            let failure = parse(&[word]).expect_err("it would mean all");
            assert_eq!(failure.status, 2);
            assert!(failure.message.starts_with(word), "{}", failure.message);
        }
    }

    #[test]
    fn words_without_a_value_are_refused() {
        assert_eq!(parse(&["4"]).expect_err("no name").status, 2);
    }

    #[test]
    fn numbers_have_a_least_value() {
        let settings = parse(&["chapter=4", "mem=lots"]).expect("both names are known");
        assert_eq!(settings.number("chapter", 4), Ok(Some(4)));
        assert!(settings.number("chapter", 5).is_err());
        assert!(settings.number("mem", 0).is_err());
    }

    #[test]
    fn what_only_the_environment_has_is_told() {
        let environment = |name: &str| match name {
            "chapter" => Some("4".to_string()),
            "mem" => Some(String::new()),
            _ => None,
        };
        let not_read = |words: &[&str], known: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
            super::not_read(&words, known, environment)
        };
        let note = not_read(&["mem=64M"], &["chapter", "mem"]).expect("chapter is only there");
        assert!(note.contains("`make chapter=4 …`") && !note.contains("mem"));
        // It is on the command line as well, it is empty, or it is no name of ours.
        assert_eq!(not_read(&["chapter=4"], &["chapter", "mem"]), None);
        assert_eq!(not_read(&["chapter="], &["chapter"]), None);
        assert_eq!(not_read(&[], &["mem", "arch"]), None);
    }

    #[test]
    fn make_flags_are_unquoted() {
        let flags = r"kn -j2 --jobserver-auth=3,4 -- args=a\ b\\c$$d chapter=1";
        assert_eq!(variables(flags), [r"args=a b\c$d", "chapter=1"]);
        assert!(variables("").is_empty());
        assert!(variables("w").is_empty());
    }
}
