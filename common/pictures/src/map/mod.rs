//! The memory map of a run as an SVG: of physical memory, or of an address space.
//!
//! What is drawn is what the kernel itself has printed, line by line, and nothing else: a region
//! that the kernel forgets is missing in the picture, too. Whether the picture is right is checked
//! by a reader of its own ([`check`]), which knows the console and XML and nothing of the drawing.

mod bands;
mod check;
mod drawing;
mod regions;
mod size;
mod words;

pub use regions::Space;

use std::io::Read;
use std::path::PathBuf;

use crate::Result;

/// What a map is drawn of, and where to.
#[derive(clap::Args)]
pub struct Arguments {
    /// Which run it is, such as "02-frames on aarch64"
    #[arg(long)]
    run: String,
    /// The picture
    #[arg(long)]
    file: PathBuf,
    /// Compare the picture there is with the run instead of drawing it
    #[arg(long)]
    check: bool,
}

/// Draws the map in the console on standard input, or checks the picture that there is of it.
pub fn map(arguments: &Arguments) -> Result<()> {
    let mut console = Vec::new();
    std::io::stdin()
        .read_to_end(&mut console)
        .map_err(|error| format!("cannot read the console: {error}"))?;
    let console = String::from_utf8_lossy(&console).replace('\r', "");
    let file = &arguments.file;
    if arguments.check {
        let picture = std::fs::read_to_string(file)
            .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        return check::check(&picture, &console)
            .map_err(|why| format!("{}: {why}", file.display()));
    }
    let picture = drawing::draw(&arguments.run, &regions::parse(&console)?);
    file.parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(file, picture.to_string() + "\n"))
        .map_err(|error| format!("cannot write {}: {error}", file.display()))
}

/// The map of `space` in `console`, which the run called `run` has printed: an SVG for a page, on
/// one line and without colours of its own.
pub fn figure(run: &str, console: &str, space: Space) -> Result<String> {
    let svg = drawing::figure(run, &regions::parse_space(console, space)?).to_string();
    Ok(svg.lines().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests;
