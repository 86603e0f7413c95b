//! The loader of the kernel, and broken ones, asked alike.

use std::panic;

/// What a loader makes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is a good one, and this goes where.
    Good(String),
    /// It is refused by this error, with these words.
    Bad(String, String),
    /// The loader panics.
    Panic,
}

/// A loader, and what is wrong with it.
pub type Loader = (&'static str, fn(&[u8], u16) -> Answer);

/// What a module's loader makes of a file.
macro_rules! answer {
    ($module:path) => {
        |file, machine| {
            use $module as module;
            match module::read(file, machine) {
                Ok(elf) => {
                    let segments: Vec<_> = elf.segments().collect();
                    let headers = (elf.program_headers, elf.program_header_count);
                    $crate::loaders::Answer::Good(format!(
                        "{:?}",
                        (elf.entry, headers, elf.base, segments)
                    ))
                }
                Err(error) => $crate::loaders::Answer::Bad(format!("{error:?}"), error.to_string()),
            }
        }
    };
}
use answer;

/// The kernel's own.
pub const LOADER: Loader = ("the kernel's", answer!(crate::process::elf));

/// Those with a mistake.
#[allow(dead_code, unused, clippy::all, reason = "each is broken on purpose")]
mod broken {
    include!(concat!(env!("OUT_DIR"), "/loaders.rs"));
}
pub use broken::{MISTAKES, WITHOUT_CHECK};

/// What `loader` makes of `file`, even if it panics.
pub fn ask((_, loader): Loader, file: &[u8], machine: u16) -> Answer {
    panic::catch_unwind(|| loader(file, machine)).unwrap_or(Answer::Panic)
}
