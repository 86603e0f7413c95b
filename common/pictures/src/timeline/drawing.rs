//! The picture: a row for each thread, time from left to right.
//!
//! The same is always said in two ways: a level by colour and by height; a share of the time by
//! paleness and in numbers; all of it in a description for whoever hears the picture. Nothing in it
//! refers to another element by its name, since a page may hold the picture twice.
//!
//! Three things keep a run of thousands of events readable. Time is drawn in columns of a pixel
//! (see [`columns`](super::columns)). Marks that would lie on each other are left out, and counted.
//! Of more threads than there is room for, those that ran most are drawn.

use svg::Document;
use svg::node::Text as Words;
use svg::node::element::{Description, Group, Path, Rectangle, Style, Text, Title};

use super::axis::{Millis, marks};
use super::history::{History, Lane};
use super::lane::{self, ROW};
use super::legend;
use super::trace::Trace;
use super::words::{description, extent, heading};

/// What makes it look so, in light and dark: what all pictures have, and what this one adds.
const STYLES: [&str; 2] = [include_str!("../map/map.css"), include_str!("timeline.css")];

/// The width of the picture, in pixels.
const WIDTH: f64 = 960.0;

/// The margin.
pub const MARGIN: f64 = 24.0;

/// Where time begins.
pub const LEFT: f64 = 190.0;

/// How many columns time has, each a pixel wide.
pub const COLUMNS: usize = 690;

/// Where the last number of a row ends.
pub const END: f64 = WIDTH - MARGIN;

/// Where the first row begins.
const TOP: f64 = 176.0;

/// No more threads are drawn.
const ROWS: usize = 24;

/// The least distance of two ticks that are drawn, in pixels.
const TICK_DISTANCE: f64 = 4.0;

/// The least distance of two times that are written, in pixels.
const LABEL_DISTANCE: u64 = 70;

/// What is drawn.
pub struct Scene<'a> {
    /// What the run is called.
    pub run: &'a str,
    /// How many events there were.
    events: usize,
    /// How many were forgotten.
    lost: u64,
    /// What they came to.
    pub history: History<'a>,
    /// The threads that are left out: how many, and how long they ran.
    left_out: (usize, u64),
}

impl<'a> Scene<'a> {
    /// What there is to draw of `trace`.
    pub fn new(run: &'a str, trace: &'a Trace) -> Self {
        let mut history = History::of(trace);
        let mut times: Vec<u64> = history.lanes.iter().map(Lane::ran).collect();
        times.sort_unstable_by(|one, other| other.cmp(one));
        let mut left_out = (0, 0);
        if let Some(least) = times.get(ROWS - 1) {
            // Of those that ran for the same time, as many as there is room for.
            let mut room = ROWS - times.iter().filter(|time| *time > least).count();
            history.lanes.retain(|lane| {
                let is_last = lane.ran() == *least && room > 0;
                room -= usize::from(is_last);
                let is_shown = is_last || lane.ran() > *least;
                if !is_shown {
                    left_out = (left_out.0 + 1, left_out.1 + lane.ran());
                }
                is_shown
            });
        }
        Self { run, events: trace.events.len(), lost: trace.lost, history, left_out }
    }

    /// Where `time` is drawn.
    pub fn x(&self, time: u64) -> f64 {
        let into = (time - self.history.start) as f64 / self.history.length() as f64;
        (LEFT + into * COLUMNS as f64).round()
    }

    /// Whether ticks are far enough from each other.
    fn has_ticks(&self) -> bool {
        let History { ticks, .. } = &self.history;
        ticks.len() > 1
            && (self.x(ticks[ticks.len() - 1]) - self.x(ticks[0])) / (ticks.len() - 1) as f64
                >= TICK_DISTANCE
    }

    fn bottom(&self) -> f64 {
        TOP + ROW * self.history.lanes.len() as f64
    }
}

