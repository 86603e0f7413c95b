//! `make timeline`: boots a chapter that notes who ran when, and draws it.
//!
//! The kernel prints what it has noted at the end of its run, some thousand lines that nobody
//! reads: they are kept from the reader, and given to `pictures`, which makes of them a picture, a
//! file for viewers of traces, and rows of blocks for the terminal. It is built when it is first
//! needed, as for `make map`; this tool reads of a list only how long it will be.

mod drawing;
mod listener;

use std::path::PathBuf;

use build_support::{Config, Machine};

use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::observe::{self, SUCCESS};
use crate::qemu::{Console, Launch};
use crate::run;
use crate::selection;
use crate::session::{News, Session};
use crate::settings::Settings;
use crate::ui;
use crate::watch::{self, Limits, Outcome};
use crate::wishes::Wishes;
use crate::workspace::Workspace;

pub use drawing::{Files, check};
use listener::Listener;

/// The settings of `make timeline`.
pub const SETTINGS: &[&str] =
    &["chapter", "arch", "mem", "cpus", "gic", "timeout", "bootargs", "args", "counted"];

/// The boot argument that has a kernel print what it has noted.
pub const WORD: &str = "timeline";

/// Draws the timeline of a chapter, on one machine after the other if there are two.
pub fn timeline(workspace: &Workspace, settings: &Settings) -> Result<()> {
    let index = selection::chapter_or_last(settings, &workspace.config)?;
    let machines = selection::machines_or_default(settings, &workspace.config)?;
    let chapter = &workspace.config.chapters[index];
    let wishes = Wishes::read(settings, chapter.time_limit_seconds)?.with_argument(WORD);
    machines.iter().try_for_each(|(arch, _)| wishes.check_for(arch))?;
    if !workspace.config.has_timeline(index) {
        return Err(no_timeline(&workspace.config, index));
    }
    for (arch, machine) in machines {
        doctor::require(workspace, &[Need::Targets, Need::Qemu(&machine.qemu)])?;
        let package = kernel::package_of(&chapter.folder);
        let recipe =
            Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
        let kernel = kernel::build(workspace, recipe, Voice::Aloud)?;
        drawing::build(workspace)?;
        let console = listen(workspace, &kernel, arch, machine, &wishes)?;
        if !console.lines().any(|line| line.starts_with(listener::PREFIX)) {
            let folder = &chapter.folder;
            return Err(Failure::usage(format!("chapter={folder}: its run prints no timeline")));
        }
        let files = files(workspace, &chapter.folder, arch);
        drawing::draw(workspace, &format!("{} on {arch}", chapter.folder), &files, &console)?;
        for file in [&files.picture, &files.trace] {
            ui::step("Wrote", file.strip_prefix(&workspace.root).unwrap_or(file).display());
        }
    }
    ui::note("https://ui.perfetto.dev opens the .json, a browser the .svg");
    Ok(())
}

fn no_timeline(config: &Config, index: usize) -> Failure {
    let folder = |index: usize| config.chapters[index].folder.as_str();
    let others = (0..config.chapters.len()).filter(|index| config.has_timeline(*index));
    let others: Vec<&str> = others.map(folder).collect();
    let others = match others.as_slice() {
        [] => "no chapter does yet".to_string(),
        names => format!("choose from {}", names.join(", ")),
    };
    Failure::usage(format!("chapter={}: it prints no timeline; {others}", folder(index)))
}

/// Where the files of a chapter's run go.
pub fn files(workspace: &Workspace, folder: &str, arch: &str) -> Files {
    let place = workspace.target_folder().join("timeline");
    let file = |ending: &str| -> PathBuf { place.join(format!("{folder}-{arch}.{ending}")) };
    Files { picture: file("svg"), trace: file("json") }
}

/// Boots `kernel`, shows the reader its console without the list, and returns all of it.
fn listen(
    workspace: &Workspace,
    kernel: &Kernel,
    arch: &str,
    machine: &Machine,
    wishes: &Wishes,
) -> Result<String> {
    let mut launch = Launch::new(arch, machine, kernel, Console::Heard);
    wishes.apply(&mut launch);
    ui::step("Booting", format_args!("{} on {arch}", run::name_of(kernel)));
    let mut session = Session::start(launch, false)?;
    let limits = Limits { time: wishes.time_limit, ..Limits::default() };
    let mut listener = Listener::default();
    let outcome = watch::watch(&mut session, machine, arch, limits, |_, news| {
        if let News::Console(bytes) = news {
            listener.hear(bytes, run::pass_on);
        }
    });
    let console = listener.end(run::pass_on);
    match outcome {
        Outcome::Ended(SUCCESS) => Ok(console),
        Outcome::Interrupted => Err(Failure::silent(130)),
        Outcome::Ended(ending) => {
            let root = &workspace.root;
            let report = observe::report(&mut session, kernel, arch, root, ending, &console);
            anstream::eprintln!("\n{report}");
            Err(Failure::silent(1))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_chapter_without_a_timeline_is_told_those_that_have_one() {
        let mut config = Config::read(Path::new("../..")).expect("the repository's own is right");
        config.chapters.iter_mut().for_each(|chapter| chapter.timeline = false);
        let failure = no_timeline(&config, 0);
        assert_eq!(failure.status, 2);
        assert!(failure.message.starts_with("chapter=01-boot: "), "{}", failure.message);
        assert!(failure.message.ends_with("no chapter does yet"), "{}", failure.message);
        config.chapters[4].timeline = true;
        let failure = no_timeline(&config, 0);
        assert!(failure.message.contains("choose from 05-interrupts, 06"), "{}", failure.message);
    }
}
