//! What a student is asked to do: an exercise, or a bug to find.
//!
//! Both are folders of a chapter, with a file that describes them; what differs is where their
//! files go. An exercise's file is written where it is. A bug is made by edits of the chapter, and
//! is mended in copies of the edited files, so that the chapter itself stays whole.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tutor::failure::{Failure, Result};
use tutor::settings::Settings;
use workshop::Edit;

/// Where a student mends a bug, in the bug's folder.
pub const MENDED: &str = "mine";

/// Something to do.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its name: the chapter's number and its own, such as `02-buddy`.
    pub name: String,
    /// What it is called in a command, such as `2.1`, or `chapter=2 bug=bss`.
    pub call: String,
    /// The chapter's index.
    pub chapter: usize,
    /// Its folder, from the root of the repository.
    pub folder: String,
    /// What its file says.
    pub about: About,
    /// Whether it is a bug, and no exercise.
    pub is_bug: bool,
}

/// What is said of every task.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// A few words.
    pub title: String,
    /// What it is worth.
    pub points: u32,
    /// 1 to 3.
    pub difficulty: u8,
    /// The files that a student writes, from the folder; of a bug, from the chapter's folder.
    pub files: Vec<String>,
    /// The machines on which it is tested; all, if none is named.
    #[serde(default)]
    pub machines: Vec<String>,
    /// What the solution keeps.
    #[serde(rename = "promise")]
    pub promises: Vec<Promise>,
    /// Mistakes that people make.
    #[serde(default, rename = "wrong")]
    pub wrongs: Vec<Wrong>,
    /// Of a bug: the changes of the chapter that make it.
    #[serde(default, rename = "edit")]
    pub edits: Vec<Edit>,
    /// Of a bug: what the cause may be, for the student to choose from.
    #[serde(default)]
    pub causes: Vec<String>,
    /// Of a bug: a digest of which of them it is. (See `answer.rs`.)
    #[serde(default)]
    pub answer: String,
}

/// Something that a solution keeps.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// Its name.
    pub name: String,
    /// It, in a sentence.
    pub says: String,
    /// The kernel's tests of it: a name, or with `::` a part of a path. Without them, its name.
    pub kernel: Option<Vec<String>>,
    /// The properties that are tried on the host.
    #[serde(default)]
    pub host: Vec<String>,
    /// Whether the tables of the kernel, once it has ended, are walked from outside.
    #[serde(default)]
    pub walked: bool,
}

/// A wrong solution, and what to say to whoever has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrong {
    /// Its file below `wrong/`, without the ending: the edits that make it of the solution.
    pub name: String,
    /// What is wrong with it, in a few words.
    pub mistake: String,
    /// The promises that it breaks, all of them.
    pub breaks: Vec<String>,
    /// Words that must be in what is said of the failure, where another mistake breaks the same.
    #[serde(default)]
    pub words: Vec<String>,
    /// What helps.
    pub hint: String,
}

impl Promise {
    /// Whether the kernel's test `name` is one of this promise.
    pub fn has_test(&self, name: &str) -> bool {
        self.kernel_tests().iter().any(|wanted| match wanted.contains("::") {
            true => name.contains(wanted.as_str()),
            false => name.rsplit("::").next() == Some(wanted),
        })
    }

    /// What the kernel's tests of it are called.
    pub fn kernel_tests(&self) -> Vec<String> {
        self.kernel.clone().unwrap_or_else(|| vec![self.name.clone()])
    }
}

