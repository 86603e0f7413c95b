//! A recorded experiment, taken apart into the commands that were typed and what each has printed.

use std::path::Path;

use super::experiment::{Command, Experiment, Run};
use super::trial::PROMPT;
use super::{console, file_of, kept, shorten};
use crate::Result;

/// A command that was typed, and what it printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// The command.
    pub command: String,
    /// What it printed, without what the unbroken kernel prints too.
    pub output: String,
}

/// What `experiment` ends with on `arch`.
pub fn scenes(root: &Path, experiment: &Experiment, arch: &str) -> Result<Vec<Scene>> {
    let name = experiment.recording(arch);
    let text = kept(root, &name)?;
    let commands: Vec<String> =
        experiment.runs(arch).map(|run| experiment.typed(run, arch)).collect();
    let outputs = outputs(&text, &commands)
        .map_err(|why| format!("{}: out of date: {why}", file_of(&name).display()))?;
    let usual = console(root, experiment.chapter - 1, arch)?;
    let runs = experiment.runs(arch).zip(commands).zip(outputs);
    let scene = |((run, command), output): ((&Run, String), &str)| Scene {
        command,
        output: match run.command {
            _ if experiment.is_refused => output.into(),
            Command::Run => shorten::run(&usual, output),
            Command::Test => shorten::tests(&usual, output),
        },
    };
    Ok(runs.map(scene).collect())
}

/// What each of `commands` has printed, in `text` that has all of them.
fn outputs<'a>(text: &'a str, commands: &[String]) -> Result<Vec<&'a str>> {
    let typed: Vec<String> =
        commands.iter().map(|command| format!("{PROMPT}{command}\n")).collect();
    let mut outputs = Vec::new();
    let mut rest = text;
    for (index, line) in typed.iter().enumerate() {
        let behind = rest
            .strip_prefix(line.as_str())
            .ok_or_else(|| format!("it does not go on with `{}`", line.trim_end()))?;
        let next = typed.get(index + 1).and_then(|next| behind.find(next.as_str()));
        let (output, other) = behind.split_at(next.unwrap_or(behind.len()));
        outputs.push(output.trim_end_matches('\n'));
        rest = other;
    }
    Ok(outputs)
}

#[cfg(test)]
mod tests {
    use super::outputs;

    const TEXT: &str = "$ make run\none\n\n$ make test\ntwo\n  three\n";

    fn commands(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| format!("make {word}")).collect()
    }

    #[test]
    fn each_command_has_its_output() {
        assert_eq!(outputs(TEXT, &commands(&["run", "test"])), Ok(vec!["one", "two\n  three"]));
    }

    #[test]
    fn other_commands_than_those_of_the_experiment_are_told() {
        for (words, missing) in [(vec!["test"], "make test"), (vec!["run", "go"], "make go")] {
            let why = outputs(TEXT, &commands(&words)).expect_err(missing);
            assert!(why.contains(missing), "{why}");
        }
    }
}
