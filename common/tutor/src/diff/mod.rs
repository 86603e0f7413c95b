//! `make diff`: what a chapter changes.
//!
//! The difference between two neighbouring chapters is what the later one teaches. A table says how
//! much there is to read; then comes all of it. Before the first chapter there is nothing, so its
//! tree is shown instead.

mod pager;
mod summary;
mod unified;

use std::fmt::Write;

use chapter_diff::{Change, chapters, spent};

use crate::failure::{Failure, Result};
use crate::selection;
use crate::settings::Settings;
use crate::ui::{DIM, STRONG, styled};
use crate::workspace::Workspace;

/// What `make diff` may be told: the chapter, and the one file of it that is to be shown.
pub const SETTINGS: &[&str] = &["chapter", "file"];

/// Shows what a chapter changes; without `chapter=`, the last one.
pub fn diff(workspace: &Workspace, settings: &Settings) -> Result<()> {
    let index = selection::chapter_or_last(settings, &workspace.config)?;
    let text = match index.checked_sub(1) {
        Some(earlier) => between(workspace, earlier, index, settings.get("file"))?,
        None => first(workspace, settings.get("file"))?,
    };
    pager::show(&text)
}

fn between(
    workspace: &Workspace,
    earlier: usize,
    later: usize,
    file: Option<&str>,
) -> Result<String> {
    let allowances = &workspace.config.chapters[later].exceeds;
    let [earlier, later] =
        [earlier, later].map(|index| workspace.config.chapters[index].folder.as_str());
    let folders = [earlier, later].map(|folder| workspace.chapter_folder(folder));
    let all = chapters(&folders[0], &folders[1])?;
    let names: Vec<&str> = all.iter().map(|change| change.name.as_str()).collect();
    let wanted = wanted(&names, file)?;
    let chosen: Vec<Change> =
        all.iter().filter(|change| wanted.contains(&change.name.as_str())).cloned().collect();

    let heading = format!("{} {earlier} to {later}", styled(DIM, "from"));
    let mut text = format!("{heading}\n\n{}", summary::changes(&chosen));
    if file.is_none() {
        let spent = spent(&all);
        text += &summary::budget(&spent.items(allowances));
        text += &summary::programs(spent.program_lines);
    }
    for change in &chosen {
        write!(text, "\n{}", unified::diff(change, earlier, later)).expect("a String takes all");
    }
    Ok(text)
}

fn first(workspace: &Workspace, file: Option<&str>) -> Result<String> {
    let folder = &workspace.config.chapters[0].folder;
    let mut files = chapter_diff::read(&workspace.chapter_folder(folder))?;
    let names: Vec<String> = files.keys().cloned().collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let wanted = wanted(&names, file)?;
    files.retain(|name, _| wanted.contains(&name.as_str()));
    let heading = styled(STRONG, format_args!("{folder} is the first chapter"));
    Ok(format!(
        "{heading}: nothing comes before it, so all of it is new.\n\n{}",
        summary::tree(&files)
    ))
}

/// Those of `names` that `file` means: the whole name, or its last parts.
fn wanted<'a>(names: &[&'a str], file: Option<&str>) -> Result<Vec<&'a str>> {
    let Some(file) = file else {
        return Ok(names.to_vec());
    };
    let ending = format!("/{file}");
    let is_meant = |name: &&str| *name == file || name.ends_with(&ending);
    let found: Vec<&str> = names.iter().copied().filter(is_meant).collect();
    match (found.is_empty(), names.is_empty()) {
        (false, _) => Ok(found),
        (true, false) => Err(Failure::not_one_of("file", file, names)),
        (true, true) => Err(Failure::usage(format!("file={file}: the chapters do not differ"))),
    }
}

#[cfg(test)]
mod tests;
