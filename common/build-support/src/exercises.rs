//! Which exercises a kernel takes instead of what the chapter has.
//!
//! A kernel's source has a hook for each exercise, such as
//!
//! ```text
//! #[cfg_attr(exercise = "02-buddy", path = "../../../02-frames/exercises/1-buddy/bitmap.rs")]
//! pub mod bitmap;
//! ```
//!
//! It is a `cfg` that the build script sets and not a feature of the package, so that the manifests
//! of later chapters have no list of the exercises of all earlier ones. Whoever grades names one
//! exercise in the environment. Otherwise the reader's own settings count, which are no part of the
//! repository; by the build script they hold for every build alike, with `make` and without.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The variable of the environment that names the one exercise of a graded build.
pub const EXERCISE: &str = "STRATA_EXERCISE";

/// The file with a reader's own settings, at the root of the repository.
pub const MINE: &str = "mine.toml";

/// What is in it as long as the reader has no settings.
const NOTHING_IS_MINE: &str =
    "# Exercises whose files kernels take, yours instead of ours: \"02-buddy\".\nmine = []\n";

/// All of `mine.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mine {
    /// The exercises whose files the kernels take, such as `02-buddy`.
    mine: Vec<String>,
}

/// Tells the compiler which exercises to take: `chosen`.
pub(crate) fn select(root: &Path, chosen: &[String]) {
    println!("cargo:rustc-check-cfg=cfg(exercise, values(any()))");
    println!("cargo:rerun-if-env-changed={EXERCISE}");
    let mine_file = root.join(MINE);
    if !mine_file.exists() {
        // A file that is missing counts as changed: Cargo would build every kernel every time.
        // Where it cannot be written, it does.
        let _ = std::fs::write(&mine_file, NOTHING_IS_MINE);
    }
    println!("cargo:rerun-if-changed={}", mine_file.display());
    chosen.iter().for_each(|name| println!("cargo:rustc-cfg=exercise=\"{name}\""));
}

/// The exercises that a chapter's kernel takes: the one of a graded build, or the reader's own.
pub(crate) fn chosen(root: &Path) -> Result<Vec<String>, String> {
    match std::env::var(EXERCISE) {
        Ok(name) => Ok(vec![name]),
        Err(_) => mine(root),
    }
}

/// Whether a source below `folder` has a hook of the exercise `name`, of whichever kind.
pub(crate) fn is_taken(folder: &Path, name: &str) -> bool {
    let words = format!("exercise = \"{name}\"");
    std::fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        match path.is_dir() {
            true => is_taken(&path, name),
            false => std::fs::read_to_string(&path).is_ok_and(|text| text.contains(&words)),
        }
    })
}

/// The exercises that the reader wants to have used, by `mine.toml` in `root`.
pub fn mine(root: &Path) -> Result<Vec<String>, String> {
    let Ok(text) = std::fs::read_to_string(root.join(MINE)) else {
        return Ok(Vec::new());
    };
    let settings: Mine = toml::from_str(&text)
        .map_err(|error| format!("{MINE}: {}", error.message().replace('\n', ", ")))?;
    let known: Vec<String> =
        exercises(&root.join("chapters")).into_iter().map(|(name, _)| name).collect();
    if let Some(name) = settings.mine.iter().find(|name| !known.contains(name)) {
        return Err(format!("{MINE}: `{name}`: no such exercise; there are {}", known.join(", ")));
    }
    for place in folders(&root.join("chapters")).iter().flat_map(|path| hooks(&path.join("src"))) {
        let mut here = settings.mine.iter().filter(|name| place.contains(name));
        if let (Some(one), Some(other)) = (here.next(), here.next()) {
            return Err(format!("{MINE}: `{one}` and `{other}` take the same place; name one"));
        }
    }
    Ok(settings.mine)
}

/// The exercises that can take a place in the sources below `folder`, place by place: the hooks of
/// one place stand one behind the other.
fn hooks(folder: &Path) -> Vec<Vec<String>> {
    let mut places = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            places.extend(hooks(&path));
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let names = text.lines().map(hook).collect::<Vec<_>>();
            let runs = names.split(Option::is_none).filter(|run| !run.is_empty());
            places.extend(runs.map(|run| run.iter().flatten().map(|it| it.to_string()).collect()));
        }
    }
    places
}

/// The exercise that `line` is the hook of.
fn hook(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("#[cfg_attr(exercise = \"")?.split('"').next()
}

/// All exercises below the folder `chapters`: their names, which are the chapter's number and
/// their own, and their folders.
pub fn exercises(chapters: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for chapter in folders(chapters) {
        for folder in folders(&chapter.join("exercises")) {
            let (chapter, exercise) = (name_of(&chapter), name_of(&folder));
            if let Some(((number, _), (_, name))) =
                chapter.split_once('-').zip(exercise.split_once('-'))
            {
                found.push((format!("{number}-{name}"), folder));
            }
        }
    }
    found
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_are_found_wherever_they_are() {
        let folder = tempfile::tempdir().expect("there is room");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("there is room");
            std::fs::write(path, text).expect("there is room");
        };
        write("bin/a/main.rs", "#[cfg(exercise = \"09-tee\")]\nmod tee;\n");
        write("lib.rs", "//! No hook of 09-other.\n");
        assert!(is_taken(folder.path(), "09-tee"));
        assert!(!is_taken(folder.path(), "09-other"));
    }

    #[test]
    fn mine_names_exercises_that_exist() {
        let root = std::env::temp_dir().join(format!("strata-mine-{}", std::process::id()));
        std::fs::create_dir_all(root.join("chapters/02-two/exercises/1-buddy")).expect("room");
        assert_eq!(mine(&root), Ok(vec![]));
        let write = |text: &str| std::fs::write(root.join(MINE), text).expect("there is room");
        write("mine = [\"02-buddy\"]");
        assert_eq!(mine(&root), Ok(vec!["02-buddy".into()]));
        write("mine = [\"02-body\"]");
        let refusal = mine(&root).expect_err("there is none");
        assert!(refusal.contains("02-body") && refusal.contains("02-buddy"), "{refusal}");
        let hooks = ["02-buddy", "02-runs"]
            .map(|name| format!("#[cfg_attr(exercise = \"{name}\", path = \"x\")]\n"));
        for folder in ["exercises/2-runs", "src/memory"] {
            std::fs::create_dir_all(root.join("chapters/02-two").join(folder)).expect("room");
        }
        let module = root.join("chapters/02-two/src/memory/mod.rs");
        std::fs::write(module, hooks.concat() + "pub mod bitmap;\n").expect("there is room");
        write("mine = [\"02-runs\", \"02-buddy\"]");
        let refusal = mine(&root).expect_err("both are the bitmap");
        assert!(refusal.contains("`02-runs` and `02-buddy` take the same place"), "{refusal}");
        write("mime = []");
        assert!(mine(&root).expect_err("it is misspelt").contains("mime"));
        std::fs::remove_dir_all(&root).expect("it is ours");
    }
}
