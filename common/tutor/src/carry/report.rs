//! What a carry says: where it stopped, and at the end what became of each file.

use comfy_table::{ContentArrangement, Table, TableComponent, presets};

use super::journal::{Journal, State};
use super::merge;
use super::outcome::{Obstacle, Outcome};
use crate::check::{self, Finding};
use crate::failure::{Failure, Result};
use crate::ui::{self, BAD, STRONG, styled};
use crate::workspace::Workspace;

/// Names the files about which a person must decide, and what to type afterwards.
pub fn stopped(journal: &Journal) {
    let state = &journal.state;
    anstream::println!("\n{}\n", table(state));
    let folder = &state.chapters[state.reached];
    anstream::println!("{} in chapters/{folder}:", styled(BAD, "conflict"));
    for (name, obstacle) in state.conflicts() {
        anstream::println!("{}", conflict(journal, name, obstacle));
    }
    let commands = ["make carry continue=1", "make carry abort=1"].map(|text| styled(STRONG, text));
    let [go_on, abort] = commands;
    anstream::println!("\nWhen each is as it should be, type {go_on}");
    anstream::println!("To put all files back as they were before the carry, type {abort}");
}

/// Refuses to go on while marks of a conflict are left.
pub fn check_resolved(journal: &Journal) -> Result<()> {
    let state = &journal.state;
    let mut left = Vec::new();
    for (name, _) in state.conflicts() {
        let path = state.path(state.reached, name);
        let bytes = super::files::read(&journal.path(&path))?;
        if let Some(line) = bytes.as_deref().and_then(merge::first_mark) {
            left.push(format!("{path}:{line}"));
        }
    }
    if left.is_empty() {
        return Ok(());
    }
    let left = left.join(", ");
    Err(Failure::failed(format!(
        "marks of a conflict are left: {left}; remove them and type it again"
    )))
}

/// Tells what became of each file, and what is left to do.
pub fn finished(workspace: &Workspace, state: &State) {
    anstream::println!("\n{}\n", table(state));
    let files = files(state.table.len());
    let (first, later) = (&state.chapters[0], state.chapters[1..].join(", "));
    ui::step("Carried", format_args!("{files} from {first} into {later}"));
    for line in declarations(workspace, state) {
        ui::note(line);
    }
    ui::note("`git diff` shows it, `make check` proves it; commit all chapters together");
}

/// Says that the carry has been taken back.
pub fn aborted(count: usize) {
    ui::step("Restored", format_args!("{} as before the carry", files(count)));
}

fn files(count: usize) -> String {
    if count == 1 { "1 file".into() } else { format!("{count} files") }
}

fn conflict(journal: &Journal, name: &str, obstacle: Obstacle) -> Finding {
    let state = &journal.state;
    let [earlier, later] = [state.reached - 1, state.reached].map(|index| &state.chapters[index]);
    let [source, path] = [1, 0].map(|behind| state.path(state.reached - behind, name));
    let (what, advice) = match obstacle {
        Obstacle::Lines => {
            let advice = "write what is right, and remove the marks around it";
            (format!("{earlier} and {later} changed the same lines"), advice.into())
        }
        Obstacle::Bytes => {
            let what = format!("{earlier} and {later} changed it, and it is no text");
            (what, format!("it is as it was: keep it, or `cp {source} {path}`"))
        }
        Obstacle::Deletion => {
            let what = format!("{earlier} deletes it, but {later} has changed it");
            (what, format!("it is as it was: keep it, or `rm {path}`"))
        }
    };
    let bytes = super::files::read(&journal.path(&path)).ok().flatten();
    Finding::new(path, what, advice).at(bytes.as_deref().and_then(merge::first_mark))
}

/// File by chapter, what became of it.
fn table(state: &State) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_style(TableComponent::HeaderLines, '─');
    table.set_style(TableComponent::MiddleHeaderIntersections, '─');
    table.set_content_arrangement(ContentArrangement::Disabled);
    let chapters = state.chapters[1..].iter().map(String::as_str);
    table.set_header([""].into_iter().chain(chapters));
    for (name, outcomes) in &state.table {
        table.add_row([name.clone()].into_iter().chain(outcomes.iter().map(Outcome::to_string)));
    }
    table.to_string()
}

/// What `build-config.toml` must say that it does not say yet.
fn declarations(workspace: &Workspace, state: &State) -> Vec<String> {
    let first = &state.chapters[0];
    let index = workspace.config.chapters.iter().position(|chapter| chapter.folder == *first);
    let is_declared =
        |name: &str| index.is_some_and(|index| check::is_declared(workspace, index, name));
    let line = |(name, outcomes): (&String, &Vec<Outcome>)| {
        let name = check::declared_name(name)?;
        let has = |outcome| outcomes.contains(&outcome);
        match is_declared(name) {
            false if has(Outcome::Added) => {
                Some(format!("build-config.toml: list `{name}` in `new` of {first}"))
            }
            true if has(Outcome::Deleted) => {
                Some(format!("build-config.toml: take `{name}` out of {first}"))
            }
            _ => None,
        }
    };
    state.table.iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sandbox::Sandbox;

    #[test]
    fn declarations_that_are_missing_or_too_many_are_named() {
        let names = ["01-one", "02-two"];
        let sandbox = Sandbox::new(&[("chapters/01-one/x", ""), ("chapters/02-two/x", "")])
            .declare(0, &["b.rs", "c.rs"], &[]);
        let mut state = State::new(String::new(), names.map(String::from).to_vec(), Vec::new());
        let rows = [("src/a.rs", Outcome::Added), ("src/b.rs", Outcome::Added)];
        let more = [("src/c.rs", Outcome::Deleted), ("src/d.rs", Outcome::Deleted)];
        let rows = rows.into_iter().chain(more).chain([("build.rs", Outcome::Added)]);
        state.table = rows.map(|(name, outcome)| (name.into(), vec![outcome])).collect();
        let expected = [
            "build-config.toml: list `a.rs` in `new` of 01-one",
            "build-config.toml: take `c.rs` out of 01-one",
        ];
        assert_eq!(declarations(&sandbox.workspace(), &state), expected);
    }

    #[test]
    fn table_has_a_row_for_each_file_and_a_column_for_each_chapter() {
        let chapters = ["01-one", "02-two", "03-three"].map(String::from).to_vec();
        let mut state = State::new(String::new(), chapters, vec!["a.rs".into(), "b.rs".into()]);
        let rows = [
            ("a.rs", vec![Outcome::Copied, Outcome::Conflict(Obstacle::Lines)]),
            ("b.rs", vec![Outcome::Absent]),
        ];
        state.table = rows.map(|(name, row)| (name.into(), row)).into();
        let text = table(&state);
        let lines: Vec<Vec<&str>> =
            text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["02-two", "03-three"]);
        assert_eq!(lines[2], ["a.rs", "copied", "conflict"]);
        assert_eq!(lines[3], ["b.rs", "absent"]);
    }
}
