//! Tries out `sendfile`: what it moves, and where both files are afterwards.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;

use linux_raw_sys::general::{
    __NR_sendfile, F_SETFL, O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_WRONLY, SEEK_CUR,
};
use user::raw::{self, Answer, lseek};
use user::report::{NOWHERE, answer, ask_silently, value};
use user::scratch::{Scratch, shown};
use user::{Start, write};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-sendfile");
    moves();
    refused();
    to_the_end();
    pipes();
    scratch.leave();
    0
}

/// Asks to move `count` bytes, from `place` on if there is one.
fn sendfile(to: usize, from: usize, place: Option<&mut i64>, count: usize) -> Answer {
    let place = place.map_or(0, |place| &raw mut *place as usize);
    // SAFETY: the kernel writes to the place, which is lent to us for that.
    unsafe { ask_silently(__NR_sendfile, &[to, from, place, count]) }
}

/// A file with eleven bytes, and an empty one.
fn files() -> (usize, usize) {
    let open = |path| raw::open(path, O_RDWR | O_CREAT).expect("the folder is new");
    let (from, to) = (open(c"from"), open(c"to"));
    answer("write: what is to be moved", write(from, b"hello world"));
    (from, to)
}

fn moves() {
    let (from, to) = files();
    answer("sendfile: at the end there is nothing", sendfile(to, from, None, 5));
    answer("lseek: to the start", lseek(from, 0, 0));
    answer("sendfile: five bytes", sendfile(to, from, None, 5));
    answer("lseek: what is read next", lseek(from, 0, SEEK_CUR));
    answer("lseek: what is written next", lseek(to, 0, SEEK_CUR));
    let mut place = 6;
    answer("sendfile: from elsewhere", sendfile(to, from, Some(&mut place), 3));
    value("sendfile: which is then", place);
    answer("lseek: what is read next is the same", lseek(from, 0, SEEK_CUR));
    answer("sendfile: all the rest", sendfile(to, from, None, 1000));
    answer("lseek: at the end", lseek(from, 0, SEEK_CUR));
    let mut bytes = [0; 30];
    let count = raw::pread64(to, &mut bytes, 0);
    answer("pread: what has come", count);
    value("pread: these", shown(&bytes[..count.unwrap_or(0)]));
    let [reader, writer] = raw::pipe2(0).expect("there are numbers");
    answer("sendfile: to a pipe", sendfile(writer, from, Some(&mut 2), 4));
    let count = raw::read(reader, &mut bytes);
    value("read: from the pipe", shown(&bytes[..count.unwrap_or(0)]));
}

fn refused() {
    let (from, to) = files();
    let reader = raw::open(c"from", O_RDONLY).expect("it is there");
    let writer = raw::open(c"to", O_WRONLY).expect("it is there");
    answer("sendfile: from nothing", sendfile(to, 77, None, 1));
    answer("sendfile: to nothing", sendfile(77, from, None, 1));
    answer("sendfile: to what is only read", sendfile(reader, from, Some(&mut 0), 1));
    answer("sendfile: from what is only written", sendfile(to, writer, None, 1));
    answer("sendfile: from before the beginning", sendfile(to, from, Some(&mut -1), 1));
    answer("sendfile: nothing", sendfile(to, from, Some(&mut 0), 0));
    // SAFETY: the kernel refuses the place.
    let nowhere = unsafe { ask_silently(__NR_sendfile, &[to, from, NOWHERE, 1]) };
    answer("sendfile: from a place that is nowhere", nowhere);
}

fn to_the_end() {
    let (from, _) = files();
    let end = raw::open(c"to", O_WRONLY | O_APPEND).expect("it is there");
    answer("sendfile: to an O_APPEND", sendfile(end, from, Some(&mut 0), 1));
    answer("sendfile: nothing to an O_APPEND", sendfile(end, from, Some(&mut 0), 0));
    let set = |flags: u32| raw::fcntl(end, F_SETFL, flags as usize);
    answer("fcntl: without", set(0));
    answer("sendfile: without", sendfile(end, from, Some(&mut 0), 1));
    answer("fcntl: with", set(O_APPEND));
    answer("sendfile: with", sendfile(end, from, Some(&mut 0), 1));
    answer("sendfile: with, and a place that is none", sendfile(end, from, Some(&mut -1), 1));
    answer("sendfile: with, from nothing", sendfile(end, 77, None, 1));
}

fn pipes() {
    let (from, to) = files();
    let [reader, writer] = raw::pipe2(0).expect("there are numbers");
    answer("write: to the pipe", write(writer, b"hello"));
    for (what, end) in [("to read", reader), ("to write", writer)] {
        let mut place = 2;
        answer(format!("sendfile: {what}, a place"), sendfile(to, end, Some(&mut place), 1));
        value("sendfile: which stays", place);
        answer(format!("sendfile: {what}, before it"), sendfile(to, end, Some(&mut -1), 1));
        answer(format!("sendfile: {what}, to nothing"), sendfile(77, end, Some(&mut 0), 1));
        answer(format!("sendfile: {what}, no place"), sendfile(to, end, None, 1));
        answer(format!("sendfile: {what}, no place, to nothing"), sendfile(77, end, None, 1));
    }
    answer("fcntl: O_APPEND of a pipe", raw::fcntl(writer, F_SETFL, O_APPEND as usize));
    answer("sendfile: to an O_APPEND", sendfile(writer, from, Some(&mut 0), 1));
    let folder = raw::open(c".", O_RDONLY).expect("it is there");
    answer("sendfile: from a folder", sendfile(to, folder, None, 1));
    answer("sendfile: nothing from a folder", sendfile(to, folder, None, 0));
    answer("sendfile: from nothing, before it", sendfile(to, 77, Some(&mut -1), 1));
    answer("sendfile: to nothing, before it", sendfile(77, from, Some(&mut -1), 1));
}
