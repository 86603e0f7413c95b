//! What to tell `apt-get install` so that it can do it.
//!
//! It cannot when an installed QEMU package comes from a source that has been removed since, such
//! as backports: the newer `qemu-utils` breaks the older `qemu-system-x86` that is on offer, and
//! apt rather removes it, or gives up, than go back to an older version by itself. Then the
//! versions on offer are asked for by name.

use std::process::Command;

use super::probe;
use super::system::Manager;

/// The arguments with which `apt-get` can install `packages`, or `None` if it cannot with the lists
/// that it has.
pub fn arguments(packages: &[String]) -> Option<Vec<String>> {
    if can_install(packages) {
        return Some(packages.to_vec());
    }
    let strays = strays(&policy()?);
    let versions = strays.iter().map(|stray| format!("{}={}", stray.package, stray.on_offer));
    let mut arguments = vec!["--allow-downgrades".to_string()];
    arguments.extend(packages.iter().cloned().chain(versions));
    (!strays.is_empty() && can_install(&arguments)).then_some(arguments)
}

fn can_install(arguments: &[String]) -> bool {
    let words = Manager::Apt.install(arguments);
    let mut apt = Command::new(&words[0]);
    apt.arg("--simulate").args(&words[1..]).env("LC_ALL", "C");
    probe::output(&mut apt).is_some()
}

/// What `apt-cache policy` says about every installed QEMU package.
fn policy() -> Option<String> {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat", "${db:Status-Abbrev}${Package}\n", "qemu*"]);
    let list = probe::output(&mut query)?;
    let installed = list.lines().filter_map(|line| line.strip_prefix("ii "));
    probe::output(Command::new("apt-cache").arg("policy").args(installed).env("LC_ALL", "C"))
}

/// An installed package whose version no configured source has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stray {
    package: String,
    /// The best version that a source has.
    on_offer: String,
}

/// A version in the table of `apt-cache policy`.
#[derive(Default)]
struct Row<'a> {
    version: &'a str,
    is_installed: bool,
    /// The highest priority of its sources; the list of what is installed is not one.
    priority: Option<i32>,
}

/// The packages in the output of `apt-cache policy` that are strays.
fn strays(policy: &str) -> Vec<Stray> {
    let is_name = |line: &str| !line.starts_with(' ') && line.ends_with(':');
    let mut strays = Vec::new();
    let mut lines = policy.lines().peekable();
    while let Some(name) = lines.next() {
        let mut rows = Vec::new();
        while let Some(line) = lines.next_if(|line| !is_name(line)) {
            read_row(line, &mut rows);
        }
        let package = name.trim_end_matches(':').to_string();
        strays.extend(version_instead(&rows).map(|on_offer| Stray { package, on_offer }));
    }
    strays
}

/// Adds a line of a package's table to `rows`: a version, or below it a source.
fn read_row<'a>(line: &'a str, rows: &mut Vec<Row<'a>>) {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["***", version, ..] => rows.push(Row { version, is_installed: true, priority: None }),
        ["Installed:" | "Candidate:", ..] | ["Version", "table:"] => {}
        [version, _, ..] if line.starts_with("     ") && !line.starts_with("      ") => {
            rows.push(Row { version, ..Row::default() });
        }
        [priority, source, ..] if *source != "/var/lib/dpkg/status" => {
            if let (Some(row), Ok(priority)) = (rows.last_mut(), priority.parse()) {
                row.priority = row.priority.max(Some(priority));
            }
        }
        _ => {}
    }
}

/// The version to take instead of the installed one, if that has no source and another has.
fn version_instead(rows: &[Row]) -> Option<String> {
    let installed = rows.iter().find(|row| row.is_installed)?;
    let offered = rows.iter().filter(|row| row.priority.is_some());
    // The table starts with the newest, and of equal priorities `max_by_key` takes the last.
    let best = offered.rev().max_by_key(|row| row.priority)?;
    installed.priority.is_none().then(|| best.version.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From a Debian 12 that had `bookworm-backports` among its sources when `qemu-utils` was
    /// installed, and has no more.
    const POLICY: &str = include_str!("testdata/policy.txt");

    #[test]
    fn a_package_from_a_source_that_is_gone_is_a_stray() {
        let found = strays(POLICY);
        let names: Vec<_> = found.iter().map(|stray| stray.package.as_str()).collect();
        assert_eq!(names, ["qemu-utils"]);
    }

    #[test]
    fn the_version_on_offer_is_the_newest_of_the_highest_priority() {
        assert_eq!(strays(POLICY)[0].on_offer, "1:7.2+dfsg-7+deb12u18+b3");
        let preferred = POLICY.replace("deb12u15 500\n        500", "deb12u15 990\n        990");
        assert_ne!(preferred, POLICY);
        assert_eq!(strays(&preferred)[0].on_offer, "1:7.2+dfsg-7+deb12u15");
    }

    #[test]
    fn a_package_that_no_source_has_in_any_version_is_left_alone() {
        let local = "mine:\n  Installed: 1\n  Candidate: 1\n  Version table:\n *** 1 100\n        \
                     100 /var/lib/dpkg/status\n";
        assert_eq!(strays(local), []);
        assert_eq!(strays(""), []);
    }
}