impl Task {
    /// Reads the task in `folder`, which is below `root`.
    fn read(root: &Path, chapter: usize, folder: &str, file: &str) -> Result<Self> {
        let path = format!("{folder}/{file}");
        let text = std::fs::read_to_string(root.join(&path))
            .map_err(|error| Failure::io("read", &root.join(&path), &error))?;
        let wrong = |what: String| Failure::usage(format!("{path}: {what}"));
        let about: About = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            Failure::usage(format!("{path}:{line}: {}", error.message().replace('\n', ", ")))
        })?;
        let own = folder.rsplit('/').next().unwrap_or_default();
        let is_bug = !about.edits.is_empty();
        let (call, own) = match own.split_once('-') {
            _ if is_bug => (format!("chapter={} bug={own}", chapter + 1), own),
            Some((number, own)) => (format!("{}.{number}", chapter + 1), own),
            None => return Err(wrong("the folder must be named like 1-buddy".into())),
        };
        about.validate().map_err(wrong)?;
        let name = format!("{:02}-{own}", chapter + 1);
        Ok(Self { name, call, chapter, folder: folder.into(), about, is_bug })
    }

    /// Where the student's files are, and where they go, both from the root of the repository.
    pub fn files(&self) -> Vec<(String, String)> {
        let chapter = self.folder.splitn(3, '/').take(2).collect::<Vec<_>>().join("/");
        let place = |file: &String| match self.is_bug {
            false => (format!("{}/{file}", self.folder), format!("{}/{file}", self.folder)),
            true => (format!("{}/{MENDED}/{file}", self.folder), format!("{chapter}/{file}")),
        };
        self.about.files.iter().map(place).collect()
    }

    /// The machines on which it is tested, of all that there are.
    pub fn is_for(&self, arch: &str) -> bool {
        self.about.machines.is_empty() || self.about.machines.iter().any(|name| name == arch)
    }
}

impl About {
    fn validate(&self) -> Result<(), String> {
        if !(1..=3).contains(&self.difficulty) {
            return Err(format!("difficulty is {}, must be 1 to 3", self.difficulty));
        }
        let known: Vec<&str> = self.promises.iter().map(|one| one.name.as_str()).collect();
        if known.is_empty() || self.files.is_empty() {
            return Err("it has no promise, or no file".into());
        }
        for (wrong, name) in
            self.wrongs.iter().flat_map(|it| it.breaks.iter().map(move |name| (it, name)))
        {
            if !known.contains(&name.as_str()) {
                let known = known.join(", ");
                return Err(format!("{} breaks `{name}`: choose from {known}", wrong.name));
            }
        }
        Ok(())
    }
}

/// All tasks below `root`, the exercises of a chapter before its bugs. `chapters` are its chapters'
/// folders.
pub fn all(root: &Path, chapters: &[&str]) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for (index, chapter) in chapters.iter().enumerate() {
        for (part, file) in [("exercises", "exercise.toml"), ("bugs", "bug.toml")] {
            let folder = format!("chapters/{chapter}/{part}");
            for name in folders(&root.join(&folder)) {
                if root.join(&folder).join(&name).join(file).is_file() {
                    tasks.push(Task::read(root, index, &format!("{folder}/{name}"), file)?);
                }
            }
        }
    }
    Ok(tasks)
}

fn folders(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let folders: Vec<PathBuf> = entries.map(|it| it.path()).filter(|it| it.is_dir()).collect();
    let name = |it: PathBuf| it.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut names: Vec<String> = folders.into_iter().map(name).collect();
    names.sort();
    names
}

/// The task that `exercise=` names: `4.2`, `04-coalesce` or `coalesce`.
pub fn exercise<'a>(tasks: &'a [Task], settings: &Settings) -> Result<Option<&'a Task>> {
    let Some(wanted) = settings.get("exercise") else {
        return Ok(None);
    };
    let exercises = || tasks.iter().filter(|task| !task.is_bug);
    let is_wanted = |task: &&Task| {
        task.call == wanted
            || task.name == wanted
            || task.name.split_once('-').is_some_and(|(_, own)| own == wanted)
    };
    match exercises().find(is_wanted) {
        Some(task) => Ok(Some(task)),
        None => {
            let all = exercises().map(|task| format!("{} ({})", task.call, task.name));
            Err(Failure::not_one_of("exercise", wanted, all))
        }
    }
}
