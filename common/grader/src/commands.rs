//! The commands, by the names that `tutor` calls them.

use std::ffi::OsString;

use tutor::failure::{Failure, Result};
use tutor::settings::Settings;
use tutor::ui;
use tutor::watch;

use crate::candidate::Candidate;
use crate::progress::Progress;
use crate::scene::Scene;
use crate::task::Task;
use crate::verdict::Graded;
use crate::{class, confine, course, grade, list, museum, one, pristine, prove, show, watch_files};

/// A command, the settings it knows, and what it does.
type Command = (&'static str, &'static [&'static str], fn(&Settings) -> Result<()>);

const COMMANDS: &[Command] = &[
    ("test", &["exercise", "chapter", "bug", "arch", "seed", "base"], test),
    ("exercises", &["chapter"], list::exercises),
    ("watch", &["exercise", "chapter", "arch", "seed", "base"], watch_files::watch),
    ("progress", &[], list::progress),
    ("hint", &["exercise", "chapter", "bug"], list::hint),
    ("grade", &["chapter", "arch", "seed", "base", "file"], grade::grade),
    ("grade-all", &["file", "chapter", "arch", "seed", "jobs"], class::grade_all),
    ("course", &["file"], course::course),
    ("grade-one", &["task", "fork", "slot", "arch", "seed"], one::grade_one),
    (
        "run",
        &["chapter", "bug", "arch", "mem", "cpus", "gic", "timeout", "bootargs", "args"],
        museum::run,
    ),
    ("prove", &["chapter", "only", "arch", "seed"], prove::prove),
];

/// Does what `words` ask for.
pub fn execute(words: &[OsString]) -> Result<()> {
    let Some((name, words)) = words.split_first() else {
        return Err(Failure::usage("a command is missing; this program is started by `make`"));
    };
    if name == "confined" {
        return confine::become_confined(words);
    }
    let name = name.to_string_lossy();
    let Some((_, known, run)) = COMMANDS.iter().find(|command| command.0 == name) else {
        return Err(Failure::usage(format!("{name}: there is no such command")));
    };
    watch::catch_signals()?;
    let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    run(&Settings::read(&words, known)?)
}

/// Tests a student's files of one task.
fn test(settings: &Settings) -> Result<()> {
    let scene = Scene::open(settings)?;
    let task = scene.task(settings)?;
    scene.require()?;
    let graded = test_one(&scene, settings, task)?;
    if graded.is_solved() { Ok(()) } else { Err(Failure::silent(1)) }
}

/// Tests a student's files of `task`, shows what came of it, and remembers it.
pub fn test_one(scene: &Scene, settings: &Settings, task: &Task) -> Result<Graded> {
    let root = &scene.workspace.root;
    let base = pristine::base(scene, settings, &[task])?;
    let bench = scene.bench(&base.path, "exercise")?;
    let candidate = Candidate::Repository(root.clone());
    let bar = grade::bar(1);
    let tell = |what: &str| bar.set_message(format!("{} {what}", task.call));
    let graded = bench.grade(task, &candidate, &tell)?;
    bar.finish_and_clear();
    show::graded(&graded);
    if let Some(note) = pristine::note(&pristine::others(root, &base.path, &scene.tasks)?) {
        ui::note(format_args!("{note} (tested on {})", base.name));
    }
    Progress::read(root).record(task, &candidate, &graded)?;
    Ok(graded)
}
