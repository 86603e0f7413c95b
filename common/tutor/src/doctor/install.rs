//! Installing what is missing: Rust's parts by rustup, the rest by the system's package manager.
//!
//! Each command is announced, and its own output shown, since a wait without a word looks like a
//! hang. What a command prints goes to standard error: standard output belongs to the console of a
//! kernel that runs afterwards.

use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Command, Stdio};

use super::privilege::{Privilege, typed_prefix};
use super::system::{Manager, System};
use super::{Need, Toolchain, apt, consent, network, probe, toolchain};
use crate::failure::{Failure, Result};
use crate::ui;
use crate::watch;
use crate::workspace::Workspace;

/// Installs what meets `needs`.
pub fn install(workspace: &Workspace, needs: &[Need]) -> Result<()> {
    let system = System::detect();
    let mut packages = system_packages(&system, needs);
    if !is_added_by_rustup(workspace, &system, needs)? {
        packages.extend(rust_packages(&system, needs));
    }
    match (system.manager, packages.is_empty()) {
        (_, true) => Ok(()),
        (Some(manager), false) => install_packages(manager, &packages, &workspace.root),
        (None, false) => Err(Failure::failed(in_words(&system, needs))),
    }
}

/// Lets rustup add what `needs` ask of it; if it does not, the system's own Rust is to be installed
/// instead. It fails if that is no way out either, or is not wanted.
fn is_added_by_rustup(workspace: &Workspace, system: &System, needs: &[Need]) -> Result<bool> {
    let commands = rustup_commands(workspace, needs);
    if commands.is_empty() {
        return Ok(false);
    }
    if commands.iter().all(|command| run(command, &workspace.root)) {
        return Ok(true);
    }
    if watch::is_interrupted() {
        return Err(Failure::silent(130));
    }
    let packages = rust_packages(system, needs);
    let Some(manager) = system.manager.filter(|_| !packages.is_empty()) else {
        return Err(Failure::failed("rustup cannot download what is missing: see above"));
    };
    if !network::may_reach(manager) {
        let message = "no network: rustup cannot download, and no server's name can be looked up";
        return Err(Failure::failed(format!("{message}; repeat your command when there is one")));
    }
    ui::note("rustup cannot download it: the system's own Rust is the way out");
    if may_install(manager) && !consent::is_given("Install that, about 1 GB on the disk?")? {
        let lines = typed(manager, &packages).join("\n    ");
        return Err(Failure::failed(format!("not installed. By hand:\n    {lines}")));
    }
    Ok(false)
}

/// Has rustup add `what`, a `target` or a `component`; the error says that it did not.
pub fn add(workspace: &Workspace, kind: &str, what: &str) -> std::result::Result<(), String> {
    let command = ["rustup", kind, "add", what].map(String::from);
    match run(&command, &workspace.root) {
        true => Ok(()),
        false => Err(format!("there is no {what}: `rustup {kind} add {what}` gets it")),
    }
}

/// Whether `manager` installs without a password.
fn may_install(manager: Manager) -> bool {
    !manager.needs_administrator() || Privilege::detect() != Privilege::Password
}

/// What a person types so that `needs` are met.
pub fn advice(workspace: &Workspace, needs: &[Need]) -> Vec<String> {
    let system = System::detect();
    let by_rustup = rustup_commands(workspace, needs);
    let mut packages = system_packages(&system, needs);
    if by_rustup.is_empty() {
        packages.extend(rust_packages(&system, needs));
    }
    let mut lines: Vec<String> = by_rustup.iter().map(|command| command.join(" ")).collect();
    match system.manager {
        _ if packages.is_empty() => {}
        Some(manager) => lines.extend(typed(manager, &packages)),
        None => lines.push(in_words(&system, needs)),
    }
    lines
}

/// The packages for `needs`, each once.
fn system_packages(system: &System, needs: &[Need]) -> Vec<String> {
    let Some(manager) = system.manager else {
        return needs.iter().filter(|need| !is_rust(need)).map(Need::name).collect();
    };
    let mut packages = Vec::new();
    for package in needs.iter().flat_map(|need| manager.packages(need)) {
        if !packages.contains(&package) {
            packages.push(package);
        }
    }
    packages
}

/// The packages for those of `needs` that are a part of Rust; with another Rust, all of its parts.
fn rust_packages(system: &System, needs: &[Need]) -> Vec<String> {
    let all = [Need::Targets, Need::Rustfmt, Need::Clippy];
    let needs = if needs.contains(&Need::Targets) { &all } else { needs };
    match system.manager {
        Some(manager) => needs.iter().flat_map(|need| manager.rust_packages(need)).collect(),
        None => needs.iter().filter(|need| is_rust(need)).map(Need::name).collect(),
    }
}

fn is_rust(need: &Need) -> bool {
    matches!(need, Need::Targets | Need::Musl | Need::Rustfmt | Need::Clippy)
}

/// The commands with which rustup adds what `needs` ask of it; none if Rust is not rustup's.
fn rustup_commands(workspace: &Workspace, needs: &[Need]) -> Vec<Vec<String>> {
    let toolchain = toolchain(workspace);
    if !toolchain.is_from_rustup() {
        return Vec::new();
    }
    let components = needs.iter().filter_map(|need| match need {
        Need::Rustfmt => Some("rustfmt".to_string()),
        Need::Clippy => Some("clippy".to_string()),
        _ => None,
    });
    let targets = targets_to_add(&toolchain, needs);
    [("target", targets), ("component", components.collect())]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(kind, names)| ["rustup", kind, "add"].map(String::from).into_iter().chain(names))
        .map(Iterator::collect)
        .collect()
}

