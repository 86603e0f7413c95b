//! A wrong solution: the right one with a mistake in it.
//!
//! It is written down as edits of the solution and not as a whole file, so that what is wrong is
//! all that stands there. A change of the solution reaches every wrong one as well; where an edit
//! no longer fits, that is an error, and a mistake cannot grow old unnoticed.

use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;
use workshop::Edit;

use crate::candidate::{Placed, SOLUTION};
use crate::task::{Task, Wrong};

/// What `wrong/NAME.toml` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mistake {
    #[serde(default, rename = "edit")]
    edits: Vec<Edit>,
}

/// The files of the `solution` of `task` with the mistake called `name` made in them; the error
/// says which file is at fault.
pub fn made_in(
    solution: Vec<Placed>,
    root: &Path,
    task: &Task,
    name: &str,
) -> Result<Vec<Placed>, String> {
    let file = format!("{}/wrong/{name}.toml", task.folder);
    let made = edits(root, &file).and_then(|edits| edited(solution, task, &edits));
    made.map_err(|why| format!("{file}: {why}"))
}

/// A file among the mistakes in `folder` that is none of `wrongs`, and so would never be tried.
pub fn unnamed(folder: &Path, wrongs: &[Wrong]) -> Option<String> {
    let entries = std::fs::read_dir(folder.join("wrong")).into_iter().flatten().flatten();
    let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.find(|name| !wrongs.iter().any(|wrong| *name == format!("{}.toml", wrong.name)))
}

/// The edits that `file` lists: at least one.
fn edits(root: &Path, file: &str) -> Result<Vec<Edit>, String> {
    let text = std::fs::read_to_string(root.join(file)).map_err(|error| match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_string(),
        _ => error.to_string(),
    })?;
    let mistake: Mistake = toml::from_str(&text).map_err(|error| error.message().to_string())?;
    match mistake.edits.is_empty() {
        true => Err("it has no [[edit]], and so no mistake".into()),
        false => Ok(mistake.edits),
    }
}

/// `solution` with `edits` made in it.
fn edited(solution: Vec<Placed>, task: &Task, edits: &[Edit]) -> Result<Vec<Placed>, String> {
    let name = |file: &String| format!("{}/{SOLUTION}/{file}", task.folder);
    let names: Vec<String> = task.about.files.iter().map(name).collect();
    let read = |wanted: &str| match names.iter().position(|name| name == wanted) {
        Some(index) => String::from_utf8(solution[index].1.clone()).map_err(|e| e.to_string()),
        None => Err(format!("{wanted} is no file of the solution: it has {}", names.join(", "))),
    };
    let mut changed = workshop::edited(edits, read)?;
    let files = names.iter().zip(solution).map(|(name, (place, bytes))| {
        let text = changed.remove(name).map(String::into_bytes);
        (place, text.unwrap_or(bytes))
    });
    Ok(files.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidate::Candidate;
    use crate::task;

    const FOLDER: &str = "chapters/01-boot/exercises/1-count";

    const EXERCISE: &str = "title = 'Count'\npoints = 1\ndifficulty = 1\n\
        files = ['count.rs', 'other.rs']\n[[promise]]\nname = 'counts'\nsays = 'It counts.'\n";

    /// What becomes of a solution by the mistake that `text` describes, if there is a text.
    fn made(text: Option<&str>) -> Result<Vec<Placed>, String> {
        let root = tempfile::tempdir().expect("there is room");
        let write = |name: &str, text: &str| {
            let path = root.path().join(FOLDER).join(name);
            std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("room");
            std::fs::write(path, text).expect("there is room");
        };
        write("exercise.toml", EXERCISE);
        write("solution/count.rs", "one two two three");
        write("solution/other.rs", "four");
        if let Some(text) = text {
            write("wrong/miscounts.toml", text);
        }
        let tasks = task::all(root.path(), &["01-boot"]).expect("it is one");
        Candidate::Mistaken(root.path().into(), "miscounts".into()).files(&tasks[0])
    }

    /// An edit of the solution's `file`.
    fn edit_of(file: &str, find: &str, replace: &str) -> String {
        let file = format!("{FOLDER}/solution/{file}");
        format!("[[edit]]\nfile = '{file}'\nfind = '{find}'\nreplace = '{replace}'\n")
    }

    #[test]
    fn a_file_that_no_wrong_solution_names_is_found() {
        let folder = tempfile::tempdir().expect("there is room");
        let wrong = folder.path().join("wrong");
        std::fs::create_dir(&wrong).expect("there is room");
        std::fs::write(wrong.join("miscounts.toml"), "").expect("there is room");
        let named = |name: &str| {
            let text = format!("name = '{name}'\nmistake = ''\nbreaks = []\nhint = ''\n");
            [toml::from_str(&text).expect("it is a wrong solution")]
        };
        assert_eq!(unnamed(folder.path(), &named("miscounts")), None);
        assert_eq!(unnamed(folder.path(), &named("counts")), Some("miscounts.toml".into()));
    }

    #[test]
    fn the_edits_are_made_and_all_else_is_the_solution() {
        let text = edit_of("count.rs", "one", "none") + &edit_of("count.rs", "three", "four");
        let place = |name| format!("{FOLDER}/{name}");
        let wanted = vec![
            (place("count.rs"), b"none two two four".to_vec()),
            (place("other.rs"), b"four".to_vec()),
        ];
        assert_eq!(made(Some(&text)), Ok(wanted));
    }

    #[test]
    fn a_mistake_that_cannot_be_made_is_refused_by_name() {
        let refusal = |text: Option<&str>| made(text).expect_err("it cannot be made");
        let cases = [
            (None, "there is no such file"),
            (Some(String::new()), "it has no [[edit]]"),
            (Some(edit_of("count.rs", "five", "six")), "no such text in it: `five`"),
            (Some(edit_of("count.rs", "two", "six")), "once and not 2 times"),
            (Some(edit_of("../count.rs", "one", "none")), "is no file of the solution"),
            (Some(edit_of("count.rs", "one", "none") + "why = 1\n"), "unknown field `why`"),
        ];
        for (text, why) in cases {
            let said = refusal(text.as_deref());
            assert!(said.starts_with(&format!("{FOLDER}/wrong/miscounts.toml: ")), "{said}");
            assert!(said.contains(why), "{said}");
        }
    }
}
