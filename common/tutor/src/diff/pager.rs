//! Long output: page by page for a person, straight for a program.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};

use crate::failure::{Failure, Result};

/// What is used when `PAGER` does not say.
const DEFAULT_PAGER: &str = "less";

/// Shows `text`, which may have colours: in the pager if a person watches standard output.
pub fn show(text: &str) -> Result<()> {
    let output = io::stdout();
    let has_colours = anstream::AutoStream::choice(&output) != anstream::ColorChoice::Never;
    let plain =
        if has_colours { None } else { Some(anstream::adapter::strip_str(text).to_string()) };
    let text = plain.as_deref().unwrap_or(text);
    if output.is_terminal() && page(text) {
        return Ok(());
    }
    allow_broken_pipe(write(&mut output.lock(), text))
}

/// Shows `text` in the pager; false if there is none.
fn page(text: &str) -> bool {
    let pager = env::var("PAGER").unwrap_or_else(|_| DEFAULT_PAGER.into());
    if pager.trim().is_empty() || pager.trim() == "cat" {
        return false;
    }
    // A shell, since PAGER may hold options; `exec`, since the shell has nothing to do afterwards.
    let mut command = Command::new("sh");
    command.args(["-c", &format!("exec {pager}")]).stdin(Stdio::piped());
    if env::var_os("LESS").is_none() {
        // Colours pass; what fits on one screen is left there.
        command.env("LESS", "-RFX");
    }
    // The text is written by this process, so a pager that cannot be started must not swallow it.
    if !is_installed(&pager) {
        return false;
    }
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    if let Some(mut input) = child.stdin.take() {
        // A reader who has seen enough closes the pager: that is no error.
        let _ = write(&mut input, text);
    }
    let _ = child.wait();
    true
}

/// Whether the first word of `pager` is a program.
fn is_installed(pager: &str) -> bool {
    let program = pager.split_whitespace().next().unwrap_or_default();
    let found = Command::new("sh")
        .args(["-c", "command -v \"$0\"", program])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    found.is_ok_and(|status| status.success())
}

fn write(output: &mut impl Write, text: &str) -> io::Result<()> {
    output.write_all(text.as_bytes())?;
    output.flush()
}

/// A reader that has seen enough, such as `head`, is no error.
fn allow_broken_pipe(result: io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_broken_pipe_is_no_error() {
        assert_eq!(allow_broken_pipe(Ok(())), Ok(()));
        assert_eq!(allow_broken_pipe(Err(io::ErrorKind::BrokenPipe.into())), Ok(()));
        assert!(allow_broken_pipe(Err(io::ErrorKind::StorageFull.into())).is_err());
    }

    #[test]
    fn pager_is_looked_for() {
        assert!(is_installed("sh -c true"));
        assert!(!is_installed("no-such-pager -R"));
    }
}
