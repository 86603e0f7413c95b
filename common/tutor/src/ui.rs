//! How this tool speaks: a few words in colour on standard error, so that standard output holds
//! only what was asked for.

use std::fmt::Display;
use std::io::IsTerminal;
use std::os::fd::AsFd;

use anstyle::{AnsiColor, Style};
use rustix::termios::tcgetwinsize;

/// For what went well.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// For what did not.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// For what deserves a second look.
pub const WARN: Style = AnsiColor::Yellow.on_default().bold();
/// For headings and names.
pub const STRONG: Style = Style::new().bold();
/// For what may be skipped.
pub const DIM: Style = Style::new().dimmed();

/// `text` in `style`.
pub fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Says what is wrong.
pub fn error(message: &str) {
    anstream::eprintln!("{} {message}", styled(BAD, "error:"));
}

/// Says what is being done now.
pub fn step(what: &str, about: impl Display) {
    anstream::eprintln!("{} {about}", styled(GOOD, format_args!("{what:>12}")));
}

/// Says something that a reader may want to know.
pub fn note(message: impl Display) {
    anstream::eprintln!("{} {message}", styled(DIM, "note:"));
}

/// Whether a person watches standard error, so that progress may be drawn in place.
pub fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}

/// How many columns the terminal has that `stream` goes to, if it goes to one; a terminal that does
/// not know has zero.
pub fn columns(stream: impl IsTerminal + AsFd) -> Option<usize> {
    let size = stream.is_terminal().then(|| tcgetwinsize(&stream).ok()).flatten();
    size.map(|size| size.ws_col.into())
}
