//! Whether a picture and a trace file show what a run printed, as a reader sees it who knows
//! nothing of how they were made: words in the console, and XML and JSON in the files.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};
use serde_json::Value;

use super::axis::Millis;
use crate::Result;

/// Where there are so many threads, others may be left out.
const ROWS: usize = 24;

/// A thread, as the console tells of it.
#[derive(Debug, Default)]
struct Told {
    name: String,
    /// How long it had the processor, in nanoseconds.
    ran: u64,
    /// The longest time at a stretch: from when to when.
    longest: (u64, u64),
    /// How often it was woken.
    woken: usize,
}

/// A run, as the console tells of it.
#[derive(Debug, Default)]
struct Run {
    threads: BTreeMap<u64, Told>,
    /// When it begins and ends.
    times: (u64, u64),
}

/// Every thread that ran must be in `picture`, with its name and its time, and its longest turn
/// where it belongs.
pub fn picture(picture: &str, console: &str) -> Result<()> {
    let document = Document::parse(picture).map_err(|error| format!("not XML: {error}"))?;
    let root = document.root_element();
    let run = read(console)?;
    words_of(&root, "title")?;
    let description = words_of(&root, "desc")?;
    let lanes = root.children().filter(|node| node.attribute("class") == Some("lane"));
    let mut shown = BTreeSet::new();
    for lane in lanes {
        let title = words_of(&lane, "title")?;
        let id =
            title.strip_prefix("Thread ").and_then(|rest| rest.split(',').next()?.parse().ok());
        let known = id.and_then(|id: u64| Some((id, run.threads.get(&id)?)));
        let (id, told) = known.ok_or_else(|| format!("`{title}` is no thread of the run"))?;
        let facts = [format!(", {},", told.name), format!(" ran {} ms ", Millis(told.ran))];
        if let Some(fact) = facts.iter().find(|fact| !title.contains(*fact)) {
            return Err(format!("thread {id}: no `{}` in `{title}`", fact.trim()));
        }
        if !description.contains(&title) {
            return Err(format!("`{title}` is not in the description"));
        }
        is_drawn(&lane, told, run.times).map_err(|why| format!("thread {id}: {why}"))?;
        shown.insert(id);
    }
    let is_missing = |(id, told): &(&u64, &Told)| told.ran > 0 && !shown.contains(id);
    match run.threads.iter().find(is_missing) {
        Some((id, told)) if shown.len() < ROWS => {
            Err(format!("thread {id}, {}: missing", told.name))
        }
        _ => Ok(()),
    }
}

/// Whether the middle of the longest turn of `told` is covered by a bar of `lane`.
fn is_drawn(lane: &Node, told: &Told, (start, end): (u64, u64)) -> Result<()> {
    let paths = |class: &'static str| {
        let paths = lane.children().filter(move |it| {
            it.attribute("class").is_some_and(|it| it.split(' ').next() == Some(class))
        });
        paths.filter_map(|it| it.attribute("d"))
    };
    let number = |text: &str| text.trim_end_matches('z').parse::<f64>().ok();
    // `M190,34h690`: where time begins, and how long it is.
    let base = paths("base").next().and_then(|line| line.strip_prefix('M')?.split_once(','));
    let axis = base.and_then(|(x, rest)| Some((number(x)?, number(rest.split_once('h')?.1)?)));
    let (left, width) = axis.ok_or("it has no line to stand on")?;
    let scale = width / (end - start).max(1000) as f64;
    let (from, to) = told.longest;
    if (to - from) as f64 * scale < 3.0 {
        return Ok(());
    }
    let middle = left + ((from + to) as f64 / 2.0 - start as f64) * scale;
    // `M200,34v-10h5v10z`, one behind the other.
    let is_over = |bar: &str| {
        let (x, rest) = bar.split_once(',')?;
        let (x, width) = (number(x)?, number(rest.split_once('h')?.1.split_once('v')?.0)?);
        Some((x..=x + width).contains(&middle))
    };
    let is_covered = paths("ran").any(|path| path.split('M').any(|bar| is_over(bar) == Some(true)));
    match is_covered {
        true => Ok(()),
        false => Err(format!("no bar where it ran from {} to {} ms", Millis(from), Millis(to))),
    }
}

