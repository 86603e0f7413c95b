//! What lies at the edges: ends, errors, memory that is not there.

use alloc::vec;

use linux_raw_sys::general::{
    self, F_GETFD, F_GETFL, F_SETFL, FD_CLOEXEC, O_CLOEXEC, O_NONBLOCK, O_WRONLY, S_IFIFO,
};
use user::memory::{self, PAGE, READ, WRITE};
use user::report::NOWHERE;
use user::signal::{Action, Signal, set_action};
use user::{Errno, write};

use crate::calls::{ATOMIC, SIZE, ask, close, pipe, read, readable};
use crate::check;

/// How a process can wait for a pipe.
#[derive(Clone, Copy)]
pub enum Way {
    Read,
    Write,
    Ask,
}

/// Waits for what never comes.
pub fn wait_for_ever(way: Way) -> i32 {
    let Ok([reader, writer]) = pipe(0) else { return 1 };
    let bytes = vec![0; 2 * SIZE];
    let _ = match way {
        Way::Read => read(reader, &mut [0; 1]),
        Way::Write => write(writer, &bytes),
        Way::Ask => {
            let asked = (reader as u64 | 1 << 32).to_le_bytes();
            ask(general::__NR_ppoll, &[asked.as_ptr() as usize, 1, 0, 0, 0])
        }
    };
    // None of them comes back.
    99
}

/// What was written can be read when nobody writes any more, and then comes the end. Without
/// readers there is an error.
pub fn ends() -> i32 {
    let Ok([reader, writer]) = pipe(0) else { return 1 };
    let mut bytes = [0; 10];
    let written = write(writer, b"hello");
    let waiting = readable(reader);
    let closed = close(writer);
    let first = read(reader, &mut bytes[..3]);
    let second = read(reader, &mut bytes[3..]);
    let third = read(reader, &mut bytes);
    let fourth = read(reader, &mut []);
    let is_gone = close(reader).is_ok();
    let ignored = set_action(Signal(general::SIGPIPE), Action::Ignore);
    let Ok([reader, writer]) = pipe(0) else { return 2 };
    let is_closed = close(reader).is_ok();
    let broken = write(writer, b"x");
    let nothing = write(writer, b"");
    let usual = set_action(Signal(general::SIGPIPE), Action::Usual);
    let things = [
        written == Ok(5),
        waiting == Ok(5),
        closed == Ok(0),
        (first, second) == (Ok(3), Ok(2)) && bytes.starts_with(b"hello"),
        third == Ok(0) && fourth == Ok(0),
        is_gone && is_closed && ignored.is_ok() && usual.is_ok(),
        broken == Err(Errno::EPIPE) && nothing == Ok(0),
        close(writer).is_ok(),
    ];
    check(2, &things)
}

/// Who does not wait gets an error, unless there is something that can be done. What is not torn is
/// written whole or not at all.
pub fn errors() -> i32 {
    let Ok([reader, writer]) = pipe(O_NONBLOCK) else { return 1 };
    let mut bytes = vec![0; SIZE + 1];
    let empty = read(reader, &mut bytes);
    let filled = write(writer, &bytes);
    let full = write(writer, &bytes[..1]);
    let some = read(reader, &mut bytes[..ATOMIC]);
    let whole = write(writer, &bytes[..ATOMIC]);
    let again = write(writer, &bytes[..ATOMIC]);
    let seek = ask(general::__NR_lseek, &[reader, 0, 0]);
    let pread = ask(general::__NR_pread64, &[reader, bytes.as_mut_ptr() as usize, 1, 0]);
    let pwrite = ask(general::__NR_pwrite64, &[writer, bytes.as_ptr() as usize, 1, 0]);
    let cut = ask(general::__NR_ftruncate, &[writer, 0]);
    let synced = ask(general::__NR_fsync, &[writer]);
    let wrong = [read(writer, &mut bytes), write(reader, b"x")];
    let things = [
        empty == Err(Errno::EAGAIN),
        filled == Ok(SIZE),
        full == Err(Errno::EAGAIN),
        some == Ok(ATOMIC),
        whole == Ok(ATOMIC),
        again == Err(Errno::EAGAIN),
        [seek, pread, pwrite] == [Err(Errno::ESPIPE); 3],
        [cut, synced] == [Err(Errno::EINVAL); 2],
        wrong == [Err(Errno::EBADF); 2],
        close(reader).is_ok() && close(writer).is_ok(),
    ];
    check(1, &things)
}

