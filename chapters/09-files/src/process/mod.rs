//! Processes: programs that run, each of them for itself.
//!
//! A process has an address space, in which there is its program and nothing of anybody else; a
//! stack on which the kernel works for it; and an end, by its own wish or because of what it did.
//! The kernel gives it the processor and gets it back by traps only: an interrupt, a system call, a
//! fault.

pub mod about;
#[cfg_attr(exercise = "06-stack", path = "../../../06-processes/exercises/3-stack/mod.rs")]
pub mod arguments;
#[cfg_attr(exercise = "08-wait", path = "../../../08-syscalls/exercises/3-wait/mod.rs")]
pub mod children;
mod death;
#[cfg_attr(exercise = "06-elf", path = "../../../06-processes/exercises/1-elf/mod.rs")]
pub mod elf;
mod end;
pub mod exec;
pub mod files;
pub mod fork;
pub mod futex;
pub mod initramfs;
pub mod layout;
pub mod load;
pub mod memory;
#[cfg_attr(exercise = "08-munmap", path = "../../../08-syscalls/exercises/1-munmap/mod.rs")]
pub mod regions;
pub mod registers;
mod run;
pub mod script;
pub mod send;
pub mod signal;
pub mod signals;
pub mod space;
pub mod texts;
pub mod threads;
pub mod user;

#[cfg(feature = "ktest")]
pub(crate) mod family_tests;
#[cfg(feature = "ktest")]
pub(crate) mod register_tests;
#[cfg(feature = "ktest")]
pub(crate) mod tests;
#[cfg(feature = "ktest")]
mod thread_tests;

use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

pub use death::kill;
pub use end::{end, exit_group, leave_if_ending};
pub use run::{
    capabilities, capabilities_of, current, ended, exit, memory_of_current, set_capabilities, wait,
    wait_for_end, with_current,
};
pub use send::send_to_all;
pub use signal::Signal;

use crate::arch;
use crate::file::unpack;
use crate::memory::address::PhysAddr;
use crate::memory::map::{Kind, MemoryMap};
use crate::memory::paging::MapError;
use crate::memory::shared::Shared;
use crate::scheduler::mutex::Mutex;
use crate::scheduler::table::Row;
use crate::syscall::capability::Capabilities;
use crate::timer;
use files::Files;
use load::{Entry, LoadError};
use memory::Memory;
use signals::Signals;
use threads::UserThread;

/// The number of a process. The kernel, where there is one to name, is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pid(pub u32);

/// The number that the next process gets.
static NEXT_PID: AtomicU32 = AtomicU32::new(1);

/// A process that somebody owns.
#[derive(Debug)]
pub struct Process {
    pid: Pid,
    parent: Pid,
    /// When it was made, since the start of the system.
    started: Duration,
    /// The one that made it, if another signal than SIGCHLD is to tell that one of its end, or
    /// none.
    clone_of: Option<Pid>,
    name: Name,
    /// What it has of files, until its last thread ends.
    files: Option<Files>,
    state: State,
    /// Its memory, until its last thread ends; its parent's as well while it borrows it. A
    /// program's own addresses are never used while it is locked: only the frames behind them are.
    memory: Option<Shared<Mutex<Memory>>>,
    /// The root of its page tables, for its first thread.
    root: PhysAddr,
    entry: Entry,
    /// How it is to end, once that is settled.
    ending: Option<Exit>,
    /// What its thread was when it ended.
    row: Option<Row>,
    threads: Vec<UserThread>,
    /// Whether its memory is its parent's, who waits for it.
    borrows: bool,
    /// Whether nobody will ask how it ended.
    is_orphan: bool,
    capabilities: Capabilities,
    signals: Signals,
}

/// What a process is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It could run.
    Ready,
    /// It runs.
    Running,
    /// It ran.
    Ended(Exit),
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By its own wish, with this status.
    Exited(u8),
    /// By the kernel, because of what this signal stands for.
    Killed(Signal),
}