/// Every thread that ran must be in `text`, which must be JSON in the Trace Event Format, with all
/// its time; and two threads never run at once.
pub fn json(text: &str, console: &str) -> Result<()> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    let events = value["traceEvents"].as_array().ok_or("it has no traceEvents")?;
    let run = read(console)?;
    let mut found: BTreeMap<u64, (String, f64, usize)> = BTreeMap::new();
    let mut turns = Vec::new();
    for event in events {
        has_its_fields(event).map_err(|why| format!("`{event}`: {why}"))?;
        let Some(tid) = event["tid"].as_u64() else { continue };
        let entry = found.entry(tid).or_default();
        match (event["ph"].as_str(), event["name"].as_str()) {
            (Some("M"), Some("thread_name")) => {
                entry.0 = event["args"]["name"].as_str().unwrap_or_default().into();
            }
            (Some("X"), _) => {
                let [from, time] = ["ts", "dur"].map(|it| event[it].as_f64().unwrap_or_default());
                entry.1 += time;
                turns.push((from, from + time));
            }
            (Some("i"), Some("wake")) => entry.2 += 1,
            _ => {}
        }
    }
    turns.sort_by(|one, other| one.0.total_cmp(&other.0));
    if let Some(pair) = turns.windows(2).find(|pair| pair[0].1 > pair[1].0 + 0.001) {
        return Err(format!("two threads run at once, at {} us", pair[1].0));
    }
    for (id, told) in run.threads.iter().filter(|(_, told)| told.ran > 0) {
        // A thread 0 goes by another number, which no other thread has.
        let tid = if *id > 0 { Some(*id) } else { stand_in(&run, &found) };
        let (name, time, woken) = tid.and_then(|tid| found.get(&tid)).cloned().unwrap_or_default();
        let ran = told.ran as f64 / 1000.0;
        if name != told.name || (time - ran).abs() > 0.5 || woken != told.woken {
            return Err(format!("thread {id} is {told:?}; it has `{name}`, {time} us, {woken}"));
        }
    }
    Ok(())
}

fn stand_in(run: &Run, found: &BTreeMap<u64, (String, f64, usize)>) -> Option<u64> {
    found.keys().copied().find(|tid| !run.threads.contains_key(tid))
}

/// What the format demands of an event of its kind.
fn has_its_fields(event: &Value) -> Result<()> {
    let kind = event["ph"].as_str().ok_or("it has no ph")?;
    let time = |name: &str| event[name].as_f64().is_some_and(|time| time >= 0.0);
    let is_whole = |name: &str| event[name].as_u64().is_some_and(|number| number > 0);
    let is_right = match kind {
        "M" => match event["name"].as_str() {
            Some("process_name") => event["args"]["name"].is_string(),
            Some("thread_name") => event["args"]["name"].is_string() && is_whole("tid"),
            Some("thread_sort_index") => event["args"]["sort_index"].is_u64() && is_whole("tid"),
            _ => false,
        },
        "X" => time("ts") && time("dur") && is_whole("tid"),
        "i" => time("ts") && is_whole("tid") && event["s"] == "t",
        _ => false,
    };
    match is_right && event["name"].is_string() && is_whole("pid") {
        true => Ok(()),
        false => Err("it lacks what an event of its kind must have".into()),
    }
}

/// What `console` tells of the run.
fn read(console: &str) -> Result<Run> {
    let mut run = Run::default();
    let (mut first, mut last, mut turn) = (None, None, None);
    for line in console.lines().filter_map(|line| line.strip_prefix("timeline: ")) {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let number = |index: usize| words.get(index).and_then(|it| it.parse::<u64>().ok());
        match (words.first(), number(0), words.get(1), number(1), number(2), number(3)) {
            (Some(&"begin"), ..) => {
                run = Run::default();
                (first, turn) = (None, None);
            }
            (Some(&"thread"), _, _, Some(id), ..) => {
                let name = words.get(2).copied().unwrap_or_default().into();
                run.threads.insert(id, Told { name, ..Told::default() });
            }
            (_, Some(time), Some(&"switch"), _, Some(from), Some(to)) => {
                let since = turn.unwrap_or_else(|| *first.get_or_insert(time));
                run.ran(from, since, time);
                (turn, last) = (Some(time), Some(to));
            }
            // Without a switch there is one thread that gets all ticks.
            (_, Some(_), Some(&"tick"), _, Some(id), _) => last = last.or(Some(id)),
            (_, Some(_), Some(&"wake"), _, Some(id), _) => {
                run.threads.entry(id).or_default().woken += 1;
            }
            _ => {}
        }
        if let Some(time) = number(0) {
            run.times = (*first.get_or_insert(time), time);
        }
    }
    let (start, end) = run.times;
    if let Some(last) = last {
        run.ran(last, turn.unwrap_or(start), end);
    }
    match run.threads.is_empty() {
        true => Err("the run has printed no thread".into()),
        false => Ok(run),
    }
}

impl Run {
    /// Notes a turn of thread `id`.
    fn ran(&mut self, id: u64, from: u64, to: u64) {
        let told = self.threads.entry(id).or_default();
        told.ran += to - from;
        if to - from > told.longest.1 - told.longest.0 {
            told.longest = (from, to);
        }
    }
}

/// The text of the element `name` in `node`, of which there must be some.
fn words_of(node: &Node, name: &str) -> Result<String> {
    let element = node.children().find(|child| child.tag_name().name() == name);
    let texts = element.iter().flat_map(Node::descendants).filter(|node| node.is_text());
    let words: Vec<&str> = texts.filter_map(|node| node.text()).map(str::trim).collect();
    let words = words.join(" ").trim().to_string();
    if words.is_empty() { Err(format!("it has no {name}")) } else { Ok(words) }
}
