//! Puts a candidate's files onto a tree that is as it should be, builds, runs and judges.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use tutor::failure::{Failure, Result};
use tutor::kernel::{self, Recipe, Voice};
use tutor::test::kernel_tests::{START, Suite};
use tutor::test::outcome::Tested;
use tutor::test::tables;
use tutor::workspace::Workspace;
use workshop::Workshop;

use crate::candidate::{Candidate, Placed};
use crate::task::{Promise, Task};
use crate::verdict::{Broken, Graded, Kind, Outcome, Tried};
use crate::{answer, confine, evidence, host};

/// The memory with which a kernel's tables are walked.
const WALKED: &str = "in 128 MiB";

/// A tree in which candidates are tested, one after the other.
pub struct Bench {
    workshop: Workshop,
    workspace: Workspace,
    /// The machines on which tests are run.
    machines: Vec<String>,
    seed: u64,
}

impl Bench {
    /// Opens a bench called `name`, whose tree is a copy of `pristine`.
    pub fn open(
        pristine: &Path,
        target: &Path,
        name: &str,
        machines: &[String],
        seed: u64,
    ) -> Result<Self> {
        let workshop = Workshop::open(pristine, target, name).map_err(Failure::failed)?;
        let mut workspace = Workspace::at(workshop.path().to_path_buf())?;
        workspace.target = Some(workshop.target_folder().to_path_buf());
        workspace.confined_by = confine::words();
        Ok(Self { workshop, workspace, machines: machines.to_vec(), seed })
    }

    /// Grades `candidate` at `task`; `tell` hears what is being done.
    pub fn grade(&self, task: &Task, candidate: &Candidate, tell: &dyn Fn(&str)) -> Result<Graded> {
        let start = Instant::now();
        let files = match candidate.files(task) {
            Ok(files) => files,
            Err(why) => return Ok(Graded::new(task, Outcome::Refused(why), self.seed)),
        };
        self.lay_out(task, &files)?;
        let mut graded = match self.tests(task, tell)? {
            Err(said) => Graded::new(task, Outcome::DidNotCompile(said), self.seed),
            Ok(mut promises) => {
                if task.is_bug {
                    promises.insert(0, cause(task, candidate));
                }
                Graded::of_promises(task, promises, self.seed)
            }
        };
        graded.seconds = start.elapsed().as_secs_f64();
        Ok(graded)
    }

    /// Makes the tree what it should be, with `files` in it.
    pub fn lay_out(&self, task: &Task, files: &[Placed]) -> Result<()> {
        let put = || {
            self.workshop.restore_without(crate::course::is_secret)?;
            self.workshop.apply(&task.about.edits)?;
            files.iter().try_for_each(|(place, bytes)| self.workshop.place(place, bytes))
        };
        put().map_err(Failure::failed)
    }

    /// The tree.
    pub fn path(&self) -> &Path {
        self.workshop.path()
    }

    /// `command`, to be run in the tree, of which it takes no exercise.
    pub fn prepare(&self, command: Command) -> Command {
        self.workshop.prepare(command)
    }

    /// The tree as a repository, whose kernels take the files of `task`.
    pub fn workspace_for(&self, task: &Task) -> Workspace {
        let exercise = (!task.is_bug).then(|| task.name.clone());
        Workspace { exercise: Some(exercise.unwrap_or_default()), ..self.workspace.clone() }
    }

    /// Tests all promises; the error is what the compiler says.
    fn tests(
        &self,
        task: &Task,
        tell: &dyn Fn(&str),
    ) -> Result<std::result::Result<Vec<Tried>, String>> {
        let workspace = self.workspace_for(task);
        let mut promises: Vec<Tried> = task.about.promises.iter().map(tried).collect();
        if task.about.promises.iter().any(|promise| !promise.host.is_empty()) {
            tell("on the host");
            let program = match build_host(&workspace)? {
                Ok(program) => program,
                Err(said) => return Ok(Err(said)),
            };
            if let Some(said) = self.strange(&program) {
                return Ok(Err(said));
            }
            for (promise, tried) in task.about.promises.iter().zip(&mut promises) {
                for name in &promise.host {
                    tried.broken.extend(host::run(&program, &task.name, name, self.seed)?);
                }
            }
        }
        for arch in self.machines.iter().filter(|arch| task.is_for(arch)) {
            tell(&format!("on {arch}"));
            let tests = match self.kernel_tests(&workspace, task, arch)? {
                Ok(tests) => tests,
                Err(said) => return Ok(Err(said)),
            };
            for (promise, tried) in task.about.promises.iter().zip(&mut promises) {
                let broken = match judge(promise, &tests, arch) {
                    None if promise.walked => self.walk(&workspace, task, arch)?,
                    broken => broken,
                };
                tried.broken.extend(broken);
            }
        }
        Ok(Ok(promises))
    }

