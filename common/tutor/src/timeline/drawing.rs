//! The drawing, which another program does: `pictures`.

use std::path::PathBuf;

use crate::booktool;
use crate::failure::Result;
use crate::map::{PACKAGE, feed};
use crate::ui;
use crate::workspace::Workspace;

/// How wide the rows are where nobody knows how wide the reader's terminal is.
const USUAL_WIDTH: usize = 100;

/// What is made of a timeline.
#[derive(Clone, Debug)]
pub struct Files {
    /// The picture.
    pub picture: PathBuf,
    /// The file for viewers of traces.
    pub trace: PathBuf,
}

/// Builds what draws.
pub fn build(workspace: &Workspace) -> Result<()> {
    booktool::build_package(workspace, PACKAGE)
}

/// Writes to `files` the timeline in `console`, which the run called `run` has printed, and shows
/// it to the reader.
pub fn draw(workspace: &Workspace, run: &str, files: &Files, console: &str) -> Result<()> {
    draw_or_check(workspace, run, files, console, &[])
}

/// Whether `files` show the timeline in `console`.
pub fn check(workspace: &Workspace, files: &Files, console: &str) -> Result<()> {
    draw_or_check(workspace, "", files, console, &["--check"])
}

fn draw_or_check(
    workspace: &Workspace,
    run: &str,
    files: &Files,
    console: &str,
    more: &[&str],
) -> Result<()> {
    let columns = ui::columns(std::io::stdout()).filter(|columns| *columns > 0);
    let width = columns.unwrap_or(USUAL_WIDTH).to_string();
    let words = ["timeline", "--run", run, "--width", &width];
    let mut cargo = booktool::command_of(workspace, PACKAGE, &words);
    cargo.arg("--svg").arg(&files.picture).arg("--json").arg(&files.trace).args(more);
    feed(cargo, console)
}
