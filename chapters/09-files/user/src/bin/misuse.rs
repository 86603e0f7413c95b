//! Takes of files whatever there is: all descriptors or none, all memory that is for files, bytes
//! from where memory goes meanwhile, and files that somebody cuts off meanwhile.
//!
//! The first argument names a way, the second says how often. Each way has its own status for each
//! thing that can be wrong, counted from 1; 0 is right. What is left behind nobody can see from in
//! here: the kernel's tests look. (It is not for every Linux: `full` fills `/tmp`.)

#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec;
use core::ffi::CStr;
use core::sync::atomic::{AtomicBool, Ordering};

use linux_raw_sys::general::{self, O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY};
use linux_raw_sys::ioctl;
use user::memory::{self, PAGE, READ, WRITE};
use user::process::{End, execve};
use user::report::{ask_silently, reap, start_child};
use user::{Errno, Start, println, raw, thread, time};

/// Two files.
const FIRST: &CStr = c"/tmp/misused";
const SECOND: &CStr = c"/tmp/misused too";

/// How many bytes are on their way at once.
const BYTES: usize = 4 * PAGE;

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let count = start.argument(2).and_then(|text| text.parse().ok()).unwrap_or(100);
    match start.argument(1) {
        Some("none") => use_no_descriptor(),
        Some("all") => use_all_descriptors(),
        Some("full") => fill_up(),
        Some("unmap") => unmap_meanwhile(count),
        Some("cut") => cut_meanwhile(count),
        _ => {
            println!("misuse: needs one of none, all, full, unmap, cut");
            100
        }
    }
}

/// Stops at the first thing that is wrong: the result is its number, from 1 on.
fn check(things: &[bool]) -> i32 {
    things.iter().position(|is_right| !is_right).map_or(0, |index| index as i32 + 1)
}

fn opened(path: &CStr, flags: u32) -> Result<usize, Errno> {
    raw::open(path, flags)
}

fn size(path: &CStr) -> Result<usize, Errno> {
    raw::stat(path).map(|stat| stat.st_size as usize)
}

/// Whether a child can be made, and become another program.
fn has_children() -> bool {
    let child = start_child(|| {
        execve(c"/bin/true", &[c"true"], &[]);
        1
    });
    reap(child) == Some(End::Exited(0))
}

/// Closes every descriptor, and goes on without: the lowest numbers are for whatever comes.
fn use_no_descriptor() -> i32 {
    for descriptor in 0..1024 {
        // Mostly there is nothing to close.
        let _ = raw::close(descriptor);
    }
    check(&[
        raw::write(1, b"x") == Err(Errno::EBADF),
        raw::dup(0) == Err(Errno::EBADF),
        has_children(),
        opened(c"/etc/motd", O_RDONLY) == Ok(0),
        raw::pipe2(0) == Ok([1, 2]),
        raw::write(2, b"xy") == Ok(2),
        raw::read(1, &mut [0; 3]) == Ok(2),
        has_children(),
        (0..3).all(|descriptor| raw::close(descriptor) == Ok(0)),
    ])
}

/// Takes every number that there is. Whoever wants one more has opened, made and emptied nothing.
fn use_all_descriptors() -> i32 {
    let Ok(file) = opened(FIRST, O_CREAT | O_RDWR) else { return 50 };
    let written = raw::write(file, b"bytes");
    let mut last = file;
    let error = loop {
        match raw::dup(file) {
            Ok(number) => last = number,
            Err(error) => break error,
        }
    };
    check(&[
        written == Ok(5) && error == Errno::EMFILE,
        opened(FIRST, O_WRONLY | O_TRUNC) == Err(Errno::EMFILE),
        size(FIRST) == Ok(5),
        opened(SECOND, O_WRONLY | O_CREAT) == Err(Errno::EMFILE),
        size(SECOND) == Err(Errno::ENOENT),
        opened(c"/tmp/nowhere/file", O_RDONLY) == Err(Errno::EMFILE),
        raw::pipe2(0) == Err(Errno::EMFILE),
        has_children(),
        raw::close(last) == Ok(0) && opened(SECOND, O_WRONLY | O_CREAT) == Ok(last),
        raw::unlink(FIRST).is_ok() && raw::unlink(SECOND).is_ok(),
    ])
}

