//! The groups whose tests are proofs about a chapter: that its exercises grade whom they should,
//! and that its experiments end as the book says.
//!
//! They take most of the time. So those that have passed with what is here now are not run again.

use super::group::Group;
use super::outcome::Tested;
use super::proved::Proved;
use super::{group, recordings};
use crate::grader;
use crate::workspace::Workspace;

/// The title of the groups that grade the grader, and the beginning of it.
const EXERCISES: &str = "the exercises";

/// The group that makes the experiments of chapter `index` again. All of them break kernels in one
/// workshop, so each follows the tests of its chapter: there is something else to do beside it.
pub fn experiments(workspace: &Workspace, index: usize) -> Group<'_> {
    let title = format!("the book: experiments of {}", workspace.config.chapters[index].folder);
    let run = move || recordings::run(workspace, "experiments", Some(index + 1));
    let group = group("the book", "host", &title, run).in_one_piece();
    Group { proves: Some(index), ..group.at("the workshop of experiments") }
}

/// The groups that grade the grader; the tests of each are chosen together by its title, or one by
/// one by their names. They take longest, share their benches, and are told last.
pub fn exercises<'a>(workspace: &'a Workspace, only: &str) -> Vec<Group<'a>> {
    let chapters = workspace.config.chapters.iter().enumerate();
    let mut groups: Vec<Group> = chapters
        .map(|(index, chapter)| {
            let title = format!("{EXERCISES} of {}", chapter.folder);
            let words = if title.contains(only) { String::new() } else { only.into() };
            let proof = move || grader::prove(workspace, Some(index + 1), &words);
            let group = group(EXERCISES, "host", &title, proof).at("the benches of exercises");
            Group { is_long: true, proves: Some(index), ..group }
        })
        .collect();
    let forks = || grader::prove(workspace, None, HOSTILE);
    let title = format!("{EXERCISES}: {HOSTILE}");
    groups.push(group(EXERCISES, "host", &title, forks).in_one_piece());
    groups
}

/// What a proof about forks is called by the grader.
const HOSTILE: &str = "hostile forks";

/// The same `groups`, of which those that are `proved` only say so.
pub fn without_proved<'a>(groups: Vec<Group<'a>>, proved: &Proved) -> Vec<Group<'a>> {
    let passed = |group: &Group| group.proves.and_then(|index| proved.passed(&group.title, index));
    let said = |group: Group<'a>| match passed(&group) {
        Some(count) => {
            let title = group.title.clone();
            let run = Box::new(move || Ok(vec![Tested::passed_before(&title, count)]));
            Group { is_long: false, place: None, run, ..group }
        }
        None => group,
    };
    groups.into_iter().map(said).collect()
}
