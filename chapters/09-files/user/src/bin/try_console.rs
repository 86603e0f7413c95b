//! Tries out the output: `write`, `writev`, `ioctl` and `ppoll` on it, and what is no descriptor.
//!
//! What depends on where the output goes is left out: it may be a terminal, a pipe or a file.

#![no_std]
#![no_main]

use core::time::Duration;

use linux_raw_sys::general::{self, POLLIN, POLLNVAL, POLLOUT};
use user::report::{self, KERNEL, NOWHERE};
use user::syscall::STDOUT;
use user::{Errno, Start, time};

/// Descriptors that nobody has opened.
const CLOSED: [usize; 3] = [99, 1 << 20, usize::MAX];

/// The most pieces of one `writev`.
const MOST_PIECES: usize = 1024;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    writes();
    pieces();
    wrong_pieces();
    closed();
    settings();
    polls();
    wrong_polls();
    0
}

/// Asks for a call of this file.
fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: the kernel reads what there is. It writes only to descriptions of descriptors, which
    // are handed over as changeable, and nowhere else that is ours.
    unsafe { report::ask_silently(number, arguments) }
}

fn write(descriptor: usize, place: usize, bytes: usize) -> Result<usize, Errno> {
    ask(general::__NR_write, &[descriptor, place, bytes])
}

fn writev(descriptor: usize, pieces: &[[usize; 2]]) -> Result<usize, Errno> {
    ask(general::__NR_writev, &[descriptor, pieces.as_ptr() as usize, pieces.len()])
}

/// A piece of text, as `writev` takes it.
fn piece(text: &str) -> [usize; 2] {
    [text.as_ptr() as usize, text.len()]
}

fn writes() {
    let text = "write: a line\n";
    report::answer("write: says how much", write(STDOUT, text.as_ptr() as usize, text.len()));
    report::answer("write: nothing", write(STDOUT, text.as_ptr() as usize, 0));
    report::answer("write: nothing from null", write(STDOUT, 0, 0));
    report::answer("write: from null", write(STDOUT, 0, 1));
    report::answer("write: from nowhere", write(STDOUT, NOWHERE, 1));
    report::answer("write: from the kernel", write(STDOUT, KERNEL, 1));
    let long = [b'.'; 3000];
    report::answer("\nwrite: 3000 bytes", write(STDOUT, long.as_ptr() as usize, long.len()));
}

fn pieces() {
    let two = [piece("writev: one "), piece("and two\n")];
    report::answer("writev: two pieces", writev(STDOUT, &two));
    let gaps = [piece(""), piece("writev: empty "), [0, 0], piece("ones between\n"), [0, 0]];
    report::answer("writev: with empty ones", writev(STDOUT, &gaps));
    report::answer("writev: no pieces", writev(STDOUT, &[]));
    report::answer("writev: an empty piece", writev(STDOUT, &[[0, 0]]));
    let many = [piece("+"); MOST_PIECES];
    report::answer("\nwritev: 1024 pieces", writev(STDOUT, &many));
}

fn wrong_pieces() {
    let many = [piece("+"); MOST_PIECES + 1];
    report::answer("writev: 1025 pieces", writev(STDOUT, &many));
    let one = [piece("writev: nobody reads this\n")];
    let place = one.as_ptr() as usize;
    let raw = |place: usize, count: usize| ask(general::__NR_writev, &[STDOUT, place, count]);
    report::answer("writev: fewer than no pieces", raw(place, usize::MAX));
    report::answer("writev: pieces nowhere", raw(NOWHERE, 1));
    report::answer("writev: pieces in the kernel", raw(KERNEL, 1));
    report::answer("writev: a piece nowhere", writev(STDOUT, &[[NOWHERE, 1]]));
    report::answer("writev: a piece in the kernel", writev(STDOUT, &[[KERNEL, 1]]));
    report::answer("writev: a negative length", writev(STDOUT, &[[place, usize::MAX]]));
}

fn closed() {
    let byte = [0_u8];
    for descriptor in CLOSED {
        report::answer("write: closed", write(descriptor, byte.as_ptr() as usize, 1));
        report::answer("write: closed, nothing", write(descriptor, byte.as_ptr() as usize, 0));
        report::answer("writev: closed", writev(descriptor, &[piece("x")]));
        report::answer("read: closed", ask(general::__NR_read, &[descriptor, NOWHERE, 0]));
        report::answer("ioctl: closed", ask(general::__NR_ioctl, &[descriptor, 0x5401, NOWHERE]));
    }
    report::answer("read: nothing", ask(general::__NR_read, &[0, byte.as_ptr() as usize, 0]));
}

fn settings() {
    report::answer("ioctl: no such request", ask(general::__NR_ioctl, &[STDOUT, 0x1234_5678, 0]));
    report::answer("ioctl: request 0", ask(general::__NR_ioctl, &[STDOUT, 0, 0]));
}

/// `struct pollfd`: a descriptor, what is asked, what is so.
#[repr(C)]
#[derive(Clone, Copy)]
struct Poll {
    descriptor: i32,
    asked: u16,
    found: u16,
}

const fn poll(descriptor: i32, asked: u32) -> Poll {
    Poll { descriptor, asked: asked as u16, found: 0xffff }
}

/// Waits for what is asked for at most so many nanoseconds.
fn ppoll(polls: &mut [Poll], nanoseconds: i64) -> Result<usize, Errno> {
    let time = [0, nanoseconds];
    let arguments = [polls.as_mut_ptr() as usize, polls.len(), time.as_ptr() as usize, 0, 8];
    ask(general::__NR_ppoll, &arguments)
}

fn polls() {
    let mut out = [poll(1, POLLOUT)];
    report::answer("ppoll: the output", ppoll(&mut out, 0));
    report::truth("ppoll: takes bytes", u32::from(out[0].found) == POLLOUT);
    let mut both = [poll(1, POLLOUT), poll(2, POLLOUT)];
    report::answer("ppoll: both outputs", ppoll(&mut both, 0));
    let mut wrong = [poll(99, POLLIN), poll(-1, POLLIN)];
    report::answer("ppoll: closed, and none", ppoll(&mut wrong, 1_000_000));
    report::truth("ppoll: closed is told", u32::from(wrong[0].found) == POLLNVAL);
    report::value("ppoll: of none nothing is", wrong[1].found);
    let before = time::now();
    report::answer("ppoll: nothing for 20 ms", ppoll(&mut [], 20_000_000));
    let is_over = before.and_then(|before| Ok(time::now()? - before >= Duration::from_millis(20)));
    report::truth("ppoll: which are over then", is_over == Ok(true));
}

fn wrong_polls() {
    let raw = |place: usize, count: usize| {
        let time = [0_i64; 2];
        ask(general::__NR_ppoll, &[place, count, time.as_ptr() as usize, 0, 8])
    };
    report::answer("ppoll: nowhere", raw(NOWHERE, 1));
    report::answer("ppoll: in the kernel", raw(KERNEL, 1));
    report::answer("ppoll: of more than may be open", raw(NOWHERE, usize::MAX / 16));
    report::answer("ppoll: too many nanoseconds", ppoll(&mut [], 1_000_000_000));
    report::answer("ppoll: fewer than none", ppoll(&mut [], -1));
}