/// The targets that `needs` ask for and `toolchain` does not have.
fn targets_to_add(toolchain: &Toolchain, needs: &[Need]) -> Vec<String> {
    let bare = needs.contains(&Need::Targets).then(|| toolchain.absent_targets());
    let musl = needs.contains(&Need::Musl).then(|| toolchain.absent_musl());
    [bare, musl].into_iter().flatten().flatten().collect()
}

/// Installs `packages`, with newer lists of packages if those that are there do not do.
fn install_packages(manager: Manager, packages: &[String], root: &Path) -> Result<()> {
    let privilege = match manager.needs_administrator() {
        true => Privilege::detect(),
        false => Privilege::Own,
    };
    let is_there = |command: &[String]| probe::find(&command[0]).is_some();
    if privilege == Privilege::Password || !is_there(&manager.install(packages)) {
        let lines = typed(manager, packages).join("\n    ");
        let message = format!("to install what is missing, type\n    {lines}");
        return Err(Failure::failed(message + "\nand then repeat your command"));
    }
    let run_as = |command: Vec<String>| {
        let prefix = privilege.prefix().iter().chain(environment(manager));
        let prefix = prefix.map(|word| word.to_string());
        run(&prefix.chain(command).collect::<Vec<_>>(), root)
    };
    let is_done = || {
        let arguments = arguments(manager, packages);
        arguments.is_some_and(|arguments| run_as(manager.install(&arguments)))
    };
    if is_done() {
        return Ok(());
    }
    // A source that does not answer need not be the one that has what we want, so a failure here
    // decides nothing.
    manager.refresh().map(run_as);
    if is_done() || run_as(manager.install(packages)) {
        return Ok(());
    }
    if watch::is_interrupted() {
        return Err(Failure::silent(130));
    }
    Err(Failure::failed(format!("cannot install {}: see above", packages.join(", "))))
}

/// The arguments with which `manager` can install `packages`, or `None` if it cannot.
fn arguments(manager: Manager, packages: &[String]) -> Option<Vec<String>> {
    if manager != Manager::Apt {
        return Some(packages.to_vec());
    }
    let arguments = apt::arguments(packages)?;
    if arguments.len() > packages.len() {
        ui::note("an installed QEMU package is of no configured source: taking this system's");
    }
    Some(arguments)
}

/// What a person types to have `packages` installed.
fn typed(manager: Manager, packages: &[String]) -> Vec<String> {
    let prefix = if manager.needs_administrator() { typed_prefix() } else { "" };
    let line = |command: Vec<String>| format!("{prefix}{}", command.join(" "));
    match arguments(manager, packages) {
        Some(arguments) => vec![line(manager.install(&arguments))],
        None => {
            manager.refresh().into_iter().chain([manager.install(packages)]).map(line).collect()
        }
    }
}

fn in_words(system: &System, needs: &[Need]) -> String {
    let names: Vec<String> = needs.iter().map(Need::name).collect();
    format!("install with the package manager of {}: {}", system.name, names.join(", "))
}

/// Words before a command that keep `manager` from asking questions.
fn environment(manager: Manager) -> &'static [&'static str] {
    if manager == Manager::Apt { &["env", "DEBIAN_FRONTEND=noninteractive"] } else { &[] }
}

/// Runs `command` in `folder`, and tells whether it succeeded.
///
/// After a Ctrl-C no other command is begun: the reader does not want to see a second attempt.
fn run(command: &[String], folder: &Path) -> bool {
    if watch::is_interrupted() {
        return false;
    }
    ui::step("Running", command.join(" "));
    let output = std::io::stderr().as_fd().try_clone_to_owned();
    let mut process = Command::new(&command[0]);
    process.args(&command[1..]).current_dir(folder).stdin(Stdio::null());
    process.stdout(output.map_or_else(|_| Stdio::null(), Stdio::from));
    process.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debian() -> System {
        System { name: "Debian".into(), manager: Some(Manager::Apt) }
    }

    #[test]
    fn a_package_that_meets_two_needs_is_named_once() {
        let needs = [Need::Gdb("aarch64"), Need::Git, Need::Gdb("x86_64")];
        assert_eq!(system_packages(&debian(), &needs), ["gdb-multiarch", "git"]);
    }

    #[test]
    fn another_rust_comes_with_all_of_its_parts() {
        let packages = rust_packages(&debian(), &[Need::Targets]);
        assert!(packages.contains(&"rust-web-src".into()));
        assert!(packages.contains(&"rust-web-clippy".into()));
        assert_eq!(rust_packages(&debian(), &[Need::Rustfmt, Need::Git]), ["rustfmt-web"]);
    }

    #[test]
    fn an_unknown_system_is_told_in_words() {
        let system = System { name: "Plan 9".into(), manager: None };
        let needs = [Need::Qemu("qemu-system-aarch64"), Need::Clippy];
        assert_eq!(system_packages(&system, &needs), ["qemu-system-aarch64"]);
        assert!(in_words(&system, &needs).ends_with("Plan 9: qemu-system-aarch64, clippy"));
    }

    #[test]
    fn a_command_that_fails_or_does_not_exist_has_not_succeeded() {
        let run = |program: &str| run(&[program.to_string()], Path::new("/"));
        assert!(run("true"));
        assert!(!run("false"));
        assert!(!run("no-such-program"));
    }
}
