//! `make watch`: tests an exercise again whenever one of its files is saved.
//!
//! Keys are taken one by one: h for the next hint, n for the next exercise, q to end.

use std::io::{IsTerminal, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use notify_debouncer_full::notify::{EventKind, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, new_debouncer};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tutor::failure::{Failure, Result};
use tutor::settings::Settings;
use tutor::ui::{self, DIM, styled};
use tutor::watch;

use crate::candidate::Candidate;
use crate::commands::test_one;
use crate::list;
use crate::progress::Progress;
use crate::scene::Scene;
use crate::task::{self, Task};

/// How long files must be left alone after a save.
const QUIET: Duration = Duration::from_millis(150);

/// How often it is asked whether to end.
const GLANCE: Duration = Duration::from_millis(200);

/// What happens.
enum News {
    Saved,
    Key(u8),
}

/// What to do after an exercise has been watched.
enum Next {
    Exercise,
    End,
}

/// Watches the exercise that `settings` name, or the first that is not solved.
pub fn watch(settings: &Settings) -> Result<()> {
    let scene = Scene::open(settings)?;
    scene.require()?;
    let named = task::exercise(&scene.tasks, settings)?;
    let (tell, news) = channel();
    let _terminal = listen(tell.clone());
    let mut task = match named {
        Some(task) => task,
        None => next(&scene, settings, None)?,
    };
    while let Next::Exercise = watch_one(&scene, settings, task, &tell, &news)? {
        task = next(&scene, settings, Some(task))?;
    }
    Ok(())
}

/// The first exercise behind `last` that is not solved; behind the last one comes the first.
fn next<'a>(scene: &'a Scene, settings: &Settings, last: Option<&Task>) -> Result<&'a Task> {
    let tasks = scene.tasks_of(settings)?;
    let exercises: Vec<&Task> = tasks.into_iter().filter(|task| !task.is_bug).collect();
    let at = exercises.iter().position(|task| last.is_some_and(|last| last.name == task.name));
    let start = at.map_or(0, |at| at + 1);
    let progress = Progress::read(&scene.workspace.root);
    let candidate = Candidate::Repository(scene.workspace.root.clone());
    let mut round = exercises.iter().cycle().skip(start).take(exercises.len());
    let open = round.find(|task| !progress.state(task, &candidate).is_solved());
    open.copied().ok_or_else(|| Failure::failed("all exercises are solved: nothing to watch"))
}

/// Tests `task`, and again on each save, until a key ends it.
fn watch_one(
    scene: &Scene,
    settings: &Settings,
    task: &Task,
    tell: &Sender<News>,
    news: &Receiver<News>,
) -> Result<Next> {
    let folder = scene.workspace.root.join(&task.folder);
    let _watcher = watch_folder(&folder, tell.clone())?;
    test(scene, settings, task)?;
    loop {
        match news.recv_timeout(GLANCE) {
            Ok(News::Saved) => test(scene, settings, task)?,
            Ok(News::Key(b'h')) => list::show_hint(scene, task)?,
            Ok(News::Key(b'n')) => return Ok(Next::Exercise),
            Ok(News::Key(b'q')) | Err(RecvTimeoutError::Disconnected) => return Ok(Next::End),
            Ok(News::Key(_)) | Err(RecvTimeoutError::Timeout) => {}
        }
        if watch::is_interrupted() {
            return Err(Failure::silent(130));
        }
    }
}

fn test(scene: &Scene, settings: &Settings, task: &Task) -> Result<()> {
    test_one(scene, settings, task)?;
    let files = task.files().into_iter().map(|(source, _)| source).collect::<Vec<_>>().join(", ");
    let keys = "h hint, n next, q quit";
    anstream::eprintln!("\n{}", styled(DIM, format_args!("watching {files}; {keys}")));
    Ok(())
}

/// Tells when a file of `folder` was written, as long as the result is kept.
fn watch_folder(folder: &Path, tell: Sender<News>) -> Result<impl Sized> {
    let cannot = |error: notify_debouncer_full::notify::Error| {
        Failure::failed(format!("cannot watch {}: {error}", folder.display()))
    };
    let hear = move |result: DebounceEventResult| {
        let is_write = |kind: &EventKind| !matches!(kind, EventKind::Access(_));
        if result.is_ok_and(|events| events.iter().any(|event| is_write(&event.kind))) {
            // Whoever watched may have ended.
            let _ = tell.send(News::Saved);
        }
    };
    let mut debouncer = new_debouncer(QUIET, None, hear).map_err(cannot)?;
    debouncer.watch(folder, RecursiveMode::Recursive).map_err(cannot)?;
    Ok(debouncer)
}

/// A terminal that gives each key at once; as it was before, when this is dropped.
struct Terminal(Termios);

impl Drop for Terminal {
    fn drop(&mut self) {
        // A terminal that has gone away needs nothing.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.0);
    }
}

/// Tells of keys.
fn listen(tell: Sender<News>) -> Option<Terminal> {
    let terminal = std::io::stdin().is_terminal().then(|| tcgetattr(std::io::stdin()).ok());
    let terminal = terminal.flatten().map(|before| {
        let mut modes = before.clone();
        modes.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &modes);
        Terminal(before)
    });
    if terminal.is_none() {
        ui::note("no terminal: keys are read with the line that they are on");
    }
    thread::spawn(move || {
        for key in std::io::stdin().lock().bytes().map_while(std::result::Result::ok) {
            if tell.send(News::Key(key)).is_err() {
                return;
            }
        }
    });
    terminal
}
