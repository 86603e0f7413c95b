//! Draws what a run has printed: a terminal with its text, a map of memory, a timeline.
//!
//! Nothing that a reader sees of a run is pasted by hand: a picture is recorded, and can be
//! recorded again to find out whether it is still true. This is apart from `booktool`, which makes
//! the book: who types `make map` should not wait until mdBook is compiled.

pub mod map;
mod mask;
mod picture;
pub mod record;
pub mod timeline;

use std::path::Path;

pub use mask::{first_difference, masked};

/// The result of whatever may fail; the error is for a person.
pub type Result<T> = std::result::Result<T, String>;

/// The run that the first picture shows.
const COMMAND: &str = "make chapter=1 arch=both run";

/// Where that picture is kept, from the root of the repository.
const PICTURE: &str = "book/src/images/first-run.svg";

/// Records a run in the repository at `root` and writes its picture.
pub fn make_first_run(root: &Path) -> Result<()> {
    let file = root.join(PICTURE);
    let svg = picture::svg(COMMAND, &record::output(COMMAND, root)?);
    let write = |file: &Path| {
        file.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(file, &svg)
    };
    write(&file).map_err(|error| format!("cannot write {PICTURE}: {error}"))?;
    anstream::eprintln!("wrote {PICTURE}");
    Ok(())
}

/// Records a run and compares it with the picture that there is.
pub fn check_first_run(root: &Path) -> Result<()> {
    let kept = std::fs::read_to_string(root.join(PICTURE))
        .map_err(|error| format!("cannot read {PICTURE}: {error}"))?;
    let recorded = picture::svg(COMMAND, &record::output(COMMAND, root)?);
    match picture::first_difference(&kept, &recorded) {
        None => Ok(()),
        Some((kept, recorded)) => Err(format!(
            "{PICTURE} is out of date: it shows `{kept}`, a run prints `{recorded}`; \
             `cargo run -p pictures -- first-run` records it again"
        )),
    }
}
