//! `make grade`: all tasks, a table, and files for the programs that collect grades.

use std::path::PathBuf;

use comfy_table::{ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use tutor::failure::{Failure, Result};
use tutor::settings::Settings;
use tutor::ui;
use tutor::watch;

use crate::candidate::Candidate;
use crate::progress::Progress;
use crate::scene::Scene;
use crate::verdict::Graded;
use crate::{pristine, results};

/// Grades all tasks, or those of one chapter.
pub fn grade(settings: &Settings) -> Result<()> {
    let scene = Scene::open(settings)?;
    let tasks = scene.tasks_of(settings)?;
    scene.require()?;
    let root = &scene.workspace.root;
    let base = pristine::base(&scene, settings, &tasks)?;
    let notes: Vec<String> =
        pristine::note(&pristine::others(root, &base.path, &scene.tasks)?).into_iter().collect();
    let bench = scene.bench(&base.path, "exercise")?;
    let candidate = Candidate::Repository(root.clone());
    let mut progress = Progress::read(root);
    let bar = bar(tasks.len() as u64);
    let mut all = Vec::new();
    for task in tasks {
        let tell = |what: &str| bar.set_message(format!("{} {what}", task.call));
        let graded = bench.grade(task, &candidate, &tell)?;
        progress.record(task, &candidate, &graded)?;
        all.push(graded);
        bar.inc(1);
        if watch::is_interrupted() {
            return Err(Failure::silent(130));
        }
    }
    bar.finish_and_clear();
    table(&all);
    let folder = folder(&scene, settings);
    results::write(&folder, &all, &notes)?;
    notes.iter().for_each(ui::note);
    ui::note(format_args!(
        "tested on {}, seed={}; written to {}",
        base.name,
        scene.seed,
        folder.display()
    ));
    if all.iter().all(Graded::is_solved) { Ok(()) } else { Err(Failure::silent(1)) }
}

/// Where the files go.
fn folder(scene: &Scene, settings: &Settings) -> PathBuf {
    let usual = || scene.workspace.target_folder().join("strata/grade");
    settings.get("file").map_or_else(usual, |folder| scene.workspace.root.join(folder))
}

/// Something that a person may watch while it goes on.
pub fn bar(length: u64) -> ProgressBar {
    let bar = if ui::is_watched() { ProgressBar::new(length) } else { ProgressBar::hidden() };
    bar.set_length(length);
    let style = ProgressStyle::with_template("{spinner} {pos}/{len} {msg} {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(std::time::Duration::from_millis(100));
    bar
}

fn table(all: &[Graded]) {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["", "title", "points", "outcome"]);
    for one in all {
        let reason: String = one.reason().chars().take(100).collect();
        let points = format!("{}/{}", one.points, one.out_of);
        table.add_row([&one.call, &one.title, &points, &reason]);
    }
    let (points, out_of) = results::total(all);
    anstream::println!("{table}\n\n{points} of {out_of} points");
}
