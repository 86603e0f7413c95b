//! The two suites of busybox's own: of its applets, and of its shell.
//!
//! Both are in Debian's source of busybox, and are run with Debian's static busybox, which is all
//! that there is in `bin` besides the program that runs the units. What a suite asks of the
//! configuration is answered by that with which Debian builds the program.

mod applets;
mod ash;
mod helpers;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use build_support::Entry;

use super::super::linux::Linux;
use super::super::outcome::Tested;
use super::units::{self, Units};
use super::{Suite, asked, debian};
use crate::failure::{Failure, Result};
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::program::{Program, files};

/// The groups, and what gives the units of each.
pub const GROUPS: [(&str, Gather); 2] =
    [("busybox's testsuite", applets::units), ("busybox's ash_test", ash::units)];

/// Gathers the units in the sources at a path; the inner error is why that cannot be done here.
type Gather = fn(&Suite, &Path) -> Result<std::result::Result<Units, String>>;

/// How Debian builds the program, from the root of the sources.
const CONFIG: &str = "debian/config/pkg/static";

/// The script that runs a unit, and how it is called.
const UNIT: &[u8] = include_bytes!("unit.sh");
const CALL: &str = "bin/busybox sh /suite/unit";
const VERBOSE: &str = " verbose";

/// Runs the group called `name`, whose units `gather` gives: all, if `only` is in the group's name,
/// or those with `only` in their files' names. What cases there are they say themselves.
pub fn run(suite: &Suite, name: &str, gather: Gather, only: &str) -> Result<Vec<Tested>> {
    if Linux::find(suite.arch).is_none() {
        return Ok(vec![Tested::skipped(name, Linux::missing(suite.arch))]);
    }
    let kernel = kernel(suite)?;
    let archive = kernel.initramfs.as_deref().map_or(Ok(Vec::new()), kernel::read)?;
    let mut files = unpacked(&archive)?;
    if !files.contains_key(&format!("bin/{}", units::RUNNER)) {
        return Ok(Vec::new());
    }
    files.retain(|path, _| !path.starts_with("bin/") || path.ends_with(units::RUNNER));
    let sources = match debian::fetch_source(suite.workspace, "busybox") {
        Ok(sources) => sources,
        Err(why) => return Ok(vec![Tested::skipped(name, why)]),
    };
    if let Err(why) = add_program(suite, &mut files)? {
        return Ok(vec![Tested::skipped(name, why)]);
    }
    let mut units = match gather(suite, &sources)? {
        Ok(units) => units,
        Err(why) => return Ok(vec![Tested::skipped(name, why)]),
    };
    units.lines.retain(|line| name.contains(only) || line.contains(only));
    if units.lines.is_empty() {
        return Ok(Vec::new());
    }
    add_settings(&mut units, &sources)?;
    units.files.append(&mut files);
    units::run(suite, &kernel, &units)
}

/// The kernel, optimised: a suite starts some thousand programs, and each is copied.
fn kernel(suite: &Suite) -> Result<Kernel> {
    let Suite { workspace, arch, machine, .. } = *suite;
    let package = kernel::package_of(&workspace.config.chapters[suite.index].folder);
    let recipe = Recipe { package: &package, arch, machine, has_tests: false, is_release: true };
    kernel::build(workspace, recipe, Voice::Quiet)
}

fn unpacked(archive: &[u8]) -> Result<BTreeMap<String, Entry>> {
    build_support::unpack(archive)
        .map_err(|error| Failure::failed(format!("the initramfs: {error}")))
}

