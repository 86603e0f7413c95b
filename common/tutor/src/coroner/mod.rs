//! The coroner: says in plain words what ended a kernel that could not say so itself.
//!
//! An early kernel has no exception handlers, so its bugs have no voice: on x86_64 the machine
//! resets, on aarch64 it runs in circles through empty vectors, and the screen stays black on both.
//! Three witnesses remain. QEMU's log (`-d int,cpu_reset,guest_errors`) lists every exception that
//! the processor took. QEMU itself stays, paused, and its monitor shows registers and memory. And
//! the kernel's ELF file turns addresses into functions and lines. [`examine`] hears all three.
//!
//! ```text
//!  log ──── Log ───────┐
//!  monitor ─ Machine ──┼── Scene ── fault, hang, spoken ── Report
//!  ELF ───── Image ────┘
//! ```
//!
//! A kernel that catches its exceptions speaks for itself, in numbers. Of those the last backtrace
//! on the console is put into words (see `spoken`).
//!
//! The report claims nothing that was not seen. Where a cause is likely and not certain it says so.

mod aarch64;
mod backtrace;
mod exception;
mod fault;
mod hang;
mod image;
mod loading;
mod log;
mod machine;
mod report;
mod scene;
mod spoken;
mod stack;
#[cfg(test)]
mod tests;
mod words;
mod x86_64;

use std::path::Path;
use std::time::Duration;

pub use log::Log;
pub use machine::{Monitor, is_asleep, physical_address, waits};
pub use report::Report;

use scene::Scene;
use spoken::Trace;

/// The status by which a kernel says that it failed, by a panic for one.
const FAILURE: i32 = 35;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The kernel ended QEMU with a status.
    Status(i32),
    /// The machine was switched off, without a status.
    PoweredOff,
    /// The processor reset the machine.
    Reset,
    /// The runner stopped it since [`Log::is_looping`].
    Looping,
    /// The runner stopped it after this time.
    TimeLimit(Duration),
    /// The runner stopped it after this many instructions.
    InstructionLimit(u64),
    /// The runner stopped it after it had printed so many bytes.
    OutputLimit(u64),
    /// The runner stopped it since [`is_asleep`].
    Asleep,
    /// QEMU ended by itself, or never started.
    QemuDied {
        /// Its exit status; `None` if a signal ended it.
        status: Option<i32>,
    },
}

impl Ending {
    /// Whether it would not have ended by itself, as far as anybody waited.
    pub fn is_limit(self) -> bool {
        matches!(self, Self::TimeLimit(_) | Self::InstructionLimit(_) | Self::OutputLimit(_))
    }
}

/// All that is known of a run that did not end with success.
pub struct Case<'a> {
    /// The architecture, such as `aarch64`.
    pub arch: &'a str,
    /// The kernel, with debug information.
    pub elf: &'a Path,
    /// How the run ended.
    pub ending: Ending,
    /// QEMU's log.
    pub log: &'a Log,
    /// QEMU's monitor.
    pub monitor: &'a mut dyn Monitor,
    /// The end of what was printed at least; nothing if nothing was.
    pub console: &'a str,
    /// The root of the repository: files below it are named from there.
    pub root: &'a Path,
}

/// Finds out what ended the run.
///
/// The machine may still be running; then it is stopped now and then and let go again.
pub fn examine(case: Case) -> Report {
    match case.ending {
        Ending::Status(status) => ended(status, case),
        Ending::QemuDied { status } => qemu_died(status, case.log),
        _ => examine_machine(case),
    }
}

/// Examines a machine that QEMU still shows.
fn examine_machine(case: Case) -> Report {
    let (ending, path) = (case.ending, case.elf);
    let data = match std::fs::read(path) {
        Ok(data) => data,
        Err(error) => return blind(path, &error),
    };
    let mut scene = match Scene::open(case, &data) {
        Ok(scene) => scene,
        Err(error) => return blind(path, &error),
    };
    match ending {
        Ending::TimeLimit(limit) => hang::limit(&mut scene, &format!("{} s", limit.as_secs_f32())),
        Ending::InstructionLimit(limit) => {
            hang::limit(&mut scene, &format!("{limit} instructions"))
        }
        Ending::OutputLimit(limit) => {
            hang::limit(&mut scene, &format!("{} MiB of output", limit >> 20))
        }
        Ending::Asleep => hang::asleep(&mut scene),
        Ending::PoweredOff => hang::powered_off(&mut scene),
        _ => fault::examine(&mut scene),
    }
}

/// The kernel ended the run by itself, and `status` is not success.
fn ended(status: i32, case: Case) -> Report {
    if status != FAILURE {
        return Report::new(format!("the kernel ended with status {status}"))
            .look_at("success is 33 and a panic is 35: who ends the run with another number?");
    }
    let headline = format!("the kernel ended with status {status} (failure)");
    if case.console.is_empty() {
        return Report::new(headline)
            .look_at("nothing was printed: did it panic while the console was being set up?");
    }
    let traced =
        Trace::last_on(case.console).and_then(|trace| examine_trace(case, &headline, trace));
    // Without a trace it has at least said why.
    traced.unwrap_or_else(|| Report::new(headline))
}

/// What the kernel's file says of `trace`, if it can be read.
fn examine_trace(case: Case, headline: &str, trace: Trace) -> Option<Report> {
    let data = std::fs::read(case.elf).ok()?;
    let mut scene = Scene::open(case, &data).ok()?;
    Some(spoken::report(&mut scene, headline, trace))
}

/// QEMU is gone, and not because the kernel asked for it.
fn qemu_died(status: Option<i32>, log: &Log) -> Report {
    let how = match status {
        Some(status) => format!("QEMU ended with status {status}"),
        None => "QEMU was killed by a signal".to_string(),
    };
    let words: Vec<&str> = log.other_lines().filter(|line| line.starts_with("qemu")).collect();
    if words.is_empty() && status.is_some() {
        return Report::new(format!("{how} and said nothing"))
            .look_at("did the kernel itself end the run with this status? success is 33");
    }
    if words.is_empty() {
        return Report::new(format!("{how} and did not say why"))
            .look_at("who sent it, and whether memory ran out on the host");
    }
    let mut report = Report::new(format!("{how}; its own words:"));
    for line in words {
        report = report.say("", line);
    }
    report.look_at("`make doctor` says whether this QEMU is one that we know")
}

/// There is no ELF file to look into.
fn blind(elf: &Path, error: &dyn std::error::Error) -> Report {
    let obstacle = format!("{}: {error}", elf.display());
    Report::new("the kernel did not end by itself, and nothing more is known")
        .look_at(format!("{obstacle}: without the kernel's file no address can be explained"))
}
