//! The first process, from which all others come.
//!
//! The kernel starts one program, with the number 1, and leaves it to that one what else there is
//! to be started. When it ends there is nobody left whom the kernel could be of use to.
//!
//! Which program that is says the file `etc/init`, if whoever made the archive has put one there:
//! texts with a zero byte behind each, the path of the program and then its arguments. So any
//! program can be tried, alone on the machine. Otherwise it is `bin/init`, which starts a shell.

use alloc::vec::Vec;
use core::str;

use crate::arch;
use crate::console;
use crate::file::open;
use crate::input::terminal;
use crate::process::{self, Exit, Process};
use crate::scheduler::policy::Level;
use crate::syscall::{strace, unknown};

/// The file that names another first program.
const GIVEN: &[u8] = b"etc/init";

/// The first program, if no other is named.
const USUAL: &[u8] = b"bin/init\0";

/// What programs find in their environment, until somebody changes it.
const ENVIRONMENT: &[&[u8]] = &[b"HOME=/", b"PATH=/bin", b"TERM=linux"];

/// Runs the program that `etc/init` names, if there is such a file, and switches the machine off.
pub fn run_given(boot_arguments: &str) {
    if let Ok(text) = open::read(GIVEN) {
        unknown::wait();
        run(&text, boot_arguments);
        unknown::tell_all();
        arch::power_off(arch::Status::Success);
    }
}

/// Runs `bin/init`, until it ends.
pub fn run_usual(boot_arguments: &str) {
    run(USUAL, boot_arguments);
}

/// Runs the program with the arguments in `text`. What is typed is for programs from here on.
fn run(text: &[u8], boot_arguments: &str) {
    terminal::open(boot_arguments);
    if boot_arguments.split_ascii_whitespace().any(|word| word == "marked") {
        console::mark();
    }
    strace::init(boot_arguments);
    let text = text.strip_suffix(b"\0").unwrap_or(text);
    let arguments: Vec<&[u8]> = text.split(|byte| *byte == 0).collect();
    let path = str::from_utf8(arguments[0]).unwrap_or("?");
    println!("init: {path}");
    match start(path, &arguments) {
        Ok(exit) => println!("init: {path}: {exit}"),
        Err(error) => println!("init: {path}: {error}"),
    }
}

fn start(path: &str, arguments: &[&[u8]]) -> Result<Exit, process::load::LoadError> {
    let process = Process::first(path, arguments, ENVIRONMENT)?;
    let pid = process.start(Level::Normal)?;
    Ok(process::wait(pid))
}
