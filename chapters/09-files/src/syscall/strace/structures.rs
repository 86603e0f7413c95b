//! What an address leads to, where that has a form: lists, times, the status of a file.
//!
//! If it is not there, nothing is shown, and the answer is no. Of a structure those parts are shown
//! that `strace` shows if nobody asks for more. One that has no function here is shown by its
//! address: so are those about signals, limits, usage, folders, terminals, `poll` and `uname`.
//!
//! `man 1 strace`; `man 3 iovec`, `man 3 timespec`, `man 3 stat`.

use core::array;
use core::fmt::Write;
use core::mem::offset_of;

use linux_raw_sys::general as linux;

use super::line::Line;
use super::names::signal;
use super::show::Memory;

/// The most texts of an environment that are counted.
const MOST_VARIABLES: u64 = 4096;

/// The most pieces that are shown.
const MOST_PIECES: u64 = 32;

/// Bits of a mode: a mask, how they must be, and what they are then called. (No file here is a
/// block device or a socket.)
const MODES: [(u32, u32, &str); 8] = [
    (linux::S_IFMT, linux::S_IFIFO, "S_IFIFO"),
    (linux::S_IFMT, linux::S_IFCHR, "S_IFCHR"),
    (linux::S_IFMT, linux::S_IFDIR, "S_IFDIR"),
    (linux::S_IFMT, linux::S_IFREG, "S_IFREG"),
    (linux::S_IFMT, linux::S_IFLNK, "S_IFLNK"),
    (linux::S_ISUID, linux::S_ISUID, "S_ISUID"),
    (linux::S_ISGID, linux::S_ISGID, "S_ISGID"),
    (linux::S_ISVTX, linux::S_ISVTX, "S_ISVTX"),
];

/// The word of 64 bits at `place`.
pub fn word(memory: Memory, place: u64) -> Option<u64> {
    let mut bytes = [0; 8];
    memory(place, &mut bytes).then_some(u64::from_le_bytes(bytes))
}

/// The word of 32 bits at `place`.
fn half(memory: Memory, place: u64) -> Option<u32> {
    let mut bytes = [0; 4];
    memory(place, &mut bytes).then_some(u32::from_le_bytes(bytes))
}

/// Shows how many texts there are whose addresses are at `place`.
pub fn environment(line: &mut Line, memory: Memory, place: u64) -> bool {
    if word(memory, place).is_none() {
        return false;
    }
    let mut words = (0..MOST_VARIABLES).map(|index| word(memory, place.saturating_add(index * 8)));
    let mut count = 0;
    let last = words.find(|word| {
        count += 1;
        word.is_none_or(|word| word == 0)
    });
    let count = if last.is_some() { count - 1 } else { count };
    let noun = if count == 1 { "var" } else { "vars" };
    let end = if last == Some(Some(0)) { "" } else { ", unterminated" };
    print(line, format_args!("{place:#x} /* {count} {noun}{end} */"))
}

/// Shows the `count` structures `iovec` at `place`, and by `show` the bytes that they tell of: of
/// all of them, `left`. If that is none, no bytes are there, and addresses are shown.
pub fn pieces(
    line: &mut Line,
    memory: Memory,
    (place, count): (u64, u64),
    left: Option<usize>,
    show: &dyn Fn(&mut Line, u64, u64) -> bool,
) -> bool {
    let piece = |index: u64| {
        let place = place.saturating_add(index * size_of::<linux::iovec>() as u64);
        Some((word(memory, place)?, word(memory, place.saturating_add(8))?))
    };
    if place == 0 || count > 0 && piece(0).is_none() {
        return false;
    }
    let mut left = left.map(|bytes| bytes as u64);
    line.put("[");
    for index in 0..count {
        line.put(if index > 0 { ", " } else { "" });
        let Some((start, length)) = piece(index).filter(|_| index < MOST_PIECES) else {
            line.put("...");
            break;
        };
        line.put("{iov_base=");
        let bytes = left.map(|left| left.min(length));
        if !bytes.is_some_and(|bytes| show(line, start, bytes)) {
            hexadecimal(line, start, "NULL");
        }
        print(line, format_args!(", iov_len={length}}}"));
        left = left.zip(bytes).map(|(left, bytes)| left - bytes);
    }
    line.put("]");
    true
}

/// Shows the `struct timespec` at `place`.
pub fn time(line: &mut Line, memory: Memory, place: u64) -> bool {
    let [seconds, nanoseconds] = [place, place.saturating_add(8)].map(|at| word(memory, at));
    let (Some(seconds), Some(nanoseconds)) = (seconds, nanoseconds) else { return false };
    let [seconds, nanoseconds] = [seconds, nanoseconds].map(u64::cast_signed);
    print(line, format_args!("{{tv_sec={seconds}, tv_nsec={nanoseconds}}}"))
}

/// Shows the `COUNT` numbers at `place`.
pub fn ints<const COUNT: usize>(line: &mut Line, memory: Memory, place: u64) -> bool {
    let ints = array::from_fn(|index| half(memory, place.saturating_add(4 * index as u64)));
    let ints: [Option<u32>; COUNT] = ints;
    if ints.contains(&None) {
        return false;
    }
    let ints = ints.map(|int| int.unwrap_or_default().cast_signed());
    print(line, format_args!("{ints:?}"))
}

/// Shows the `struct stat` at `place`: which kind of file it tells of, and how large that is, or of
/// which device.
pub fn stat(line: &mut Line, memory: Memory, place: u64) -> bool {
    let at = |offset: usize| place.saturating_add(offset as u64);
    let mode = half(memory, at(offset_of!(linux::stat, st_mode)));
    let size = word(memory, at(offset_of!(linux::stat, st_size)));
    let device = word(memory, at(offset_of!(linux::stat, st_rdev)));
    let (Some(mode), Some(size), Some(device)) = (mode, size, device) else { return false };
    line.put("{st_mode=");
    let names = MODES.iter().filter(|(mask, bits, _)| mode & mask == *bits);
    names.for_each(|(_, _, name)| _ = print(line, format_args!("{name}|")));
    print(line, format_args!("0{:02o}, ", mode & 0o777));
    if mode & linux::S_IFMT != linux::S_IFCHR {
        return print(line, format_args!("st_size={}, ...}}", size.cast_signed()));
    }
    line.put("st_rdev=makedev(");
    hexadecimal(line, device >> 8 & 0xfff, "0");
    line.put(", ");
    hexadecimal(line, device & 0xff | device >> 12 & 0xf_ff00, "0");
    line.put("), ...}");
    true
}

/// Shows how a process has ended, as it stands at `place`.
pub fn status(line: &mut Line, memory: Memory, place: u64) -> bool {
    let Some(status) = half(memory, place) else { return false };
    match status & 0x7f {
        0 => {
            let code = status >> 8 & 0xff;
            print(line, format_args!("[{{WIFEXITED(s) && WEXITSTATUS(s) == {code}}}]"))
        }
        number => {
            line.put("[{WIFSIGNALED(s) && WTERMSIG(s) == ");
            signal(line, number);
            line.put("}]");
            true
        }
    }
}

/// Shows a number in hexadecimal digits, or `zero`.
pub fn hexadecimal(line: &mut Line, value: u64, zero: &str) {
    match value {
        0 => line.put(zero),
        _ => _ = print(line, format_args!("{value:#x}")),
    }
}

/// Shows `text`. A line never fails: what does not fit in is left out.
fn print(line: &mut Line, text: core::fmt::Arguments) -> bool {
    let _ = line.write_fmt(text);
    true
}
