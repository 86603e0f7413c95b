//! `{{#exercises}}`: the statements of a chapter's exercises, and of the bugs in its museum.
//!
//! A statement stands beside the exercise, where a student works, and here, where one reads. It is
//! one text; only its headings sink by two levels, since on a page it is a part.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Result;
use crate::book::Book;
use crate::page::Page;

/// How many levels a statement's headings sink.
const SUNK: &str = "##";

/// What is told of an exercise beside its statement; the rest is the grader's.
#[derive(Deserialize)]
struct Facts {
    title: String,
    points: u32,
    difficulty: u8,
}

/// All statements of a chapter, exercises first.
pub fn expand(arguments: &[String], book: &Book, _page: &Page) -> Result<String> {
    let chapter = book.chapter(&arguments[0])?;
    let folder = book.root.join("chapters").join(&book.chapters[chapter].folder);
    let number = chapter + 1;
    let mut text = String::new();
    for exercise in folders(&folder.join("exercises")) {
        let place = name_of(&exercise).split('-').next().unwrap_or_default().to_string();
        let facts = facts(&exercise.join("exercise.toml"))?;
        let heading = format!("Exercise {number}.{place}: {}", facts.title);
        let call = format!("make exercise={number}.{place} test");
        text += &section(&heading, &facts, &call, &statement(&exercise)?);
    }
    for bug in folders(&folder.join("bugs")) {
        let facts = facts(&bug.join("bug.toml"))?;
        let call = format!("make chapter={number} bug={} run", name_of(&bug));
        text += &section(&format!("Bug: {}", facts.title), &facts, &call, &statement(&bug)?);
    }
    if text.is_empty() {
        return Err(format!("chapter {} has no exercises", arguments[0]));
    }
    Ok(text)
}

fn section(heading: &str, facts: &Facts, call: &str, statement: &str) -> String {
    let Facts { points, difficulty, .. } = facts;
    format!(
        "### {heading}\n\n*{points} points, difficulty {difficulty} of 3:* `{call}`\n\n\
         {}\n\n",
        sunk(statement).trim()
    )
}

/// `statement` without its title, its other headings two levels down.
fn sunk(statement: &str) -> String {
    let mut is_code = false;
    let mut text = String::new();
    for line in statement.lines() {
        is_code ^= line.starts_with("```");
        let is_heading = !is_code && line.starts_with('#');
        if is_heading && line.starts_with("# ") {
            continue;
        }
        text += if is_heading { SUNK } else { "" };
        text += &relinked(line);
        text.push('\n');
    }
    text
}

/// `line` with its links as they are on a page: to other pages they lead, and into the repository,
/// which is not in the book, they are words.
fn relinked(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, link)) = rest.split_once("](../") {
        let Some((target, behind)) = link.split_once(')') else { break };
        match target.split_once("book/src/") {
            Some((_, page)) => text += &format!("{before}]({page})"),
            None => {
                let (outside, words) = before.rsplit_once('[').unwrap_or(("", before));
                text += outside;
                text += words;
            }
        }
        rest = behind;
    }
    text + rest
}

fn facts(file: &Path) -> Result<Facts> {
    toml::from_str(&read(file)?).map_err(|error| format!("{}: {error}", file.display()))
}

fn statement(folder: &Path) -> Result<String> {
    read(&folder.join("README.md"))
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))
}

/// The folders in `path`, in the order of their names.
fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
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
    use crate::show::tests::expanded;

    #[test]
    fn headings_sink_and_code_stays() {
        let statement = "# Title\n\nText.\n\n## Rules\n\n```sh\n# a comment\n```\n";
        assert_eq!(sunk(statement), "\nText.\n\n#### Rules\n\n```sh\n# a comment\n```\n");
    }

    #[test]
    fn links_lead_to_pages_or_are_words() {
        let line = "See [a](../../src/a.rs), [b](../../../../book/src/04-heap.md) and [c](x.md).";
        assert_eq!(relinked(line), "See a, [b](04-heap.md) and [c](x.md).");
    }

    #[test]
    fn exercises_and_bugs_of_a_chapter_are_told() {
        let text = expanded("{{#exercises 01}}\n").expect("it has some");
        for part in ["### Exercise 1.1: ", "`make exercise=1.1 test`", "### Bug: "] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(expanded("{{#exercises 99}}\n").is_err());
    }
}
