//! Tests the commands as a person uses them: through `make` and through `cargo run`, with right
//! words and with wrong ones.

use std::process::{Command, Output, Stdio};

use super::outcome::Tested;
use crate::failure::Result;
use crate::workspace::Workspace;

/// What a test found wrong.
pub type Finding = std::result::Result<(), String>;

/// Words that mean nothing, and what the one line about them must contain.
const WRONG_WORDS: &[(&[&str], &[&str])] = &[
    (&["run", "chapter=99"], &["chapter=99", "01-boot"]),
    (&["run", "arch=mips"], &["arch=mips", "aarch64, x86_64, both"]),
    (&["debug", "arch=both"], &["arch=both", "one machine"]),
    (&["run", "mem=lots"], &["mem=lots", "64M"]),
    (&["run", "cpus=0"], &["cpus=0", "1 to 8"]),
    (&["run", "cpus=9"], &["cpus=9", "1 to 8"]),
    (&["run", "timeout=soon"], &["timeout=soon", "whole number"]),
    (&["map", "chapter=1"], &["chapter=01-boot", "choose from 02-frames"]),
    (&["timeline", "chapter=1"], &["chapter=01-boot", "prints no timeline"]),
    (&["run", "counted=yes"], &["counted=yes", "choose from 1"]),
    (&["map", "arch=both", "file=x.svg"], &["file=x.svg", "one machine"]),
    (&["serve", "port=0"], &["port=0", "1 to 65535"]),
    (&["serve", "port=here"], &["port=here", "1 to 65535"]),
    (&["book", "chapter=1"], &["chapter=", "this command knows pdf"]),
    (&["book", "pdf=yes"], &["pdf=yes", "choose from 1"]),
    (&["run", "chpater=1"], &["chpater", "chapter, arch"]),
    (&["test", "exercise=9.9"], &["exercise=9.9", "1.1 (01-boot-arguments)"]),
    (&["run", "chapter=1", "bug=none"], &["bug=none", "lost-pointer"]),
    (&["test", "seed=1"], &["seed=", "exercise"]),
    (&["test", "seeds=0"], &["seeds=0", "from 1 on"]),
    (&["test", "seeds=5000"], &["seeds=5000", "1000 at most"]),
    (&["test", "fresh=yes"], &["fresh=yes", "choose from 1"]),
    (&["test", "chapter=1", "record=1"], &["record=", "chapter="]),
    (&["hint"], &["exercise="]),
    (&["run", "1"], &["1: settings look like name=value"]),
    (&["boot", "no-such-file"], &["no-such-file", "no such file"]),
    (&["boot", "Makefile"], &["Makefile", "not a kernel"]),
];

/// Wrong texts of `build-config.toml`, and what the one line about them must contain.
const WRONG_CONFIGS: &[(&str, &[&str])] = &[
    ("kernel = ", &["build-config.toml:1: "]),
    ("[kernel]\nstack_bites = 4096\n", &["build-config.toml:2: ", "stack_bites", "stack_bytes"]),
    (
        "[kernel]\nstack_bytes = 5000\n[machine]\n[[chapter]]\n",
        &["build-config.toml:4: ", "folder"],
    ),
];

/// Runs all these tests.
pub fn run(workspace: &Workspace) -> Result<Vec<Tested>> {
    let mut tests = Vec::new();
    for (words, facts) in WRONG_WORDS {
        let result = tutor(workspace, words, &[]).and_then(|output| is_refusal(&output, facts));
        tests.push(Tested::from_result(&format!("refuses: {}", words.join(" ")), result));
    }
    for (text, facts) in WRONG_CONFIGS {
        let result = wrong_config(workspace, text).and_then(|output| is_refusal(&output, facts));
        tests.push(Tested::from_result(
            &format!("refuses a build-config.toml with {text:?}"),
            result,
        ));
    }
    tests.extend([
        Tested::from_result("make lists its targets", help(workspace)),
        Tested::from_result("make tells what is wrong", make_refuses(workspace)),
        Tested::from_result("make run shows both machines", both_machines(workspace)),
        Tested::from_result("cargo run works in a chapter", cargo_run(workspace)),
        Tested::from_result("make diff into a closed pipe is no error", closed_pipe(workspace)),
    ]);
    Ok(tests)
}

