//! How the checks went, line by line.

use std::io::Write;
use std::time::Instant;

use super::Check;
use crate::failure::{Failure, Result};
use crate::ui::{self, BAD, DIM, GOOD, STRONG, styled};
use crate::watch;

/// Runs `checks` one after the other and tells how each went.
pub fn run(checks: &[Check]) -> Result<()> {
    let start = Instant::now();
    let mut failed = Vec::new();
    for check in checks {
        if !tell(check) {
            failed.push(check.name.as_str());
        }
        if watch::is_interrupted() {
            return Err(Failure::silent(130));
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    anstream::println!("\n{}", summary(checks.len(), &failed, seconds));
    if failed.is_empty() { Ok(()) } else { Err(Failure::silent(1)) }
}

/// Runs `check` and tells how it went; false if it found something.
fn tell(check: &Check) -> bool {
    if ui::is_watched() {
        anstream::eprint!("{}", styled(DIM, format_args!("      {} …", check.name)));
        // Nothing depends on this line.
        let _ = std::io::stderr().flush();
    }
    let start = Instant::now();
    let findings = check.findings();
    if ui::is_watched() {
        // Back to the start of the line, and away with it.
        eprint!("\r\x1b[K");
    }
    let seconds = styled(DIM, format_args!("{:6.2} s", start.elapsed().as_secs_f64()));
    let verdict = if findings.is_empty() { styled(GOOD, "  ok") } else { styled(BAD, "FAIL") };
    anstream::println!("{verdict}  {:36}{seconds}", check.name);
    for finding in &findings {
        anstream::println!("{finding}");
    }
    findings.is_empty()
}

fn summary(all: usize, failed: &[&str], seconds: f64) -> String {
    let passed = all - failed.len();
    let counts = format!("{passed} passed, {} failed", failed.len());
    let time = styled(DIM, format_args!("({seconds:.1} s)"));
    match failed {
        [] => format!("{} {time}", styled(GOOD, counts)),
        names => format!("{} {time}: {}", styled(BAD, counts), styled(STRONG, names.join("; "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Finding;

    #[test]
    fn one_failing_check_does_not_stop_the_others() {
        let count = std::cell::Cell::new(0);
        let good = || {
            count.set(count.get() + 1);
            Ok(())
        };
        let bad = || Err(vec![Finding::new("a.rs", "is wrong", "")]);
        assert_eq!(run(&[Check::new("good", good)]), Ok(()));
        let checks = [Check::new("bad", bad), Check::new("good", good)];
        assert_eq!(run(&checks), Err(Failure::silent(1)));
        assert_eq!(count.get(), 2);
    }

    #[test]
    fn summary_names_what_failed() {
        let text = anstream::adapter::strip_str(&summary(3, &["links"], 1.0)).to_string();
        assert_eq!(text, "2 passed, 1 failed (1.0 s): links");
    }
}
