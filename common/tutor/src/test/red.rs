//! Proves that the tests can fail: runs a kernel whose tests are wrong on purpose, and a chapter
//! that does not print what it should.

use build_support::Machine;

use super::console;
use super::kernel_tests::Suite;
use super::outcome::{Tested, Verdict};
use crate::failure::Result;
use crate::kernel::{self, Recipe, Voice};
use crate::workspace::Workspace;

/// The tests of the broken kernel, and the words in why they fail; none for those that are right.
const TESTS: &[(&str, Option<&str>)] = &[
    ("passes", None),
    ("fails", Some("panic: ")),
    ("hangs", Some("hangs")),
    ("prints_a_forged_verdict", Some("did not return")),
    ("hears_what_it_asked_for", None),
    ("dies_as_expected", None),
    ("dies_otherwise", Some("it died, but not of: ")),
    ("survives_its_death", Some("it returned, but was to die of: ")),
];

/// Those of the machine with a keyboard.
const KEYBOARD: &[(&str, Option<&str>)] = &[("feels_the_keys_it_asked_for", None)];

/// Runs all that on `arch`.
pub fn run(workspace: &Workspace, arch: &str, machine: &Machine) -> Result<Vec<Tested>> {
    let recipe =
        Recipe { package: "broken-kernel", arch, machine, has_tests: true, is_release: false };
    let kernel = kernel::build(workspace, recipe, Voice::Quiet)?;
    let results = Suite::new(workspace, arch, machine, &kernel, |_| {})?.run("")?;
    let mut tests: Vec<Tested> = TESTS
        .iter()
        .chain(KEYBOARD.iter().filter(|_| arch == "x86_64"))
        .map(|(name, why)| Tested::from_result(name, judge(name, *why, &results)))
        .collect();
    tests.push(missing_line(workspace, arch, machine)?);
    Ok(tests)
}

/// Whether the test `name` came to what it should: `why` it fails, or that it passes.
fn judge(name: &str, why: Option<&str>, results: &[Tested]) -> std::result::Result<(), String> {
    let suffix = format!("::{name}");
    let result = results.iter().find(|test| test.name.ends_with(&suffix));
    match (result.map(|test| &test.verdict), why) {
        (Some(Verdict::Passed), None) => Ok(()),
        (Some(Verdict::Failed(said)), Some(why)) if said.contains(why) => Ok(()),
        (Some(verdict), Some(why)) => Err(format!("it should fail with `{why}`: {verdict:?}")),
        (Some(verdict), None) => Err(format!("it should pass: {verdict:?}")),
        (None, _) => Err("it was not run".into()),
    }
}

/// A line that a run must print and does not.
fn missing_line(workspace: &Workspace, arch: &str, machine: &Machine) -> Result<Tested> {
    let mut wrong = workspace.clone();
    wrong.config.chapters[0].expect[0].line += " and on nothing else";
    let results = console::run(&wrong, 0, arch, machine, "as it is")?;
    let name = "a line that is not printed";
    Ok(match results.as_slice() {
        [test] if !test.has_passed() => Tested::passed(name),
        _ => Tested::failed(name, format!("{results:?}")),
    })
}
