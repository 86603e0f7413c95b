//! What is read from a console, what it comes to, and how it is shown.

use anstream::adapter::strip_str;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::columns::columns;
use super::history::History;
use super::parse::parse;
use super::simulator::runs;
use super::trace::{Id, Trace};
use super::{check, drawing, figure, lines, perfetto, text, without_time};

/// A run in which every event comes once, and one thread blocks and is woken before it loses the
/// processor.
const LIST: &str = "timeline: begin 8 events, 2 lost
timeline: thread 0 idle - idle
timeline: thread 3 hog 2 low
timeline: 1000 switch 0 3
timeline: 1000 level 3 normal
timeline: 2000 tick 3
timeline: 2500 block 3
timeline: 2600 wake 3
timeline: 3000 switch 3 0
timeline: 4000 switch 0 3
timeline: 5000 end 3
timeline: end
";

fn list() -> Trace {
    parse(LIST).expect("it is whole")
}

fn svg(trace: &Trace) -> String {
    drawing::draw("07-scheduler on nothing", trace).to_string()
}

fn json(trace: &Trace) -> String {
    perfetto::json("07-scheduler on nothing", trace)
}

/// The same cases in every run, and no files about those that fail.
fn config() -> ProptestConfig {
    let rng_seed = RngSeed::Fixed(7);
    ProptestConfig { failure_persistence: None, rng_seed, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_printed_is_read_back(run in runs(9, 60)) {
        prop_assert_eq!(parse(&run.console()), Ok(run.trace.clone()));
        prop_assert_eq!(lines(&run.console()), run.trace.to_string());
    }

    #[test]
    fn a_list_that_is_cut_off_is_refused(run in runs(4, 12)) {
        let list = run.trace.to_string();
        for end in 0..list.trim_end().len() {
            prop_assert!(parse(&list[..end]).is_err(), "{}", &list[..end]);
        }
    }

    #[test]
    fn a_list_without_one_of_its_events_is_refused(run in runs(4, 12), place in any::<usize>()) {
        let list = run.trace.to_string();
        let gone = place % run.trace.events.len() + 1 + run.trace.threads.len();
        let rest = list.lines().enumerate().filter(|(index, _)| *index != gone);
        let rest: String = rest.map(|(_, line)| format!("{line}\n")).collect();
        prop_assert!(parse(&rest).is_err(), "{rest}");
    }

    #[test]
    fn the_history_adds_up_to_what_the_machine_did(run in runs(9, 200)) {
        let history = History::of(&run.trace);
        for lane in &history.lanes {
            let id = lane.thread.id;
            prop_assert_eq!(lane.ran(), run.ran.get(&id).copied().unwrap_or(0), "{:?}", id);
            prop_assert_eq!(lane.wakes.len(), run.woken.get(&id).copied().unwrap_or(0));
            if !lane.is_idle() {
                prop_assert_eq!(lane.longest_wait, run.waited.get(&id).copied().unwrap_or(0));
            }
        }
        let sum: u64 = history.lanes.iter().map(|lane| lane.ran()).sum();
        prop_assert_eq!(sum, history.end - history.start, "somebody always runs");
    }

    #[test]
    fn columns_lose_nothing(run in runs(5, 200), count in 1_usize..900) {
        let history = History::of(&run.trace);
        for lane in &history.lanes {
            let columns = columns(&history, lane, count);
            prop_assert_eq!(columns.len(), count);
            let ran: u64 = columns.iter().flat_map(|column| column.ran).sum();
            prop_assert_eq!(ran, lane.ran());
            for column in columns {
                let all = column.ran.iter().sum::<u64>() + column.ready + column.blocked;
                prop_assert!(all <= column.length);
            }
        }
    }

    #[test]
    fn pictures_and_traces_show_what_was_printed(run in runs(12, 300)) {
        prop_assert_eq!(check::picture(&svg(&run.trace), &run.console()), Ok(()));
        prop_assert_eq!(check::json(&json(&run.trace), &run.console()), Ok(()));
    }

    #[test]
    fn a_terminal_of_any_width_has_room(run in runs(12, 300), width in 40_usize..=200) {
        let text = text::text("07-scheduler on nothing", &run.trace, width);
        let text = strip_str(&text).to_string();
        for line in text.lines() {
            prop_assert!(line.chars().count() <= width, "{width}: {line}");
        }
        for lane in &History::of(&run.trace).lanes {
            let start: String = lane.thread.name.chars().take(5).collect();
            prop_assert!(text.lines().filter(|line| line.starts_with(&start)).count() >= 2);
        }
    }
}

#[test]
fn damage_is_told_with_its_line() {
    for (good, bad, why) in [
        ("8 events", "9 events", "line 12 of the console: `timeline: end`: 8 events came, but 9"),
        ("8 events", "7 events", "line 11"),
        ("8 events,", "8", "must read `begin N events"),
        ("2000 tick 3", "2000 tock 3", "switch FROM TO, wake ID"),
        ("2000 tick 3", "2000 tick 4", "there is no thread 4"),
        ("2000 tick 3", "+2000 tick 3", "`+2000` is no number"),
        ("2000 tick 3", "900 tick 3", "time runs backwards: the event before is at 1000"),
        ("3000 switch 3 0", "3000 switch 0 3", "thread 3 has the processor, and not 0"),
        ("level 3 normal", "level 3 nice", "idle, low, normal, high, realtime"),
        ("thread 3 hog 2 low", "thread 0 hog 2 low", "two threads 0"),
        ("thread 3 hog 2 low", "thread 3 hog low", "must read `thread ID NAME PID LEVEL`"),
        ("4000 switch 0 3", "4000 end 3\ntimeline: 4000 switch 0 3", "thread 3 has ended"),
        ("timeline: end\n", "timeline: begin 0 events, 0 lost\n", "has no `timeline: end`"),
        ("timeline: end\n", "timeline: end\ntimeline: end\n", "outside of a list"),
        ("timeline: end\n", "", "cut off: 8 of 8 events"),
    ] {
        assert!(LIST.contains(good));
        let failure = parse(&LIST.replace(good, bad)).expect_err(why);
        assert!(failure.contains(why), "{failure}");
    }
    assert_eq!(parse("goodbye\n"), Err(super::parse::NOTHING.into()));
}

#[test]
fn the_last_list_counts() {
    let other = "timeline: begin 0 events, 0 lost\ntimeline: end\n";
    assert_eq!(parse(&format!("{other}{LIST}")), Ok(list()));
}

#[test]
fn a_thread_runs_until_it_loses_the_processor() {
    let trace = list();
    let history = History::of(&trace);
    let hog = history.lanes.iter().find(|lane| lane.thread.id == Id(3)).expect("it ran");
    assert_eq!((hog.ran(), hog.switches, hog.wakes.len()), (3000, 2, 1));
    // It was woken before it had to wait, so from 3000 to 4000 it was ready.
    assert_eq!(hog.longest_wait, 1000);
    assert_eq!(hog.levels(), (super::level::Level::Low, super::level::Level::Normal));
}

#[test]
fn other_pictures_do_not_show_it() {
    let (picture, trace) = (svg(&list()), json(&list()));
    assert_eq!(check::picture(&picture, LIST), Ok(()));
    assert_eq!(check::json(&trace, LIST), Ok(()));
    for (good, bad) in [
        ("hog", "dog"),
        ("class=\"lane\"", "class=\"plane\""),
        ("ran 0.003 ms", "ran 0.004 ms"),
        ("<desc>", "<desk>"),
        ("class=\"ran green\"", "class=\"ready\""),
        ("M190,", "M90,"),
    ] {
        assert!(picture.contains(good), "{good}");
        assert!(check::picture(&picture.replace(good, bad), LIST).is_err(), "{good}");
    }
    for (good, bad) in [
        ("\"ph\":\"X\"", "\"ph\":\"B\""),
        ("\"s\":\"t\"", "\"s\":\"x\""),
        ("\"dur\":2.0", "\"dur\":1.0"),
        ("\"name\":\"hog\"", "\"name\":\"dog\""),
        ("\"name\":\"wake\"", "\"name\":\"woke\""),
        ("traceEvents", "events"),
        ("]", ""),
    ] {
        assert!(trace.contains(good), "{good}: {trace}");
        assert!(check::json(&trace.replace(good, bad), LIST).is_err(), "{good}");
    }
}

#[test]
fn a_picture_for_a_page_is_one_line_without_colours() {
    let svg = figure("a < b", LIST).expect("it is whole");
    assert!(!svg.contains('\n') && !svg.contains("<style>") && svg.contains("a &lt; b"), "{svg}");
    assert!(!svg.contains(" id=") && !svg.contains("url("), "it may be on the page twice");
    assert!(figure("x", "goodbye\n").is_err());
}

#[test]
fn times_are_no_part_of_what_must_be_the_same() {
    assert_eq!(without_time("timeline: 120 switch 1 2"), "timeline: # switch 1 2");
    for line in ["timeline: thread 1 main - normal", "timeline: end", "ticks: 100"] {
        assert_eq!(without_time(line), line);
    }
}

/// A run of `seconds` with a tick every 10 ms, and two threads that take turns ten times a tick.
fn busy(seconds: u64, threads: u64) -> Trace {
    let mut text = String::new();
    let mut count = 0;
    for turn in 0..seconds * 1000 {
        let (from, to) = (turn % threads, (turn + 1) % threads);
        text += &format!("timeline: {} switch {from} {to}\n", turn * 1_000_000);
        text += &format!("timeline: {} wake {from}\n", turn * 1_000_000 + 5);
        count += 2;
        if turn % 10 == 0 {
            text += &format!("timeline: {} tick {to}\n", turn * 1_000_000 + 9);
            count += 1;
        }
    }
    let names: String =
        (0..threads).map(|id| format!("timeline: thread {id} t{id} - normal\n")).collect();
    let list = format!("timeline: begin {count} events, 0 lost\n{names}{text}timeline: end\n");
    parse(&list).expect("the list is right")
}

#[test]
fn threads_of_one_name_are_told_apart() {
    let list = LIST.replace("thread 0 idle - idle", "thread 0 hog - low");
    let trace = parse(&list).expect("it is whole");
    let text = strip_str(&text::text("x", &trace, 80)).to_string();
    for name in ["hog #0 ", "hog 2 "] {
        assert_eq!(text.lines().filter(|line| line.starts_with(name)).count(), 2, "{text}");
    }
}

#[test]
fn a_picture_does_not_grow_with_the_number_of_events() {
    let sizes = [2, 8].map(|seconds| svg(&busy(seconds, 4)).len());
    assert!(sizes[1] < sizes[0] * 5 / 4 && sizes[1] < 60_000, "{sizes:?}");
    assert!(svg(&busy(2, 4)).contains("Ticks are too near"));
    assert!(svg(&busy(2, 4)).contains(" marks are left out"));
}

#[test]
fn of_many_threads_those_that_ran_most_are_drawn() {
    let picture = svg(&busy(1, 60));
    assert_eq!(picture.matches("class=\"lane\"").count(), 24);
    assert!(picture.contains("Without 36 threads that ran least"), "{picture}");
}
