//! A workshop: a copy of the repository in which a kernel may be broken.
//!
//! Experiments of the book, a student's solutions and the bugs that a grader must find are all the
//! same work: change a few lines, build, boot, look, and leave no trace. None of it may happen in
//! the tree that somebody edits, and a fresh copy for each would compile everything again. So there
//! is one copy for each name, below the target folder, with a target folder of its own. It is
//! brought up to date file by file: what has not changed keeps its time, and Cargo builds only what
//! an edit has touched.
//!
//! ```text
//!  <target>/workshop/NAME/lock      held while the workshop is in use
//!                         tree/     the copy: what Cargo and the host tool need of the repository
//!                         target/   what is built from it
//! ```
//!
//! Nothing is undone when the work is over: whoever comes next finds out what differs and puts it
//! right, which also holds when the one before was killed.

mod edit;
mod tree;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use edit::{Edit, edited};

/// The result of whatever may fail; the error is for a person.
pub type Result<T> = std::result::Result<T, String>;

/// Variables that would change how a kernel is built, or talk to a `make` that is not ours.
const NOT_INHERITED: &[&str] = &[
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "MAKEFLAGS",
    "MFLAGS",
    "MAKELEVEL",
    "MAKEOVERRIDES",
];

/// A copy of the repository that is ours until it is dropped.
#[derive(Debug)]
pub struct Workshop {
    /// The repository.
    root: PathBuf,
    /// The copy.
    tree: PathBuf,
    /// Where it is built.
    target: PathBuf,
    /// Locked; the system unlocks it when it is closed, whatever happens to us.
    _lock: File,
}

impl Workshop {
    /// Opens the workshop `name` below `target_folder`, and makes it a true copy of `root`. Waits
    /// while somebody else is in it.
    pub fn open(root: &Path, target_folder: &Path, name: &str) -> Result<Self> {
        let is_name_safe = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(is_name_safe) {
            return Err(format!("`{name}`: a workshop's name is made of letters, digits, - and _"));
        }
        let folder = std::path::absolute(target_folder.join("workshop").join(name))
            .map_err(|error| cannot("find", target_folder, &error))?;
        std::fs::create_dir_all(&folder).map_err(|error| cannot("create", &folder, &error))?;
        let lock = lock(&folder.join("lock"))?;
        let (tree, target) = (folder.join("tree"), folder.join("target"));
        let workshop = Self { root: root.to_path_buf(), tree, target, _lock: lock };
        workshop.restore()?;
        Ok(workshop)
    }

    /// Makes the copy what the repository is now, and undoes every edit.
    pub fn restore(&self) -> Result<()> {
        self.restore_without(|_| false)
    }

    /// The same, but without the files whose names are `secret`.
    pub fn restore_without(&self, secret: impl Fn(&str) -> bool) -> Result<()> {
        tree::mirror(&self.root, &self.tree, secret)
    }

    /// Makes all of `edits`, one after the other; where one of them does not fit, none.
    pub fn apply(&self, edits: &[Edit]) -> Result<()> {
        let read = |name: &str| {
            let path = self.tree.join(tree::checked(name)?);
            std::fs::read_to_string(&path).map_err(|error| cannot("read", Path::new(name), &error))
        };
        for (name, text) in edit::edited(edits, read)? {
            self.place(&name, text.as_bytes())?;
        }
        Ok(())
    }

    /// Puts `bytes` into `file`, which may be there or not.
    pub fn place(&self, file: &str, bytes: &[u8]) -> Result<()> {
        let path = self.tree.join(tree::checked(file)?);
        tree::write(&path, bytes).map_err(|error| cannot("write", &path, &error))
    }

    /// The root of the copy.
    pub fn path(&self) -> &Path {
        &self.tree
    }

    /// Where the copy is built.
    pub fn target_folder(&self) -> &Path {
        &self.target
    }

    /// Cargo, to be run in the copy.
    pub fn cargo(&self) -> Command {
        let named = std::env::var_os("CARGO").filter(|name| !name.is_empty());
        self.prepare(Command::new(named.unwrap_or_else(|| "cargo".into())))
    }

    /// `command`, to be run in the copy: Cargo, or the host tool, which takes the copy for its
    /// repository.
    pub fn prepare(&self, mut command: Command) -> Command {
        command
            .current_dir(&self.tree)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("STRATA_ROOT", &self.tree);
        for variable in NOT_INHERITED {
            command.env_remove(variable);
        }
        command
    }
}

/// A digest, in hexadecimal, of files of the repository at `root`: those that a workshop copies and
/// those below `others`, as far as their names are `wanted`.
pub fn digest(root: &Path, others: &[&str], wanted: impl Fn(&str) -> bool) -> Result<String> {
    tree::digest(root, others, wanted)
}

/// The file at `path`, locked; waits until nobody else has it.
fn lock(path: &Path) -> Result<File> {
    let attempt = || {
        let file = File::options().create(true).append(true).open(path)?;
        file.lock()?;
        Ok(file)
    };
    attempt().map_err(|error| cannot("lock", path, &error))
}

/// The file system refused `what`, a verb, on `path`.
fn cannot(what: &str, path: &Path, error: &io::Error) -> String {
    format!("cannot {what} {}: {error}", path.display())
}

#[cfg(test)]
mod tests;
