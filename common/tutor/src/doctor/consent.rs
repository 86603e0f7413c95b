//! Asking before something that a reader may not want.

use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::failure::{Failure, Result};
use crate::watch;

/// Whether the reader says yes to `question`. Where there is nobody to ask the answer is yes.
pub fn is_given(question: &str) -> Result<bool> {
    let is_automatic = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    if is_automatic || !std::io::stdin().is_terminal() {
        return Ok(true);
    }
    anstream::eprint!("{question} [y/N] ");
    let answer = read_line()?;
    Ok(is_yes(&answer))
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

/// A line that is typed. It is read beside, since a Ctrl-C does not interrupt the reading.
fn read_line() -> Result<String> {
    let (tell, news) = channel();
    thread::spawn(move || {
        let mut line = String::new();
        // What cannot be read is no consent.
        let _ = std::io::stdin().read_line(&mut line);
        tell.send(line)
    });
    loop {
        if watch::is_interrupted() {
            anstream::eprintln!();
            return Err(Failure::silent(130));
        }
        match news.recv_timeout(Duration::from_millis(50)) {
            Ok(line) => return Ok(line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(String::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        assert!(is_yes("y\n") && is_yes("Yes\n"));
        assert!(!is_yes("\n") && !is_yes("") && !is_yes("n\n") && !is_yes("yellow\n"));
    }
}