    /// What is to be said if `program` was compiled from a file that is not of this tree.
    fn strange(&self, program: &Path) -> Option<String> {
        let folders = [self.workshop.path(), self.workshop.target_folder()];
        let folders = folders.map(|it| it.canonicalize().unwrap_or_else(|_| it.to_path_buf()));
        let file = build_support::stranger(
            &program.with_added_extension("d"),
            &[&folders[0], &folders[1]],
        )?;
        Some(format!("error: it takes in a file that is not part of the tree: {file}"))
    }

    /// Boots the kernel without tests, and compares the tables that it leaves in memory with what
    /// it says of them: evidence that no kernel can print.
    fn walk(&self, workspace: &Workspace, task: &Task, arch: &str) -> Result<Option<Broken>> {
        let machine = &self.workspace.config.machines[arch];
        let tests = tables::run(workspace, task.chapter, arch, machine, WALKED)?;
        let broken = tests.iter().find_map(|test| evidence::of_kernel(test, arch));
        let from_outside = |broken: Broken| Broken {
            kind: Kind::WrongAnswer,
            what: format!("seen from outside: {}", broken.what),
            ..broken
        };
        Ok(broken.map(from_outside))
    }

    /// Runs the kernel's tests of `task` on `arch`; the inner error is what the compiler says.
    fn kernel_tests(
        &self,
        workspace: &Workspace,
        task: &Task,
        arch: &str,
    ) -> Result<std::result::Result<Vec<Tested>, String>> {
        let machine = &self.workspace.config.machines[arch];
        let package = kernel::package_of(&self.workspace.config.chapters[task.chapter].folder);
        let recipe =
            Recipe { package: &package, arch, machine, has_tests: true, is_release: false };
        let kernel = match kernel::build(workspace, recipe, Voice::Quiet) {
            Ok(kernel) => kernel,
            Err(failure) if failure.status == 1 => return Ok(Err(failure.message)),
            Err(failure) => return Err(failure),
        };
        let list = workspace.target_folder().join(&machine.target).join("debug").join(&package);
        if let Some(said) = self.strange(&list) {
            return Ok(Err(said));
        }
        // Whole candidates are tried at once already.
        let suite = Suite::new(workspace, arch, machine, &kernel, |_| {})?.in_turn();
        let suite = suite.with_seed(self.seed);
        let is_open = |promise: &&Promise, results: &[Tested]| {
            !results.iter().any(|test| promise.has_test(&test.name) && !test.has_passed())
        };
        // What breaks a promise is told by its first test that fails: the others need no boot.
        let is_wanted = |name: &str, results: &[Tested]| {
            let mut promises = task.about.promises.iter().filter(|it| it.has_test(name));
            promises.any(|promise| is_open(&promise, results))
        };
        suite.run_those(is_wanted).map(Ok)
    }
}

fn tried(promise: &Promise) -> Tried {
    let (name, says) = (promise.name.clone(), promise.says.clone());
    Tried { name, says, broken: Vec::new() }
}

/// How `promise` is broken on `machine`, by its first test of `tests` that failed.
fn judge(promise: &Promise, tests: &[Tested], machine: &str) -> Option<Broken> {
    if promise.kernel_tests().is_empty() {
        return None;
    }
    // A kernel that does not get as far as its tests keeps none of its promises.
    let own = |test: &&Tested| promise.has_test(&test.name) || test.name == START;
    let mut own = tests.iter().filter(own).peekable();
    if own.peek().is_none() {
        return Some(Broken::new(machine, Kind::Died, "the kernel does not have its test"));
    }
    own.find_map(|test| evidence::of_kernel(test, machine))
}

/// Whether `candidate` names the right cause of the bug.
fn cause(task: &Task, candidate: &Candidate) -> Tried {
    let says = "answer.toml names the cause of the bug.".to_string();
    let given = candidate.answer(task).and_then(|text| answer::read(&text));
    let broken = match given {
        None => Some(Broken::new("host", Kind::NotStarted, "no cause is named yet")),
        Some(cause) if answer::digest(task, cause) == task.about.answer => None,
        Some(cause) => {
            let what = format!("cause {cause} does not explain what is seen");
            Some(Broken::new("host", Kind::WrongAnswer, what))
        }
    };
    Tried { name: answer::PROMISE.into(), says, broken: broken.into_iter().collect() }
}

/// Builds the program that tries properties; the inner error is what the compiler says.
fn build_host(workspace: &Workspace) -> Result<std::result::Result<PathBuf, String>> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--quiet", "--package", "exercise-host"]);
    let output = cargo
        .stdin(std::process::Stdio::null())
        .output()
        .map_err(|error| Failure::failed(format!("cannot start cargo: {error}")))?;
    let said = String::from_utf8_lossy(&output.stderr);
    Ok(match output.status.success() {
        true => Ok(workspace.target_folder().join("debug/exercise-host")),
        false => Err(said.trim_end().to_string()),
    })
}
