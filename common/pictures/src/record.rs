//! A run, recorded: the same command that a reader types, and what it prints.
//!
//! What is recorded is standard output, which carries the kernel's console. What the tools say of
//! their own work (compiling, booting) goes to standard error and belongs to a build, not to a run.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::Result;

/// Settings of a `make` that this tool may itself run below; they are not for the command.
const INHERITED: &[&str] = &["MAKEFLAGS", "MFLAGS", "MAKELEVEL"];

/// Runs `command` in `root` and returns what it prints.
pub fn output(command: &str, root: &Path) -> Result<String> {
    let mut words = command.split_ascii_whitespace();
    let mut process = Command::new(words.next().unwrap_or_default());
    process.args(words).current_dir(root).stdin(Stdio::null());
    for variable in INHERITED {
        process.env_remove(variable);
    }
    let output = process.output().map_err(|error| format!("cannot run `{command}`: {error}"))?;
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let said = text(&output.stderr);
    let status = output.status;
    Err(format!("`{command}` ended with {status}; it said:\n{said}"))
}

/// `bytes` as text, with the line ends of a file and not of a terminal.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\r', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn output_is_what_the_command_prints() {
        assert_eq!(output("echo one two", here()), Ok("one two\n".into()));
    }

    #[test]
    fn lines_end_as_in_a_file() {
        assert_eq!(text(b"one\r\ntwo\r\n"), "one\ntwo\n");
    }

    #[test]
    fn a_failure_says_what_the_command_said() {
        let failure = output("ls no-such-file", here()).expect_err("there is no such file");
        let (what, said) = failure.split_once('\n').expect("two parts");
        assert!(what.contains("exit status"), "{what}");
        assert!(said.contains("no-such-file"), "{said}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let failure = output("no-such-program", here()).expect_err("there is no such program");
        assert!(failure.contains("`no-such-program`"), "{failure}");
    }
}
