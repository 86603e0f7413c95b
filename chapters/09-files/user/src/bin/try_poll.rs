//! Tries out `ppoll`: what it says of descriptors of every kind, and how long it waits; and what
//! `pselect6` says of them.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use alloc::string::String;
use core::fmt::Write;

use linux_raw_sys::general::{
    self, O_DIRECTORY, O_PATH, O_RDONLY, O_RDWR, O_WRONLY, POLLIN, POLLOUT, POLLPRI,
};
use user::raw::{self, Answer, Watched, close, ppoll};
use user::report::{self, KERNEL, NOWHERE, answer, outcome, truth, value};
use user::scratch::{Scratch, make};
use user::{Start, time};

/// To read and to write.
const BOTH: u32 = POLLIN | POLLOUT;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-poll");
    make(c"file", b"hello");
    kinds();
    pipes();
    none();
    several();
    waiting();
    woken();
    wrong();
    scratch.leave();
    0
}

fn watch(descriptor: usize, events: u32) -> Watched {
    Watched { fd: descriptor as i32, events: events as i16, revents: 0x55 }
}

/// Says what `ppoll` says of each of `watched` at once.
fn tell(what: &str, watched: &mut [Watched]) {
    let found = ppoll(watched, Some(0));
    let mut states = String::new();
    for one in watched {
        // Text always takes more.
        let _ = write!(states, " {:#x}", one.revents);
    }
    answer(format!("ppoll: {what}"), found);
    value(format!("ppoll: {what}: they are"), states);
}

fn kinds() {
    for (what, path, flags) in [
        ("a file to read", c"file", O_RDONLY),
        ("a file to write", c"file", O_WRONLY),
        ("a file for both", c"file", O_RDWR),
        ("a folder", c".", O_RDONLY | O_DIRECTORY),
        ("/dev/null", c"/dev/null", O_RDWR),
        ("/dev/zero", c"/dev/zero", O_RDWR),
        ("/proc/uptime", c"/proc/uptime", O_RDONLY),
        ("O_PATH", c"file", O_PATH),
    ] {
        let Ok(file) = raw::open(path, flags) else {
            value(what, "cannot be opened");
            continue;
        };
        for events in [BOTH, POLLIN, POLLOUT, POLLPRI, 0] {
            tell(&format!("{what}, for {events:#x}"), &mut [watch(file, events)]);
        }
        select(what, file);
        outcome("close", close(file));
    }
}

/// Says what `pselect6` says of `descriptor` at once: in each of the three sets, and in all.
fn select(what: &str, descriptor: usize) {
    for asked in [0b001, 0b010, 0b100, 0b111] {
        let mut sets = [0, 1, 2].map(|set| (asked >> set & 1_u64) << descriptor);
        let [read, write, urgent] = sets.each_mut().map(|set| &raw mut *set as usize);
        let time = [0_u64; 2];
        let arguments = [64, read, write, urgent, time.as_ptr() as usize, 0];
        // SAFETY: the kernel writes what it found to the sets.
        let found = unsafe { report::ask_silently(general::__NR_pselect6, &arguments) };
        answer(format!("pselect6: {what}, {asked:03b}"), found);
        value("pselect6: they are", format!("{:?}", sets.map(|set| set >> descriptor)));
    }
}

fn pipes() {
    let Ok([reader, writer]) = raw::pipe2(0) else { return };
    let both = |what: &str| {
        select(&format!("to read, {what}"), reader);
        select(&format!("to write, {what}"), writer);
    };
    both("empty");
    outcome("write", raw::write(writer, b"x"));
    both("with a byte");
    outcome("close", close(writer));
    select("without writers", reader);
    outcome("close", close(reader));
    select("what is not open", reader);
    let Ok([reader, writer]) = raw::pipe2(0) else { return };
    outcome("close", close(reader));
    select("without readers", writer);
    outcome("close", close(writer));
}

fn none() {
    tell("none", &mut []);
    tell("what is not open", &mut [watch(77, BOTH)]);
    tell("what is not open, for nothing", &mut [watch(77, 0)]);
    tell("the descriptor -1", &mut [watch(usize::MAX, BOTH)]);
    tell("the descriptor -9", &mut [watch(usize::MAX - 8, BOTH)]);
}