/// Fills a file until there is no space left, and gives it back.
fn fill_up() -> i32 {
    const CHUNK: usize = 64 * 1024;
    let chunk = vec![b'x'; CHUNK];
    let files = [FIRST, SECOND].map(|path| opened(path, O_CREAT | O_RDWR));
    let [Ok(first), Ok(second)] = files else { return 50 };
    let mut written = 0;
    let error = loop {
        match raw::write(first, &chunk) {
            Ok(count) => written += count,
            Err(error) => break error,
        }
    };
    let mut byte = [0];
    check(&[
        error == Errno::ENOSPC && written > CHUNK,
        size(FIRST) == Ok(written) && written.is_multiple_of(PAGE),
        raw::write(second, b"x") == Err(Errno::ENOSPC) && size(SECOND) == Ok(0),
        raw::pread64(first, &mut byte, written as i64 - 1) == Ok(1) && byte == *b"x",
        raw::lseek(first, 0, general::SEEK_SET) == Ok(0) && raw::write(first, b"y") == Ok(1),
        has_children(),
        raw::ftruncate(first, PAGE as i64) == Ok(0),
        raw::write(second, &chunk) == Ok(CHUNK),
        raw::unlink(FIRST).is_ok() && raw::unlink(SECOND).is_ok(),
        // Without a name, too, it is there as long as it is open.
        raw::write(second, &chunk) == Ok(CHUNK),
        raw::close(first) == Ok(0) && raw::close(second) == Ok(0),
    ])
}

/// Asks, about memory that may go meanwhile.
fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: the memory that the kernel reads and writes here is nobody's otherwise.
    unsafe { ask_silently(number, arguments) }
}

/// Whether an answer about memory that may go is one that Linux could give.
fn is_right(answer: Result<usize, Errno>) -> bool {
    matches!(answer, Ok(0..=BYTES) | Err(Errno::EFAULT | Errno::EAGAIN))
}

/// Takes memory away and gives it back, while another thread reads files and pipes into it and
/// writes from it.
fn unmap_meanwhile(rounds: usize) -> i32 {
    static IS_DONE: AtomicBool = AtomicBool::new(false);
    let Ok(start) = memory::map(BYTES, READ | WRITE) else { return 50 };
    let other = thread::spawn(move || {
        let flags = general::MAP_PRIVATE | general::MAP_ANONYMOUS | general::MAP_FIXED;
        let map = [start, BYTES, (READ | WRITE) as usize, flags as usize, usize::MAX, 0];
        while !IS_DONE.load(Ordering::Relaxed) {
            // SAFETY: nobody but the kernel uses it.
            let _ = unsafe { memory::unmap(start + PAGE, BYTES - PAGE) };
            time::yield_now();
            let _ = ask(general::__NR_mmap, &map);
            time::yield_now();
        }
    });
    let files = [FIRST, SECOND].map(|path| opened(path, O_CREAT | O_RDWR));
    let ([Ok(first), Ok(second)], Ok(pipe)) = (files, raw::pipe2(O_NONBLOCK)) else { return 51 };
    let Ok(BYTES) = raw::write(first, &[b'x'; BYTES]) else { return 52 };
    let mut short = 0;
    for _ in 0..rounds {
        match round(start, [first, second], pipe) {
            Ok(is_short) => short += usize::from(is_short),
            Err(wrong) => return wrong,
        }
        time::yield_now();
    }
    IS_DONE.store(true, Ordering::Relaxed);
    let is_gone = raw::unlink(FIRST).is_ok() && raw::unlink(SECOND).is_ok();
    // If nothing was ever missing nothing was tried.
    check(&[other.is_ok_and(|other| other.join().is_some()), is_gone, short > 0])
}

