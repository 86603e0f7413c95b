//! What a whole run of the grader came to, for the programs that read it.
//!
//! Gradescope takes `results.json` ("Autograder specifications"), most others JUnit's XML, and a
//! page of a build service Markdown.

use std::path::Path;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde_json::{Value, json};
use tutor::failure::{Failure, Result};

use crate::verdict::{Broken, Graded, Kind, Outcome};

/// Writes all three into `folder`; `notes` are said beside the results.
pub fn write(folder: &Path, graded: &[Graded], notes: &[String]) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::io("create", folder, &error))?;
    let json = serde_json::to_string_pretty(&gradescope(graded, notes)).expect("it is plain data");
    for (name, text) in [
        ("results.json", json),
        ("junit.xml", junit(graded)),
        ("summary.md", markdown(graded, notes)),
    ] {
        let file = folder.join(name);
        std::fs::write(&file, text).map_err(|error| Failure::io("write", &file, &error))?;
    }
    Ok(())
}

/// The points of all, and the most that they can be.
pub fn total(graded: &[Graded]) -> (u32, u32) {
    (graded.iter().map(|one| one.points).sum(), graded.iter().map(|one| one.out_of).sum())
}

fn gradescope(graded: &[Graded], notes: &[String]) -> Value {
    let tests: Vec<Value> = graded
        .iter()
        .map(|one| {
            json!({
                "name": format!("{} {}", one.call, one.title),
                "score": one.points,
                "max_score": one.out_of,
                "status": if one.is_solved() { "passed" } else { "failed" },
                "output": text(one),
                "output_format": "text",
                "visibility": "visible",
            })
        })
        .collect();
    json!({
        "score": total(graded).0,
        "execution_time": graded.iter().map(|one| one.seconds).sum::<f64>().ceil(),
        "output": notes.join("\n"),
        "visibility": "visible",
        "tests": tests,
    })
}

/// A suite for each task, a case for each promise; a task that has none to show is its own case.
fn junit(graded: &[Graded]) -> String {
    let mut report = Report::new("exercises");
    for one in graded {
        let mut suite = TestSuite::new(format!("{} {}", one.call, one.title));
        suite.set_time(Duration::from_secs_f64(one.seconds));
        if one.promises.is_empty() {
            suite.add_test_case(case("all", &one.outcome, &text(one)));
        }
        for tried in &one.promises {
            let kind = tried.broken.iter().map(|broken| broken.kind).min();
            let outcome = kind.map_or(Outcome::Solved, Outcome::Broken);
            let said: Vec<String> = tried.broken.iter().map(sentence).collect();
            suite.add_test_case(case(&tried.name, &outcome, &said.join("\n")));
        }
        report.add_test_suite(suite);
    }
    report.to_string().expect("a text has room")
}

fn case(name: &str, outcome: &Outcome, said: &str) -> TestCase {
    if *outcome == Outcome::Solved {
        return TestCase::new(name, TestCaseStatus::success());
    }
    let kind = match outcome {
        Outcome::Broken(Kind::WrongAnswer | Kind::NotStarted) => NonSuccessKind::Failure,
        _ => NonSuccessKind::Error,
    };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(outcome.headline()).set_message(said.lines().next().unwrap_or_default());
    status.set_description(said);
    TestCase::new(name, status)
}

/// What is said of a task without colours.
fn text(graded: &Graded) -> String {
    let mut text = format!("{} (seed={})\n", graded.reason(), graded.seed);
    if let Outcome::DidNotCompile(said) = &graded.outcome {
        text += &said.lines().take(60).map(|line| format!("{line}\n")).collect::<String>();
    }
    for tried in graded.promises.iter().filter(|tried| !tried.broken.is_empty()) {
        text += &format!("\nbroken: {}\n", tried.says);
        tried.broken.iter().for_each(|broken| text += &format!("  {}\n", sentence(broken)));
    }
    if let Some((_, hint)) = &graded.hint {
        text += &format!("\nhint: {hint}\n");
    }
    text
}

fn sentence(broken: &Broken) -> String {
    let Broken { machine, kind, what, input, expected, seen, report } = broken;
    let mut text = format!("on {machine}: {}: {what}", kind.name());
    for (name, value) in [("input", input), ("expected", expected), ("seen", seen)] {
        if let Some(value) = value {
            text += &format!("; {name} {value}");
        }
    }
    let report = report.lines().next().map_or(String::new(), |line| format!("; {line}"));
    text + &report
}

fn markdown(graded: &[Graded], notes: &[String]) -> String {
    let (points, out_of) = total(graded);
    let mut text = format!("# {points} of {out_of} points\n\n");
    text += "| | task | points | |\n|---|---|---|---|\n";
    for one in graded {
        let mark = if one.is_solved() { "solved" } else { "open" };
        let reason = cell(&one.reason());
        text += &format!(
            "| {mark} | {} {} | {}/{} | {reason} |\n",
            one.call, one.title, one.points, one.out_of
        );
    }
    for note in notes {
        text += &format!("\n{note}\n");
    }
    text
}

/// `text` as it may stand in a table of Markdown, whatever a student's program printed.
fn cell(text: &str) -> String {
    let text: String = text.chars().take(200).collect();
    text.replace(['\n', '\r'], " ").replace('|', "\\|").replace('<', "&lt;").replace('`', "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_keeps_its_table_whole() {
        assert_eq!(cell("a|b\n<script>`"), "a\\|b &lt;script>'");
    }
}