/// Runs this tool with `words`, as if from a shell.
pub fn tutor(
    workspace: &Workspace,
    words: &[&str],
    more: &[&str],
) -> std::result::Result<Output, String> {
    let tool = std::env::current_exe().map_err(|error| error.to_string())?;
    output(clean(Command::new(tool), workspace).args(words).args(more))
}

/// `command`, to be run at the root without what `make` left in our own environment.
pub fn clean(mut command: Command, workspace: &Workspace) -> Command {
    command.current_dir(&workspace.root).stdin(Stdio::null());
    let make = ["MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"];
    let settings = [
        "chapter", "arch", "only", "mem", "cpus", "gic", "timeout", "bootargs", "args", "file",
        "counted",
    ];
    let others = [
        "from", "continue", "abort", "server", "port", "pdf", "exercise", "bug", "seed", "base",
        "seeds", "jobs", "fresh", "record",
    ];
    for variable in make.into_iter().chain(settings).chain(others) {
        command.env_remove(variable);
    }
    command
}

fn output(command: &mut Command) -> std::result::Result<Output, String> {
    command.output().map_err(|error| format!("{command:?}: {error}"))
}

fn make(workspace: &Workspace, words: &[&str]) -> std::result::Result<Output, String> {
    output(clean(Command::new("make"), workspace).args(words))
}

pub fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// `facts` must all be in `text`.
pub fn contains(text: &str, facts: &[&str]) -> Finding {
    match facts.iter().find(|fact| !text.contains(**fact)) {
        None => Ok(()),
        Some(fact) => Err(format!("it does not say `{fact}`:\n{text}")),
    }
}

/// One line with all `facts` in it, and exit status 2.
fn is_refusal(output: &Output, facts: &[&str]) -> Finding {
    let said = text(output);
    if output.status.code() != Some(2) {
        return Err(format!("{}, and not 2:\n{said}", output.status));
    }
    if said.lines().count() != 1 {
        return Err(format!("not one line:\n{said}"));
    }
    contains(&said, facts)
}

fn wrong_config(workspace: &Workspace, text: &str) -> std::result::Result<Output, String> {
    let root = tempfile::tempdir().map_err(|error| error.to_string())?;
    std::fs::write(root.path().join("build-config.toml"), text)
        .map_err(|error| error.to_string())?;
    let tool = std::env::current_exe().map_err(|error| error.to_string())?;
    output(clean(Command::new(tool), workspace).env("STRATA_ROOT", root.path()).arg("diff"))
}

fn help(workspace: &Workspace) -> Finding {
    let makefile = std::fs::read_to_string(workspace.root.join("Makefile"));
    let makefile = makefile.map_err(|error| error.to_string())?;
    let targets = makefile.lines().find_map(|line| line.strip_prefix(".PHONY: ")).unwrap_or("");
    let said = text(&make(workspace, &[])?);
    targets.split(' ').try_for_each(|target| contains(&said, &[&format!("make {target}")]))
}

fn make_refuses(workspace: &Workspace) -> Finding {
    let output = make(workspace, &["chpater=1", "run"])?;
    if output.status.success() {
        return Err(format!("it took a setting that does not exist:\n{}", text(&output)));
    }
    contains(&text(&output), &["chpater", "chapter, arch"])
}

fn both_machines(workspace: &Workspace) -> Finding {
    let output = make(workspace, &["chapter=1", "arch=both", "bootargs=a", "args=b=$c", "run"])?;
    if !output.status.success() {
        return Err(format!("{}:\n{}", output.status, text(&output)));
    }
    contains(&text(&output), &["strata 01-boot on aarch64", "strata 01-boot on x86_64", "a b=$c"])
}

fn cargo_run(workspace: &Workspace) -> Finding {
    let mut cargo = workspace.cargo();
    cargo.current_dir(workspace.chapter_folder("01-boot")).stdin(Stdio::null());
    let output = output(cargo.arg("run"))?;
    if !output.status.success() {
        return Err(format!("{}:\n{}", output.status, text(&output)));
    }
    contains(&text(&output), &["strata 01-boot on aarch64"])
}

fn closed_pipe(workspace: &Workspace) -> Finding {
    let tool = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = clean(Command::new(tool), workspace);
    command.args(["diff", "chapter=1"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    drop(child.stdout.take());
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    match text(&output).as_str() {
        "" => Ok(()),
        said => Err(format!("{}:\n{said}", output.status)),
    }
}
