//! Tests that what the book shows of runs is still true: its tool makes the recordings again, and
//! compares them.

use std::process::Stdio;

use super::host::parse;
use super::outcome::Tested;
use crate::booktool;
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

/// Makes the recordings of one `kind` again: all, or those of one chapter, counted from 1.
pub fn run(workspace: &Workspace, kind: &str, chapter: Option<usize>) -> Result<Vec<Tested>> {
    let mut command = booktool::command(workspace, &["record", "--check", kind]);
    if let Some(chapter) = chapter {
        command.args(["--chapter", &chapter.to_string()]);
    }
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::failed(format!("cannot start cargo: {error}")))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let tests: Vec<Tested> = said.lines().filter_map(|line| parse(line, &said)).collect();
    if !output.status.success() && tests.iter().all(Tested::has_passed) {
        return Err(Failure::failed(String::from_utf8_lossy(&output.stderr).trim_end()));
    }
    Ok(tests)
}
