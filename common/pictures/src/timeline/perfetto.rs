//! The run in the Trace Event Format, for <https://ui.perfetto.dev> and `chrome://tracing`, where
//! one can look closer than in any picture.
//!
//! ```text
//!  {"ph": "M", "name": "thread_name", "pid": 2, "tid": 4, "args": {"name": "hog"}}
//!  {"ph": "X", "name": "low", "ts": 1203400.2, "dur": 10000, "pid": 2, "tid": 4, …}  it ran
//!  {"ph": "i", "name": "wake", "ts": …, "s": "t", …}                                 it was woken
//! ```
//!
//! A slice is named after its level, since both viewers give a name a colour. Times are in
//! microseconds. 0 stands for Linux's idle process there, so whatever of ours has no number, or
//! this one, gets one that nobody else has.
//!
//! "Trace Event Format", Google, the document that both viewers refer to: "Complete Events",
//! "Instant Events", "Metadata Events".

use serde_json::{Value, json};

use super::history::{History, Lane, Span, State};
use super::trace::Trace;

/// What `trace` of the run called `run` comes to, as JSON.
pub fn json(run: &str, trace: &Trace) -> String {
    let history = History::of(trace);
    let numbers = Numbers::of(trace);
    let mut events = vec![named("process_name", numbers.kernel, None, "kernel")];
    for (place, lane) in history.lanes.iter().enumerate() {
        events.extend(metadata(&numbers, lane, place));
        events.extend(slices(&numbers, lane));
        events.extend(instants(&numbers, lane));
    }
    let lines: Vec<String> = events.iter().map(|event| format!("    {event}")).collect();
    let about = json!({ "run": run, "lost events": trace.lost });
    format!(
        "{{\n  \"displayTimeUnit\": \"ms\",\n  \"otherData\": {about},\n  \
         \"traceEvents\": [\n{}\n  ]\n}}\n",
        lines.join(",\n")
    )
}

/// The numbers of what has none, or 0.
struct Numbers {
    /// The process that stands for the kernel.
    kernel: u64,
    /// The thread whose number is 0.
    zero: u64,
}

impl Numbers {
    fn of(trace: &Trace) -> Self {
        let pids = trace.threads.iter().filter_map(|thread| thread.pid);
        let tids = trace.threads.iter().map(|thread| thread.id.0);
        let free = |used: u64| used.saturating_add(1);
        Self { kernel: free(pids.max().unwrap_or(0)), zero: free(tids.max().unwrap_or(0)) }
    }

    fn pid(&self, lane: &Lane) -> u64 {
        lane.thread.pid.filter(|pid| *pid > 0).unwrap_or(self.kernel)
    }

    fn tid(&self, lane: &Lane) -> u64 {
        if lane.thread.id.0 == 0 { self.zero } else { lane.thread.id.0 }
    }
}

/// The names, and the place of a thread among the others.
fn metadata(numbers: &Numbers, lane: &Lane, place: usize) -> Vec<Value> {
    let (pid, tid, name) = (numbers.pid(lane), numbers.tid(lane), lane.thread.name.as_str());
    let process = (pid != numbers.kernel).then(|| named("process_name", pid, None, name));
    let mut order = named("thread_sort_index", pid, Some(tid), "");
    order["args"] = json!({ "sort_index": place });
    process.into_iter().chain([named("thread_name", pid, Some(tid), name), order]).collect()
}

fn named(what: &str, pid: u64, tid: Option<u64>, name: &str) -> Value {
    let mut value = json!({ "ph": "M", "name": what, "pid": pid, "args": { "name": name } });
    if let Some(tid) = tid {
        value["tid"] = tid.into();
    }
    value
}

/// The times in which a thread had the processor.
fn slices(numbers: &Numbers, lane: &Lane) -> Vec<Value> {
    let running = lane.spans.iter().filter(|span| span.state == State::Running);
    let slice = |span: &Span| {
        json!({
            "ph": "X", "cat": "running", "name": span.level.name(),
            "ts": microseconds(span.from), "dur": microseconds(span.to - span.from),
            "pid": numbers.pid(lane), "tid": numbers.tid(lane),
        })
    };
    running.map(slice).collect()
}

/// When a thread was woken, and when its level changed.
fn instants(numbers: &Numbers, lane: &Lane) -> Vec<Value> {
    let instant = |time: u64, kind: &str, name: String| {
        json!({
            "ph": "i", "s": "t", "cat": kind, "name": name, "ts": microseconds(time),
            "pid": numbers.pid(lane), "tid": numbers.tid(lane),
        })
    };
    let wakes = lane.wakes.iter().map(|time| instant(*time, "wake", "wake".into()));
    let changes = lane
        .changes
        .iter()
        .map(|change| instant(change.time, "level", format!("{} to {}", change.from, change.to)));
    wakes.chain(changes).collect()
}

fn microseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1000.0
}
