//! What is ready: to ask several descriptors, and to wait for the first.

use core::time::Duration;

use linux_raw_sys::general::{self, O_NONBLOCK, POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT};
use user::process::{End, wait};
use user::{Errno, time, write};

use crate::calls::{ATOMIC, SIZE, ask, close, pipe, read, start};
use crate::check;

/// `struct pollfd`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked {
    descriptor: i32,
    asked: u16,
    answer: u16,
}

/// What is asked of each.
const BOTH: u16 = (POLLIN | POLLOUT) as u16;

/// Asks `descriptors`, up to `patience` milliseconds; the answers, and how many there are.
fn ask_all<const COUNT: usize>(
    descriptors: [usize; COUNT],
    patience: u64,
) -> (Result<usize, Errno>, [u32; COUNT]) {
    let asked = |descriptor| Asked { descriptor: descriptor as i32, asked: BOTH, answer: 0 };
    let mut all = descriptors.map(asked);
    let time = [patience / 1000, patience % 1000 * 1_000_000];
    let place = all.as_mut_ptr() as usize;
    let result = ask(general::__NR_ppoll, &[place, COUNT, time.as_ptr() as usize, 0, 0]);
    (result, all.map(|one| one.answer.into()))
}

/// What an end is, from empty to full, and without the other end.
pub fn poll() -> i32 {
    let Ok([reader, writer]) = pipe(O_NONBLOCK) else { return 1 };
    let bytes = [0; SIZE];
    let empty = ask_all([reader, writer, 77], 0);
    let _ = write(writer, b"x");
    let some = ask_all([reader, writer], 0);
    let _ = write(writer, &bytes);
    let full = ask_all([reader, writer], 0);
    let mut place = [0; ATOMIC];
    let _ = read(reader, &mut place);
    let room = ask_all([writer], 0);
    let _ = close(reader);
    let broken = ask_all([writer], 0);
    let Ok([other, gone]) = pipe(0) else { return 2 };
    let late = ask_all([other], 20);
    let _ = (write(gone, b"x"), close(gone));
    let hung_up = ask_all([other], 0);
    let _ = read(other, &mut place);
    let ended = ask_all([other], 0);
    let woken = wait_for_child();
    let things = [
        empty == (Ok(2), [0, POLLOUT, POLLNVAL]),
        some == (Ok(2), [POLLIN, POLLOUT]),
        full == (Ok(1), [POLLIN, 0]),
        room == (Ok(1), [POLLOUT]),
        broken == (Ok(1), [POLLOUT | POLLERR]),
        late == (Ok(0), [0]),
        hung_up == (Ok(1), [POLLIN | POLLHUP]),
        ended == (Ok(1), [POLLHUP]),
        woken,
        close(writer).is_ok() && close(other).is_ok(),
    ];
    check(2, &things)
}

/// Waits for the second of three pipes, to which a child writes after a while; then for its end.
fn wait_for_child() -> bool {
    let (Ok(first), Ok(second), Ok(third)) = (pipe(0), pipe(0), pipe(0)) else { return false };
    let Ok(pid) = start(|| {
        let _ = time::sleep(Duration::from_millis(30));
        let _ = write(second[1], b"now");
        let _ = time::sleep(Duration::from_millis(30));
        0
    }) else {
        return false;
    };
    let _ = close(second[1]);
    let readers = [first[0], second[0], third[0]];
    let woken = ask_all(readers, 60_000);
    let count = read(second[0], &mut [0; 10]);
    let ended = ask_all(readers, 60_000);
    let is_done = wait(pid) == Ok((pid, End::Exited(0)));
    let all = [first[0], first[1], second[0], third[0], third[1]];
    let are_closed = all.iter().all(|descriptor| close(*descriptor).is_ok());
    let is_right = woken == (Ok(1), [0, POLLIN, 0]) && ended == (Ok(1), [0, POLLHUP, 0]);
    is_right && count == Ok(3) && is_done && are_closed
}

/// Asks by bits those below `count`, up to `patience` milliseconds.
fn select_below(
    count: usize,
    mut sets: [u64; 3],
    patience: u64,
) -> (Result<usize, Errno>, [u64; 3]) {
    let time = [patience / 1000, patience % 1000 * 1_000_000];
    let places = sets.each_mut().map(|set| &raw mut *set as usize);
    let [read, write, urgent] = places;
    let time = time.as_ptr() as usize;
    let result = ask(general::__NR_pselect6, &[count, read, write, urgent, time, 0]);
    (result, sets)
}

/// The same by bits.
pub fn select() -> i32 {
    let Ok([reader, writer]) = pipe(0) else { return 1 };
    let (read_bit, write_bit) = (1 << reader, 1 << writer);
    let both = [read_bit, write_bit, read_bit];
    let empty = select_below(64, both, 0);
    let _ = write(writer, b"x");
    let some = select_below(64, both, 0);
    let below = select_below(reader, both, 20);
    let negative = select_below(usize::MAX, both, 0);
    let bad = select_below(64, [1 << 50, 0, 0], 0);
    let _ = close(writer);
    let _ = read(reader, &mut [0; 1]);
    let ended = select_below(64, [read_bit, 0, 0], 60_000);
    let nowhere = ask(general::__NR_pselect6, &[64, user::report::NOWHERE, 0, 0, 0, 0]);
    let things = [
        empty == (Ok(1), [0, write_bit, 0]),
        some == (Ok(2), [read_bit, write_bit, 0]),
        // What is not below the count is not asked for. Its bits are in the same word, and go.
        below == (Ok(0), [0, 0, 0]),
        negative.0 == Err(Errno::EINVAL),
        bad.0 == Err(Errno::EBADF),
        ended == (Ok(1), [read_bit, 0, 0]),
        nowhere == Err(Errno::EFAULT),
        close(reader).is_ok(),
    ];
    check(1, &things)
}
