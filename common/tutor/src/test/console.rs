//! Boots a chapter as a reader would, in several ways, and compares what it prints with what it
//! promises.

use build_support::{Config, Expectation, Machine};

use super::outcome::Tested;
use crate::coroner::Ending;
use crate::failure::{Failure, Result};
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::observe::{SUCCESS, observe};
use crate::pattern::{self, Pattern};
use crate::qemu::{Console, Launch};
use crate::workspace::Workspace;

/// A way to boot, its name, and how the run is to end.
struct Way {
    name: &'static str,
    is_release: bool,
    ending: Ending,
    set: fn(&mut Launch, &Kernel),
}

/// The way that differs in nothing from the reader's.
const PLAIN: Way = Way { name: "as it is", is_release: false, ending: SUCCESS, set: |_, _| {} };

/// The ways in which every chapter must boot on every machine.
const WAYS: &[Way] = &[
    PLAIN,
    Way { name: "optimised", is_release: true, ..PLAIN },
    Way { name: "with two processors", set: |launch, _| launch.cpus = Some(2), ..PLAIN },
    Way { name: "in 32 MiB", set: |launch, _| launch.memory = Some("32M".into()), ..PLAIN },
    Way { name: "in 6 GiB", set: |launch, _| launch.memory = Some("6G".into()), ..PLAIN },
    Way {
        name: "with nobody to hear its status",
        ending: Ending::PoweredOff,
        set: |launch, _| launch.hears_status = false,
        ..PLAIN
    },
];

/// The ways that only aarch64 has.
const WAYS_OF_AARCH64: &[Way] = &[
    Way { name: "entered at EL2", set: |launch, _| launch.is_entered_at_el2 = true, ..PLAIN },
    Way {
        name: "entered at EL2, with nobody to hear its status",
        ending: Ending::PoweredOff,
        set: |launch, _| {
            launch.is_entered_at_el2 = true;
            launch.hears_status = false;
        },
        ..PLAIN
    },
    Way {
        name: "without a devicetree",
        ending: Ending::PoweredOff,
        set: |launch, kernel| launch.image = kernel.elf.clone(),
        ..PLAIN
    },
];

/// Boots chapter `index` on `arch` in every way.
pub fn run(
    workspace: &Workspace,
    index: usize,
    arch: &str,
    machine: &Machine,
    only: &str,
) -> Result<Vec<Tested>> {
    let own = if arch == "aarch64" { WAYS_OF_AARCH64 } else { &[] };
    let ways = WAYS.iter().chain(own).filter(|way| way.name.contains(only));
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
        let patterns = patterns(&workspace.config, index, arch)?;
        let result = boot(workspace, &kernel, arch, machine, way, &patterns)?;
        Ok(Tested::from_result(way.name, result))
    })
    .collect()
}

/// The lines that chapter `index` must print on `arch`.
fn patterns(config: &Config, index: usize, arch: &str) -> Result<Vec<Pattern>> {
    let folder = &config.chapters[index].folder;
    let is_here = |line: &&Expectation| line.arch.as_deref().is_none_or(|only| only == arch);
    let lines = config.expectations(index).into_iter().filter(is_here);
    let parse = |line: &str| Pattern::parse(line, &[("chapter", folder), ("arch", arch)]);
    lines
        .map(|line| {
            let error =
                |why| Failure::usage(format!("build-config.toml: line `{}`: {why}", line.name));
            parse(&line.line).map_err(error)
        })
        .collect()
}

fn boot(
    workspace: &Workspace,
    kernel: &Kernel,
    arch: &str,
    machine: &Machine,
    way: &Way,
    patterns: &[Pattern],
) -> Result<Result<(), String>> {
    let mut launch = Launch::new(arch, machine, &kernel.image, Console::Heard);
    launch.arguments = "spoken=by-the-test".into();
    (way.set)(&mut launch, kernel);
    let observed = observe(launch, kernel, workspace)?;
    if observed.ending != way.ending {
        return Ok(Err(observed.account()));
    }
    Ok(pattern::find_all(patterns, &observed.console).map_err(|missing| {
        format!("the console does not say, at its place: {missing}\n{}", observed.console)
    }))
}
