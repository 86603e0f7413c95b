//! Calls about files, shown by us and by Linux's `strace`.

use std::fs::File;
use std::os::fd::AsRawFd;

use linux_raw_sys::general::{self as linux, iovec, stat};

use crate::beside_linux::{NOWHERE, call};
use crate::syscall::flags;

/// A descriptor that nobody has, as an argument; or any other -1.
const NONE: u64 = u64::MAX;

/// The folder of the process, as an argument. (Linux, `AT_FDCWD`.)
const HERE: u64 = linux::AT_FDCWD as i64 as u64;

/// Makes them.
pub fn make() {
    let file = File::open("/proc/self/exe").expect("Linux has it");
    let descriptor = file.as_raw_fd() as u64;
    opens();
    commands(descriptor);
    places(descriptor);
    statuses(descriptor);
    pieces();
}

/// All flags alone and all of them together, with each way to open; and other sets of flags.
fn opens() {
    let path = c"/nowhere/at/all".as_ptr() as u64;
    let all = flags::OPEN.iter().fold(0, |all, (bits, _)| all | u64::from(*bits));
    let each = flags::OPEN.iter().map(|(bits, _)| u64::from(*bits));
    for set in each.chain([0, all, 0x8000_0000]) {
        for way in 0..4 {
            call("openat", &[HERE, path, set | way, 0o640]);
        }
        call("dup3", &[NONE, 9, set & u64::from(linux::O_CLOEXEC)]);
    }
    for set in [0, 1, 6, 7] {
        call("faccessat", &[HERE, path, set]);
        call("faccessat2", &[HERE, path, set, 0x200]);
    }
    for set in [0, 0x100, 0x400, 0x900, 0x1000] {
        let place = &raw const path as u64;
        call("newfstatat", &[HERE, path, place, set]);
    }
    for mode in [0o22, 7, 0] {
        call("umask", &[mode]);
    }
    call("umask", &[0o22]);
}

fn commands(file: u64) {
    let close_on_exec = linux::FD_CLOEXEC.into();
    for flags in [0, close_on_exec, close_on_exec | 4] {
        call("fcntl", &[file, linux::F_SETFD.into(), flags]);
    }
    for flags in [0, linux::O_NONBLOCK, linux::O_APPEND | linux::O_RDWR] {
        call("fcntl", &[NONE, linux::F_SETFL.into(), flags.into()]);
    }
    for command in [linux::F_GETFD, linux::F_GETFL] {
        call("fcntl", &[NONE, command.into(), 7]);
    }
    for command in [linux::F_DUPFD, linux::F_DUPFD_CLOEXEC] {
        let copy = call("fcntl", &[file, command.into(), 30]);
        call("close", &[copy as u64]);
        call("fcntl", &[file, command.into(), NONE]);
    }
}

fn places(file: u64) {
    let mut room = [0_u8; 16];
    let room = room.as_mut_ptr() as u64;
    for (offset, whence) in [(0, 0), (7, 1), (-5_i64 as u64, 1), (-5_i64 as u64, 0), (0, 2)] {
        call("lseek", &[file, offset, whence]);
    }
    for offset in [0, 1, -1_i64 as u64] {
        call("pread64", &[file, room, 4, offset]);
        call("pwrite64", &[NONE, room, 4, offset]);
        call("ftruncate", &[NONE, offset]);
    }
    for offset in [0, 4096, -4096_i64 as u64] {
        call("mmap", &[0, 4096, 1, 2, NONE, offset]);
    }
    let all = flags::MAPPING.iter().fold(0, |all, (bits, _)| all | u64::from(*bits));
    let each = flags::MAPPING.iter().map(|(bits, _)| u64::from(*bits));
    for set in each.chain([0, all]).filter(|set| set & 1 == 0 || *set == all) {
        // Nothing can be there.
        call("mmap", &[1, 4096, 0, set & !1 | 0x12, NONE, 0]);
    }
}

fn statuses(file: u64) {
    // SAFETY: it is made of numbers, which may be 0.
    let mut status: stat = unsafe { core::mem::zeroed() };
    let place = &raw mut status as u64;
    for (file, place) in [(file, place), (file, NOWHERE), (NONE, place), (file, 0)] {
        call("fstat", &[file, place]);
    }
    let paths =
        [c"/dev/null", c"/dev/tty", c"/tmp", c"/proc/self", c"/usr/bin/passwd", c"/nowhere"];
    for path in paths {
        call("newfstatat", &[HERE, path.as_ptr() as u64, place, 0x100]);
    }
}

fn pieces() {
    let mut ends = [0_i32; 2];
    let place = ends.as_mut_ptr() as u64;
    call("pipe2", &[NOWHERE, 0]);
    call("pipe2", &[place, 0x40]);
    call("pipe2", &[place, linux::O_CLOEXEC.into()]);
    let [reader, writer] = ends.map(|end| end as u64);
    let piece = |text: &[u8]| (text.as_ptr() as u64, text.len() as u64);
    let long = [b'a'; 33];
    let wrong = (NOWHERE, 3);
    let list = |pieces: &[(u64, u64)]| -> Vec<iovec> {
        let pieces = pieces.iter().map(|(start, length)| iovec {
            iov_base: core::ptr::with_exposed_provenance_mut(*start as usize),
            iov_len: *length,
        });
        pieces.collect()
    };
    let written = list(&[piece(b"hello"), piece(b"\n"), piece(&long), (0, 0)]);
    let place = written.as_ptr() as u64;
    for (file, count) in [(writer, 3), (NONE, 4), (writer, 0), (writer, 1)] {
        call("writev", &[file, place, count]);
    }
    let some = list(&[piece(b"a"), wrong, (0, 2)]);
    call("writev", &[NONE, some.as_ptr() as u64, 3]);
    let many = list(&[(0, 0); 33]);
    call("writev", &[NONE, many.as_ptr() as u64, 9]);
    let (mut first, mut second) = ([0_u8; 4], [0_u8; 90]);
    let rooms = [(first.as_mut_ptr() as u64, 4), (second.as_mut_ptr() as u64, 90), (place, 1)];
    let read = list(&rooms);
    for (file, place, count) in
        [(NONE, read.as_ptr() as u64, 3), (reader, read.as_ptr() as u64, 3), (reader, 0, 0)]
    {
        call("readv", &[file, place, count]);
    }
    call("readv", &[reader, NOWHERE, 2]);
}
