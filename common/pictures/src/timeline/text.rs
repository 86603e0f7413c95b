//! The run in a terminal: a row of blocks for each thread, and a table.
//!
//! A block is as high as the share of its time for which the thread ran. The colour is the level's;
//! without colours the table has the levels.

use anstyle::{AnsiColor, Style};

use super::axis::marks;
use super::columns::{Column, columns};
use super::history::{History, State};
use super::level::Level;
use super::table;
use super::trace::Trace;
use super::words::{extent, heading, label, short};

/// A terminal is taken to be at least so wide.
pub const LEAST: usize = 40;

/// The longest name that is shown whole.
const NAME: usize = 16;

/// From one eighth of the time to all of it.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// For when a thread waits for the processor.
const READY: char = '░';

/// For when it waits for something else.
const BLOCKED: char = '·';

/// What is shown of `trace`, which the run called `run` has printed, in lines of `width`.
pub fn text(run: &str, trace: &Trace, width: usize) -> String {
    let width = width.max(LEAST);
    let history = History::of(trace);
    let names = history.lanes.iter().map(|lane| label(&history, lane, NAME).chars().count());
    let names = names.max().unwrap_or(0).min(NAME).min(width / 4);
    let room = width - names - 2;
    let mut lines = wrapped(&heading(run), width);
    lines.extend(wrapped(&extent(&history, trace.events.len(), trace.lost), width));
    lines.push(String::new());
    lines.extend(axis(&history, names + 1, room));
    for lane in &history.lanes {
        let name = label(&history, lane, names);
        let cells = columns(&history, lane, room);
        let cells = row(cells.iter().map(|column| cell(column, lane.is_idle())));
        lines.push(format!("{name:names$} {cells}").trim_end().to_string());
    }
    lines.push(String::new());
    lines.extend(legend(width));
    lines.push(String::new());
    lines.join("\n") + "\n" + &table::draw(&history, width) + "\n"
}

/// What stands in a place of a row: a character, and the level at which the thread ran there.
fn cell(column: &Column, is_idle: bool) -> (char, Option<Level>) {
    if let Some((level, share)) = column.run(BLOCKS.len() as u64) {
        return (BLOCKS[share as usize - 1], Some(level));
    }
    match column.waited().filter(|_| !is_idle) {
        Some(State::Ready) => (READY, None),
        Some(_) => (BLOCKED, None),
        None => (' ', None),
    }
}

/// Characters in a row, in the colours of their levels.
fn row(cells: impl Iterator<Item = (char, Option<Level>)>) -> String {
    let cells: Vec<(char, Option<Level>)> = cells.collect();
    let runs = cells.chunk_by(|one, other| one.1 == other.1);
    let run = |run: &[(char, Option<Level>)]| {
        let style = run[0].1.map_or(Style::new().dimmed(), style);
        let text: String = run.iter().map(|(character, _)| *character).collect();
        if text.trim().is_empty() { text } else { format!("{style}{text}{style:#}") }
    };
    runs.map(run).collect()
}

fn style(level: Level) -> Style {
    let colour = match level {
        Level::Idle => return Style::new().dimmed(),
        Level::Low => AnsiColor::Blue,
        Level::Normal => AnsiColor::Green,
        Level::High => AnsiColor::Yellow,
        Level::Realtime => AnsiColor::Magenta,
    };
    colour.on_default()
}

/// Round times above the rows, and where they are.
fn axis(history: &History, indent: usize, room: usize) -> [String; 2] {
    let mut labels = vec![' '; indent + room + 1];
    let mut line: Vec<char> = " ".repeat(indent).chars().chain("─".repeat(room).chars()).collect();
    let mut free = 0;
    for mark in marks(history.start, history.length(), (room / 10).max(1) as u64) {
        let into = u128::from(mark.time - history.start) * room as u128;
        let place = indent + ((into / u128::from(history.length())) as usize).min(room - 1);
        let label: Vec<char> = mark.label.chars().chain(" ms".chars()).collect();
        line[place] = '┬';
        // At the right margin, and behind a long one, there may be no room.
        if place >= free && place + label.len() < labels.len() {
            labels[place..place + label.len()].copy_from_slice(&label);
            free = place + label.len() + 1;
        }
    }
    [labels, line].map(|text| text.into_iter().collect::<String>().trim_end().to_string())
}

/// What characters and colours stand for.
fn legend(width: usize) -> Vec<String> {
    let shares = format!("{} ran for a part of the time", BLOCKS.iter().collect::<String>());
    let waits = format!("{READY} ready  {BLOCKED} blocked or asleep");
    let levels = Level::ALL.map(|level| (style(level), level.name()));
    let levels = levels.map(|(style, name)| format!("{style}█{style:#} {name}"));
    let mut lines = vec![levels.join(" ")];
    match shares.chars().count() + 2 + waits.chars().count() <= width {
        true => lines.push(format!("{shares}  {waits}")),
        false => lines.extend([shares, waits]),
    }
    lines
}

/// `text` in lines of at most `width` letters, broken between words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(short(word, width)),
        }
    }
    lines
}
