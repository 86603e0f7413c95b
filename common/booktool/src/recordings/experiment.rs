//! An experiment: a small change to a kernel, and what to do then to see what it does.
//!
//! It is a file, `book/src/broken/NN-name.toml`, so that a page and a recording speak of the same
//! change. A machine on which the change looks different has an edit of its own; one on which there
//! is nothing to see is left out.

use std::path::Path;

use build_support::Config;
use serde::Deserialize;
use workshop::Edit;

use crate::Result;

/// Where experiments are kept, from the root of the repository.
const FOLDER: &str = "book/src/broken";

/// An experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// The chapter whose kernel is changed, counted from 1.
    pub chapter: usize,
    /// Its name, such as `no-way-across`.
    pub name: String,
    /// What it is called on a page.
    pub title: String,
    /// What is run, one after the other.
    runs: Vec<Run>,
    /// Whether the kernel is not to compile.
    pub is_refused: bool,
    /// On which machines.
    pub machines: Vec<String>,
    edits: Vec<EditOnMachine>,
}

/// Something that a reader types: `make`, a command and its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The command.
    pub command: Command,
    /// Its settings, such as `mem=6G`, apart from chapter and machine.
    pub settings: Vec<String>,
    /// The only machine on which it is run.
    arch: Option<String>,
}

/// A command of `make`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `make run`
    Run,
    /// `make test`, as far as it is about the tests inside the kernel.
    Test,
}

impl Run {
    /// Reads words such as `run arch=x86_64 mem=6G`.
    fn parse(text: &str) -> Result<Self> {
        let mut words = text.split_ascii_whitespace();
        let command = match words.next() {
            Some("run") => Command::Run,
            Some("test") => Command::Test,
            _ => return Err(format!("`{text}`: must begin with run or test")),
        };
        let (mut settings, mut arch) = (Vec::new(), None);
        for word in words {
            match word.split_once('=') {
                Some(("arch", name)) => arch = Some(name.to_string()),
                Some(_) => settings.push(word.to_string()),
                None => return Err(format!("`{text}`: settings look like name=value")),
            }
        }
        Ok(Self { command, settings, arch })
    }
}

/// An experiment's file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    title: String,
    runs: Vec<String>,
    #[serde(default)]
    is_refused: bool,
    machines: Option<Vec<String>>,
    /// None if the kernel as it is has something to show.
    #[serde(rename = "edit", default)]
    edits: Vec<EditOnMachine>,
}

/// An edit, on one machine or on all.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct EditOnMachine {
    arch: Option<String>,
    file: String,
    find: String,
    replace: String,
}

impl Experiment {
    /// The edits to be made on `arch`.
    pub fn edits(&self, arch: &str) -> Vec<Edit> {
        let is_here = |edit: &&EditOnMachine| edit.arch.as_deref().is_none_or(|only| only == arch);
        let plain = |edit: &EditOnMachine| Edit {
            file: edit.file.clone(),
            find: edit.find.clone(),
            replace: edit.replace.clone(),
        };
        self.edits.iter().filter(is_here).map(plain).collect()
    }

    /// Whether some edit is made on one machine only.
    pub fn differs_by_machine(&self) -> bool {
        self.edits.iter().any(|edit| edit.arch.is_some())
    }

    /// What is run on `arch`.
    pub fn runs(&self, arch: &str) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(move |run| run.arch.as_deref().is_none_or(|only| only == arch))
    }

    /// What a reader types for `run` on `arch`.
    pub fn typed(&self, run: &Run, arch: &str) -> String {
        let command = match run.command {
            Command::Run => "run",
            Command::Test => "test",
        };
        let settings: String = run.settings.iter().map(|setting| format!(" {setting}")).collect();
        format!("make chapter={} arch={arch}{settings} {command}", self.chapter)
    }

    /// The name of its recording on `arch`.
    pub fn recording(&self, arch: &str) -> String {
        format!("broken/{:02}-{}-{arch}", self.chapter, self.name)
    }

    /// Reads `text`, the contents of `file`.
    fn read(file: &str, text: &str, config: &Config) -> Result<Self> {
        let wrong = |why: String| format!("{FOLDER}/{file}: {why}");
        let written: Written = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let stem = file.strip_suffix(".toml").unwrap_or(file);
        let named = stem.split_once('-').and_then(|(chapter, name)| {
            let chapter = chapter.parse().ok()?;
            (1..=config.chapters.len()).contains(&chapter).then_some((chapter, name))
        });
        let (chapter, name) = named
            .ok_or_else(|| wrong("its name must begin with a chapter's number, as 03-".into()))?;
        let machines = config.machines.keys().cloned().collect();
        let experiment = Self {
            chapter,
            name: name.into(),
            title: written.title,
            runs: written
                .runs
                .iter()
                .map(|run| Run::parse(run))
                .collect::<Result<_>>()
                .map_err(&wrong)?,
            is_refused: written.is_refused,
            machines: written.machines.unwrap_or(machines),
            edits: written.edits,
        };
        experiment.check(config).map_err(wrong)?;
        Ok(experiment)
    }

    fn check(&self, config: &Config) -> Result<()> {
        let edited = self.edits.iter().filter_map(|edit| edit.arch.as_ref());
        let run = self.runs.iter().filter_map(|run| run.arch.as_ref());
        let named = edited.chain(run).chain(&self.machines);
        let is_known = |arch: &&String| config.machines.contains_key(*arch);
        if let Some(arch) = named.into_iter().find(|arch| !is_known(arch)) {
            let known: Vec<&str> = config.machines.keys().map(String::as_str).collect();
            return Err(format!("`{arch}`: no such machine; choose from {}", known.join(", ")));
        }
        let is_idle = |arch: &&String| !self.edits.is_empty() && self.edits(arch).is_empty();
        match self.machines.iter().find(is_idle) {
            Some(arch) => Err(format!("it changes nothing on {arch}")),
            None if self.machines.is_empty() => Err("it has no machine".into()),
            None => match self.machines.iter().find(|arch| self.runs(arch).next().is_none()) {
                Some(arch) => Err(format!("it runs nothing on {arch}")),
                None => Ok(()),
            },
        }
    }
}

/// All experiments, in the order of their files' names.
pub fn all(root: &Path, config: &Config) -> Result<Vec<Experiment>> {
    let Ok(entries) = std::fs::read_dir(root.join(FOLDER)) else { return Ok(Vec::new()) };
    let mut files: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    files.sort();
    files.iter().map(|file| from_file(root, file, config)).collect()
}

/// The experiment `name` of chapter `index`, counted from 0.
pub fn experiment(root: &Path, config: &Config, index: usize, name: &str) -> Result<Experiment> {
    let file = format!("{:02}-{name}.toml", index + 1);
    if root.join(FOLDER).join(&file).is_file() {
        return from_file(root, &file, config);
    }
    let others = all(root, config)?;
    let others = others.iter().filter(|other| other.chapter == index + 1);
    let others: Vec<&str> = others.map(|other| other.name.as_str()).collect();
    let there = match others.as_slice() {
        [] => "the chapter has none".into(),
        names => format!("choose from {}", names.join(", ")),
    };
    Err(format!("there is no experiment {FOLDER}/{file}; {there}"))
}

fn from_file(root: &Path, file: &str, config: &Config) -> Result<Experiment> {
    let path = root.join(FOLDER).join(file);
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {FOLDER}/{file}: {error}"))?;
    Experiment::read(file, &text, config)
}

#[cfg(test)]
mod tests;
