//! What the picture says in words.

use super::axis::Millis;
use super::history::{History, Lane};

/// What is drawn of the run called `run`.
pub fn heading(run: &str) -> String {
    format!("Who ran when: {run}")
}

/// From when to when, and how much was seen and forgotten.
pub fn extent(history: &History, events: usize, lost: u64) -> String {
    let (from, to) = (Millis(history.start), Millis(history.end));
    let lost = match lost {
        0 => String::new(),
        lost => format!("; {lost} earlier ones were forgotten"),
    };
    format!("{from} ms to {to} ms of the kernel's clock, {events} events{lost}.")
}

/// All that the picture shows, for whoever hears it.
pub fn description(history: &History, events: usize, lost: u64) -> String {
    let lanes = history.lanes.iter().map(|lane| sentence(history, lane));
    let words: Vec<String> = [extent(history, events, lost)].into_iter().chain(lanes).collect();
    words.join(" ")
}

/// What a thread did.
pub fn sentence(history: &History, lane: &Lane) -> String {
    let thread = lane.thread;
    let owner = thread.pid.map_or("of the kernel".to_string(), |pid| format!("of process {pid}"));
    let begin = format!("Thread {}, {}, {owner}, {}:", thread.id.0, thread.name, levels(lane));
    let (ran, share) = (Millis(lane.ran()), share(history, lane));
    let run = format!("ran {ran} ms ({share}), was given the processor {}", times(lane.switches));
    if lane.is_idle() {
        return format!("{begin} {run}.");
    }
    let wait = Millis(lane.longest_wait);
    let woken = times(lane.wakes.len() as u64);
    format!("{begin} {run}, was woken {woken}, waited for it up to {wait} ms.")
}

/// How much of the time a thread had the processor.
pub fn share(history: &History, lane: &Lane) -> String {
    format!("{:.1} %", 100.0 * lane.ran() as f64 / history.length() as f64)
}

/// At which level a thread was, or from which to which.
pub fn levels(lane: &Lane) -> String {
    match lane.levels() {
        (lowest, highest) if lowest == highest => lowest.to_string(),
        (lowest, highest) => format!("{lowest} to {highest}"),
    }
}

fn times(count: u64) -> String {
    match count {
        0 => "never".into(),
        1 => "once".into(),
        count => format!("{count} times"),
    }
}

/// A thread's name in at most `most` letters: with the number of its process, or else its own, if
/// it is not the only one of that name.
pub fn label(history: &History, lane: &Lane, most: usize) -> String {
    let thread = lane.thread;
    let is_other = |it: &Lane| it.thread.name == thread.name && it.thread.id != thread.id;
    if !history.lanes.iter().any(is_other) {
        return short(&thread.name, most);
    }
    let number = thread.pid.map_or(format!(" #{}", thread.id.0), |pid| format!(" {pid}"));
    short(&thread.name, most.saturating_sub(number.len())) + &number
}

/// `name`, shortened to `most` letters.
pub fn short(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.into();
    }
    name.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
