//! Tests the coroner: kills the broken kernel in every way that `deaths.toml` lists, and looks for
//! the facts in what the coroner says of it. The guarded kernel dies of the same and must say it
//! itself, on its console, before anybody examines it.

use build_support::Machine;
use serde::Deserialize;

use super::outcome::Tested;
use crate::coroner::Ending;
use crate::failure::{Failure, Result};
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::observe::{self, Observed};
use crate::prompts::Typed;
use crate::qemu::{Console, Launch};
use crate::workspace::Workspace;

/// Where the deaths are listed.
const LIST: &str = "common/broken-kernel/deaths.toml";

/// What is typed at the broken kernel, and when.
const TYPED: Typed = Typed::words("type a word: ", "mercy\r");

/// All of `deaths.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    case: Vec<Death>,
    caught: Vec<Caught>,
}

/// A way to die of which a kernel with exception handlers tells.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Caught {
    /// The only machine that has it; all if there is none.
    arch: Option<String>,
    /// The boot arguments that bring it about.
    arguments: String,
    /// What the kernel says, among other things.
    words: Vec<String>,
}

/// A way to die, and what must be found out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Death {
    arch: String,
    /// The boot arguments that bring it about.
    arguments: String,
    /// Whether [`TYPED`] is typed at it.
    #[serde(default)]
    is_typed_to: bool,
    /// How the run ends; ` or ` stands between several ways.
    ending: String,
    /// What the report says, among other things.
    words: Vec<String>,
}

/// Brings about all deaths on `arch` with `only` in their arguments.
pub fn run(
    workspace: &Workspace,
    arch: &str,
    machine: &Machine,
    only: &str,
) -> Result<Vec<Tested>> {
    let deaths = list(workspace)?.case.into_iter().filter(|death| death.arch == arch);
    let kernel = build(workspace, "broken-kernel", arch, machine)?;
    deaths
        .filter(|death| death.arguments.contains(only))
        .map(|death| {
            let mut launch = Launch::new(arch, machine, &kernel, Console::Heard);
            launch.arguments = death.arguments.clone().into();
            launch.typed = death.is_typed_to.then_some(TYPED).into_iter().collect();
            let observed = observe::observe(launch, &kernel, workspace)?;
            Ok(Tested::from_result(&death.arguments, judge(&death, &observed)))
        })
        .collect()
}

/// Brings about, on `arch`, all those that the guarded kernel must tell of, with `only` in their
/// arguments.
pub fn run_caught(
    workspace: &Workspace,
    arch: &str,
    machine: &Machine,
    only: &str,
) -> Result<Vec<Tested>> {
    let is_here = |death: &Caught| death.arch.as_deref().is_none_or(|only| only == arch);
    let deaths = list(workspace)?.caught.into_iter().filter(is_here);
    let kernel = build(workspace, "guarded-kernel", arch, machine)?;
    deaths
        .filter(|death| death.arguments.contains(only))
        .map(|death| {
            let mut launch = Launch::new(arch, machine, &kernel, Console::Heard);
            launch.arguments = death.arguments.clone().into();
            let observed = observe::observe(launch, &kernel, workspace)?;
            Ok(Tested::from_result(&death.arguments, judge_caught(&death, &observed)))
        })
        .collect()
}

fn list(workspace: &Workspace) -> Result<List> {
    let file = workspace.root.join(LIST);
    let text = std::fs::read_to_string(&file).map_err(|e| Failure::io("read", &file, &e))?;
    toml::from_str(&text).map_err(|error| Failure::usage(format!("{LIST}: {}", error.message())))
}

fn build(workspace: &Workspace, package: &str, arch: &str, machine: &Machine) -> Result<Kernel> {
    let recipe = Recipe { package, arch, machine, has_tests: false, is_release: false };
    kernel::build(workspace, recipe, Voice::Quiet)
}

/// Whether the kernel ended by itself, as one that failed, and has said the words of `death`.
fn judge_caught(death: &Caught, observed: &Observed) -> std::result::Result<(), String> {
    if observed.ending != Ending::Status(35) {
        return Err(format!(
            "{}, and not status 35\n{}",
            name_of(&observed.ending),
            observed.account()
        ));
    }
    let said = observe::one_line(&observed.console);
    match death.words.iter().find(|words| !said.contains(*words)) {
        None => Ok(()),
        Some(words) => Err(format!("the kernel does not say `{words}`\n{}", observed.account())),
    }
}

/// Whether the run ended as `death` says and the report has its words.
fn judge(death: &Death, observed: &Observed) -> std::result::Result<(), String> {
    let ending = name_of(&observed.ending);
    if !death.ending.split(" or ").any(|name| name == ending) {
        return Err(format!("{ending}, and not {}\n{}", death.ending, observed.account()));
    }
    let report = observe::one_line(&observed.report);
    match death.words.iter().find(|words| !report.contains(*words)) {
        None => Ok(()),
        Some(words) => Err(format!("the report does not say `{words}`\n{}", observed.report)),
    }
}

/// The name that `deaths.toml` has for `ending`.
fn name_of(ending: &Ending) -> String {
    match ending {
        Ending::Status(status) => format!("status {status}"),
        Ending::PoweredOff => "powered-off".into(),
        Ending::Reset => "reset".into(),
        Ending::Looping => "looping".into(),
        Ending::InstructionLimit(_) | Ending::TimeLimit(_) | Ending::OutputLimit(_) => {
            "limit".into()
        }
        Ending::Asleep => "asleep".into(),
        Ending::QemuDied { .. } => "QEMU died".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(ending: Ending, report: &str) -> std::result::Result<(), String> {
        let death = Death {
            arch: "any".into(),
            arguments: "death=x".into(),
            is_typed_to: false,
            ending: "reset or asleep".into(),
            words: vec!["a page fault".into(), "in `x`".into()],
        };
        let (console, verdicts) = (String::new(), Vec::new());
        let report = report.into();
        judge(
            &death,
            &Observed {
                console,
                bytes: Vec::new(),
                has_terminal_lines: true,
                verdicts,
                ending,
                report,
            },
        )
    }

    #[test]
    fn what_is_caught_must_be_said_by_the_kernel() {
        let words = vec!["trap: a".to_string()];
        let death = Caught { arch: None, arguments: "death=x".into(), words };
        let judged = |ending, console: &str, report: &str| {
            let (console, report) = (console.to_string(), report.to_string());
            let verdicts = Vec::new();
            let observed = Observed {
                console,
                bytes: Vec::new(),
                has_terminal_lines: true,
                verdicts,
                ending,
                report,
            };
            judge_caught(&death, &observed).is_ok()
        };
        assert!(judged(Ending::Status(35), "trap: a", ""));
        assert!(!judged(Ending::Status(35), "", "trap: a"));
        assert!(!judged(Ending::Looping, "trap: a", ""));
    }

    #[test]
    fn the_ending_and_all_words_must_be_there() {
        assert!(judged(Ending::Reset, "a page\n    fault in `x`").is_ok());
        assert!(judged(Ending::Asleep, "a page fault in `x`").is_ok());
        assert!(judged(Ending::Reset, "a page fault").is_err());
        assert!(judged(Ending::Looping, "a page fault in `x`").is_err());
    }
}
