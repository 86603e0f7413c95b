//! Tries out `read` on the input: what comes, in which pieces, and that it ends.
//!
//! It is to be given some lines, and reads them in different ways; without any it finds the end.
//! They must come from a pipe or a file: a terminal forgets what it could not deliver, and ends
//! only once.

#![no_std]
#![no_main]

use linux_raw_sys::general::{self, POLLIN};
use user::input::{self, STDIN};
use user::report::{self, NOWHERE};
use user::{Errno, Start, println};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let mut nothing = [];
    report::answer("read: nothing", input::read(STDIN, &mut nothing));
    report::truth("read: the input is a terminal", input::is_terminal(STDIN));
    poll();
    let mut byte = [0];
    report::answer("read: a byte", input::read(STDIN, &mut byte));
    println!("read: it was {:?}", char::from(byte[0]));
    if byte[0] != 0 {
        report::answer("read: to nowhere", read_to(NOWHERE));
    }
    let mut sum = 0;
    loop {
        match input::line(STDIN) {
            Ok(Some(line)) => {
                println!("read: a line of {} bytes, {:?}", line.len(), text(&line));
                sum += line.len();
            }
            Ok(None) => break,
            Err(error) => {
                report::answer("read", Err(error));
                return 1;
            }
        }
    }
    report::value("read: bytes in all these lines", sum);
    report::answer("read: at the end again", input::read(STDIN, &mut byte));
    0
}

/// The start of `line`, if it is text.
fn text(line: &[u8]) -> &str {
    str::from_utf8(&line[..line.len().min(20)]).unwrap_or("no text")
}

fn read_to(place: usize) -> Result<usize, Errno> {
    // SAFETY: nothing is there.
    unsafe { report::ask_silently(general::__NR_read, &[STDIN, place, 1]) }
}

/// Waits for input, or for its end, which counts as well.
fn poll() {
    let mut poll = [STDIN as u32, POLLIN];
    let arguments = [poll.as_mut_ptr() as usize, 1, 0, 0, 8];
    // SAFETY: the kernel writes to where there is room for it.
    let answer = unsafe { report::ask_silently(general::__NR_ppoll, &arguments) };
    report::answer("ppoll: the input", answer);
}
