//! Grades the grader: the starter of every task must fail as one that was not started, the solution
//! must pass, and every wrong solution must fail and get its own hint.
//!
//! What is found is printed as `cargo test` prints it, so that who runs this reads it likewise.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use tutor::failure::{Failure, Result};
use tutor::settings::Settings;
use tutor::watch;

use crate::agenda::Agenda;
use crate::answer;
use crate::bench::Bench;
use crate::candidate::{Candidate, SOLUTION};
use crate::course;
use crate::hostile;
use crate::mistake;
use crate::scene::Scene;
use crate::task::{Task, Wrong};
use crate::verdict::{Graded, Kind, Outcome};

/// Wrong solutions that an exercise has at least.
const WRONGS: usize = 3;

/// Steps of a ladder of hints.
const HINTS: usize = 3;

/// What a test came to; the error is why it failed.
type Finding = std::result::Result<(), String>;

/// Something to try.
struct Trial<'a> {
    task: &'a Task,
    role: Role<'a>,
    candidate: Candidate,
}

/// Proves the tasks whose name has `only=` in it: those of a chapter, or all, and then also that no
/// fork gets what it has not earned.
pub fn prove(settings: &Settings) -> Result<()> {
    let scene = Scene::open(settings)?;
    let only = settings.get("only").unwrap_or_default();
    let mut tasks = scene.tasks_of(settings)?;
    tasks.retain(|task| task.name.contains(only));
    let has_forks = settings.get("chapter").is_none() && HOSTILE.contains(only);
    scene.require()?;
    let proof = Mutex::new(Proof::default());
    if !course::is_course(&scene.workspace.root) {
        for task in &tasks {
            lock(&proof).say(&task.name, "is complete", is_complete(&scene, task));
        }
    }
    let trials: Vec<Vec<Trial>> = tasks.iter().map(|task| trials(&scene, task)).collect();
    thread::scope(|scope| {
        // They are graded one after the other: by themselves they would leave processors idle.
        let forks = scope.spawn(|| if has_forks { try_forks(&scene, &proof) } else { Ok(()) });
        let tried = try_all(&scene, trials, &proof);
        tried.and(forks.join().expect("it does not panic"))
    })?;
    proof.into_inner().unwrap_or_else(PoisonError::into_inner).end()
}

/// Tries the hostile forks.
fn try_forks(scene: &Scene, proof: &Mutex<Proof>) -> Result<()> {
    for (name, finding) in hostile::prove(scene)? {
        lock(proof).say(HOSTILE, &format!("{name} gets what it has earned"), finding);
    }
    Ok(())
}

/// Tries everything, as much at once as there are processors, each in a tree of its own.
fn try_all(scene: &Scene, trials: Vec<Vec<Trial>>, proof: &Mutex<Proof>) -> Result<()> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let slots = 0..cores.min(trials.iter().map(Vec::len).sum());
    let agenda = Agenda::new(trials);
    let work = |slot: usize| -> Result<()> {
        let bench = scene.bench(&scene.workspace.root, &format!("proof-{slot}"))?;
        let mut place = None;
        while let Some(trial) = agenda.next(&mut place) {
            if watch::is_interrupted() {
                return Err(Failure::silent(130));
            }
            let finding = prove_one(&bench, &trial);
            lock(proof).say(&trial.task.name, &trial.role.name(), finding);
        }
        Ok(())
    };
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = slots.map(|slot| scope.spawn(move || work(slot))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("it does not panic"))
    })
}

fn lock(proof: &Mutex<Proof>) -> MutexGuard<'_, Proof> {
    proof.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the proof about forks is called.
const HOSTILE: &str = "hostile forks";

/// What a candidate is, and so what must come of it.
enum Role<'a> {
    Starter,
    Solution,
    Wrong(&'a Wrong),
    /// A wrong answer to a bug's question.
    WrongCause,
}

impl Role<'_> {
    fn name(&self) -> String {
        match self {
            Self::Starter => "the starter is not started".into(),
            Self::Solution => "the solution passes".into(),
            Self::Wrong(wrong) => format!("{} ({}) gets its hint", wrong.name, wrong.mistake),
            Self::WrongCause => "it is seen, and a wrong cause is refused".into(),
        }
    }
}

/// All that must be tried of `task`.
///
/// All on every machine: which promises a mistake breaks may hang on where a machine has its
/// memory, and a student gets the hint for what breaks on all of them together.
fn trials<'a>(scene: &Scene, task: &'a Task) -> Vec<Trial<'a>> {
    let root = &scene.workspace.root;
    let reference = |part: &str| Candidate::Reference(root.clone(), part.into());
    let trial = |role, candidate| Trial { task, role, candidate };
    let mut trials = vec![trial(Role::Starter, Candidate::Repository(root.clone()))];
    if course::is_course(root) {
        return trials;
    }
    trials.push(trial(Role::Solution, reference(SOLUTION)));
    for wrong in &task.about.wrongs {
        let candidate = Candidate::Mistaken(root.clone(), wrong.name.clone());
        trials.push(trial(Role::Wrong(wrong), candidate));
    }
    if task.is_bug {
        trials.push(trial(Role::WrongCause, reference("wrong-cause")));
    }
    trials
}

