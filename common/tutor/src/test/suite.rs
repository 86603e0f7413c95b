//! One suite of kernel tests, without all else that `make test` does: for the book's experiments.
//!
//! What an experiment breaks is shown by the tests that notice it. Those of a build without
//! optimisation suffice for that, on the machine as it is, and they take seconds.

use build_support::Machine;

use super::kernel_tests::Suite;
use super::outcome::Tested;
use super::progress;
use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::kernel::{self, Recipe, Voice};
use crate::selection;
use crate::settings::Settings;
use crate::workspace::Workspace;

/// The settings of `tutor suite`.
pub const SETTINGS: &[&str] = &["chapter", "arch", "only", "release"];

/// Runs the kernel tests of a chapter, and prints what `make test` prints of them.
pub fn suite(workspace: &Workspace, settings: &Settings) -> Result<()> {
    let index = selection::chapter_or_last(settings, &workspace.config)?;
    let folder = &workspace.config.chapters[index].folder;
    let only = settings.get("only").unwrap_or_default();
    let is_release = settings.is_one("release")?;
    let way = if is_release { "optimised" } else { "as it is" };
    let mut have_passed = true;
    for (arch, machine) in selection::machines_or_default(settings, &workspace.config)? {
        doctor::require(workspace, &[Need::Targets, Need::Qemu(&machine.qemu)])?;
        let tests = run(workspace, folder, (arch, machine), is_release, only)?;
        let title = format!("{folder} {arch}: kernel tests, {way}");
        anstream::println!("{}", progress::verdict(&title, &tests));
        progress::explain(&tests);
        have_passed &= !tests.is_empty() && tests.iter().all(Tested::has_passed);
    }
    if have_passed { Ok(()) } else { Err(Failure::silent(1)) }
}

fn run(
    workspace: &Workspace,
    folder: &str,
    (arch, machine): (&str, &Machine),
    is_release: bool,
    only: &str,
) -> Result<Vec<Tested>> {
    let package = kernel::package_of(folder);
    let recipe = Recipe { package: &package, arch, machine, has_tests: true, is_release };
    let kernel = kernel::build(workspace, recipe, Voice::Quiet)?;
    Suite::new(workspace, arch, machine, &kernel, |_| {})?.run(only)
}
