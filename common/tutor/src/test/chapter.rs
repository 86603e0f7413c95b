//! The groups of tests of one chapter on one machine.

use build_support::Machine;

use super::group::Group;
use super::ways::SUITES;
use super::{console, group, kernel_tests, oracle, pictures, programs, tables, terminal, timeline};
use crate::kernel::{self, Recipe, Voice};
use crate::map;
use crate::workspace::Workspace;

/// From this chapter on a kernel's tests take minutes.
const LONG: usize = 6;

/// Whether the kernel of chapter `index`, of `count`, is tried on unusual machines, too, and dies
/// in all ways when it is optimised. A chapter has all tests of the one before it: so of those that
/// take long, only the last is.
fn is_tried_on_others(index: usize, count: usize) -> bool {
    index < LONG || index + 1 == count
}

/// The groups of chapter `index` on `arch`.
pub(super) fn groups<'a>(
    workspace: &'a Workspace,
    index: usize,
    arch: &'a str,
    machine: &'a Machine,
    only: &str,
) -> Vec<Group<'a>> {
    let folder = &workspace.config.chapters[index].folder;
    let package = kernel::package_of(folder);
    let mut groups = Vec::new();
    let ways = SUITES.iter().filter(|way| way.chapters.contains(&index));
    let is_tried = is_tried_on_others(index, workspace.config.chapters.len());
    let ways = ways.filter(|way| way.has_deaths || is_tried);
    for way in ways.filter(|way| way.arch.is_none_or(|only| only == arch)) {
        let (package, only) = (package.clone(), only.to_string());
        let title = format!("{folder} {arch}: kernel tests, {}", way.name);
        let has_deaths = way.has_deaths && (is_tried || !way.is_release);
        groups.push(group(folder, arch, &title, move || {
            let is_release = way.is_release;
            let recipe = Recipe { package: &package, arch, machine, has_tests: true, is_release };
            let kernel = kernel::build(workspace, recipe, Voice::Quiet)?;
            let suite = kernel_tests::Suite::new(workspace, arch, machine, &kernel, way.set)?;
            let suite = suite.in_turn();
            if has_deaths { suite.run(&only) } else { suite.without_deaths().run(&only) }
        }));
    }
    let words = only.to_string();
    groups.push(group(folder, arch, &format!("{folder} {arch}: what a run prints"), move || {
        console::run(workspace, index, arch, machine, &words)
    }));
    if programs::has_programs(workspace, index) {
        let words = only.to_string();
        let title = format!("{folder} {arch}: its programs, on Linux");
        groups.push(group(folder, arch, &title, move || {
            programs::run(workspace, index, arch, machine, &words)
        }));
    }
    if workspace.config.has_shell(index) {
        let (words, title) = (only.to_string(), format!("{folder} {arch}: the same on Linux"));
        groups.push(group(folder, arch, &title, move || {
            oracle::run(workspace, index, arch, machine, &words)
        }));
        let (words, title) =
            (only.to_string(), format!("{folder} {arch}: its shell, at a terminal"));
        groups.push(group(folder, arch, &title, move || {
            terminal::run(workspace, index, arch, machine, &words)
        }));
    }
    groups.extend(picture_groups(workspace, index, arch, machine, only));
    groups
}

/// The groups about what is drawn of chapter `index` on `arch`, if it prints something to draw.
fn picture_groups<'a>(
    workspace: &'a Workspace,
    index: usize,
    arch: &'a str,
    machine: &'a Machine,
    only: &str,
) -> Vec<Group<'a>> {
    let folder = &workspace.config.chapters[index].folder;
    let mut groups = Vec::new();
    if tables::has_tables(workspace, index) {
        let only = only.to_string();
        let title = format!("{folder} {arch}: its page tables, seen from outside");
        groups.push(group(folder, arch, &title, move || {
            tables::run(workspace, index, arch, machine, &only)
        }));
    }
    if map::has_map(&workspace.config, index) {
        let title = format!("{folder} {arch}: the picture of its memory");
        let run = move || Ok(vec![pictures::run(workspace, index, arch, machine)?]);
        groups.push(group(folder, arch, &title, run).in_one_piece());
    }
    if workspace.config.has_timeline(index) {
        let title = format!("{folder} {arch}: the picture of its timeline");
        let run = move || Ok(vec![timeline::run(workspace, index, arch)?]);
        groups.push(group(folder, arch, &title, run).in_one_piece());
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_chapter_is_tried_on_all_machines() {
        assert!([0, 5, 8].iter().all(|index| is_tried_on_others(*index, 9)));
        assert!([6, 7].iter().all(|index| !is_tried_on_others(*index, 9)));
    }
}