fn several() {
    let Ok([reader, writer]) = raw::pipe2(0) else { return };
    let file = raw::open(c"file", O_RDONLY).unwrap_or(77);
    let all = || [watch(reader, POLLIN), watch(writer, POLLOUT), watch(file, POLLIN)];
    tell("three", &mut all());
    outcome("write", raw::write(writer, b"x"));
    tell("three, one more ready", &mut all());
    tell("one twice", &mut [watch(reader, POLLIN), watch(reader, POLLIN)]);
    tell("with gaps", &mut [watch(usize::MAX, BOTH), watch(reader, BOTH), watch(77, BOTH)]);
    tell("many", &mut [watch(reader, POLLIN); 20]);
    outcome("read", raw::read(reader, &mut [0]));
    tell("after reading", &mut all());
    outcome("close", close(writer));
    tell("after the end", &mut [watch(reader, POLLIN), watch(reader, 0)]);
    outcome("close", close(reader).and(close(file)));
}

/// How long `work` takes, in milliseconds.
fn duration(work: impl FnOnce()) -> u128 {
    let start = time::now().unwrap_or_default();
    work();
    (time::now().unwrap_or_default() - start).as_millis()
}

fn waiting() {
    let Ok([reader, writer]) = raw::pipe2(0) else { return };
    let mut watched = [watch(reader, POLLIN)];
    let time = duration(|| answer("ppoll: 30 ms", ppoll(&mut watched, Some(30))));
    truth("ppoll: it took as long", time >= 30);
    value("ppoll: nothing came", watched[0].revents);
    let time = duration(|| answer("ppoll: none for 20 ms", ppoll(&mut [], Some(20))));
    truth("ppoll: it took as long", time >= 20);
    let mut watched = [watch(usize::MAX, BOTH)];
    let time =
        duration(|| answer("ppoll: the descriptor -1, 20 ms", ppoll(&mut watched, Some(20))));
    truth("ppoll: it took as long", time >= 20);
    outcome("write", raw::write(writer, b"x"));
    let mut watched = [watch(reader, POLLIN)];
    let time = duration(|| answer("ppoll: an hour", ppoll(&mut watched, Some(3_600_000))));
    truth("ppoll: but something is there", time < 60_000);
    answer("ppoll: for ever", ppoll(&mut watched, None));
    outcome("close", close(reader).and(close(writer)));
}

fn woken() {
    let Ok([reader, writer]) = raw::pipe2(0) else { return };
    let pid = report::start_child(|| {
        let mut watched = [watch(reader, POLLIN)];
        i32::from(ppoll(&mut watched, None) != Ok(1)) + i32::from(watched[0].revents) * 2
    });
    (0..20).for_each(|_| time::yield_now());
    outcome("write: to who polls", raw::write(writer, b"x"));
    report::ended("ppoll: it is woken", pid);
    outcome("read", raw::read(reader, &mut [0]));
    let pid = report::start_child(|| {
        let own = close(writer);
        let mut watched = [watch(reader, POLLIN)];
        i32::from(ppoll(&mut watched, None) != Ok(1) || own.is_err())
            + i32::from(watched[0].revents) * 2
    });
    (0..20).for_each(|_| time::yield_now());
    outcome("close: the last end to write", close(writer));
    report::ended("ppoll: it is woken", pid);
    outcome("close", close(reader));
}

fn wrong() {
    let ask = |arguments: [usize; 5]| -> Answer {
        // SAFETY: nothing is where the kernel is to read, or it writes to what is here.
        unsafe { report::ask_silently(general::__NR_ppoll, &arguments) }
    };
    let mut watched = [watch(77, BOTH)];
    let here = watched.as_mut_ptr() as usize;
    for (what, address) in [("nowhere", NOWHERE), ("the kernel", KERNEL)] {
        answer(format!("ppoll: descriptors {what}"), ask([address, 1, 0, 0, 0]));
        answer(format!("ppoll: a time {what}"), ask([here, 1, address, 0, 0]));
    }
    let time = |seconds: i64, nanoseconds: i64| {
        let time = [seconds, nanoseconds];
        ask([here, 1, time.as_ptr() as usize, 0, 0])
    };
    answer("ppoll: less than no time", time(-1, 0));
    answer("ppoll: less than no parts of a second", time(0, -1));
    answer("ppoll: a billion parts of a second", time(0, 1_000_000_000));
    answer("ppoll: more descriptors than there may be", ask([here, 1 << 30, 0, 0, 0]));
}
