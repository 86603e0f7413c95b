//! `make exercises`, `make progress`, `make hint`: what there is to do, how far it is, what helps.

use comfy_table::{Cell, ContentArrangement, Table, presets};
use tutor::failure::{Failure, Result};
use tutor::settings::Settings;
use tutor::ui::{self, DIM, GOOD, STRONG, styled};

use crate::candidate::Candidate;
use crate::progress::{Progress, State};
use crate::scene::Scene;
use crate::task::Task;

/// Lists the tasks of a chapter, or of all.
pub fn exercises(settings: &Settings) -> Result<()> {
    let scene = Scene::open(settings)?;
    let tasks = scene.tasks_of(settings)?;
    if tasks.is_empty() {
        let chapter = settings.get("chapter").unwrap_or_default();
        return Err(Failure::usage(format!("chapter={chapter}: it has no exercises yet")));
    }
    let states = states(&scene, &tasks);
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["", "title", "difficulty", "points", "state"]);
    for (task, state) in tasks.iter().zip(&states) {
        let stars = "*".repeat(task.about.difficulty.into());
        let cells = [&task.call, &task.about.title, &stars, &task.about.points.to_string()];
        let words = if state.is_solved() { styled(GOOD, "solved") } else { state.words() };
        table.add_row(cells.map(Cell::new).into_iter().chain([Cell::new(words)]));
    }
    anstream::println!("{table}");
    if let Some((task, _)) = tasks.iter().zip(&states).find(|(_, state)| !state.is_solved()) {
        anstream::println!("\nNext: {}/README.md", task.folder);
        let command = match task.is_bug {
            true => format!("make {} run", task.call),
            false => format!("make exercise={} test", task.call),
        };
        anstream::println!("      {}", styled(STRONG, command));
    }
    Ok(())
}

/// Says how far all chapters are.
pub fn progress(settings: &Settings) -> Result<()> {
    let scene = Scene::open(settings)?;
    let tasks: Vec<&Task> = scene.tasks.iter().collect();
    let states = states(&scene, &tasks);
    let mut total = (0, 0);
    for (index, chapter) in scene.workspace.config.chapters.iter().enumerate() {
        let own: Vec<_> = tasks.iter().zip(&states).filter(|it| it.0.chapter == index).collect();
        if own.is_empty() {
            continue;
        }
        let solved = own.iter().filter(|(_, state)| state.is_solved());
        let points: u32 = solved.clone().map(|(task, _)| task.about.points).sum();
        let all: u32 = own.iter().map(|(task, _)| task.about.points).sum();
        let bar: String = own.iter().map(|it| if it.1.is_solved() { '#' } else { '.' }).collect();
        let (count, folder) = (solved.count(), &chapter.folder);
        anstream::println!(
            "{folder:14} {bar:8} {count}/{} solved, {points}/{all} points",
            own.len()
        );
        total = (total.0 + points, total.1 + all);
    }
    anstream::println!("{:14} {:8} {}/{} points", "", "", total.0, total.1);
    Ok(())
}

fn states(scene: &Scene, tasks: &[&Task]) -> Vec<State> {
    let progress = Progress::read(&scene.workspace.root);
    let candidate = Candidate::Repository(scene.workspace.root.clone());
    tasks.iter().map(|task| progress.state(task, &candidate)).collect()
}

/// Shows the next hint of a task.
pub fn hint(settings: &Settings) -> Result<()> {
    let scene = Scene::open(settings)?;
    show_hint(&scene, scene.task(settings)?)
}

/// Shows the next hint of `task`.
pub fn show_hint(scene: &Scene, task: &Task) -> Result<()> {
    let path = scene.workspace.root.join(&task.folder).join("hints.md");
    let text = std::fs::read_to_string(&path).map_err(|e| Failure::io("read", &path, &e))?;
    let hints: Vec<&str> = text.split("## ").skip(1).collect();
    if hints.is_empty() {
        return Err(Failure::failed(format!("{} has no hints", task.call)));
    }
    let index = Progress::read(&scene.workspace.root).next_hint(task, hints.len())?;
    let (title, text) = hints[index].split_once('\n').unwrap_or((hints[index], ""));
    let number = styled(DIM, format_args!("{} of {}", index + 1, hints.len()));
    anstream::println!("{} {number}\n\n{}", styled(STRONG, title), text.trim());
    if index + 1 == hints.len() {
        ui::note("this was the last hint");
    }
    Ok(())
}
