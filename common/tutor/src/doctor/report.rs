//! The table that `make doctor` prints.

use std::process::Command;

use comfy_table::{Table, presets};

use super::system::System;
use super::version::Version;
use super::{Need, Toolchain, find_chromium, find_gdb, find_linux, has_firmware, probe, toolchain};
use crate::ui;
use crate::workspace::Workspace;

/// The oldest QEMU that has the processor models of `build-config.toml`.
const QEMU_LEAST: (u32, u32) = (7, 1);
/// The oldest QEMU with which all of this was tried, and the major number of the newest.
const QEMU_TRIED: ((u32, u32), u32) = ((7, 2), 10);

/// The oldest Node that the library behind the tests of the book runs in.
const NODE_LEAST: u32 = 18;

/// A line of the table.
struct Row {
    what: String,
    found: String,
    needed: String,
    verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Good,
    /// It works, but something may differ.
    Warning(&'static str),
    /// Nothing works, or some commands do not.
    Bad(&'static str),
}

/// Prints the table, and tells whether everything that is required is there.
pub fn print(workspace: &Workspace) -> bool {
    let toolchain = toolchain(workspace);
    let rows = rows(workspace, &toolchain);
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(["", "found", "needed", ""]);
    for row in &rows {
        let (style, word) = match row.verdict {
            Verdict::Good => (ui::GOOD, "good"),
            Verdict::Warning(why) => (ui::WARN, why),
            Verdict::Bad(why) => (ui::BAD, why),
        };
        // The last column, since the table takes the colour's invisible characters for visible
        // ones.
        table.add_row([&row.what, &row.found, &row.needed, &ui::styled(style, word)]);
    }
    anstream::println!("{}\n", System::detect().name);
    anstream::println!("{}", table.trim_fmt());
    if let Some(hint) = toolchain.hint() {
        anstream::println!("\nnote: {hint}");
    }
    !rows.iter().any(|row| matches!(row.verdict, Verdict::Bad(_)))
}

fn rows(workspace: &Workspace, toolchain: &Toolchain) -> Vec<Row> {
    let mut rows = vec![rust(workspace)];
    for need in Need::all(workspace) {
        rows.push(row(workspace, toolchain, &need));
    }
    for machine in workspace.config.machines.values() {
        rows.extend(machine.firmware.as_ref().map(|name| firmware(&machine.qemu, name)));
    }
    rows
}

/// The row of Rust itself.
fn rust(workspace: &Workspace) -> Row {
    let mut rustc = Command::new("rustc");
    rustc.arg("--version").current_dir(&workspace.root);
    let found = probe::output(&mut rustc).and_then(|output| Version::parse(&output));
    let least = Version::parse(env!("CARGO_PKG_RUST_VERSION")).expect("Cargo.toml has one");
    let verdict = match &found {
        Some(version) if version.number >= least.number => Verdict::Good,
        Some(_) => Verdict::Bad("too old"),
        None => Verdict::Bad("missing"),
    };
    Row { what: "Rust".into(), found: shown(found), needed: format!("{least} or newer"), verdict }
}

/// The row of `need`.
fn row(workspace: &Workspace, toolchain: &Toolchain, need: &Need) -> Row {
    let missing = match need {
        Need::Pager => Verdict::Warning("missing, but no command fails without it"),
        Need::Linux(_) | Need::Chromium | Need::Node | Need::Npm => {
            Verdict::Warning("missing, but only `make test` needs it")
        }
        _ => Verdict::Bad("missing"),
    };
    let verdict = if need.is_met(workspace) { Verdict::Good } else { missing };
    let good = verdict == Verdict::Good;
    let (found, needed) = match need {
        Need::Linker => (probe::find_linker().map_or(String::new(), told), "any"),
        Need::Targets => (toolchain.core_library(), "one for each machine"),
        Need::Rustfmt | Need::Clippy => (if good { "yes" } else { "no" }.into(), "any"),
        Need::Qemu(program) => return qemu(program),
        Need::Linux(arch) => (linux(arch), "any"),
        Need::Musl => return musl(toolchain, need),
        Need::Gdb(arch) => (find_gdb(arch).map_or(String::new(), |gdb| told(&gdb)), "any"),
        Need::Git => (told("git"), "any"),
        Need::Pager => (told("less"), "any"),
        Need::Chromium => (chromium(), "any"),
        Need::Node => return node(need),
        Need::Npm => (told("npm"), "any"),
    };
    Row { what: need.name(), found, needed: needed.into(), verdict }
}

/// The row of what builds programs with musl.
fn musl(toolchain: &Toolchain, need: &Need) -> Row {
    let found = toolchain.musl_library();
    let verdict = match (found == "installed", toolchain.has_all_of_musl()) {
        (true, _) => Verdict::Good,
        (false, true) => {
            Verdict::Warning("only rustup has it, and only `make test-suites` needs it")
        }
        (false, false) => Verdict::Warning("missing, but only `make test-suites` needs it"),
    };
    Row { what: need.name(), found, needed: "one for each machine".into(), verdict }
}

/// The row of a QEMU program.
fn qemu(program: &str) -> Row {
    let found = probe::version(program);
    let verdict = qemu_verdict(found.as_ref().map(|version| version.number));
    Row { what: program.into(), found: shown(found), needed: "7.2 to 10".into(), verdict }
}

fn qemu_verdict(version: Option<(u32, u32)>) -> Verdict {
    match version {
        None => Verdict::Bad("missing"),
        Some(old) if old < QEMU_LEAST => Verdict::Bad("too old: it has no Cortex-A76"),
        Some(old) if old < QEMU_TRIED.0 => Verdict::Warning("untried: older"),
        Some(new) if new.0 > QEMU_TRIED.1 => Verdict::Warning(
            "untried: newer, so addresses and instruction counts in what a run prints may differ",
        ),
        Some(_) => Verdict::Good,
    }
}

/// The browser that is there, and its version.
fn chromium() -> String {
    let program = find_chromium().map(|file| file.display().to_string());
    program.map_or(String::new(), |program| told(&program))
}

/// What runs programs for Linux on another architecture, and its version.
fn linux(arch: &str) -> String {
    let program = find_linux(arch).map(|file| file.display().to_string());
    program.map_or(String::new(), |program| told(&program))
}

/// The row of what runs the tests of the book.
fn node(need: &Need) -> Row {
    let found = probe::version("node");
    let verdict = match found.as_ref().map(|version| version.number.0) {
        Some(version) => node_verdict(version),
        None => Verdict::Warning("missing, but only `make test` needs it"),
    };
    let needed = format!("{NODE_LEAST} or newer");
    Row { what: need.name(), found: shown(found), needed, verdict }
}

fn node_verdict(version: u32) -> Verdict {
    match version < NODE_LEAST {
        true => Verdict::Warning("too old: the tests of the book fail"),
        false => Verdict::Good,
    }
}

/// The row of a firmware file, without which QEMU's own firmware does.
fn firmware(qemu: &str, name: &str) -> Row {
    let (found, verdict) = match has_firmware(qemu, name) {
        true => ("yes", Verdict::Good),
        false => ("no", Verdict::Warning("missing: runs start more slowly without it")),
    };
    Row { what: name.into(), found: found.into(), needed: "any".into(), verdict }
}

/// `program` and its version.
fn told(program: &str) -> String {
    probe::version(program).map_or(String::new(), |version| format!("{program} {version}"))
}

fn shown(version: Option<Version>) -> String {
    version.map_or(String::new(), |version| version.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_node_is_told() {
        assert_eq!(node_verdict(18), Verdict::Good);
        assert!(matches!(node_verdict(16), Verdict::Warning(_)));
    }

    #[test]
    fn an_emulator_is_good_in_the_versions_that_were_tried() {
        assert_eq!(qemu_verdict(Some((7, 2))), Verdict::Good);
        assert_eq!(qemu_verdict(Some((10, 2))), Verdict::Good);
        assert!(matches!(qemu_verdict(Some((7, 1))), Verdict::Warning(_)));
        assert!(matches!(qemu_verdict(Some((11, 0))), Verdict::Warning(_)));
        assert!(matches!(qemu_verdict(Some((7, 0))), Verdict::Bad(_)));
        assert!(matches!(qemu_verdict(None), Verdict::Bad(_)));
    }
}
