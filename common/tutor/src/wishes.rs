//! How the reader wants the machine to be: the settings of every command that boots a kernel.

use std::time::Duration;

use crate::failure::{Failure, Result};
use crate::keyboard;
use crate::qemu::Launch;
use crate::settings::Settings;

/// The boot argument that has the kernel list all system calls.
const STRACE: &str = "strace";

/// How the reader wants the machine to be.
pub struct Wishes {
    memory: Option<String>,
    cpus: Option<u64>,
    gic: Option<u64>,
    arguments: String,
    is_counted: bool,
    /// Whether the kernel is optimised.
    pub is_release: bool,
    /// On the clock on the wall.
    pub time_limit: Option<Duration>,
    /// Whether that is what the reader wishes, and not what is usual.
    is_limit_chosen: bool,
}

impl Wishes {
    /// Reads them from `settings`; `seconds` is the time limit unless there is another.
    pub fn read(settings: &Settings, seconds: u64) -> Result<Self> {
        let chosen = settings.number("timeout", 0)?;
        let seconds = chosen.unwrap_or(seconds);
        Ok(Self {
            memory: memory(settings)?,
            cpus: cpus(settings)?,
            gic: gic(settings)?,
            arguments: arguments(settings)?,
            is_counted: settings.is_one("counted")?,
            is_release: settings.is_one("release")?,
            time_limit: (seconds > 0).then(|| Duration::from_secs(seconds)),
            is_limit_chosen: chosen.is_some(),
        })
    }

    /// The same for a run in which programs read what is typed, if it is one. A person may think
    /// for as long as they like; a kernel must know what no person types.
    pub fn for_input(mut self, has_shell: bool) -> Self {
        match has_shell.then(keyboard::is_person) {
            None => self,
            Some(true) => {
                self.time_limit = self.time_limit.filter(|_| self.is_limit_chosen);
                self
            }
            Some(false) => self.with_argument(keyboard::PIPED),
        }
    }

    /// The same, with `word` behind the other boot arguments.
    pub fn with_argument(mut self, word: &str) -> Self {
        let blank = if self.arguments.is_empty() { "" } else { " " };
        self.arguments += &format!("{blank}{word}");
        self
    }

    /// Whether a kernel that knows nothing of programs' calls, unless `has_shell`, can do it.
    pub fn check_for_chapter(&self, folder: &str, has_shell: bool) -> Result<()> {
        let is_asked = self.arguments.split_ascii_whitespace().any(|word| word == STRACE);
        if is_asked && !has_shell {
            return Err(Failure::usage(format!("strace=1: {folder} cannot list system calls")));
        }
        Ok(())
    }

    /// Whether a machine of architecture `arch` can be so.
    pub fn check_for(&self, arch: &str) -> Result<()> {
        match self.gic {
            Some(version) if arch != "aarch64" => Err(Failure::usage(format!(
                "gic={version}: only aarch64 has this interrupt controller, not {arch}"
            ))),
            _ => Ok(()),
        }
    }

    /// Tells them to `launch`.
    pub fn apply(&self, launch: &mut Launch) {
        launch.memory = self.memory.clone();
        launch.cpus = self.cpus;
        launch.gic = self.gic;
        launch.arguments = self.arguments.clone().into();
        launch.is_counted = self.is_counted;
    }
}

/// The value of `gic=`.
fn gic(settings: &Settings) -> Result<Option<u64>> {
    match settings.get("gic") {
        None => Ok(None),
        Some("2") => Ok(Some(2)),
        Some("3") => Ok(Some(3)),
        Some(text) => Err(Failure::usage(format!("gic={text}: must be 2 or 3"))),
    }
}

/// The boot arguments: those of `bootargs=`, then those of `args=`. A chapter's page names the
/// words that choose what its run shows as `args=`, so that whoever has set `bootargs=` keeps it.
/// Where a program is run, `args=` are the program's.
fn arguments(settings: &Settings) -> Result<String> {
    let args = settings.get("args").filter(|_| settings.get("program").is_none());
    let strace = settings.is_one("strace")?.then_some(STRACE);
    let words = [settings.get("bootargs"), args, strace];
    Ok(words.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// The value of `mem=`, such as `64M` or `2G`.
fn memory(settings: &Settings) -> Result<Option<String>> {
    let Some(text) = settings.get("mem") else {
        return Ok(None);
    };
    let (digits, unit) = text.split_at(text.len() - text.ends_with(['M', 'G']) as usize);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.parse::<u32>().is_ok_and(|number| number > 0);
    if is_number && !unit.is_empty() {
        return Ok(Some(text.into()));
    }
    Err(Failure::usage(format!("mem={text}: must be a size such as 64M or 2G")))
}

/// The value of `cpus=`.
fn cpus(settings: &Settings) -> Result<Option<u64>> {
    match settings.get("cpus").map(|text| (text, text.parse())) {
        None => Ok(None),
        Some((_, Ok(number @ 1..=8))) => Ok(Some(number)),
        Some((text, _)) => Err(Failure::usage(format!("cpus={text}: must be 1 to 8"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::SETTINGS;

    fn wishes(words: &[&str]) -> Result<Wishes> {
        let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
        Wishes::read(&Settings::read(&words, SETTINGS).expect("the names are known"), 30)
    }

    #[test]
    fn an_interrupt_controller_has_a_version_and_a_machine() {
        let wishes_for = |word: &str, arch: &str| wishes(&[word])?.check_for(arch);
        assert_eq!(wishes_for("gic=3", "aarch64"), Ok(()));
        assert_eq!(wishes_for("gic=2", "aarch64"), Ok(()));
        assert_eq!(wishes_for("gic=", "x86_64"), Ok(()));
        for (word, arch) in [("gic=4", "aarch64"), ("gic=v3", "aarch64"), ("gic=3", "x86_64")] {
            let failure = wishes_for(word, arch).expect_err("there is no such machine");
            assert_eq!(failure.status, 2);
            assert!(failure.message.starts_with(word), "{}", failure.message);
        }
    }

    #[test]
    fn arguments_come_behind_boot_arguments() {
        let arguments = |words: &[&str]| wishes(words).map(|wishes| wishes.arguments);
        assert_eq!(arguments(&["strace=1", "args=a", "bootargs=b"]), Ok("b a strace".into()));
        assert_eq!(arguments(&["program=x", "args=a", "bootargs=b"]), Ok("b".into()));
        assert_eq!(arguments(&["strace=yes"]).expect_err("it is neither").status, 2);
        assert_eq!(arguments(&[]), Ok(String::new()));
        assert_eq!(arguments(&["args=overflow"]), Ok("overflow".into()));
        assert_eq!(arguments(&["args=c d", "bootargs=a b"]), Ok("a b c d".into()));
        let more = |words: &[&str]| wishes(words).map(|wishes| wishes.with_argument("x").arguments);
        assert_eq!((more(&[]), more(&["args=a"])), (Ok("x".into()), Ok("a x".into())));
    }

    #[test]
    fn time_is_counted_if_asked_for() {
        let is_counted = |words: &[&str]| wishes(words).map(|wishes| wishes.is_counted);
        assert_eq!((is_counted(&[]), is_counted(&["counted=1"])), (Ok(false), Ok(true)));
        assert_eq!(is_counted(&["counted=yes"]).expect_err("it is neither").status, 2);
        assert!(wishes(&["release=1"]).is_ok_and(|wishes| wishes.is_release));
        assert!(wishes(&["release=0"]).is_err());
    }
}
