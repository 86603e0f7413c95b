//! What of the host tool's words belongs to a run.
//!
//! On standard error it tells of its own work first: what Cargo compiles, what it boots. That is
//! news for whoever waits, and differs from time to time. Behind it stands what the coroner says.

use super::trial::PROMPT;
use crate::Result;

/// How the last line begins that is about work: from there on it is about the run.
const BOOTING: &str = "     Booting ";

/// The account of a run: what the kernel printed on `console`, then what was said of its end.
pub fn account(console: &str, said: &str) -> Result<String> {
    let (_, about_run) = said
        .split_once(BOOTING)
        .ok_or_else(|| format!("it was not booted; the tool said:\n{said}"))?;
    let report = about_run.split_once('\n').map_or("", |(_, report)| report);
    Ok(joined(console, report))
}

/// The first error of the compiler in `said`, up to the blank line behind it.
pub fn first_error(said: &str) -> Result<String> {
    let lines = said.lines().skip_while(|line| !line.starts_with("error"));
    let error: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    match error.as_slice() {
        [] => Err(format!("the compiler does not refuse it; the tool said:\n{said}")),
        lines => Ok(lines.join("\n") + "\n"),
    }
}

/// What of a compiler's `line` every version says alike: the code of its error. A line that a
/// reader types is whole.
pub fn error_codes(line: &str) -> String {
    let is_code = line.starts_with("error");
    let code = line.split_once(':').map_or(line, |(code, _)| code);
    if line.starts_with(PROMPT) {
        line.into()
    } else if is_code {
        code.into()
    } else {
        String::new()
    }
}

/// Two texts with a blank line between them, if there are two; with one line end behind them.
fn joined(first: &str, second: &str) -> String {
    let parts = [first, second].map(|part| part.trim_matches('\n'));
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "   Compiling strata-01-boot v0.1.0
    Finished `dev` profile
     Booting strata-01-boot on aarch64 (virt cortex-a76)

exception: page fault
  where    kmain
";

    #[test]
    fn an_account_has_the_console_and_the_report() {
        let account = account("\none\ntwo\n", SAID).expect("it was booted");
        assert_eq!(account, "one\ntwo\n\nexception: page fault\n  where    kmain\n");
    }

    #[test]
    fn a_run_that_went_well_has_only_its_console() {
        let said = "     Booting strata-01-boot on aarch64 (virt cortex-a76)\n";
        assert_eq!(account("one\n", said), Ok("one\n".into()));
    }

    #[test]
    fn a_silent_kernel_has_only_its_report() {
        assert!(account("", SAID).expect("it was booted").starts_with("exception: "));
    }

    #[test]
    fn what_was_not_booted_has_no_account() {
        let failure = account("", "error: no such thing\n").expect_err("it was not booted");
        assert!(failure.contains("no such thing"), "{failure}");
    }

    #[test]
    fn the_first_error_is_the_compilers() {
        let said = "   Compiling x\nerror[E0204]: no\n --> src/main.rs:3:1\n\nerror: x does not\n";
        assert_eq!(first_error(said), Ok("error[E0204]: no\n --> src/main.rs:3:1\n".into()));
        assert!(first_error("   Compiling x\n    Finished\n").is_err());
    }

    #[test]
    fn errors_of_other_compilers_are_alike_by_their_codes() {
        assert_eq!(error_codes("error[E0204]: the trait `Copy` is not"), "error[E0204]");
        assert_eq!(error_codes("3 | #[derive(Copy)]"), "");
        assert_eq!(error_codes("$ make chapter=2 run"), "$ make chapter=2 run");
    }
}
