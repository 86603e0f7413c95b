//! `make book` and `make serve`: the book as a site, once, or again at every save.
//!
//! The work is `booktool`'s, which has mdBook in it as a library; nothing need be installed. Only
//! the book for print is printed by a browser.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::booktool;
use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::inherit;
use crate::settings::Settings;
use crate::ui;
use crate::workspace::Workspace;

/// The settings of `make book`.
pub const SETTINGS: &[&str] = &["pdf"];

/// The settings of `make serve`.
pub const SERVE_SETTINGS: &[&str] = &["port"];

/// Where the built book is, from the root of the repository.
pub const FOLDER: &str = "book/book";

/// Where the book for print is, from the root of the repository.
pub const PDF: &str = "book/book/strata.pdf";

/// Where `make serve` shows the book if nobody says otherwise.
const PORT: u16 = 3000;

/// Builds the book.
pub fn build(workspace: &Workspace, settings: &Settings) -> Result<()> {
    let has_pdf = has_pdf(settings)?;
    if has_pdf {
        doctor::require(workspace, &[Need::Chromium])?;
    }
    let start = Instant::now();
    booktool::build(workspace)?;
    ui::step("Building", "the book");
    booktool::run(workspace, &["build"])?;
    let time = start.elapsed().as_secs_f32();
    ui::step("Built", format_args!("{FOLDER}/index.html in {time:.1} s"));
    if has_pdf { print(workspace) } else { Ok(()) }
}

fn has_pdf(settings: &Settings) -> Result<bool> {
    match settings.get("pdf") {
        None => Ok(false),
        Some("1") => Ok(true),
        Some(value) => Err(Failure::not_one_of("pdf", value, ["1"])),
    }
}

/// Has the browser print the page that holds the whole book.
fn print(workspace: &Workspace) -> Result<()> {
    let start = Instant::now();
    ui::step("Printing", format_args!("{PDF}: half a minute or so"));
    let pdf = workspace.root.join(PDF);
    let profile = tempfile::tempdir()
        .map_err(|error| Failure::io("create a folder in", &std::env::temp_dir(), &error))?;
    let mut browser = browser(profile.path());
    browser.arg(format!("--print-to-pdf={}", pdf.display()));
    browser.arg(workspace.root.join(FOLDER).join("print.html"));
    let output = browser.output();
    let output = output.map_err(|error| Failure::failed(format!("cannot print: {error}")))?;
    if !output.status.success() || !pdf.is_file() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::failed(format!("the browser does not print:\n{said}")));
    }
    let time = start.elapsed().as_secs_f32();
    ui::step("Printed", format_args!("{PDF} in {time:.1} s"));
    Ok(())
}

/// A browser without windows that keeps what it remembers in `profile`.
fn browser(profile: &Path) -> Command {
    let mut chromium = Command::new(doctor::find_chromium().unwrap_or_default());
    // Without its sandbox it also runs as root, in a container; what it shows is our own.
    chromium.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]);
    chromium.args(["--disable-background-networking", "--no-pdf-header-footer"]);
    chromium.arg(format!("--user-data-dir={}", profile.display())).stdin(Stdio::null());
    inherit::pass_on(&mut chromium, &[]);
    chromium
}

/// Shows the book to a browser, and builds it again whenever one of its sources is saved.
pub fn serve(workspace: &Workspace, settings: &Settings) -> Result<()> {
    let port = port(settings)?;
    match booktool::run(workspace, &["serve", "--port", &port.to_string()]) {
        // Nothing else ends it, so that is no failure.
        Err(failure) if failure.status == 130 => Ok(()),
        outcome => outcome,
    }
}

fn port(settings: &Settings) -> Result<u16> {
    let Some(text) = settings.get("port") else { return Ok(PORT) };
    match text.parse() {
        Ok(port @ 1..) => Ok(port),
        _ => Err(Failure::usage(format!("port={text}: must be a whole number, 1 to {}", u16::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_is_made_if_asked_for() {
        let read = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
            has_pdf(&Settings::read(&words, SETTINGS).expect("the name is known"))
        };
        assert_eq!((read(&[]), read(&["pdf=1"])), (Ok(false), Ok(true)));
        assert_eq!(read(&["pdf=yes"]).expect_err("it is neither").status, 2);
    }

    #[test]
    fn ports_are_whole_numbers_that_a_server_can_have() {
        let read = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
            port(&Settings::read(&words, SERVE_SETTINGS).expect("the name is known"))
        };
        assert_eq!(read(&[]), Ok(PORT));
        assert_eq!(read(&["port=1"]), Ok(1));
        assert_eq!(read(&["port=65535"]), Ok(65535));
        for wrong in ["port=0", "port=65536", "port=-1", "port=here"] {
            let failure = read(&[wrong]).expect_err("no server can have it");
            assert!(failure.status == 2 && failure.message.starts_with(wrong), "{failure:?}");
        }
    }
}
