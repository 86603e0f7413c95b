//! Tries one property of one exercise, which the command line names, and says what it came to.
//!
//! The verdict starts with a word that comes on standard input and is read before anything else is
//! run, so that what a student's file prints is not taken for one. A property has a process of its
//! own: one that ends it, or never ends, ends nothing else.
//!
//! ```text
//! <nonce> ok                it holds
//! <nonce> failed            it does not;
//! <nonce> | <a line>        what it says
//! <nonce> at <file>:<line>  where
//! ```

#![allow(clippy::duplicate_mod, reason = "exercises share files of their chapter")]

extern crate alloc;

use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use exercise_host::Property;

/// What the kernels' build takes from `build-config.toml`, as far as their files ask here.
#[allow(dead_code, reason = "not every exercise asks for it")]
mod config {
    /// Where an image lies, on aarch64.
    pub const LOAD_ADDRESS: u64 = 0x4020_0000;
}

include!(concat!(env!("OUT_DIR"), "/exercises.rs"));

/// Where the last panic was.
static PLACE: Mutex<String> = Mutex::new(String::new());

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let (exercise, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut nonce = String::new();
    if std::io::stdin().read_line(&mut nonce).is_err() || nonce.trim().is_empty() {
        eprintln!("a word is expected on standard input");
        return ExitCode::from(2);
    }
    let Some(property) = properties_of(&exercise).iter().find(|one| one.name == name) else {
        eprintln!("{exercise}: there is no property {name}");
        return ExitCode::from(2);
    };
    panic::set_hook(Box::new(remember));
    let outcome = panic::catch_unwind(property.run);
    let nonce = nonce.trim();
    match outcome {
        Ok(()) => println!("\n{nonce} ok"),
        Err(why) => {
            println!("\n{nonce} failed");
            words_of(&*why).lines().for_each(|line| println!("{nonce} | {line}"));
            let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
            println!("{nonce} at {place}");
        }
    }
    ExitCode::SUCCESS
}

/// Keeps the place of a panic, and prints nothing: while a case is made smaller there are hundreds.
fn remember(panic: &PanicHookInfo) {
    let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
    let mut kept = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
    // The last one only repeats what the smallest case said.
    if place.as_ref().is_none_or(|place| !place.contains("exercise-host/src/")) {
        *kept = place.unwrap_or_default();
    }
}

fn words_of(why: &(dyn std::any::Any + Send)) -> &str {
    match (why.downcast_ref::<String>(), why.downcast_ref::<&str>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "it panicked without a word",
    }
}
