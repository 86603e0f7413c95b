//! `make map`: boots a chapter, and draws the map of memory that it prints.
//!
//! From the chapter on that has page tables, it is the map of an address space. The drawing is the
//! work of `pictures`, which gets the console and is built when it is first needed: nobody's first
//! boot waits for a library that draws.

mod drawing;

use std::path::{Path, PathBuf};

use build_support::{Config, Machine};

use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::kernel::{self, Recipe, Voice};
use crate::observe::{SUCCESS, observe};
use crate::qemu::{Console, Launch};
use crate::selection;
use crate::settings::Settings;
use crate::ui;
use crate::wishes::Wishes;
use crate::workspace::Workspace;

pub use drawing::{PACKAGE, check, feed};

/// The settings of `make map`.
pub const SETTINGS: &[&str] = &["chapter", "arch", "mem", "file"];

/// The lines that a map comes below: of physical memory, and of an address space.
const HEADINGS: &[&str] = &[PHYSICAL, VIRTUAL];

/// The line above a map of physical memory.
const PHYSICAL: &str = "memory:";

/// The line above a map of an address space.
pub const VIRTUAL: &str = "mapped:";

/// Draws the map of a chapter, on one machine after the other if there are two.
pub fn map(workspace: &Workspace, settings: &Settings) -> Result<()> {
    let index = selection::chapter_or_last(settings, &workspace.config)?;
    let machines = selection::machines_or_default(settings, &workspace.config)?;
    if !has_map(&workspace.config, index) {
        return Err(no_map(&workspace.config, index));
    }
    let file = settings.get("file");
    if let (Some(file), [_, _, ..]) = (file, machines.as_slice()) {
        return Err(Failure::usage(format!("file={file}: holds one picture; choose one machine")));
    }
    let wishes = Wishes::read(settings, 0)?;
    let folder = &workspace.config.chapters[index].folder;
    for (arch, machine) in machines {
        let console = console(workspace, folder, arch, machine, &wishes)?;
        let file = file.map_or_else(|| place(workspace, index, arch), PathBuf::from);
        let file = std::path::absolute(&file).unwrap_or(file);
        drawing::draw(workspace, &format!("{folder} on {arch}"), &file, &console)?;
        ui::step("Wrote", told(&file, &workspace.root).display());
    }
    Ok(())
}

/// Whether chapter `index` prints a map of any kind.
pub fn has_map(config: &Config, index: usize) -> bool {
    HEADINGS.iter().any(|heading| prints(config, index, heading))
}

/// Whether chapter `index` prints `line`.
pub fn prints(config: &Config, index: usize, line: &str) -> bool {
    config.expectations(index).iter().flatten().any(|expected| expected.line == line)
}

fn no_map(config: &Config, index: usize) -> Failure {
    let folder = |index: usize| config.chapters[index].folder.as_str();
    let others = (0..config.chapters.len()).filter(|index| has_map(config, *index)).map(folder);
    let others = others.collect::<Vec<_>>().join(", ");
    Failure::usage(format!("chapter={}: it prints no map; choose from {others}", folder(index)))
}

/// What the chapter in `folder` prints in a run that nobody types in.
fn console(
    workspace: &Workspace,
    folder: &str,
    arch: &str,
    machine: &Machine,
    wishes: &Wishes,
) -> Result<String> {
    doctor::require(workspace, &[Need::Targets, Need::Qemu(&machine.qemu)])?;
    let package = kernel::package_of(folder);
    let recipe = Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
    let kernel = kernel::build(workspace, recipe, Voice::Aloud)?;
    ui::step("Booting", format_args!("{package} on {arch}"));
    let mut launch = Launch::new(arch, machine, &kernel, Console::Heard);
    wishes.apply(&mut launch);
    let observed = observe(launch, &kernel, workspace)?;
    match observed.ending {
        SUCCESS => Ok(observed.console),
        _ => Err(Failure::failed(format!("the run failed\n{}", observed.account()))),
    }
}

/// Where the picture goes that nobody has named a place for.
fn place(workspace: &Workspace, index: usize, arch: &str) -> PathBuf {
    let number = index + 1;
    workspace.target_folder().join("strata").join(format!("map-{number}-{arch}.svg"))
}

/// `file` as it is told to somebody at `root`.
fn told<'a>(file: &'a Path, root: &Path) -> &'a Path {
    file.strip_prefix(root).unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config::read(Path::new("../..")).expect("the repository's own is right")
    }

    #[test]
    fn chapters_have_maps_from_the_second_on() {
        let config = config();
        assert!(!has_map(&config, 0));
        assert!((1..config.chapters.len()).all(|index| has_map(&config, index)));
        assert!(!prints(&config, 1, VIRTUAL));
    }

    #[test]
    fn a_chapter_without_a_map_is_told_those_that_have_one() {
        let failure = no_map(&config(), 0);
        assert_eq!(failure.status, 2);
        assert!(failure.message.starts_with("chapter=01-boot: "), "{}", failure.message);
        assert!(failure.message.contains("02-frames"), "{}", failure.message);
    }

    #[test]
    fn files_below_the_root_are_told_from_there() {
        let told = |file| told(Path::new(file), Path::new("/a"));
        assert_eq!(told("/a/target/x.svg"), Path::new("target/x.svg"));
        assert_eq!(told("/tmp/x.svg"), Path::new("/tmp/x.svg"));
    }
}
