//! A thread's row: its name, what it did, and how much of the time it ran.
//!
//! ```text
//!          ▼     the level sinks
//!         ┌───┐  ran: the higher, the higher the level
//!  ───────┘   └┴┴┴┴┴┴  waits for the processor
//!         ▲ woken
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use svg::node::element::{Group, Path, Title};

use super::columns::{Column, columns, runs};
use super::drawing::{COLUMNS, END, LEFT, MARGIN, Scene, path, text};
use super::history::{Lane, State};
use super::level::Level;
use super::words::{levels, sentence, share, short};

/// How high a row is.
pub const ROW: f64 = 46.0;

/// Where in a row its bars stand.
const BASE: f64 = 34.0;

/// In how many steps a bar is pale.
const STEPS: u64 = 8;

/// How long a name may be, in letters.
const NAME: usize = 21;

/// The least distance of two marks of one kind in a row.
const DISTANCE: f64 = 8.0;

/// How high a bar of `level` is.
pub fn height(level: Level) -> f64 {
    5.0 * (level.index() + 1) as f64
}

/// The colour of `level`.
pub fn colour(level: Level) -> &'static str {
    match level {
        Level::Idle => "grey",
        Level::Low => "blue",
        Level::Normal => "green",
        Level::High => "orange",
        Level::Realtime => "pink",
    }
}

/// The row of `lane`, whose upper edge is at `top`.
pub fn draw(scene: &Scene, lane: &Lane, top: f64) -> Group {
    let base = top + BASE;
    let columns = columns(&scene.history, lane, COLUMNS);
    let owner = lane.thread.pid.map_or("kernel".to_string(), |pid| format!("process {pid}"));
    let mut group = Group::new()
        .set("class", "lane")
        .add(Title::new(sentence(&scene.history, lane)))
        .add(text(MARGIN, top + 20.0, "name", short(&lane.thread.name, NAME)))
        .add(text(MARGIN, top + 35.0, "muted", format!("{owner}, {}", levels(lane))))
        .add(path("base", format!("M{LEFT},{base}h{COLUMNS}")))
        .add(text(END, base - 4.0, "muted end", share(&scene.history, lane)));
    if !lane.is_idle() {
        group = waits(&columns, base).into_iter().fold(group, Group::add);
    }
    group = bars(&columns, base).into_iter().fold(group, Group::add);
    let wakes = kept(lane.wakes.iter().map(|time| scene.x(*time)));
    let wakes: String = wakes.iter().map(|x| up(*x, base + 2.0)).collect();
    if !wakes.is_empty() {
        group = group.add(path("wake", wakes));
    }
    let changes = changes(scene, lane, base);
    if changes.is_empty() { group } else { group.add(path("change", changes)) }
}

/// How many marks of `lane` are left out since they would lie on others.
pub fn left_out(scene: &Scene, lane: &Lane) -> usize {
    let wakes: Vec<f64> = lane.wakes.iter().map(|time| scene.x(*time)).collect();
    let changes: Vec<f64> = lane.changes.iter().map(|change| scene.x(change.time)).collect();
    [wakes, changes].into_iter().map(|all| all.len() - kept(all.iter().copied()).len()).sum()
}

/// A bar for each level and paleness: the columns in which the thread ran so.
fn bars(columns: &[Column], base: f64) -> Vec<Path> {
    let mut bars: BTreeMap<(Level, u64), String> = BTreeMap::new();
    for (range, what) in runs(columns, |column| column.run(STEPS)) {
        let (x, width) = place(&range);
        let height = height(what.0);
        *bars.entry(what).or_default() += &format!("M{x},{base}v-{height}h{width}v{height}z");
    }
    let bar = |((level, share), line)| {
        // The palest is still seen.
        let opacity = 0.25 + 0.75 * share as f64 / STEPS as f64;
        path(&format!("ran {}", colour(level)), line).set("fill-opacity", opacity)
    };
    bars.into_iter().map(bar).collect()
}

/// Lines for when it waited: teeth for the processor, a plain one for all else.
fn waits(columns: &[Column], base: f64) -> Vec<Path> {
    let lines = |wanted: State, y: f64| -> String {
        let is_wanted = |column: &Column| column.waited().filter(|state| *state == wanted);
        let runs = runs(columns, is_wanted);
        runs.iter().map(|(range, _)| format!("M{},{y}h{}", place(range).0, range.len())).collect()
    };
    let (ready, blocked) = (lines(State::Ready, base - 4.0), lines(State::Blocked, base - 1.0));
    let paths = [("ready", ready), ("blocked", blocked)];
    let paths = paths.into_iter().filter(|(_, line)| !line.is_empty());
    paths.map(|(class, line)| path(class, line)).collect()
}

/// Arrows where the level rises or sinks.
fn changes(scene: &Scene, lane: &Lane, base: f64) -> String {
    let places = kept(lane.changes.iter().map(|change| scene.x(change.time)));
    let mut places = places.into_iter().peekable();
    let mut arrows = String::new();
    for change in &lane.changes {
        let x = scene.x(change.time);
        if places.next_if_eq(&x).is_none() {
            continue;
        }
        let top = base - height(change.to) - 2.0;
        arrows += &if change.to > change.from { up(x, top - 5.0) } else { down(x, top) };
    }
    arrows
}

/// Those of `places` that are far enough from the one before that is kept.
fn kept(places: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut kept: Vec<f64> = Vec::new();
    for place in places {
        if kept.last().is_none_or(|last| place - last >= DISTANCE) {
            kept.push(place);
        }
    }
    kept
}

/// An arrow whose tip is at the top.
pub fn up(x: f64, top: f64) -> String {
    format!("M{x},{top}l3,5h-6z")
}

/// An arrow whose tip is at the bottom.
pub fn down(x: f64, bottom: f64) -> String {
    format!("M{x},{bottom}l3,-5h-6z")
}

/// Where a run of columns begins, and how wide it is.
fn place(range: &Range<usize>) -> (usize, usize) {
    (LEFT as usize + range.start, range.len())
}
