//! `make chapter=1 bug=NAME run`: boots a kernel with one defect, for a student to find and mend.
//!
//! The chapter stays whole. The defect is made in a workshop; its files are copied beside the bug's
//! page, where the student mends them, and from the second run on the copies are what is booted.

use std::path::Path;
use std::process::Command;

use tutor::failure::{Failure, Result};
use tutor::selection;
use tutor::settings::Settings;
use tutor::ui;

use crate::bench::Bench;
use crate::candidate::Candidate;
use crate::pristine;
use crate::scene::Scene;
use crate::task::Task;

/// Boots the kernel with the bug.
pub fn run(settings: &Settings) -> Result<()> {
    let scene = Scene::open(settings)?;
    let task = scene.task(settings)?;
    scene.require()?;
    let base = pristine::base(&scene, settings, &[task])?;
    let bench = scene.bench(&base.path, "exercise")?;
    let candidate = Candidate::Repository(scene.workspace.root.clone());
    let files = candidate.files(task).map_err(Failure::failed)?;
    bench.lay_out(task, &files)?;
    give_out(&scene, task, &bench)?;
    boot(&scene, settings, task, &bench)
}

/// Puts what is to be mended and answered where the student finds it, unless it is there.
fn give_out(scene: &Scene, task: &Task, bench: &Bench) -> Result<()> {
    let root = &scene.workspace.root;
    for (source, place) in task.files() {
        let bytes = std::fs::read(bench.path().join(&place))
            .map_err(|error| Failure::io("read", &bench.path().join(&place), &error))?;
        put_once(root, &source, &bytes)?;
    }
    let mut text = String::from("# Which is the cause? Write its number, as in: cause = 1\n#\n");
    for (index, cause) in task.about.causes.iter().enumerate() {
        text += &format!("# {}  {cause}\n", index + 1);
    }
    put_once(root, &format!("{}/answer.toml", task.folder), text.as_bytes())
}

fn put_once(root: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = root.join(name);
    if path.exists() {
        return Ok(());
    }
    let write = || {
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(&path, bytes)
    };
    write().map_err(|error| Failure::io("write", &path, &error))?;
    ui::note(format_args!("yours to write in: {name}"));
    Ok(())
}

/// Boots it as `make run` boots a chapter, by the same program.
fn boot(scene: &Scene, settings: &Settings, task: &Task, bench: &Bench) -> Result<()> {
    let own = std::env::current_exe().unwrap_or_default();
    let mut tutor = bench.prepare(Command::new(own.with_file_name("tutor")));
    tutor.arg("run").arg(format!("chapter={}", task.chapter + 1));
    let chosen = selection::machines_or_default(settings, &scene.workspace.config)?;
    let machines: Vec<&str> =
        chosen.iter().map(|(arch, _)| *arch).filter(|arch| task.is_for(arch)).collect();
    let [arch, ..] = machines.as_slice() else {
        let there = task.about.machines.join(", ");
        return Err(Failure::usage(format!("arch=: this bug is one of {there}")));
    };
    tutor.arg(format!("arch={}", if machines.len() > 1 { "both" } else { arch }));
    // `make` has put it into the environment, and the other program does not know it.
    tutor.env_remove("bug");
    let known = ["mem", "cpus", "gic", "timeout", "bootargs", "args"];
    tutor.args(known.iter().filter_map(|name| Some(format!("{name}={}", settings.get(name)?))));
    let status = tutor
        .status()
        .map_err(|error| Failure::failed(format!("cannot start the host tool: {error}")))?;
    match status.code() {
        Some(0) => Ok(()),
        code => Err(Failure::silent(code.and_then(|code| code.try_into().ok()).unwrap_or(1))),
    }
}