/// Adds busybox to `files`, and a link for each of its applets, which it is asked for.
fn add_program(
    suite: &Suite,
    files: &mut BTreeMap<String, Entry>,
) -> Result<std::result::Result<(), String>> {
    let file = match debian::program(suite.workspace, suite.arch) {
        Ok(file) => file,
        Err(why) => return Ok(Err(why)),
    };
    let busybox = Program::read(&file.to_string_lossy(), suite.arch)?;
    let listed = match asked(&busybox, suite.arch, &["--list"])? {
        Ok(listed) => listed,
        Err(why) => return Ok(Err(why)),
    };
    for name in listed.lines() {
        files.insert(format!("bin/{name}"), Entry::link("/bin/busybox"));
    }
    files.insert("bin/busybox".into(), Entry::program(busybox.bytes));
    Ok(Ok(()))
}

/// Adds the script that runs a unit, the configuration, and the settings that are asked for
/// somewhere in the suite, as the suite's driver would make them.
fn add_settings(units: &mut Units, sources: &Path) -> Result<()> {
    let config = kernel::read(&sources.join(CONFIG))?;
    let settings = settings(&String::from_utf8_lossy(&config), &words(&units.files));
    units.files.insert("suite/unit".into(), Entry::program(UNIT.to_vec()));
    units.files.insert("suite/.config".into(), Entry::file(config));
    units.files.insert("suite/busybox".into(), Entry::link("/bin/busybox"));
    units.files.insert("suite/settings".into(), Entry::file(settings.into_bytes()));
    Ok(())
}

/// Words of capitals in any of `files`.
fn words(files: &BTreeMap<String, Entry>) -> BTreeSet<String> {
    let is_inside = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let texts = files.values().map(|file| String::from_utf8_lossy(&file.bytes));
    let mut words = BTreeSet::new();
    for text in texts {
        let all = text.split(|letter| !is_inside(letter));
        words.extend(all.filter(|word| word.len() > 1).map(String::from));
    }
    words
}

/// The lines of a shell that export what `config` says of `words`.
fn settings(config: &str, words: &BTreeSet<String>) -> String {
    let mut settings = String::new();
    let mut flags = String::from(":");
    for line in config.lines() {
        let Some((name, _)) = line.split_once('=') else { continue };
        let Some(flag) = name.strip_prefix("CONFIG_") else { continue };
        if words.contains(name) {
            settings += &format!("export {line}\n");
        }
        if words.contains(flag) {
            flags += &format!("{flag}:");
        }
    }
    format!("{settings}export OPTIONFLAGS={flags}\n")
}

/// All below `folder` of the sources, as it is to be on the machine.
fn files_in(sources: &Path, folder: &str) -> Result<BTreeMap<String, Entry>> {
    let place = format!("{}:suite/{folder}", sources.join(folder).display());
    files::read(&place)
}

/// The names in a folder, in their order.
fn names(folder: &Path) -> Result<Vec<String>> {
    let failed = |error| Failure::io("read", folder, &error);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The verdict in a line of either suite.
fn read(line: &str) -> Option<(String, bool)> {
    let verdict = |word| line.strip_prefix(word).map(|name: &str| name.trim().to_string());
    let right = verdict("PASS: ").map(|name| (name, true));
    right.or_else(|| verdict("FAIL: ").map(|name| (name, false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_read() {
        assert_eq!(read("PASS: awk -F case 1"), Some(("awk -F case 1".into(), true)));
        assert_eq!(read("FAIL: cp-parents"), Some(("cp-parents".into(), false)));
        assert_eq!(read("SKIPPED: sum"), None);
    }

    #[test]
    fn only_settings_that_are_asked_for_are_made() {
        let file = Entry::file(b"optional FEATURE_A LONG\ntest $CONFIG_FEATURE_B".to_vec());
        let words = words(&BTreeMap::from([("a".to_string(), file)]));
        let config = "CONFIG_FEATURE_A=y\n# CONFIG_LONG is not set\nCONFIG_FEATURE_B=\"x\"\n\
                      CONFIG_OTHER=y\n";
        let expected = "export CONFIG_FEATURE_B=\"x\"\nexport OPTIONFLAGS=:FEATURE_A:\n";
        assert_eq!(settings(config, &words), expected);
    }
}
