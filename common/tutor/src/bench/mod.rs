//! `make bench`: what the operations of the newest kernel cost, beside the same operations by
//! others.
//!
//! The unit is the instruction. It does not depend on this computer, nor on what else runs here, so
//! each machine is booted twice and both runs must count the same to the last instruction; numbers
//! that do not repeat are not shown.

mod measurement;
mod names;
mod record;
mod table;

use build_support::Machine;

pub use measurement::{Measurement, difference};
pub use names::{OPERATIONS, Operation};
use table::Column;

use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::observe::{self, SUCCESS};
use crate::qemu::{Console, Launch};
use crate::selection;
use crate::settings::Settings;
use crate::ui;
use crate::workspace::Workspace;

/// The settings of `make bench`.
pub const SETTINGS: &[&str] = &["arch", "only", "record"];

/// Measures, and prints what it came to.
pub fn bench(workspace: &Workspace, settings: &Settings) -> Result<()> {
    let machines = selection::machines(settings, &workspace.config, "both")?;
    let only = settings.get("only").unwrap_or_default();
    let is_recorded = is_recorded(settings)?;
    let mut columns = Vec::new();
    for (arch, machine) in machines {
        doctor::require(workspace, &[Need::Targets, Need::Qemu(&machine.qemu)])?;
        ui::step("Measuring", arch);
        let kernel = build(workspace, arch, machine, Voice::Aloud)?;
        let measurements = twice(workspace, arch, machine, &kernel)?;
        let qemu = doctor::version(&machine.qemu).map(|version| version.to_string());
        columns.push(Column { arch: arch.into(), qemu: qemu.unwrap_or_default(), measurements });
    }
    let rows = table::rows(&columns, only);
    if rows.is_empty() {
        let message = format!("only={only}: no operation has this in its name");
        return Err(Failure::usage(message));
    }
    anstream::println!("\n{}\n\n{}", table::draw(&columns, &rows), table::caption(&columns));
    if is_recorded {
        record::write(workspace, &columns, &rows)?;
        ui::step("Recorded", record::FILE);
    }
    Ok(())
}

/// Whether the numbers are to be kept: all of them, or the book would have half a table.
fn is_recorded(settings: &Settings) -> Result<bool> {
    let Some(value) = settings.get("record") else { return Ok(false) };
    if value != "1" {
        return Err(Failure::not_one_of("record", value, ["1"]));
    }
    match ["arch", "only"].iter().find(|name| settings.get(name).is_some()) {
        Some(name) => Err(Failure::usage(format!("record=1: all is recorded; leave out {name}="))),
        None => Ok(true),
    }
}

/// Builds the bench kernel, optimised.
pub fn build(workspace: &Workspace, arch: &str, machine: &Machine, voice: Voice) -> Result<Kernel> {
    let package = "bench-kernel";
    let recipe = Recipe { package, arch, machine, has_tests: false, is_release: true };
    kernel::build(workspace, recipe, voice)
}

/// What two runs count, if it is the same.
fn twice(
    workspace: &Workspace,
    arch: &str,
    machine: &Machine,
    kernel: &Kernel,
) -> Result<Vec<Measurement>> {
    let first = measure(workspace, arch, machine, kernel, "")?;
    let second = measure(workspace, arch, machine, kernel, "")?;
    match difference(&first, &second) {
        None => Ok(first),
        Some(what) => Err(Failure::failed(format!("{arch}: two runs differ: {what}"))),
    }
}

/// What one run with these boot arguments counts.
pub fn measure(
    workspace: &Workspace,
    arch: &str,
    machine: &Machine,
    kernel: &Kernel,
    arguments: &str,
) -> Result<Vec<Measurement>> {
    let mut launch = Launch::new(arch, machine, kernel, Console::Heard);
    launch.arguments = arguments.into();
    let observed = observe::observe(launch, kernel, workspace)?;
    if observed.ending != SUCCESS {
        return Err(Failure::failed(format!("{arch}: not measured\n{}", observed.account())));
    }
    measurement::parse(&observed.console)
        .map_err(|why| Failure::failed(format!("{arch}: {why}\n{}", observed.account())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(words: &[&str]) -> Result<bool> {
        let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
        is_recorded(&Settings::read(&words, SETTINGS).expect("the names are known"))
    }

    #[test]
    fn all_is_recorded_or_nothing() {
        assert_eq!(recorded(&[]), Ok(false));
        assert_eq!(recorded(&["only=heap"]), Ok(false));
        assert_eq!(recorded(&["record=1"]), Ok(true));
        for words in [["record=1", "only=heap"], ["record=1", "arch=x86_64"], ["record=yes", ""]] {
            let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
            assert_eq!(recorded(&words).expect_err("half a record").status, 2);
        }
    }
}
