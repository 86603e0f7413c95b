//! `build-config.toml` as types.
//!
//! Unknown keys are errors, since a misspelt key that is silently ignored costs an evening. Every
//! error names the file and the line, and says what would have been right.

mod allowance;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use allowance::{Allowance, Amount};

/// Something that a chapter has or not.
type Has = fn(&Chapter) -> bool;

/// What a chapter says once for itself and all after it.
const ONCE: [(&str, Has); 3] = [
    ("sleeps", |chapter| chapter.sleeps),
    ("has a timeline", |chapter| chapter.timeline),
    ("has a shell", |chapter| chapter.shell),
];

/// The name of the file, at the root of the repository.
const FILE: &str = "build-config.toml";

/// All of `build-config.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Numbers that hold for every kernel.
    pub kernel: KernelNumbers,
    /// How long a test's run of a kernel may take.
    pub tests: TestLimits,
    /// The machines, by the name of their architecture.
    #[serde(rename = "machine")]
    pub machines: BTreeMap<String, Machine>,
    /// The chapters, in the order in which they are read.
    #[serde(rename = "chapter")]
    pub chapters: Vec<Chapter>,
}

/// Numbers that hold for every kernel.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KernelNumbers {
    /// Size of a kernel stack in bytes; a power of two from 4096 on.
    pub stack_bytes: u64,
    /// Size of the kernel's heap in bytes; a multiple of 4096.
    pub heap_bytes: u64,
    /// Timer interrupts a second.
    pub tick_hertz: u32,
}

/// How long a test's run of a kernel may take: what comes first ends it.
///
/// Each limit stops what escapes the ones before it: a loop of waiting instructions is slow to
/// emulate, and a machine that stands still uses no processor.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestLimits {
    /// Instructions, to the thousand million. Time that the kernel sleeps would count as if it ran,
    /// so chapters with `sleeps` do without this limit.
    pub instructions: u64,
    /// Seconds of processor time on the host.
    pub processor_seconds: u64,
    /// Seconds on the clock on the wall.
    pub seconds: u64,
}

/// A machine: what QEMU is told, and what a kernel must know before it can ask.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// The Rust target that its kernels are built for.
    pub target: String,
    /// The QEMU program.
    pub qemu: String,
    /// The value of `-M`.
    pub machine: String,
    /// The value of `-cpu`.
    pub cpu: String,
    /// The value of `-bios`, where it is not QEMU's default.
    pub firmware: Option<String>,
    /// The value of `-m` unless the reader asks for another.
    pub memory: String,
    /// The value of `-smp` unless the reader asks for another.
    pub cpus: u32,
    /// The physical address at which the image lies.
    pub load_address: u64,
    /// The serial port: a physical address, or an I/O port on x86_64.
    pub uart: u64,
    /// The real-time clock's register of seconds since 1970, if it has an address.
    pub clock: Option<u64>,
}

/// A chapter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// Its folder below `chapters/`, such as `01-boot`.
    pub folder: String,
    /// Its title, such as `Boot`.
    pub title: String,
    /// What it adds, in half a line.
    pub summary: String,
    /// After this many seconds without an end, a run is declared hung.
    pub time_limit_seconds: u64,
    /// Files that it adds, the kernel's named from `src/`, its programs' by names that begin with
    /// `user/`; `{arch}` stands for every architecture.
    pub new: Vec<String>,
    /// Older files that it touches, named likewise.
    pub changed: Vec<String>,
    /// Console lines that a run prints, in this order.
    pub expect: Vec<Expectation>,
    /// Whether its kernels, and those of all chapters after it, wait for interrupts: then the
    /// machine's time leaps, and tells nothing of the instructions that a run took.
    #[serde(default)]
    pub sleeps: bool,
    /// Whether its kernels, and those of all chapters after it, print a timeline when the boot
    /// arguments have that word.
    #[serde(default)]
    pub timeline: bool,
    /// Whether the runs of its kernels, and of all chapters after it, end in a shell, and end when
    /// it has no more to read; such kernels run a program of the reader's in its place.
    #[serde(default)]
    pub shell: bool,
    /// Names of earlier chapters' lines that a run no longer prints.
    #[serde(default)]
    pub retired: Vec<String>,
    /// What it takes more of than a chapter's budget allows.
    #[serde(default)]
    pub exceeds: Vec<Allowance>,
}

/// A console line that a run must print.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The name by which a later chapter may retire it.
    pub name: String,
    /// The line, with placeholders.
    pub line: String,
    /// The only architecture on which it is printed; all if there is none.
    pub arch: Option<String>,
}

/// Why `build-config.toml` could not be used; says where, and what would be right.
#[derive(Debug)]
pub struct ConfigError {
    file: PathBuf,
    line: Option<usize>,
    message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads `build-config.toml` in `root`.
    pub fn read(root: &Path) -> Result<Self, ConfigError> {
        let file = root.join(FILE);
        let error = |line, message| ConfigError { file: PathBuf::from(FILE), line, message };
        let text = std::fs::read_to_string(&file).map_err(|e| error(None, e.to_string()))?;
        Self::parse(&text).map_err(|(line, message)| error(line, message))
    }

