//! Whose files are graded: a student's, the reference solution's, a wrong solution's.
//!
//! Only the listed files are ever read, as bytes, and each must be a plain file of sensible size: a
//! link could lead to a file of whoever grades.

use std::path::{Path, PathBuf};

use crate::mistake;
use crate::task::{MENDED, Task};

/// More than any solution has.
const MOST_BYTES: u64 = 256 << 10;

/// The folder of the reference solution.
pub const SOLUTION: &str = "solution";

/// Where the files of a task come from.
#[derive(Clone, Debug)]
pub enum Candidate {
    /// A repository, with the files where a student writes them.
    Repository(PathBuf),
    /// A folder of the task, such as `solution`, in a repository.
    Reference(PathBuf, String),
    /// The solution in a repository, with the mistake of this name in it.
    Mistaken(PathBuf, String),
}

/// A file of a candidate: where it goes, from the root of the repository, and what is in it.
pub type Placed = (String, Vec<u8>);

impl Candidate {
    /// The files for `task`; the error says which of them cannot be taken.
    pub fn files(&self, task: &Task) -> Result<Vec<Placed>, String> {
        let mut files = Vec::new();
        for (source, place) in task.files() {
            let path = self.path(task, &source);
            match read(&path, self.root()) {
                Ok(bytes) => files.push((place, bytes)),
                // A bug is mended where the student has begun to; and by the chapter as it is.
                Err(Obstacle::Missing) if task.is_bug => files.extend(self.whole(place)),
                Err(Obstacle::Missing) => return Err(format!("{source} is missing")),
                Err(Obstacle::Unusable(why)) => return Err(format!("{source}: {why}")),
            }
        }
        match self {
            Self::Mistaken(root, name) => mistake::made_in(files, root, task, name),
            _ => Ok(files),
        }
    }

    /// What the student answers to a bug's question, if it is there.
    pub fn answer(&self, task: &Task) -> Option<String> {
        let file = "answer.toml";
        let folder = self.root().join(&task.folder);
        let path = folder.join(self.part().unwrap_or_default()).join(file);
        let bytes = read(&path, self.root()).ok()?;
        String::from_utf8(bytes).ok()
    }

    /// The chapter's own file at `place`, which mends a bug.
    fn whole(&self, place: String) -> Option<Placed> {
        self.part().filter(|part| *part == SOLUTION)?;
        let bytes = std::fs::read(self.root().join(&place)).ok()?;
        Some((place, bytes))
    }

    fn root(&self) -> &Path {
        match self {
            Self::Repository(root) | Self::Reference(root, _) | Self::Mistaken(root, _) => root,
        }
    }

    /// The folder of the task that has the files, where they are not those that a student writes.
    fn part(&self) -> Option<&str> {
        match self {
            Self::Repository(_) => None,
            Self::Reference(_, part) => Some(part),
            Self::Mistaken(..) => Some(SOLUTION),
        }
    }

    fn path(&self, task: &Task, source: &str) -> PathBuf {
        let Some(part) = self.part() else {
            return self.root().join(source);
        };
        let folder = format!("{}/", task.folder);
        let name = source.strip_prefix(&folder).unwrap_or(source);
        let name = name.strip_prefix(&format!("{MENDED}/")).unwrap_or(name);
        self.root().join(&task.folder).join(part).join(name)
    }
}

/// Why a file cannot be taken.
enum Obstacle {
    Missing,
    Unusable(String),
}

/// The bytes of `path`, below `root`.
fn read(path: &Path, root: &Path) -> Result<Vec<u8>, Obstacle> {
    let below = path.strip_prefix(root).unwrap_or(path);
    let mut place = root.to_path_buf();
    for part in below.components() {
        place.push(part);
        let Ok(about) = std::fs::symlink_metadata(&place) else {
            return Err(Obstacle::Missing);
        };
        if about.is_symlink() {
            return Err(Obstacle::Unusable("a link is not taken".into()));
        }
        if place == path && !about.is_file() {
            return Err(Obstacle::Unusable("not a plain file".into()));
        }
        if place == path && about.len() > MOST_BYTES {
            return Err(Obstacle::Unusable(format!("more than {} KiB", MOST_BYTES >> 10)));
        }
    }
    std::fs::read(path).map_err(|error| Obstacle::Unusable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_folders_and_giants_are_not_taken() {
        let root = tempfile::tempdir().expect("there is room");
        let at = |name: &str| root.path().join(name);
        std::fs::write(at("good"), "x").expect("there is room");
        std::fs::write(at("giant"), vec![0; MOST_BYTES as usize + 1]).expect("there is room");
        std::fs::create_dir(at("folder")).expect("there is room");
        std::os::unix::fs::symlink("good", at("link")).expect("there is room");
        std::os::unix::fs::symlink("/", at("out")).expect("there is room");
        assert!(matches!(read(&at("good"), root.path()), Ok(bytes) if bytes == b"x"));
        for name in ["giant", "folder", "link", "out/etc/hostname"] {
            let refused = matches!(read(&at(name), root.path()), Err(Obstacle::Unusable(_)));
            assert!(refused, "{name}");
        }
        assert!(matches!(read(&at("none"), root.path()), Err(Obstacle::Missing)));
    }
}
