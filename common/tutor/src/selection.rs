//! Which chapter and which machines a command is about.

use build_support::{Chapter, Config, Machine};

use crate::failure::{Failure, Result};
use crate::settings::Settings;

/// The architecture that is meant when none is named.
const DEFAULT_ARCH: &str = "aarch64";

/// What others call our architectures.
const OTHER_NAMES: &[(&str, &str)] =
    &[("arm64", "aarch64"), ("amd64", "x86_64"), ("x86-64", "x86_64"), ("x64", "x86_64")];

/// The index of the chapter that `chapter=` names: `4`, `04`, `04-heap` or `heap`. `None` if it is
/// not given.
pub fn chapter(settings: &Settings, config: &Config) -> Result<Option<usize>> {
    chapter_in(settings, config, "chapter")
}

/// The same for the setting called `setting`.
pub fn chapter_in(settings: &Settings, config: &Config, setting: &str) -> Result<Option<usize>> {
    let Some(wanted) = settings.get(setting) else {
        return Ok(None);
    };
    let number = wanted.parse::<usize>().ok();
    let is_wanted = |(index, chapter): &(usize, &Chapter)| {
        let name = chapter.folder.split_once('-').map_or("", |(_, name)| name);
        number == Some(index + 1) || wanted == chapter.folder || wanted == name
    };
    let found = config.chapters.iter().enumerate().find(is_wanted);
    let folders = config.chapters.iter().map(|chapter| &chapter.folder);
    found.map(|(index, _)| Some(index)).ok_or_else(|| Failure::not_one_of(setting, wanted, folders))
}

/// The chapter that `chapter=` names, or the last one.
pub fn chapter_or_last(settings: &Settings, config: &Config) -> Result<usize> {
    Ok(chapter(settings, config)?.unwrap_or(config.chapters.len() - 1))
}

/// The machines that `arch=` names, with the names of their architectures: one, or with `both` all.
pub fn machines<'a>(
    settings: &Settings,
    config: &'a Config,
    default: &str,
) -> Result<Vec<(&'a str, &'a Machine)>> {
    let wanted = settings.get("arch").unwrap_or(default);
    let ours = OTHER_NAMES.iter().find(|(other, _)| *other == wanted);
    let wanted = ours.map_or(wanted, |(_, ours)| ours);
    let all = config.machines.iter().map(|(name, machine)| (name.as_str(), machine));
    let chosen: Vec<_> = all.filter(|(name, _)| wanted == "both" || wanted == *name).collect();
    if chosen.is_empty() {
        let names = config.machines.keys().map(String::as_str);
        return Err(Failure::not_one_of("arch", wanted, names.chain(["both"])));
    }
    Ok(chosen)
}

/// The one machine that `arch=` names, or the default one.
pub fn machine<'a>(settings: &Settings, config: &'a Config) -> Result<(&'a str, &'a Machine)> {
    match machines(settings, config, DEFAULT_ARCH)?.as_slice() {
        [one] => Ok(*one),
        _ => Err(Failure::usage("arch=both: this command takes one machine at a time")),
    }
}

/// The machines that `arch=` names, or the default one.
pub fn machines_or_default<'a>(
    settings: &Settings,
    config: &'a Config,
) -> Result<Vec<(&'a str, &'a Machine)>> {
    machines(settings, config, DEFAULT_ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(words: &[&str]) -> Result<Vec<String>> {
        let root = std::path::Path::new("../..");
        let config = Config::read(root).expect("the repository's own is right");
        let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
        let settings = Settings::read(&words, &["arch"]).expect("the name is known");
        let machines = machines_or_default(&settings, &config)?;
        Ok(machines.iter().map(|(name, _)| name.to_string()).collect())
    }

    #[test]
    fn machines_have_names_and_others_call_them_otherwise() {
        assert_eq!(chosen(&[]), Ok(vec!["aarch64".into()]));
        assert_eq!(chosen(&["arch=arm64"]), chosen(&["arch=aarch64"]));
        for name in ["x86_64", "x86-64", "amd64", "x64"] {
            assert_eq!(chosen(&[&format!("arch={name}")]), Ok(vec!["x86_64".into()]));
        }
        assert_eq!(chosen(&["arch=both"]).map(|machines| machines.len()), Ok(2));
    }

    #[test]
    fn a_name_that_nobody_has_is_refused() {
        let failure = chosen(&["arch=mips"]).expect_err("there is no such machine");
        assert_eq!(failure.status, 2);
        assert!(failure.message.contains("aarch64, x86_64, both"), "{}", failure.message);
    }
}
