//! Compares what a kernel says of its page tables with what lies in memory.
//!
//! A kernel that prints its mappings reads them with the code that made them: an error in both
//! would not show. So when it has powered off and the machine stands still, the tables are read
//! from outside, through QEMU's monitor, by a decoder that shares nothing with any kernel. What was
//! printed must be there, and nothing else, and no table may be empty. QEMU's own translation is
//! asked too: it alone knows the registers that say where an aarch64 walk begins.

mod descriptor;
mod span;
mod walk;

use build_support::Machine;

use super::outcome::Tested;
use crate::coroner::{Ending, Monitor};
use crate::failure::Result;
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::map::{VIRTUAL, prints};
use crate::observe::{Observed, observe_then};
use crate::qemu::{Console, Launch};
use crate::workspace::Workspace;
use span::Span;

/// What a comparison came to.
type Finding<T = ()> = std::result::Result<T, String>;

/// The machines' memory, in MiB: with more of it larger pages are used.
const MEMORY: &[(&str, u64)] = &[
    ("all that is mapped is printed, in 32 MiB", 32),
    ("all that is mapped is printed, in 128 MiB", 128),
    ("all that is mapped is printed, in 6 GiB", 6 << 10),
];

/// The part of the address space that grows after the map is printed: the kernel's heap.
const HEAP: std::ops::Range<u64> = 0xffff_c000_0000_0000..0xffff_e000_0000_0000;

/// Whether chapter `index` has page tables to compare.
pub fn has_tables(workspace: &Workspace, index: usize) -> bool {
    prints(&workspace.config, index, VIRTUAL)
}

/// Boots chapter `index` on `arch` with memory of several sizes, and compares.
pub fn run(
    workspace: &Workspace,
    index: usize,
    arch: &str,
    machine: &Machine,
    only: &str,
) -> Result<Vec<Tested>> {
    let package = kernel::package_of(&workspace.config.chapters[index].folder);
    let recipe = Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
    let kernel = kernel::build(workspace, recipe, Voice::Quiet)?;
    let sizes = MEMORY.iter().filter(|(name, _)| name.contains(only));
    sizes
        .map(|(name, mebibytes)| {
            let result = boot(workspace, arch, machine, &kernel, *mebibytes)?;
            Ok(Tested::from_result(name, result))
        })
        .collect()
}

fn boot(
    workspace: &Workspace,
    arch: &str,
    machine: &Machine,
    kernel: &Kernel,
    mebibytes: u64,
) -> Result<Finding> {
    let mut launch = Launch::new(arch, machine, kernel, Console::Heard);
    launch.memory = Some(format!("{mebibytes}M"));
    // A status would end QEMU; a machine that powers off stands still.
    launch.hears_status = false;
    let look = |observed: &Observed, monitor: &mut dyn Monitor| match observed.ending {
        Ending::PoweredOff => compare(arch, &observed.console, monitor),
        _ => Err(observed.account()),
    };
    let (observed, finding) = observe_then(launch, kernel, workspace, look)?;
    Ok(finding.map_err(|why| format!("{why}\n{}", observed.console)))
}

/// Compares what `console` says is mapped with what `monitor` shows.
fn compare(arch: &str, console: &str, monitor: &mut dyn Monitor) -> Finding {
    let printed = span::printed(console)?;
    let root = walk::root(arch, console, monitor)?;
    let found = walk::spans(arch, root, monitor)?;
    let is_heap = |span: &&Span| HEAP.contains(&span.start);
    match span::heap_told_later(console) {
        None => span::compare(&printed, &found)?,
        Some(bytes) => {
            let others = |spans: &[Span]| -> Vec<Span> {
                spans.iter().filter(|span| !is_heap(span)).cloned().collect()
            };
            span::compare(&others(&printed), &others(&found))?;
            let heap: Vec<&Span> = found.iter().filter(is_heap).collect();
            span::is_heap_of(bytes, &heap)?;
        }
    }
    walk::confirm(&found, monitor)
}

#[cfg(test)]
mod tests;