/// Moves bytes from a file to memory, and on to another file and a pipe, and looks at what came
/// there. The result is whether memory was missing.
fn round(start: usize, [first, second]: [usize; 2], pipe: [usize; 2]) -> Result<bool, i32> {
    let filled = ask(general::__NR_pread64, &[first, start, BYTES, 0]);
    let emptied = raw::ftruncate(second, 0);
    let stored = ask(general::__NR_pwrite64, &[second, start, BYTES, 0]);
    let sent = ask(general::__NR_write, &[pipe[1], start, BYTES]);
    let came = ask(general::__NR_read, &[pipe[0], start, BYTES]);
    let answers = [filled, stored, sent, came];
    if emptied.is_err() || !answers.into_iter().all(is_right) {
        return Err(60);
    }
    // What did not come is still in the pipe, and nothing else is.
    let mut left = u32::MAX;
    let asked =
        ask(general::__NR_ioctl, &[pipe[0], ioctl::FIONREAD as usize, &raw mut left as usize]);
    let (sent, came) = (sent.unwrap_or(0), came.unwrap_or(0));
    let mut bytes = vec![1; BYTES];
    let rest = raw::read(pipe[0], &mut bytes).unwrap_or(0);
    if asked != Ok(0) || sent - came != left as usize || rest != left as usize {
        return Err(61);
    }
    if bytes[..rest].iter().any(|byte| !matches!(byte, 0 | b'x')) {
        return Err(62);
    }
    // Behind the end of the file there was nothing, also if a copy ended in the middle.
    let end = stored.unwrap_or(0);
    let has_grown = raw::ftruncate(second, 2 * BYTES as i64).is_ok();
    let is_read = raw::pread64(second, &mut bytes, end as i64) == Ok(BYTES);
    if !has_grown || !is_read || bytes.iter().any(|byte| *byte != 0) {
        return Err(63);
    }
    Ok(answers.contains(&Err(Errno::EFAULT)) || end < BYTES)
}

/// Cuts a file off and lets it grow again, while another thread reads, writes and maps it.
fn cut_meanwhile(rounds: usize) -> i32 {
    static IS_DONE: AtomicBool = AtomicBool::new(false);
    let Ok(file) = opened(FIRST, O_CREAT | O_RDWR) else { return 50 };
    let other = thread::spawn(move || {
        let mut is_right = true;
        while !IS_DONE.load(Ordering::Relaxed) {
            for length in [0, PAGE + 100, BYTES, 1] {
                is_right &= raw::ftruncate(file, length as i64) == Ok(0);
                time::yield_now();
            }
        }
        is_right
    });
    let mut bytes = vec![0; 2 * BYTES];
    let mut shorter = 0;
    for turn in 0..rounds {
        let place = turn % BYTES;
        let written = ask(general::__NR_pwrite64, &[file, bytes.as_ptr() as usize, 1, place]);
        let stored = raw::lseek(file, 0, general::SEEK_SET).and_then(|_| raw::write(file, b"xxxx"));
        time::yield_now();
        let Ok(count) = raw::pread64(file, &mut bytes, 0) else { return 60 };
        let is_known = bytes[..count].iter().all(|byte| matches!(byte, 0 | b'x'));
        bytes.fill(0);
        let map = [0, 2 * BYTES, READ as usize, general::MAP_PRIVATE as usize, file, 0];
        let Ok(mapped) = ask(general::__NR_mmap, &map) else { return 61 };
        // SAFETY: nobody looks at it.
        let is_unmapped = unsafe { memory::unmap(mapped, 2 * BYTES) }.is_ok();
        if written != Ok(1) || stored != Ok(4) || !is_known || !is_unmapped {
            return 62;
        }
        shorter += usize::from(count < 4);
        time::yield_now();
    }
    IS_DONE.store(true, Ordering::Relaxed);
    let is_right = other.is_ok_and(|other| other.join() == Some(true));
    check(&[is_right, raw::unlink(FIRST).is_ok(), shorter > 0])
}
