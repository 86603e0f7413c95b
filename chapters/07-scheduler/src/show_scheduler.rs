//! Shows threads that share the processor: programs that compute as long as they may, of four
//! levels, beside one that only wants to be asked now and then. With `timeline` among the boot
//! arguments it tells all that the scheduler did.

use crate::process::{self, Process};
use crate::scheduler::policy::Level;
use crate::scheduler::{table, trace};

/// Programs with their arguments, and how urgent they are.
const PROGRAMS: &[(&[&str], Level)] = &[
    (&["bin/hog", "low"], Level::Low),
    (&["bin/hog", "normal"], Level::Normal),
    (&["bin/hog", "high"], Level::High),
    (&["bin/naps"], Level::Normal),
];

/// Runs all of them at once; `arguments` are the boot arguments.
pub fn show_scheduler(arguments: &str) {
    trace::clear();
    let pids: [_; PROGRAMS.len()] = core::array::from_fn(|index| {
        let (words, level) = PROGRAMS[index];
        start(words, level)
    });
    for pid in pids.iter().flatten() {
        process::wait_for_end(*pid);
    }
    table::print();
    for (pid, (words, _)) in pids.iter().zip(PROGRAMS) {
        if let Some(pid) = pid {
            println!("{} {}: {}", words[0], words.last().unwrap_or(&""), process::wait(*pid));
        }
    }
    if arguments.split_ascii_whitespace().any(|word| word == "timeline") {
        trace::print();
    }
}

fn start(words: &[&str], level: Level) -> Option<process::Pid> {
    let mut arguments: [&[u8]; 2] = [&[]; 2];
    for (argument, word) in arguments.iter_mut().zip(words) {
        *argument = word.as_bytes();
    }
    let process = Process::new(words[0], &arguments[..words.len()], &[]);
    let process = process.inspect_err(|error| println!("{}: {error}", words[0])).ok()?;
    process.start(level).inspect_err(|error| println!("{}: {error}", words[0])).ok()
}
