//! Boots a chapter as a reader would, in several ways, and compares what it prints with what it
//! promises.

use build_support::{Config, Expectation, Machine};

use super::memory_map;
use super::outcome::Tested;
use super::ways::{WAYS, Way};
use crate::failure::{Failure, Result};
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::observe::observe;
use crate::pattern::{self, Pattern};
use crate::qemu::{Console, Launch};
use crate::workspace::Workspace;

/// Boots chapter `index` on `arch` in every way.
pub fn run(
    workspace: &Workspace,
    index: usize,
    arch: &str,
    machine: &Machine,
    only: &str,
) -> Result<Vec<Tested>> {
    let is_here = |way: &&Way| way.arch.is_none_or(|only| only == arch);
    let is_now = |way: &&Way| way.chapters.contains(&index) && way.name.contains(only);
    let ways = WAYS.iter().filter(is_here).filter(is_now);
    ways.map(|way| {
        let package = kernel::package_of(&workspace.config.chapters[index].folder);
        let recipe = Recipe {
            package: &package,
            arch,
            machine,
            has_tests: false,
            is_release: way.is_release,
        };
        let kernel = kernel::build(workspace, recipe, Voice::Quiet)?;
        let patterns = patterns(&workspace.config, index, arch, way)?;
        let result = boot(workspace, &kernel, arch, machine, way, &patterns)?;
        Ok(Tested::from_result(way.name, result))
    })
    .collect()
}

/// The lines that chapter `index` must print on `arch`: each list in its order.
fn patterns(config: &Config, index: usize, arch: &str, way: &Way) -> Result<Vec<Vec<Pattern>>> {
    let folder = &config.chapters[index].folder;
    let parse = |line: &str| {
        Pattern::parse(line, &[("chapter", folder), ("arch", arch)])
            .map_err(|why| Failure::usage(format!("build-config.toml: `{line}`: {why}")))
    };
    let is_here = |line: &&&Expectation| line.arch.as_deref().is_none_or(|only| only == arch);
    let promised = config.expectations(index).into_iter().filter(|_| way.is_kept).map(|lines| {
        lines.iter().filter(is_here).map(|line| parse(&line.line)).collect::<Result<Vec<_>>>()
    });
    let own = way.says.iter().map(|line| parse(line)).collect();
    promised.chain([own]).collect()
}

fn boot(
    workspace: &Workspace,
    kernel: &Kernel,
    arch: &str,
    machine: &Machine,
    way: &Way,
    patterns: &[Vec<Pattern>],
) -> Result<Result<(), String>> {
    let mut launch = Launch::new(arch, machine, kernel, Console::Heard);
    launch.arguments = "spoken=by-the-test".into();
    launch.memory = Some(format!("{}M", way.mebibytes));
    launch.typed = way.types.into();
    (way.set)(&mut launch, kernel);
    let observed = observe(launch, kernel, workspace)?;
    if observed.ending != way.ending {
        return Ok(Err(observed.account()));
    }
    if !observed.has_terminal_lines {
        return Ok(Err("a line ends without a carriage return".into()));
    }
    let text = &observed.console;
    let missing = patterns.iter().find_map(|patterns| pattern::find_all(patterns, text).err());
    let missing =
        missing.map(|line| format!("the console does not say, or not in this order: {line}"));
    let lost = || memory_map::account_for(text, way.mebibytes).err();
    Ok(missing.or_else(lost).map_or(Ok(()), |why| Err(format!("{why}\n{text}"))))
}
