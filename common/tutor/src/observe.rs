//! Boots a kernel for a test: nobody types, time is counted, and all that happens is kept.

use std::path::Path;
use std::time::Duration;

use crate::coroner::{self, Case, Ending, Monitor, Report};
use crate::failure::{Failure, Result};
use crate::kernel::Kernel;
use crate::qemu::{Console, Launch};
use crate::session::{News, Session};
use crate::typist::Request;
use crate::watch::{self, Limits, Outcome};
use crate::workspace::Workspace;

/// How a run ends that did all it should.
pub const SUCCESS: Ending = Ending::Status(33);

/// The bytes that a run may print, for each seed of its tests. No other prints a tenth of it.
const MOST_OUTPUT: u64 = 1 << 20;

/// What a run showed.
#[derive(Clone, Debug)]
pub struct Observed {
    /// What the kernel printed, without carriage returns.
    pub console: String,
    /// The same, byte for byte.
    pub bytes: Vec<u8>,
    /// Whether each line ended as a terminal wants it: with a carriage return and a line feed.
    pub has_terminal_lines: bool,
    /// The lines on the channel for verdicts.
    pub verdicts: Vec<String>,
    /// How it ended.
    pub ending: Ending,
    /// What the coroner said of the end; nothing if it was a success.
    pub report: String,
}

impl Observed {
    /// What a person would have seen.
    pub fn account(&self) -> String {
        format!("{}{}", shortened(&self.console), self.report)
    }
}

/// `text` without its middle, if it is too long for anybody to read.
fn shortened(text: &str) -> String {
    const LINES: usize = 100;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let Some(left_out) = lines.len().checked_sub(2 * LINES).filter(|count| *count > 0) else {
        return text.into();
    };
    let end = lines[lines.len() - LINES..].concat();
    format!("{}... {left_out} lines left out ...\n{end}", lines[..LINES].concat())
}

/// `text` without its line breaks and indents: a report's lines are broken between words.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Starts `launch`, whose kernel is `kernel`, and follows it to its end.
pub fn observe(launch: Launch, kernel: &Kernel, workspace: &Workspace) -> Result<Observed> {
    observe_then(launch, kernel, workspace, |_, _| ()).map(|(observed, ())| observed)
}

/// Does the same, and lets `look` look into the machine at the end, when it stands still. (After a
/// status QEMU is gone: then its monitor gives no answers.)
pub fn observe_then<T>(
    mut launch: Launch,
    kernel: &Kernel,
    workspace: &Workspace,
    look: impl FnOnce(&Observed, &mut dyn Monitor) -> T,
) -> Result<(Observed, T)> {
    let (arch, machine) = (launch.arch, launch.machine);
    launch.console = Console::Heard;
    launch.is_counted = launch.typed.is_empty();
    launch.confined_by = workspace.confined_by.clone();
    let limits = limits(workspace, kernel, launch.is_counted);
    let nonce = launch.nonce.clone();
    let mut session = Session::start(launch, true)?;
    let mut console = Vec::new();
    let mut verdicts = Vec::new();
    let outcome = watch::watch(&mut session, machine, arch, limits, |session, news| match news {
        News::Console(bytes) => console.extend_from_slice(bytes),
        News::Verdict(line) => {
            let asked = nonce.as_deref().and_then(|nonce| line.strip_prefix(nonce));
            match asked.and_then(Request::parse) {
                Some(request) => request.fulfil(session),
                None => verdicts.push(line.clone()),
            }
        }
        News::Event(_) | News::Looping => {}
    });
    let Outcome::Ended(ending) = outcome else {
        return Err(Failure::silent(130));
    };
    let mut ends = console.windows(2).filter(|pair| pair[1] == b'\n');
    let has_terminal_lines = ends.all(|pair| pair[0] == b'\r');
    let bytes = console;
    let console = String::from_utf8_lossy(&bytes).replace('\r', "");
    let report = match ending {
        SUCCESS => String::new(),
        _ => report(&mut session, kernel, arch, &workspace.root, ending, &console).to_string(),
    };
    let observed = Observed { console, bytes, has_terminal_lines, verdicts, ending, report };
    let seen = look(&observed, &mut session.qmp);
    Ok((observed, seen))
}

/// How long a run of `kernel` may take. Where time is counted, what it sleeps counts too, so one
/// that does has no limit of instructions. One that brings programs runs a dozen of them first, and
/// most of its tests do, too: it may take twice as long. And it may take as long for each seed.
fn limits(workspace: &Workspace, kernel: &Kernel, is_counted: bool) -> Limits {
    let numbers = &workspace.config.tests;
    let seeds = workspace.seeds.unwrap_or(1);
    let times = if kernel.initramfs.is_some() { 2 * seeds } else { seeds };
    Limits {
        instructions: (is_counted && !kernel.sleeps).then_some(numbers.instructions),
        processor: Some(Duration::from_secs(times * numbers.processor_seconds)),
        time: Some(Duration::from_secs(seeds * numbers.seconds)),
        output: Some(seeds * MOST_OUTPUT),
        waits: is_counted,
    }
}

/// What the coroner says of the `ending` of `session`, which printed `console` at the end.
pub fn report(
    session: &mut Session,
    kernel: &Kernel,
    arch: &str,
    root: &Path,
    ending: Ending,
    console: &str,
) -> Report {
    // The log must not be held while QEMU is asked: it may have more to log before it answers.
    let log = session.take_log();
    let (elf, log, monitor) = (&kernel.elf, &log, &mut session.qmp);
    coroner::examine(Case { arch, elf, ending, log, monitor, console, root })
}