    /// Parses and validates `text`; an error is a line number and a message of one line.
    fn parse(text: &str) -> Result<Self, (Option<usize>, String)> {
        let config: Self = toml::from_str(text).map_err(|e| {
            let line = e.span().map(|span| text[..span.start].matches('\n').count() + 1);
            (line, e.message().replace('\n', ", "))
        })?;
        config.validate().map_err(|(value, message)| (line_of(text, &value), message))?;
        Ok(config)
    }

    /// Checks what types cannot say; an error is the offending text and a message.
    fn validate(&self) -> Result<(), (String, String)> {
        let KernelNumbers { stack_bytes, heap_bytes, tick_hertz } = self.kernel;
        for (name, bytes) in [("stack_bytes", stack_bytes), ("heap_bytes", heap_bytes)] {
            if bytes == 0 || !bytes.is_multiple_of(4096) {
                let message = format!("{name} is {bytes}, must be a multiple of 4096");
                return Err((name.into(), message));
            }
        }
        if !stack_bytes.is_power_of_two() {
            let message = format!("stack_bytes is {stack_bytes}, must be a power of two");
            return Err(("stack_bytes".into(), message));
        }
        if !(1..=1000).contains(&tick_hertz) {
            let message = format!("tick_hertz is {tick_hertz}, must be 1 to 1000");
            return Err(("tick_hertz".into(), message));
        }
        for (name, machine) in &self.machines {
            if !machine.load_address.is_multiple_of(4096) {
                let message = format!("load_address of {name} must be a multiple of 4096");
                return Err((format!("[machine.{name}]"), message));
            }
        }
        if self.chapters.is_empty() {
            return Err(("chapter".into(), "no chapter is listed".into()));
        }
        for (index, chapter) in self.chapters.iter().enumerate() {
            self.validate_chapter(index, chapter)?;
        }
        Ok(())
    }

    fn validate_chapter(&self, index: usize, chapter: &Chapter) -> Result<(), (String, String)> {
        let number = format!("{:02}-", index + 1);
        if !chapter.folder.starts_with(&number) {
            let message = format!("folder `{}` must start with `{number}`", chapter.folder);
            return Err((chapter.folder.clone(), message));
        }
        allowance::validate(chapter)?;
        let again = ONCE.iter().find(|(_, has)| has(chapter) && self.has_before(index, *has));
        if let Some((what, _)) = again {
            let message =
                format!("{} {what} already, since an earlier chapter does", chapter.folder);
            return Err((chapter.folder.clone(), message));
        }
        let is_unknown = |arch: &String| !self.machines.contains_key(arch);
        for line in &chapter.expect {
            if let Some(arch) = line.arch.as_ref().filter(|arch| is_unknown(arch)) {
                let message = format!("line `{}` is for {arch}, which is no machine", line.name);
                return Err((line.name.clone(), message));
            }
        }
        let earlier: Vec<&str> = self.chapters[..index]
            .iter()
            .flat_map(|earlier| &earlier.expect)
            .map(|expectation| expectation.name.as_str())
            .collect();
        match chapter.retired.iter().find(|name| !earlier.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => {
                let known = earlier.join(", ");
                Err((
                    name.clone(),
                    format!("no earlier line is named `{name}`; there are: {known}"),
                ))
            }
        }
    }

    /// Whether the kernels of chapter `index` wait for interrupts: it says so, or an earlier one.
    pub fn sleeps(&self, index: usize) -> bool {
        self.has_before(index + 1, |chapter| chapter.sleeps)
    }

    /// Whether the kernel of chapter `index` can print a timeline: it says so, or an earlier one.
    pub fn has_timeline(&self, index: usize) -> bool {
        self.has_before(index + 1, |chapter| chapter.timeline)
    }

    /// Whether a run of chapter `index` ends in a shell: it says so, or an earlier one.
    pub fn has_shell(&self, index: usize) -> bool {
        self.has_before(index + 1, |chapter| chapter.shell)
    }

    fn has_before(&self, index: usize, has: Has) -> bool {
        self.chapters[..index].iter().any(has)
    }

    /// The console lines that chapter `index` must print: those of all chapters up to it, each with
    /// its own, without those that were retired. Each chapter's are in order; a later chapter's
    /// come where its paragraph was inserted.
    pub fn expectations(&self, index: usize) -> Vec<Vec<&Expectation>> {
        let mut chapters: Vec<Vec<&Expectation>> = Vec::new();
        for chapter in &self.chapters[..=index] {
            for lines in &mut chapters {
                lines.retain(|line| !chapter.retired.contains(&line.name));
            }
            chapters.push(chapter.expect.iter().collect());
        }
        chapters
    }
}

/// The first line of `text` that contains `value`, counted from 1.
fn line_of(text: &str, value: &str) -> Option<usize> {
    text.lines().position(|line| line.contains(value)).map(|index| index + 1)
}

#[cfg(test)]
mod tests;
