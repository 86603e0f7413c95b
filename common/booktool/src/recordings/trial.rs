//! An experiment, made: in a workshop, with the host tool, as a reader would make it.
//!
//! All of them share one workshop. Cargo then builds the one kernel that a change has touched, in a
//! second or two, and none of its dependencies again.

use std::path::{Path, PathBuf};
use std::process::{self, Output, Stdio};

use workshop::Workshop;

use super::experiment::{Command, Experiment, Run};
use super::said;
use pictures::record;

use crate::Result;

/// What stands before a command that was typed.
pub const PROMPT: &str = "$ ";

/// The name of the workshop.
const NAME: &str = "experiments";

/// Where experiments are made. Nothing is copied or built until the first of them.
pub struct Trials<'a> {
    root: &'a Path,
    equipment: Option<Equipment>,
}

struct Equipment {
    workshop: Workshop,
    /// The host tool.
    tutor: PathBuf,
}

impl<'a> Trials<'a> {
    /// A place to break the kernels of the repository at `root`.
    pub fn new(root: &'a Path) -> Self {
        Self { root, equipment: None }
    }

    /// Makes `experiment` on `arch`; returns what a reader would see.
    pub fn run(&mut self, experiment: &Experiment, arch: &str) -> Result<String> {
        let equipment = match &self.equipment {
            Some(equipment) => equipment,
            None => self.equipment.insert(Equipment::get(self.root)?),
        };
        equipment.workshop.restore()?;
        equipment.workshop.apply(&experiment.edits(arch))?;
        let mut scenes = Vec::new();
        for run in experiment.runs(arch) {
            let text = equipment.run(experiment, run, arch)?;
            scenes.push(format!("{PROMPT}{}\n{text}", experiment.typed(run, arch)));
        }
        Ok(scenes.join("\n"))
    }
}

impl Equipment {
    /// Builds the host tool, as a reader's first command does, and opens the workshop.
    fn get(root: &Path) -> Result<Self> {
        record::output("make help", root)?;
        let target = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
        let target = root.join(target.unwrap_or_else(|| "target".into()));
        let workshop = Workshop::open(root, &target, NAME)?;
        Ok(Self { workshop, tutor: target.join("debug/tutor") })
    }

    /// Does `run`, and returns what is printed.
    fn run(&self, experiment: &Experiment, run: &Run, arch: &str) -> Result<String> {
        let mut command = process::Command::new(&self.tutor);
        command.arg(match run.command {
            Command::Run => "run",
            Command::Test => "suite",
        });
        command.args([format!("chapter={}", experiment.chapter), format!("arch={arch}")]);
        command.args(&run.settings).stdin(Stdio::null());
        let output = self
            .workshop
            .prepare(command)
            .output()
            .map_err(|error| format!("cannot run {}: {error}", self.tutor.display()))?;
        let text = account(experiment, run.command, &output)?;
        Ok(text.replace(&format!("{}/", self.workshop.path().display()), ""))
    }
}

/// What `output` says of the experiment.
fn account(experiment: &Experiment, command: Command, output: &Output) -> Result<String> {
    let [console, said] = [&output.stdout, &output.stderr].map(|bytes| record::text(bytes));
    if experiment.is_refused {
        return said::first_error(&said);
    }
    match command {
        Command::Run => said::account(&console, &said),
        Command::Test if console.is_empty() => Err(format!("no test was run\n{said}")),
        Command::Test => Ok(console),
    }
}
