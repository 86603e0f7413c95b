//! What Git knows: how files were when they were committed, and which of them differ now.
//!
//! All names are relative to the root of the tutorial, which need not be the root of the
//! repository.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::failure::{Failure, Result};

/// Variables that would make Git look at another repository than the one around our files. A hook
/// sets them.
const MISLEADING: &[&str] = &["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"];

/// A repository.
pub struct Git {
    root: PathBuf,
}

impl Git {
    /// The repository that holds the files below `root`.
    pub fn open(root: &Path) -> Result<Self> {
        let git = Self { root: root.to_path_buf() };
        let found = run(git.command(&["rev-parse", "--is-inside-work-tree"]))?;
        if found.status.success() {
            return Ok(git);
        }
        let said = first_line(&found.stderr);
        Err(Failure::usage(format!("carry compares with what Git has recorded: {said}")))
    }

    /// The commit that is checked out.
    pub fn head(&self) -> Result<String> {
        let found = run(self.command(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]))?;
        if !found.status.success() {
            let message = "carry compares with the last commit, and there is none yet";
            return Err(Failure::usage(message));
        }
        Ok(first_line(&found.stdout))
    }

    /// Where a file called `name` is out of the way of everything but this repository's owner.
    pub fn private_path(&self, name: &str) -> Result<PathBuf> {
        let path = self.output(&["rev-parse", "--git-path", name])?;
        Ok(self.root.join(first_line(&path)))
    }

    /// The files below `folder` that are not as in `commit`: changed, new or deleted. What Git is
    /// told to ignore is no file.
    pub fn changed(&self, commit: &str, folder: &str) -> Result<BTreeSet<String>> {
        let options = ["diff", "--name-only", "--no-renames", "--relative", "-z", commit, "--"];
        let known = self.output(&[&options[..], &[folder]].concat())?;
        let options = ["ls-files", "--others", "--exclude-standard", "-z", "--"];
        let unknown = self.output(&[&options[..], &[folder]].concat())?;
        let names = known.split(|byte| *byte == 0).chain(unknown.split(|byte| *byte == 0));
        let names = names.filter(|name| !name.is_empty());
        Ok(names.map(|name| String::from_utf8_lossy(name).into_owned()).collect())
    }

    /// Whether `commit` has a file or folder at `path`.
    pub fn has(&self, commit: &str, path: &str) -> Result<bool> {
        Ok(self.entry(commit, path)?.is_some())
    }

    /// The bytes of the file at `path` in `commit`; `None` if there is none.
    pub fn show(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>> {
        match self.entry(commit, path)? {
            Some(object) => Ok(Some(self.output(&["cat-file", "blob", &object])?)),
            None => Ok(None),
        }
    }

    /// The name of the object at `path`, out of `mode type object<tab>path`.
    fn entry(&self, commit: &str, path: &str) -> Result<Option<String>> {
        let line = self.output(&["ls-tree", "-z", commit, "--", path])?;
        let line = String::from_utf8_lossy(&line).into_owned();
        Ok(line.split_whitespace().nth(2).map(String::from))
    }

    fn output(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        let output = run(self.command(arguments))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = first_line(&output.stderr);
        Err(Failure::failed(format!("git {} does not work: {said}", arguments[0])))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut git = git();
        git.current_dir(&self.root).args(arguments);
        git
    }
}

/// Git, told to look at nothing but the folder it is started in.
pub fn git() -> Command {
    let mut git = Command::new("git");
    // A name is a name, whatever stars it has; and a look must not lock the index.
    git.env("GIT_LITERAL_PATHSPECS", "1").env("GIT_OPTIONAL_LOCKS", "0");
    for variable in MISLEADING {
        git.env_remove(variable);
    }
    git
}

/// Runs `command` to its end and keeps what it prints.
pub fn run(mut command: Command) -> Result<Output> {
    let output = command.stdin(Stdio::null()).output();
    output.map_err(|error| Failure::failed(format!("cannot start git: {error}")))
}

/// The first line that a program printed.
pub fn first_line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).lines().next().unwrap_or_default().into()
}
