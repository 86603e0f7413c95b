//! The book's pages ask for what there is, and explain what the chapters change.

use std::process::Stdio;

use super::finding::{Finding, Verdict, verdict};
use super::scope::Scope;
use crate::booktool;

/// Every directive can be followed, and no changed line is without a word.
pub fn pages(scope: Scope) -> Verdict {
    let mut command = booktool::command(scope.workspace, &["check"]);
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| vec![booktool::no_cargo(&error).into()])?;
    if output.status.success() {
        return Ok(());
    }
    verdict(String::from_utf8_lossy(&output.stderr).lines().map(finding).collect())
}

/// What a line of the tool says: `error: FILE:LINE: WHAT`, where the number may be missing.
fn finding(line: &str) -> Finding {
    let line = line.trim_start_matches("error: ");
    let Some((place, what)) = line.split_once(": ") else {
        return Finding::new("", line, "");
    };
    let numbered = place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    let (file, line) = numbered.map_or((place, None), |(file, line)| (file, Some(line)));
    Finding::new(file, what, "").at(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_and_fault_are_told_apart() {
        let found = finding("error: book/src/a.md:7: {{#item}}: there is no file a: b");
        let what = "{{#item}}: there is no file a: b";
        assert_eq!(found, Finding::new("book/src/a.md", what, "").at(7));
        let found = finding("error: book/src/a.md: no word about b:1: `c`");
        assert_eq!(found, Finding::new("book/src/a.md", "no word about b:1: `c`", ""));
        assert_eq!(finding("error: no cargo"), Finding::new("", "no cargo", ""));
    }
}
