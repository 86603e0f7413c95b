//! The timeline of a run: who had the processor when, drawn of what the kernel itself remembers.
//!
//! A list that the kernel prints ([`parse`]) becomes a history ([`history`]: what each thread did,
//! from when to when), and that becomes a picture, a file for programs that show such histories,
//! and rows of blocks in a terminal. Whether picture and file are right is checked by a reader of
//! its own ([`check`]), which knows the console, XML and JSON and nothing of the drawing.

mod axis;
mod check;
mod columns;
mod drawing;
mod history;
mod lane;
mod legend;
mod level;
mod parse;
mod perfetto;
#[cfg(test)]
mod simulator;
mod table;
mod text;
mod trace;
mod words;

pub use parse::lines;

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::Result;

/// What a timeline is drawn of, and where to.
#[derive(clap::Args)]
pub struct Arguments {
    /// Which run it is, such as "07-scheduler on aarch64"
    #[arg(long)]
    run: String,
    /// The picture
    #[arg(long)]
    svg: PathBuf,
    /// The file for viewers of traces
    #[arg(long)]
    json: PathBuf,
    /// How wide the terminal is
    #[arg(long, default_value_t = 100)]
    width: usize,
    /// Compare the files there are with the run instead of writing them
    #[arg(long)]
    check: bool,
}

/// Draws the timeline in the console on standard input, or checks the files that there are of it.
pub fn timeline(arguments: &Arguments) -> Result<()> {
    let mut console = Vec::new();
    std::io::stdin()
        .read_to_end(&mut console)
        .map_err(|error| format!("cannot read the console: {error}"))?;
    let console = String::from_utf8_lossy(&console).replace('\r', "");
    let Arguments { run, svg, json, width, check } = arguments;
    if *check {
        let wrong = |file: &Path, why| format!("{}: {why}", file.display());
        check::picture(&read(svg)?, &console).map_err(|why| wrong(svg, why))?;
        return check::json(&read(json)?, &console).map_err(|why| wrong(json, why));
    }
    let trace = parse::parse(&console)?;
    write(svg, &(drawing::draw(run, &trace).to_string() + "\n"))?;
    write(json, &perfetto::json(run, &trace))?;
    anstream::print!("{}", text::text(run, &trace, *width));
    Ok(())
}

/// The timeline in `console`, which the run called `run` has printed: an SVG for a page, on one
/// line and without colours of its own.
pub fn figure(run: &str, console: &str) -> Result<String> {
    let svg = drawing::figure(run, &parse::parse(console)?).to_string();
    Ok(svg.lines().collect::<Vec<_>>().join(" "))
}

/// A line of a list without its time: what a run of a slightly different kernel must print as well.
pub fn without_time(line: &str) -> String {
    let time = |text: &str| text.split(' ').next().unwrap_or_default().len();
    let rest = line.strip_prefix("timeline: ").filter(|text| text.starts_with(char::is_numeric));
    rest.map_or_else(|| line.into(), |text| format!("timeline: #{}", &text[time(text)..]))
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read {}: {error}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<()> {
    file.parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(file, text))
        .map_err(|error| format!("cannot write {}: {error}", file.display()))
}

#[cfg(test)]
mod tests;
