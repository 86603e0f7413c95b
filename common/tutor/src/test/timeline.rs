//! Tests what `make timeline` draws: it must show what a run of the same chapter prints.
//!
//! Both runs count time in instructions, so the second one, whose list is seen here, prints what
//! the first did, to the nanosecond.

use super::commands::{text, tutor};
use super::outcome::Tested;
use crate::failure::Result;
use crate::timeline::{self, WORD};
use crate::workspace::Workspace;

/// Has the timeline of chapter `index` on `arch` drawn, and looks at it.
pub fn run(workspace: &Workspace, index: usize, arch: &str) -> Result<Tested> {
    let name = "every thread is in the timeline";
    Ok(Tested::from_result(name, look(workspace, index, arch)))
}

fn look(workspace: &Workspace, index: usize, arch: &str) -> std::result::Result<(), String> {
    let [chapter, machine] = [format!("chapter={}", index + 1), format!("arch={arch}")];
    let run = |command: &str, more: &[&str]| {
        let output = tutor(workspace, &[command, &chapter, &machine, "counted=1"], more)?;
        if output.status.success() { Ok(output) } else { Err(text(&output)) }
    };
    let drawn = text(&run("timeline", &[])?);
    let files = timeline::files(workspace, &workspace.config.chapters[index].folder, arch);
    for file in [&files.picture, &files.trace] {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if !drawn.contains(&*name) {
            return Err(format!("it does not say where {name} is:\n{drawn}"));
        }
    }
    if drawn.contains("timeline: end") {
        return Err("it shows the list to the reader".into());
    }
    let printed = run("run", &[&format!("args={WORD}")])?;
    let console = String::from_utf8_lossy(&printed.stdout);
    timeline::check(workspace, &files, &console).map_err(|failure| failure.message)
}
