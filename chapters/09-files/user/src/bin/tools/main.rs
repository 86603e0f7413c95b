//! The tools for files, all in one program: `ls`, `cat`, `grep` and others.
//!
//! Each of them would be mostly the same runtime. So there is one file, and symbolic links to it
//! with the tools' names; the name by which the program was called says what it is to do. What
//! does not depend on the machine the tools do as POSIX says, so that scripts work.
//!
//! ```text
//!  /bin/ls  ──┐
//!  /bin/cat ──┼──> /bin/tools     argv[0] = "ls", "cat", …
//!  /bin/wc  ──┘
//! ```
//!
//! (POSIX.1-2017, Utilities.)

#![no_std]
#![no_main]

extern crate alloc;

mod calendar;
mod cat;
mod copy;
mod folders;
mod grep;
mod head;
mod links;
mod long;
mod ls;
mod options;
mod output;
mod paths;
mod pattern;
mod reader;
mod remove;
mod report;
mod sort;
#[cfg(exercise = "09-tee")]
#[path = "../../../../../09-files/exercises/3-tee/mod.rs"]
mod tee;
mod test;
mod wc;

use alloc::vec::Vec;
use core::ffi::CStr;

use user::{Start, println};

use report::complain;

/// The status of a call that makes no sense.
const WRONG_USE: u8 = 2;

/// The status of what was not possible.
const FAILED: u8 = 1;

/// The words behind a tool's name.
type Words<'a> = &'a [&'static CStr];

/// A tool; its result is the status.
struct Tool {
    name: &'static str,
    run: fn(Words) -> u8,
}

static TOOLS: &[Tool] = &[
    Tool { name: "[", run: test::bracket },
    Tool { name: "cat", run: cat::run },
    Tool { name: "cp", run: copy::cp },
    Tool { name: "grep", run: grep::run },
    Tool { name: "head", run: head::head },
    Tool { name: "ln", run: links::ln },
    Tool { name: "ls", run: ls::run },
    Tool { name: "mkdir", run: folders::mkdir },
    Tool { name: "mv", run: copy::mv },
    Tool { name: "pwd", run: folders::pwd },
    Tool { name: "readlink", run: links::readlink },
    Tool { name: "rm", run: remove::rm },
    Tool { name: "rmdir", run: folders::rmdir },
    Tool { name: "sort", run: sort::run },
    Tool { name: "tail", run: head::tail },
    #[cfg(exercise = "09-tee")]
    Tool { name: "tee", run: tee::run },
    Tool { name: "test", run: test::run },
    Tool { name: "touch", run: folders::touch },
    Tool { name: "wc", run: wc::run },
];

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let words: Vec<&CStr> = start.arguments().collect();
    let (name, arguments) = match words.split_first() {
        Some((first, rest)) if find(first).is_some() => (*first, rest),
        Some((_, [name, rest @ ..])) => (*name, rest),
        _ => {
            TOOLS.iter().for_each(|tool| println!("{}", tool.name));
            return 0;
        }
    };
    match find(name) {
        Some(tool) => (tool.run)(arguments).into(),
        None => {
            complain("tools", name.to_bytes(), "there is no such tool");
            WRONG_USE.into()
        }
    }
}

/// The tool that `path` ends with.
fn find(path: &CStr) -> Option<&'static Tool> {
    let name = paths::last_name(path.to_bytes());
    TOOLS.iter().find(|tool| tool.name.as_bytes() == name)
}
