//! `make book` and `make serve`: the book as a site, once, or again at every save.
//!
//! The work is `booktool`'s, which has mdBook in it as a library; nothing need be installed.

use std::time::Instant;

use crate::booktool;
use crate::failure::{Failure, Result};
use crate::settings::Settings;
use crate::ui;
use crate::workspace::Workspace;

/// The settings of `make serve`.
pub const SETTINGS: &[&str] = &["port"];

/// Where the built book is, from the root of the repository.
pub const FOLDER: &str = "book/book";

/// Where `make serve` shows the book if nobody says otherwise.
const PORT: u16 = 3000;

/// Builds the book.
pub fn build(workspace: &Workspace) -> Result<()> {
    let start = Instant::now();
    booktool::build(workspace)?;
    ui::step("Building", "the book");
    booktool::run(workspace, &["build"])?;
    let time = start.elapsed().as_secs_f32();
    ui::step("Built", format_args!("{FOLDER}/index.html in {time:.1} s"));
    Ok(())
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
    fn ports_are_whole_numbers_that_a_server_can_have() {
        let read = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
            port(&Settings::read(&words, SETTINGS).expect("the name is known"))
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
