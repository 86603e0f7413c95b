//! What the bars and marks of the picture stand for.

use svg::node::element::Group;

use super::drawing::{MARGIN, path, text};
use super::lane::{colour, down, height, up};
use super::level::Level;

/// How far the lines of the legend are apart.
const LINE: f64 = 22.0;

/// The legend: levels on the line whose foot is at `base`, all else below.
pub fn draw(base: f64) -> Group {
    let mut group = Group::new().set("class", "legend");
    let mut x = MARGIN;
    for level in Level::ALL {
        let height = height(level);
        let bar = format!("M{x},{base}v-{height}h14v{height}z");
        group = group.add(path(&format!("ran {}", colour(level)), bar));
        group = group.add(text(x + 20.0, base, "muted", level.name()));
        x += 96.0;
    }
    let base = base + LINE;
    let marks = [
        ("ready", format!("M0,{}h22", base - 4.0), "ready, without the processor", 208.0),
        ("blocked", format!("M0,{}h22", base - 4.0), "blocked or asleep", 150.0),
        ("wake", up(8.0, base - 7.0), "woken", 76.0),
        ("change", up(8.0, base - 7.0) + &down(16.0, base - 2.0), "level rises, sinks", 150.0),
        ("tick", format!("M10,{}v14", base - 12.0), "tick", 70.0),
    ];
    let mut x = 0.0;
    for (class, mark, words, width) in marks {
        let shift = MARGIN + x;
        group = group
            .add(path(class, mark).set("transform", format!("translate({shift} 0)")))
            .add(text(MARGIN + x + 28.0, base, "muted", words));
        x += width;
    }
    group
}
