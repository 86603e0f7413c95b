//! `{{#broken}}`: an experiment: what to change, and what is printed then, recorded by machine.

use std::collections::BTreeMap;

use chapter_diff::{Change, Kind, hunks};
use workshop::Edit;

use super::{diff, for_each_machine};
use crate::Result;
use crate::book::Book;
use crate::html::attribute;
use crate::html::diff::FileDiff;
use crate::html::listing::console;
use crate::page::Page;
use crate::recordings::{self, Experiment, Scene};

/// Lines of context around an edit: there is little to see, and the whole file is a click away.
const CONTEXT: usize = 1;

/// The experiment, as HTML.
pub fn expand(arguments: &[String], book: &Book, _page: &Page) -> Result<String> {
    let chapter = book.chapter(&arguments[0])?;
    let experiment = recordings::experiment(&book.root, &book.config, chapter, &arguments[1])?;
    let machines: Vec<&str> = experiment.machines.iter().map(String::as_str).collect();
    let endings = |arch: &str| -> Result<String> {
        Ok(recordings::scenes(&book.root, &experiment, arch)?.iter().map(shown).collect())
    };
    let html = if experiment.differs_by_machine() {
        for_each_machine(&machines, |arch| Ok(edits(book, &experiment, arch)? + &endings(arch)?))?
    } else {
        edits(book, &experiment, machines[0])? + &for_each_machine(&machines, endings)?
    };
    let title = attribute(&experiment.title);
    Ok(format!(r#"<div class="experiment" role="group" aria-label="{title}">{html}</div>"#))
}

fn shown(scene: &Scene) -> String {
    console(&scene.command, &scene.output)
}

/// What is changed on `arch`, a file each.
fn edits(book: &Book, experiment: &Experiment, arch: &str) -> Result<String> {
    let made = experiment.edits(arch);
    let read = |file: &str| {
        std::fs::read_to_string(book.root.join(file))
            .map_err(|error| format!("cannot read {file}: {error}"))
    };
    let files: BTreeMap<String, String> = workshop::edited(&made, read)?;
    let order: Vec<&str> = order(&made);
    let show = |file: &&str| Ok(file_diff(file, &read(file)?, &files[*file]).html());
    order.iter().map(show).collect()
}

/// The files of `edits`, each once.
fn order(edits: &[Edit]) -> Vec<&str> {
    let mut files: Vec<&str> = Vec::new();
    for edit in edits {
        if !files.contains(&edit.file.as_str()) {
            files.push(&edit.file);
        }
    }
    files
}

fn file_diff(file: &str, old: &str, new: &str) -> FileDiff {
    let name = file.into();
    let change = Change { name, kind: Kind::Changed, old: old.into(), new: new.into() };
    let hunks = hunks(&change, CONTEXT);
    FileDiff {
        caption: file.into(),
        hunks: diff::shown(file, [old, new], &hunks, |_| String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::expanded;

    #[test]
    fn an_experiment_has_its_edit_and_its_ending_on_each_machine() {
        let html = expanded("{{#broken 03 no-way-across}}\n").expect("it is recorded");
        assert_eq!(html.matches("<del>").count(), 2, "an edit each");
        assert_eq!(html.matches("it died before the first line").count(), 2);
        assert!(html.contains("chapters/03-paging/src/arch/x86_64/boot.s"), "{html}");
        assert!(html.contains("aria-label=\"No way across\"><div class=\"lens\">"), "{html}");
    }

    #[test]
    fn an_edit_that_is_the_same_everywhere_is_shown_once() {
        let html = expanded("{{#broken 03 write-what-you-execute}}\n").expect("it is recorded");
        assert_eq!(html.matches("<del>").count(), 1, "{html}");
        assert!(html.contains("instruction abort") && html.contains("rwx--"), "{html}");
    }

    #[test]
    fn one_machine_needs_no_lens() {
        let html = expanded("{{#broken 01 do-not-clear-bss}}\n").expect("it is recorded");
        assert!(!html.contains("lens") && html.contains("lines as without the change"), "{html}");
    }

    #[test]
    fn an_unknown_experiment_is_an_error_that_lists_the_others() {
        let message = expanded("{{#broken 03 no-way}}\n").expect_err("there is none");
        assert!(message.contains("no-way-across, write-what-you-execute"), "{message}");
    }
}
