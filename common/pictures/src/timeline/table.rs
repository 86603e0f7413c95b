//! The table of threads: how long each ran, how often, and how long it had to wait.

use comfy_table::{
    Cell, CellAlignment, ContentArrangement, Table as Grid, TableComponent, presets,
};

use super::axis::Millis;
use super::history::{History, Lane};
use super::words::{label, levels, share};

/// The longest name that is shown whole.
const NAME: usize = 16;

/// A column: its head, what it says of a thread, and how much it is worth where room is scarce.
struct Column {
    head: &'static str,
    tell: fn(&History, &Lane) -> String,
    worth: u8,
}

/// All columns.
const COLUMNS: [Column; 8] = [
    Column { head: "thread", tell: |history, lane| label(history, lane, NAME), worth: 8 },
    Column { head: "pid", tell: |_, lane| pid(lane), worth: 1 },
    Column { head: "levels", tell: |_, lane| levels(lane), worth: 4 },
    Column { head: "CPU ms", tell: |_, lane| Millis(lane.ran()).to_string(), worth: 7 },
    Column { head: "share", tell: share, worth: 6 },
    Column { head: "switches", tell: |_, lane| lane.switches.to_string(), worth: 2 },
    Column { head: "woken", tell: |_, lane| lane.wakes.len().to_string(), worth: 3 },
    Column { head: "longest wait ms", tell: |_, lane| wait(lane), worth: 5 },
];

fn pid(lane: &Lane) -> String {
    lane.thread.pid.map_or("-".into(), |pid| pid.to_string())
}

fn wait(lane: &Lane) -> String {
    if lane.is_idle() { "-".into() } else { Millis(lane.longest_wait).to_string() }
}

/// The table, at most `width` wide: where room is scarce, what is worth least is left out.
pub fn draw(history: &History, width: usize) -> String {
    let mut least = 0;
    loop {
        let columns: Vec<&Column> = COLUMNS.iter().filter(|it| it.worth > least).collect();
        let table = grid(history, &columns);
        let is_fitting = table.lines().all(|line| line.chars().count() <= width);
        if is_fitting || columns.len() <= 2 {
            return table;
        }
        least += 1;
    }
}

fn grid(history: &History, columns: &[&Column]) -> String {
    let mut grid = Grid::new();
    grid.load_preset(presets::NOTHING);
    grid.set_style(TableComponent::HeaderLines, '─');
    grid.set_style(TableComponent::MiddleHeaderIntersections, '─');
    grid.set_content_arrangement(ContentArrangement::Disabled);
    let is_words = |head: &str| ["thread", "levels"].contains(&head);
    let cell = |column: &Column, text: String| match is_words(column.head) {
        true => Cell::new(text),
        false => Cell::new(text).set_alignment(CellAlignment::Right),
    };
    grid.set_header(columns.iter().map(|column| cell(column, column.head.into())));
    for lane in &history.lanes {
        let cells = columns.iter().map(|column| cell(column, (column.tell)(history, lane)));
        grid.add_row(cells);
    }
    for column in grid.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let lines = grid.trim_fmt();
    lines.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
