//! Shows programs at work: some that do what they should, and then those that do not.

use crate::memory::frames;
use crate::process::Process;

/// Programs with their arguments, in the order in which they run.
const PROGRAMS: &[&[&str]] = &[
    &["bin/hello", "to", "you"],
    &["bin/primes"],
    &["bin/float"],
    &["bin/pie"],
    &["bin/crash", "kernel"],
    &["bin/crash", "text"],
    &["bin/crash", "stack"],
    &["bin/crash", "null"],
    &["bin/crash", "divide"],
    &["bin/crash", "privileged"],
    &["bin/crash", "overflow"],
    &["bin/wild"],
    &["bin/missing"],
    &["bin/hello", "again"],
];

/// Runs all of them, and counts what they leave behind.
pub fn show_processes() {
    let before = frames::statistics().free;
    PROGRAMS.iter().for_each(|words| show(words));
    let after = frames::statistics().free;
    println!("processes: {before} frames free before, {after} after");
}

fn show(words: &[&str]) {
    let path = words[0];
    let mut arguments: [&[u8]; 4] = [&[]; 4];
    for (argument, word) in arguments.iter_mut().zip(words) {
        *argument = word.as_bytes();
    }
    match Process::new(path, &arguments[..words.len()], &[b"HOME=/"]) {
        Ok(process) => {
            println!("{path}: process {}, a child of {}", process.pid(), process.parent());
            println!("{path}: {}", process.run());
        }
        Err(error) => println!("{path}: {error}"),
    }
}
