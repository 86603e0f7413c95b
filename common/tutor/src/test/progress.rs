//! What `make test` shows while it works: one line per group of tests, drawn in place while it runs
//! if a person watches.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::outcome::{Tally, Tested, Verdict};
use crate::ui::{BAD, DIM, GOOD, STRONG, WARN, styled};

/// The line of a group that runs.
pub struct Line {
    bar: ProgressBar,
    title: String,
}

/// Shows that group `number` of `count` begins.
pub fn begin(number: usize, count: usize, title: &str) -> Line {
    let title = format!("[{number:>2}/{count}] {title}");
    let bar =
        if crate::ui::is_watched() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.set_message(title.clone());
    bar.enable_steady_tick(Duration::from_millis(100));
    Line { bar, title }
}

impl Line {
    /// Forgets the group: it has no test that was asked for.
    pub fn discard(self) {
        self.bar.finish_and_clear();
    }

    /// Shows what the group came to, and why whatever failed did.
    /// It took so much `time`, perhaps before it was waited for.
    pub fn end(self, tests: &[Tested], time: Duration) {
        self.bar.finish_and_clear();
        let time = styled(DIM, format_args!("{:.1} s", time.as_secs_f32()));
        anstream::println!("{} {time}", verdict(&self.title, tests));
        explain(tests);
    }
}

/// What the tests called `title` came to, in one line.
pub fn verdict(title: &str, tests: &[Tested]) -> String {
    let mut tally = Tally::default();
    tally.add(tests);
    let style = match tally {
        Tally { failed: 1.., .. } => BAD,
        Tally { skipped: 1.., .. } => WARN,
        _ => GOOD,
    };
    format!("{title:56} {}", styled(style, tally))
}

/// Says why tests failed or were skipped; what is wrong with several is said once.
pub fn explain(tests: &[Tested]) {
    let mut said: Vec<&str> = Vec::new();
    for test in tests {
        let (style, word, why) = match &test.verdict {
            Verdict::Passed | Verdict::PassedBefore(_) => continue,
            Verdict::Failed(why) => (BAD, "failed", why),
            Verdict::Skipped(why) => (WARN, "skipped", why),
        };
        anstream::println!("    {} {}", styled(style, word), styled(STRONG, &test.name));
        let first = why.lines().next().unwrap_or_default();
        if said.contains(&first) {
            anstream::println!("        {first} (as above)");
            continue;
        }
        said.push(first);
        for line in why.lines() {
            anstream::println!("        {line}");
        }
    }
}