fn prove_one(bench: &Bench, trial: &Trial) -> Finding {
    let graded = bench.grade(trial.task, &trial.candidate, &|_| {});
    let graded = graded.map_err(|failure| failure.message)?;
    match trial.role {
        Role::Starter => is_not_started(&graded),
        Role::Solution => is_solved(&graded),
        Role::Wrong(wrong) => gets_its_hint(&graded, wrong),
        Role::WrongCause => is_all_broken(&graded),
    }
}

fn is_not_started(graded: &Graded) -> Finding {
    match &graded.outcome {
        Outcome::Broken(Kind::NotStarted) => Ok(()),
        _ => Err(format!("it should be a kernel with holes, but {}", explain(graded))),
    }
}

fn is_solved(graded: &Graded) -> Finding {
    if graded.is_solved() { Ok(()) } else { Err(explain(graded)) }
}

fn gets_its_hint(graded: &Graded, wrong: &Wrong) -> Finding {
    if let Outcome::Refused(why) = &graded.outcome {
        return Err(why.clone());
    }
    match &graded.hint {
        _ if graded.is_solved() => Err("it passes, and no test sees what is wrong with it".into()),
        Some((name, _)) if *name == wrong.name => Ok(()),
        Some((name, _)) => Err(format!("it gets the hint of {name}\n{}", explain(graded))),
        None => Err(format!("it gets no hint\n{}", explain(graded))),
    }
}

/// Whether the bug is seen, and a wrong cause is not taken for the right one.
fn is_all_broken(graded: &Graded) -> Finding {
    match graded.promises.iter().find(|tried| tried.broken.is_empty()) {
        None => Ok(()),
        Some(kept) if kept.name == answer::PROMISE => Err("a wrong cause is taken".into()),
        Some(kept) => Err(format!("the bug does not break {}", kept.name)),
    }
}

/// What came of a candidate, for whoever writes the exercise.
fn explain(graded: &Graded) -> String {
    if let Outcome::DidNotCompile(said) = &graded.outcome {
        return format!("it does not compile\n{said}");
    }
    let broken: Vec<&str> = graded
        .promises
        .iter()
        .filter(|tried| !tried.broken.is_empty())
        .map(|tried| tried.name.as_str())
        .collect();
    format!("{}\nbreaks = {broken:?}", graded.reason())
}

/// Whether all parts of `task` are there.
fn is_complete(scene: &Scene, task: &Task) -> Finding {
    let folder = scene.workspace.root.join(&task.folder);
    let read = |name: &str| {
        std::fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"))
    };
    let statement = read("README.md")?;
    if !statement.starts_with("# ") || statement.lines().count() < 5 {
        return Err("README.md: the statement begins with a title and says what to do".into());
    }
    let hints = read("hints.md")?.lines().filter(|line| line.starts_with("## ")).count();
    if hints != HINTS {
        return Err(format!("hints.md has {hints} steps, each a `## ` heading, and not {HINTS}"));
    }
    if task.about.points == 0 {
        return Err("points = 0: it is worth nothing".into());
    }
    if task.is_bug {
        return is_answered(scene, task);
    }
    if task.about.wrongs.len() < WRONGS {
        let few = task.about.wrongs.len();
        return Err(format!("it has {few} wrong solutions, and not {WRONGS} or more"));
    }
    match mistake::unnamed(&folder, &task.about.wrongs) {
        Some(name) => Err(format!("wrong/{name}: exercise.toml has no [[wrong]] of this name")),
        None => Ok(()),
    }
}

/// Whether the bug's question has one answer, and the solution gives it.
fn is_answered(scene: &Scene, task: &Task) -> Finding {
    let candidate = Candidate::Reference(scene.workspace.root.clone(), SOLUTION.into());
    let given = candidate.answer(task).and_then(|text| answer::read(&text));
    let Some(given) = given.filter(|cause| (1..=task.about.causes.len()).contains(cause)) else {
        return Err("solution/answer.toml does not name one of the causes".into());
    };
    match answer::right(task) {
        Some(right) if right == given => Ok(()),
        _ => {
            Err(format!("the answer's digest must be: answer = {:?}", answer::digest(task, given)))
        }
    }
}

/// What has been proved so far.
#[derive(Default)]
struct Proof {
    passed: usize,
    failed: Vec<(String, String)>,
}

impl Proof {
    fn say(&mut self, about: &str, what: &str, finding: Finding) {
        let name = format!("{about}: {what}");
        match finding {
            Ok(()) => {
                println!("test {name} ... ok");
                self.passed += 1;
            }
            Err(why) => {
                println!("test {name} ... FAILED");
                self.failed.push((name, why));
            }
        }
    }

    fn end(self) -> Result<()> {
        println!("\nfailures:");
        for (name, why) in &self.failed {
            println!("\n---- {name} stdout ----\n{why}");
        }
        println!("\n{} passed, {} failed", self.passed, self.failed.len());
        if self.failed.is_empty() { Ok(()) } else { Err(Failure::silent(1)) }
    }
}
