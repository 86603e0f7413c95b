//! Tests the picture that `make map` draws: it must show what a run of the same chapter prints.
//!
//! Runs that count time in instructions are alike, so the second run, which is made here, prints
//! what the first did, which the command has drawn.

use build_support::Machine;

use super::commands::{text, tutor};
use super::outcome::Tested;
use crate::failure::{Failure, Result};
use crate::kernel::{self, Recipe, Voice};
use crate::map;
use crate::observe::observe;
use crate::qemu::{Console, Launch};
use crate::workspace::Workspace;

/// Has the map of chapter `index` on `arch` drawn, and looks at it.
pub fn run(workspace: &Workspace, index: usize, arch: &str, machine: &Machine) -> Result<Tested> {
    let name = "every region is in the picture";
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::io("create a folder in", &std::env::temp_dir(), &error))?;
    let file = folder.path().join("map.svg");
    let settings = [
        format!("chapter={}", index + 1),
        format!("arch={arch}"),
        format!("file={}", file.display()),
    ];
    let words: Vec<&str> = ["map"].into_iter().chain(settings.iter().map(String::as_str)).collect();
    let drawn = match tutor(workspace, &words, &[]) {
        Ok(output) if output.status.success() => text(&output),
        Ok(output) => return Ok(Tested::failed(name, text(&output))),
        Err(why) => return Ok(Tested::failed(name, why)),
    };
    if !drawn.contains(&file.display().to_string()) {
        return Ok(Tested::failed(name, format!("it does not say where the picture is:\n{drawn}")));
    }
    let package = kernel::package_of(&workspace.config.chapters[index].folder);
    let recipe = Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
    let kernel = kernel::build(workspace, recipe, Voice::Quiet)?;
    let launch = Launch::new(arch, machine, &kernel, Console::Heard);
    let console = observe(launch, &kernel, workspace)?.console;
    let result = map::check(workspace, &file, &console).map_err(|failure| failure.message);
    Ok(Tested::from_result(name, result))
}
