//! What every command needs: the repository, its tasks, the machines, the seed.

use std::path::Path;

use tutor::doctor::{self, Need};
use tutor::failure::{Failure, Result};
use tutor::selection;
use tutor::settings::Settings;
use tutor::workspace::Workspace;

use crate::bench::Bench;
use crate::task::{self, Task};

/// What cases are made from where nobody says otherwise.
const SEED: u64 = 1;

/// The repository and what is asked of it.
pub struct Scene {
    /// The student's repository.
    pub workspace: Workspace,
    /// All its tasks.
    pub tasks: Vec<Task>,
    /// The machines on which tasks are tested.
    pub machines: Vec<String>,
    /// What cases are made from.
    pub seed: u64,
}

impl Scene {
    /// Reads the repository and `settings`.
    pub fn open(settings: &Settings) -> Result<Self> {
        let workspace = Workspace::open()?;
        let folders: Vec<&str> =
            workspace.config.chapters.iter().map(|chapter| chapter.folder.as_str()).collect();
        let tasks = task::all(&workspace.root, &folders)?;
        let machines = selection::machines(settings, &workspace.config, "both")?;
        let machines = machines.iter().map(|(arch, _)| arch.to_string()).collect();
        let seed = settings.number("seed", 0)?.unwrap_or(SEED);
        Ok(Self { tasks, machines, seed, workspace })
    }

    /// Sees to it that kernels can be built and booted here.
    pub fn require(&self) -> Result<()> {
        let mut needs = vec![Need::Targets];
        for arch in &self.machines {
            needs.push(Need::Qemu(&self.workspace.config.machines[arch].qemu));
        }
        doctor::require(&self.workspace, &needs)
    }

    /// The tasks of the chapter that `settings` name, or all.
    pub fn tasks_of(&self, settings: &Settings) -> Result<Vec<&Task>> {
        let chapter = selection::chapter(settings, &self.workspace.config)?;
        let is_wanted = |task: &&Task| chapter.is_none_or(|index| task.chapter == index);
        Ok(self.tasks.iter().filter(is_wanted).collect())
    }

    /// The exercise or bug that `settings` name.
    pub fn task(&self, settings: &Settings) -> Result<&Task> {
        if let Some(task) = task::exercise(&self.tasks, settings)? {
            return Ok(task);
        }
        let Some(wanted) = settings.get("bug") else {
            return Err(Failure::usage("exercise= is missing, such as exercise=1.1"));
        };
        let tasks = self.tasks_of(settings)?;
        let bugs = || tasks.iter().filter(|task| task.is_bug);
        let own = |task: &Task| task.folder.rsplit('/').next().unwrap_or_default().to_string();
        match bugs().find(|task| own(task) == wanted) {
            Some(task) => Ok(task),
            None => Err(Failure::not_one_of("bug", wanted, bugs().map(|task| own(task)))),
        }
    }

    /// A bench for a student's files. Its tree is a copy of `pristine`.
    pub fn bench(&self, pristine: &Path, name: &str) -> Result<Bench> {
        let target = self.workspace.target_folder();
        Bench::open(pristine, &target, name, &self.machines, self.seed)
    }
}