/// What a process is called: as much as 15 bytes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name([u8; 15]);

/// Makes programs possible, and finds those that came with the kernel: in the initrd of `map`.
///
/// # Safety
///
/// `map` must be the map that the frames come from. This must be called once.
pub unsafe fn init(map: &MemoryMap) {
    space::init();
    // SAFETY: the caller promises that this is the only call; traps are handled.
    unsafe { arch::init_programs() };
    let Some(region) = map.regions().iter().find(|region| region.kind == Kind::Initrd) else {
        unpack::init(None);
        println!("initramfs: none");
        return;
    };
    let bytes = region.range.end - region.range.start;
    // SAFETY: the loader left the file there, it is in the direct map, and nobody writes to it.
    let archive =
        unsafe { core::slice::from_raw_parts(region.range.start.as_ptr(), bytes as usize) };
    let count = unpack::init(Some(archive));
    println!("initramfs: {count} files, {} KiB", bytes.div_ceil(1024));
}

/// The number that was given last.
pub fn last_pid() -> Pid {
    Pid(NEXT_PID.load(Ordering::Relaxed).saturating_sub(1))
}

impl Process {
    /// Its number.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// The number of whoever made it.
    pub fn parent(&self) -> Pid {
        self.parent
    }

    /// Makes a process of the program at `path`. The first argument is, by custom, its name.
    pub fn new(path: &str, arguments: &[&[u8]], environment: &[&[u8]]) -> Result<Self, LoadError> {
        let mut memory = Memory::new()?;
        let (program, entry) =
            exec::load_found(&mut memory, path.as_bytes(), arguments, environment)?;
        let files = Files::new(program)?;
        Ok(Self::of(memory, Name::new(path), entry, files)?)
    }

    /// Makes the first process of all, which has the number 1.
    pub fn first(
        path: &str,
        arguments: &[&[u8]],
        environment: &[&[u8]],
    ) -> Result<Self, LoadError> {
        NEXT_PID.store(1, Ordering::Relaxed);
        let process = Self::new(path, arguments, environment)?;
        children::set_init(process.pid);
        Ok(process)
    }

    /// Makes a process of the program in `memory`, which begins at `entry`, and has `files`.
    fn of(memory: Memory, name: Name, entry: Entry, files: Files) -> Result<Self, MapError> {
        let root = memory.root();
        let memory = Shared::new(Mutex::new(memory))?;
        let pid = fork::next_pid();
        let mut process = Self {
            pid,
            parent: current().unwrap_or(Pid(0)),
            started: timer::now(),
            clone_of: None,
            name,
            files: Some(files),
            state: State::Ready,
            memory: Some(memory),
            root,
            entry,
            ending: None,
            row: None,
            threads: Vec::new(),
            borrows: false,
            is_orphan: false,
            capabilities: Capabilities::ALL,
            signals: Signals::new(pid).map_err(|_| MapError::OutOfFrames)?,
        };
        process.add_first_thread(UserThread::new(pid, None))?;
        Ok(process)
    }
}

impl Name {
    /// The last part of `path`.
    pub fn new(path: &str) -> Self {
        Self::of_path(path.as_bytes())
    }

    /// The last part of `path`, whatever its bytes are.
    pub fn of_path(path: &[u8]) -> Self {
        let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path).iter().copied();
        let mut bytes = [0; 15];
        bytes.iter_mut().zip(name).for_each(|(byte, letter)| *byte = letter);
        Self(bytes)
    }

    /// A name as a program gives it: what is not used of it is zeroes.
    pub fn from_bytes(bytes: [u8; 15]) -> Self {
        Self(bytes)
    }

    /// The bytes of it, and zeroes.
    pub fn bytes(self) -> [u8; 15] {
        self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        f.pad(core::str::from_utf8(&self.0[..length]).unwrap_or("?"))
    }
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Exited(status) => write!(f, "exited with {status}"),
            Self::Killed(signal) => write!(f, "killed by {signal}"),
        }
    }
}
