//! What the record of events promises.

use alloc::vec::Vec;
use core::time::Duration;

use super::{EVENTS, Event, NAMES, Named, RECORD, clear, forget, print, record};
use crate::interrupts::Masked;
use crate::process::Name;
use crate::scheduler::policy::Level;
use crate::scheduler::{Serial, yield_now};
use crate::timer;

/// All events that are remembered, and how many are not.
pub fn events() -> (Vec<(Duration, Event)>, usize) {
    let _masked = Masked::new();
    let (first, count) = RECORD.lock().remembered();
    let events = (first..count).filter_map(|number| RECORD.lock().get(number));
    (events.collect(), first)
}

/// Prints a record of one event, and no more: the test ends here.
fn print_one(event: Event) {
    let _masked = Masked::new();
    forget();
    record(Duration::new(1, 203_400_200), event);
    print();
    panic!("this is all");
}

ktest::test! {
    /// Events are in the order of their times, and none is from after they are read.
    fn events_are_in_order() {
        clear();
        timer::sleep_until(timer::now() + Duration::from_millis(50));
        yield_now();
        let (events, lost) = events();
        assert_eq!(lost, 0);
        assert!(events.len() > 5, "{} events", events.len());
        assert!(events.is_sorted_by_key(|(time, _)| *time));
        assert!(events.last().is_some_and(|(time, _)| *time <= timer::now()));
    }

    /// The last so many are remembered, and the others counted.
    fn too_many_are_counted() {
        let _masked = Masked::new();
        forget();
        for number in 0..EVENTS as u64 + 3 {
            record(Duration::from_nanos(number), Event::Tick(Serial(number)));
        }
        let (events, lost) = events();
        assert_eq!((events.len(), lost), (EVENTS, 3));
        let number = |number| (Duration::from_nanos(number), Event::Tick(Serial(number)));
        assert_eq!(events.first(), Some(&number(3)));
        assert_eq!(events.last(), Some(&number(EVENTS as u64 + 2)));
        forget();
        assert_eq!(super::tests::events(), (Vec::new(), 0));
    }

    /// How the first line looks.
    #[must_die("timeline: begin 1 events, 0 lost")]
    fn first_line_is_printed() {
        print_one(Event::Tick(Serial(7)));
    }

    /// How an event looks: nanoseconds, what, who.
    #[must_die("timeline: 1203400200 switch 3 4")]
    fn switch_is_printed() {
        print_one(Event::Switch(Serial(3), Serial(4)));
    }

    /// How a change of level looks.
    #[must_die("timeline: 1203400200 level 12 realtime")]
    fn level_is_printed() {
        print_one(Event::Level(Serial(12), Level::Realtime));
    }

    /// How a thread looks: number, name, process, level.
    #[must_die("timeline: thread 4 hog 2 low")]
    fn thread_is_printed() {
        let (serial, name, base) = (Serial(4), Name::new("bin/hog"), Level::Low);
        NAMES.lock().push(Named { serial, name, pid: Some(crate::process::Pid(2)), base });
        print_one(Event::End(serial));
    }
}
