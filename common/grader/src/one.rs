//! One task of one fork, in a process that a class run can limit, and end if it must.
//!
//! Before a stranger's file is compiled, this process gives up the right to write anywhere but in
//! its slot: a workshop, a home and a folder for temporary files, which nobody else uses meanwhile.

use std::path::{Path, PathBuf};

use tutor::failure::{Failure, Result};
use tutor::settings::Settings;

use crate::candidate::Candidate;
use crate::confine;
use crate::scene::Scene;

/// The folder of a slot.
pub fn slot(scene: &Scene, name: &str) -> PathBuf {
    scene.workspace.target_folder().join("strata/slots").join(name)
}

/// Grades one task of one fork; the result goes to standard output, as JSON.
pub fn grade_one(settings: &Settings) -> Result<()> {
    let scene = Scene::open(settings)?;
    let wanted = |name: &str| {
        settings.get(name).ok_or_else(|| Failure::usage(format!("{name}= is missing")))
    };
    let (name, fork, slot_name) = (wanted("task")?, wanted("fork")?, wanted("slot")?);
    let task = scene.tasks.iter().find(|task| task.name == name);
    let task = task.ok_or_else(|| Failure::usage(format!("task={name}: there is none")))?;
    let bench_name = format!("slot-{slot_name}");
    let own = slot(&scene, slot_name);
    let workshop = scene.workspace.target_folder().join("workshop").join(&bench_name);
    std::fs::create_dir_all(&workshop).map_err(|e| Failure::io("create", &workshop, &e))?;
    confine::limit_build();
    confine::read_only(&[&own, &workshop, Path::new("/dev")]);
    let bench = scene.bench(&scene.workspace.root, &bench_name)?;
    let graded = bench.grade(task, &Candidate::Repository(fork.into()), &|_| {})?;
    println!("{}", serde_json::to_string(&graded).expect("it is plain data"));
    Ok(())
}
