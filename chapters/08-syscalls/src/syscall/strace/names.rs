//! Numbers that have names: of signals, of flags, of choices.

use core::fmt::Write;

use linux_raw_sys::general::{CSIGNAL, O_ACCMODE};

use super::line::Line;

/// Shows the name of a signal.
pub fn signal(line: &mut Line, number: u32) {
    const NAMES: [&str; 31] = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
        "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
        "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];
    match number {
        1..=31 => print(line, format_args!("SIG{}", NAMES[number as usize - 1])),
        32 => line.put("SIGRTMIN"),
        33..=64 => print(line, format_args!("SIGRT_{}", number - 32)),
        _ => print(line, format_args!("{number}")),
    }
}

/// Shows the names of the bits in `value`, and the rest as a number.
pub fn flags(line: &mut Line, value: u32, names: &[(u32, &str)]) {
    if value == 0 {
        let none = names.iter().find(|(bits, _)| *bits == 0);
        return line.put(none.map_or("0", |(_, name)| name));
    }
    let mut rest = value;
    for (bits, name) in names.iter().filter(|(bits, _)| *bits != 0) {
        if rest & bits == *bits {
            line.put(if rest == value { "" } else { "|" });
            line.put(name);
            rest &= !bits;
        }
    }
    if rest != 0 {
        line.put(if rest == value { "" } else { "|" });
        print(line, format_args!("{rest:#x}"));
    }
}

/// Shows the names of the bits in `value` above its lowest byte, and of the signal that this is.
pub fn clone_flags(line: &mut Line, value: u32, names: &[(u32, &str)]) {
    let number = value & CSIGNAL;
    if value == 0 || value != number {
        flags(line, value & !CSIGNAL, names);
    }
    if number != 0 {
        line.put(if value == number { "" } else { "|" });
        signal(line, number);
    }
}

/// Shows in which way a file is opened, and the names of the other bits in `value`.
pub fn open_flags(line: &mut Line, value: u32, names: &[(u32, &str)]) {
    const WAYS: [&str; 4] = ["O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"];
    line.put(WAYS[(value & O_ACCMODE) as usize]);
    if value & !O_ACCMODE != 0 {
        line.put("|");
        flags(line, value & !O_ACCMODE, names);
    }
}

/// Shows the name of `value`.
pub fn choice(line: &mut Line, value: u32, names: &[(u32, &str)]) {
    match names.iter().find(|(number, _)| *number == value) {
        Some((_, name)) => line.put(name),
        None => print(line, format_args!("{value:#x}")),
    }
}

fn print(line: &mut Line, text: core::fmt::Arguments) {
    // A line never fails: what does not fit in is left out.
    let _ = line.write_fmt(text);
}