/// Draws `trace`, which the run called `run` has printed, as a picture that stands alone.
pub fn draw(run: &str, trace: &Trace) -> Document {
    let scene = Scene::new(run, trace);
    let height = scene.bottom() + MARGIN;
    let paper = Rectangle::new()
        .set("x", 0.5)
        .set("y", 0.5)
        .set("width", WIDTH - 1.0)
        .set("height", height - 1.0)
        .set("rx", 8)
        .set("class", "paper");
    content(document(&scene).add(Style::new(STYLES.concat())).add(paper), &scene)
}

/// Draws it as part of a page, which has the colours.
pub fn figure(run: &str, trace: &Trace) -> Document {
    let scene = Scene::new(run, trace);
    content(document(&scene), &scene)
}

/// The picture without its content.
fn document(scene: &Scene) -> Document {
    let Scene { events, lost, history, .. } = scene;
    let height = scene.bottom() + MARGIN;
    Document::new()
        .set("class", "strata-map strata-timeline")
        .set("role", "img")
        .set("width", WIDTH)
        .set("height", height)
        .set("viewBox", (0, 0, WIDTH, height))
        .add(Title::new(heading(scene.run)))
        .add(Description::new().add(Words::new(description(history, *events, *lost))))
}

fn content(document: Document, scene: &Scene) -> Document {
    let marks_left_out: usize =
        scene.history.lanes.iter().map(|it| lane::left_out(scene, it)).sum();
    let document =
        document.add(caption(scene, marks_left_out)).add(legend::draw(112.0)).add(grid(scene));
    scene.history.lanes.iter().enumerate().fold(document, |document, (index, it)| {
        document.add(lane::draw(scene, it, TOP + ROW * index as f64))
    })
}

/// What it is, and how to read it.
fn caption(scene: &Scene, marks_left_out: usize) -> Group {
    let mut notes = vec!["Pale: a thread had the processor for a part of the pixel's time.".into()];
    if !scene.has_ticks() && scene.history.ticks.len() > 1 {
        notes.push("Ticks are too near each other to be drawn.".into());
    }
    if marks_left_out > 0 {
        notes.push(format!("{marks_left_out} marks are left out beside others."));
    }
    if let (count @ 1.., ran) = scene.left_out {
        notes.push(format!("Without {count} threads that ran least, {} ms together.", Millis(ran)));
    }
    let extent = extent(&scene.history, scene.events, scene.lost);
    Group::new()
        .add(text(MARGIN, 42.0, "heading", heading(scene.run)))
        .add(text(MARGIN, 64.0, "muted", extent))
        .add(text(MARGIN, 82.0, "muted", notes.join(" ")))
}

/// Lines at round times, and at ticks where there is room.
fn grid(scene: &Scene) -> Group {
    let (top, bottom) = (TOP - 8.0, scene.bottom());
    let History { start, ticks, .. } = &scene.history;
    let mut group = Group::new().set("class", "grid");
    if scene.has_ticks() {
        let lines = ticks.iter().map(|time| format!("M{},{top}V{bottom}", scene.x(*time)));
        group = group.add(path("tick", lines.collect()));
    }
    let most = COLUMNS as u64 / LABEL_DISTANCE;
    for mark in marks(*start, scene.history.length(), most) {
        let x = scene.x(mark.time);
        group = group.add(path("line", format!("M{x},{top}V{bottom}"))).add(text(
            x,
            top - 6.0,
            "muted middle",
            mark.label,
        ));
    }
    group.add(text(LEFT - 12.0, top - 6.0, "muted end", "ms")).add(text(
        END,
        top - 6.0,
        "muted end",
        "ran",
    ))
}

/// A path of `class`.
pub fn path(class: &str, path: String) -> Path {
    Path::new().set("class", class).set("d", path)
}

/// Words of `class`.
pub fn text(x: f64, y: f64, class: &str, words: impl Into<String>) -> Text {
    Text::new(words).set("x", x).set("y", y).set("class", class)
}