/// A copy that ends in the middle counts as far as it came, and nothing is lost or comes twice.
pub fn faults() -> i32 {
    let Ok([reader, writer]) = pipe(O_NONBLOCK) else { return 1 };
    // Behind the first page there is nothing.
    let Ok(start) = memory::map(2 * PAGE, READ | WRITE) else { return 2 };
    // SAFETY: nobody uses it yet.
    if unsafe { memory::unmap(start + PAGE, PAGE) }.is_err() {
        return 3;
    }
    let transfer = |number, descriptor, from: usize| ask(number, &[descriptor, from, 8]);
    let edge = start + PAGE - 4;
    let torn = transfer(general::__NR_write, writer, edge);
    let is_empty = readable(reader) == Ok(0);
    let written = write(writer, b"abcdefgh");
    let half = transfer(general::__NR_read, reader, edge);
    let nothing = transfer(general::__NR_read, reader, start + PAGE);
    let kernel = transfer(general::__NR_read, reader, user::report::KERNEL);
    let mut rest = [0; 8];
    let count = read(reader, &mut rest);
    // SAFETY: the kernel has written the last four bytes of the page.
    let found = unsafe { (edge as *const [u8; 4]).read_volatile() };
    // SAFETY: nobody uses it any more.
    let is_back = unsafe { memory::unmap(start, PAGE) }.is_ok();
    let things = [
        torn == Err(Errno::EFAULT) && is_empty,
        written == Ok(8),
        // Linux leaves all of a piece in the pipe, of which it could not copy all.
        half == Ok(4) || half == Err(Errno::EFAULT),
        nothing == Err(Errno::EFAULT),
        kernel == Err(Errno::EFAULT),
        match half {
            Ok(_) => count == Ok(4) && rest[..4] == *b"efgh" && found == *b"abcd",
            Err(_) => count == Ok(8) && rest == *b"abcdefgh",
        },
        is_back && close(reader).is_ok() && close(writer).is_ok(),
    ];
    check(3, &things)
}

/// Descriptors are made both or none, have the flags that were asked for, and each pipe a number.
pub fn descriptors() -> i32 {
    let Ok([reader, writer]) = pipe(O_CLOEXEC | O_NONBLOCK) else { return 1 };
    let fcntl =
        |descriptor, command: u32| ask(general::__NR_fcntl, &[descriptor, command as usize]);
    let closes = [reader, writer].map(|end| fcntl(end, F_GETFD));
    let flags = [fcntl(reader, F_GETFL), fcntl(writer, F_GETFL)];
    let patient = ask(general::__NR_fcntl, &[reader, F_SETFL as usize, 0]);
    let next =
        || ask(general::__NR_dup, &[reader]).and_then(|number| close(number).map(|_| number));
    let free = next();
    let odd = pipe(general::O_APPEND);
    let still_free = next();
    let numbers = [number(reader), number(writer)];
    let Ok([other_reader, other_writer]) = pipe(0) else { return 2 };
    let other = number(other_reader);
    let full = fill(other_reader);
    let all = [reader, writer, other_reader, other_writer];
    let closed = all.map(|descriptor| close(descriptor).is_ok());
    // What emulates Linux for other processors keeps the two numbers then, so this comes last.
    let bad = ask(general::__NR_pipe2, &[NOWHERE, 0]);
    let things = [
        closes == [Ok(FD_CLOEXEC as usize); 2],
        flags == [Ok(O_NONBLOCK as usize), Ok((O_NONBLOCK | O_WRONLY) as usize)],
        patient == Ok(0),
        bad == Err(Errno::EFAULT),
        odd == Err(Errno::EINVAL),
        // The one that failed has left no numbers behind.
        free.is_ok() && free == still_free,
        numbers[0] == numbers[1] && numbers[0].is_some_and(|(kind, _)| kind == S_IFIFO),
        other.is_some() && other != numbers[0],
        full,
        closed == [true; 4],
    ];
    check(2, &things)
}

/// Kind and number of what is open.
fn number(descriptor: usize) -> Option<(u32, u64)> {
    // SAFETY: the structure is made of numbers, for which zeroes are good.
    let mut stat: general::stat = unsafe { core::mem::zeroed() };
    ask(general::__NR_fstat, &[descriptor, &raw mut stat as usize]).ok()?;
    Some((stat.st_mode & general::S_IFMT, stat.st_ino))
}

/// Fills the table but for one number: a pipe needs two, and takes none then.
fn fill(descriptor: usize) -> bool {
    let limits = [descriptor as u64 + 4, 1024];
    let mut old = [0_u64; 2];
    let change = |new: *const u64, old: *mut u64| {
        let resource = general::RLIMIT_NOFILE as usize;
        ask(general::__NR_prlimit64, &[0, resource, new as usize, old as usize])
    };
    if change(limits.as_ptr(), old.as_mut_ptr()).is_err() {
        return false;
    }
    let first = ask(general::__NR_dup, &[descriptor]);
    let refused = pipe(0);
    let last = ask(general::__NR_dup, &[descriptor]);
    let none = ask(general::__NR_dup, &[descriptor]);
    let is_back = change([old[0].min(1024), 1024].as_ptr(), core::ptr::null_mut()).is_ok();
    let closed = [first, last].map(|number| number.and_then(close));
    refused == Err(Errno::EMFILE) && none == Err(Errno::EMFILE) && closed == [Ok(0); 2] && is_back
}
