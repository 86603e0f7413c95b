//! The tree onto which a candidate's files are put, and what of the student's own is not in it.
//!
//! It is what the last commit holds that the student's repository has from where it was forked, so
//! that nobody's verdict hangs on a change that nobody else has. Whoever writes exercises wants the
//! tree as it stands now: `base=here`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chapter_diff::folder;
use tutor::failure::{Failure, Result};
use tutor::settings::Settings;

use crate::course::is_secret;
use crate::scene::Scene;
use crate::task::Task;

/// The value of `base=` for the tree as it stands.
const HERE: &str = "here";

/// Where the original of a fork usually is, the likeliest first.
const USUAL: &[&str] = &["upstream/main", "upstream/HEAD", "HEAD"];

/// The parts of the repository that candidates are built from.
const PARTS: &[&str] = &["chapters", "common"];

/// A tree to test on.
pub struct Base {
    /// Its root.
    pub path: PathBuf,
    /// What it is called.
    pub name: String,
}

/// The tree that `base=` names, or the usual one. It has all of `tasks`.
pub fn base(scene: &Scene, settings: &Settings, tasks: &[&Task]) -> Result<Base> {
    let root = &scene.workspace.root;
    let here = || Base { path: root.clone(), name: "the tree as it is here".into() };
    let wanted = settings.get("base");
    if wanted == Some(HERE) {
        return Ok(here());
    }
    let names = wanted.map_or(USUAL.to_vec(), |name| vec![name]);
    let found = names.iter().find_map(|name| Some((*name, commit(root, name)?)));
    let Some((name, commit)) = found else {
        return match wanted {
            Some(name) => Err(Failure::usage(format!("base={name}: no such commit; or base=here"))),
            None => Ok(here()),
        };
    };
    let path = export(scene, &commit)?;
    let has = |task: &&&Task| path.join(&task.folder).is_dir();
    if !tasks.iter().all(|task| has(&task)) {
        return Ok(here());
    }
    Ok(Base { path, name: format!("{name} ({})", &commit[..7]) })
}

fn commit(root: &Path, name: &str) -> Option<String> {
    let mut git = Command::new("git");
    git.arg("-C").arg(root).args(["rev-parse", "--quiet", "--verify", "--end-of-options"]);
    let output = git.arg(format!("{name}^{{commit}}")).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_string())
}

/// The files of `commit`, in a folder that is kept for the next time.
fn export(scene: &Scene, commit: &str) -> Result<PathBuf> {
    let folder = scene.workspace.target_folder().join("strata/base");
    let (tree, mark) = (folder.join("tree"), folder.join("commit"));
    if std::fs::read_to_string(&mark).is_ok_and(|there| there == commit) {
        return Ok(tree);
    }
    let write = |error| Failure::io("write", &folder, &error);
    // The first time there is nothing to remove.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&tree).map_err(write)?;
    let mut git = Command::new("git");
    git.arg("-C").arg(&scene.workspace.root).args(["archive", "--format=tar", commit]);
    let mut git = git.stdout(Stdio::piped()).spawn().map_err(write)?;
    let mut tar = Command::new("tar");
    tar.arg("-x").arg("-C").arg(&tree).stdin(git.stdout.take().expect("it is piped"));
    let is_done = tar.status().map_err(write)?.success() && git.wait().map_err(write)?.success();
    if !is_done {
        return Err(Failure::failed(format!("cannot read the files of commit {commit}")));
    }
    std::fs::write(&mark, commit).map_err(write)?;
    Ok(tree)
}

/// The files below `root` that differ from `base`'s and that no student is to change.
pub fn others(root: &Path, base: &Path, tasks: &[Task]) -> Result<Vec<String>> {
    if root == base {
        return Ok(Vec::new());
    }
    let own: Vec<String> =
        tasks.iter().flat_map(|task| task.files()).map(|(source, _)| source).collect();
    let mut changed = Vec::new();
    for part in PARTS {
        let theirs = folder::read(&root.join(part))?;
        for (name, bytes) in folder::read(&base.join(part))? {
            let path = format!("{part}/{name}");
            let is_theirs = own.contains(&path);
            // A course's repository has no solutions, and nobody took them out of a fork of it.
            let is_left_out = is_secret(&path) && !theirs.contains_key(&name);
            if theirs.get(&name) != Some(&bytes) && !is_theirs && !is_left_out {
                changed.push(path);
            }
        }
    }
    Ok(changed)
}

/// One line about `changed` files, if there are any.
pub fn note(changed: &[String]) -> Option<String> {
    let shown = changed.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    match changed.len() {
        0 => None,
        1..=5 => Some(format!("changed, and not taken: {shown}")),
        many => Some(format!("changed, and not taken: {shown} and {} more", many - 5)),
    }
}
