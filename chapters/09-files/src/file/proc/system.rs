//! What `/proc` tells of the system.
//!
//! Linux, Documentation/filesystems/proc.rst, 1.2 and following.

use alloc::vec::Vec;
use core::fmt::Write;
use core::time::Duration;

use super::Text;
use super::process::ticks;
use crate::arch;
use crate::file::{FileError, contents};
use crate::memory::address::FRAME_SIZE;
use crate::memory::frames;
use crate::process;
use crate::scheduler::State;
use crate::scheduler::policy::Level;
use crate::scheduler::table::{self, Row};
use crate::syscall::name::{RELEASE, SYSTEM, VERSION};
use crate::syscall::time::time_of_day;
use crate::timer;

/// What is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The processor.
    Processor,
    /// The file systems that there could be.
    FileSystems,
    /// How much there is to do.
    Load,
    /// The memory.
    Memory,
    /// The file systems that there are.
    Mounts,
    /// What the processor has done.
    Stat,
    /// How long the system has run.
    Uptime,
    /// What system it is.
    Version,
}

/// All of them, with their names.
const ALL: [(&str, Subject); 8] = [
    ("cpuinfo", Subject::Processor),
    ("filesystems", Subject::FileSystems),
    ("loadavg", Subject::Load),
    ("meminfo", Subject::Memory),
    ("mounts", Subject::Mounts),
    ("stat", Subject::Stat),
    ("uptime", Subject::Uptime),
    ("version", Subject::Version),
];

const MOUNTS: &str = "tmpfs / tmpfs rw 0 0\nproc /proc proc rw 0 0\n";

impl Subject {
    /// The one that is called `name`.
    pub fn find(name: &[u8]) -> Option<Self> {
        ALL.iter().find(|(other, _)| other.as_bytes() == name).map(|(_, subject)| *subject)
    }

    /// Number `index` of them, and its name.
    pub fn listed(index: u64) -> Option<(&'static str, Self)> {
        ALL.get(usize::try_from(index).ok()?).copied()
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        ALL[self as usize].0
    }

    /// What is told.
    pub fn text(self) -> Result<Vec<u8>, FileError> {
        Text::of(|text| match self {
            Self::Processor => {
                Ok(write!(text, "processor\t: 0\nmodel name\t: {}\n\n", arch::NAME)?)
            }
            Self::FileSystems => text.add(b"nodev\ttmpfs\nnodev\tproc\n"),
            Self::Load => load(text),
            Self::Memory => memory(text),
            Self::Mounts => text.add(MOUNTS.as_bytes()),
            Self::Stat => stat(text),
            Self::Uptime => uptime(text),
            Self::Version => Ok(writeln!(text, "{SYSTEM} version {RELEASE} {VERSION}")?),
        })
    }
}

/// How much memory there is, a line for each kind. What files have is what Linux calls shared: no
/// program gets it back by closing them. Nothing is kept in memory that is elsewhere as well.
fn memory(text: &mut Text) -> Result<(), FileError> {
    let frames = frames::statistics();
    let lines = [
        ("MemTotal", frames.total),
        ("MemFree", frames.free),
        ("MemAvailable", frames.free),
        ("Buffers", 0),
        ("Cached", 0),
        ("SwapCached", 0),
        ("SwapTotal", 0),
        ("SwapFree", 0),
        ("Shmem", contents::usage().0),
        ("SReclaimable", 0),
    ];
    for (what, count) in lines {
        let kilobytes = count as u64 * (FRAME_SIZE / 1024);
        // Linux lets the numbers end in one column.
        let width = 24 - what.len();
        writeln!(text, "{what}:{kilobytes:width$} kB")?;
    }
    Ok(())
}

/// How long the system has run, and how much of that it had nothing to do.
fn uptime(text: &mut Text) -> Result<(), FileError> {
    let hundredths = |time: Duration| (time.as_secs(), time.subsec_millis() / 10);
    let (now, idle) = (hundredths(timer::now()), hundredths(split().1));
    Ok(writeln!(text, "{}.{:02} {}.{:02}", now.0, now.1, idle.0, idle.1)?)
}

/// What there is to do. Nobody keeps how much that was: so the means of the last minutes are 0.
fn load(text: &mut Text) -> Result<(), FileError> {
    let (could_run, all) = (rows().filter(could_run).count(), rows().count());
    Ok(writeln!(text, "0.00 0.00 0.00 {could_run}/{all} {}", process::last_pid())?)
}

/// What the processor has done since the start, in ticks; there is one of it.
fn stat(text: &mut Text) -> Result<(), FileError> {
    let (busy, idle) = split();
    let times = [ticks(busy), 0, 0, ticks(idle), 0, 0, 0, 0, 0, 0];
    for name in ["cpu ", "cpu0"] {
        write!(text, "{name}")?;
        for time in times {
            write!(text, " {time}")?;
        }
        writeln!(text)?;
    }
    let switches: u64 = rows().map(|row| row.switches).sum();
    let started = time_of_day().saturating_sub(timer::now()).as_secs();
    writeln!(text, "intr {}\nctxt {switches}\nbtime {started}", timer::ticks())?;
    let (made, could_run) = (process::last_pid(), rows().filter(could_run).count());
    Ok(writeln!(text, "processes {made}\nprocs_running {could_run}\nprocs_blocked 0")?)
}

/// How long the processor had something to do, and how long nothing.
fn split() -> (Duration, Duration) {
    let idle = rows().filter(|row| row.level == Level::Idle).map(|row| row.used).sum();
    (timer::now().saturating_sub(idle), idle)
}

fn rows() -> impl Iterator<Item = Row> {
    let mut index = 0;
    core::iter::from_fn(move || table::next(&mut index))
}

fn could_run(row: &Row) -> bool {
    row.level != Level::Idle && matches!(row.state, State::Ready | State::Running)
}
