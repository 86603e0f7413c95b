//! Processes: programs that run, each of them for itself.
//!
//! A process has an address space, in which there is its program and nothing of anybody else; a
//! stack on which the kernel works for it; and an end, by its own wish or because of what it did.
//! The kernel gives it the processor and gets it back by traps only: an interrupt, a system call, a
//! fault.

#[cfg_attr(exercise = "06-stack", path = "../../../06-processes/exercises/3-stack/mod.rs")]
pub mod arguments;
mod death;
#[cfg_attr(exercise = "06-elf", path = "../../../06-processes/exercises/1-elf/mod.rs")]
pub mod elf;
pub mod initramfs;
pub mod layout;
pub mod load;
mod run;
pub mod space;
pub mod user;

#[cfg(feature = "ktest")]
pub(crate) mod tests;

use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicU32, Ordering};

pub use death::kill;
pub use run::{current, exit};

use crate::arch;
use crate::memory::map::{Kind, MemoryMap};
use crate::memory::stack::Stack;
use crate::sync::Lock;
use initramfs::{File, Initramfs};
use load::{Entry, LoadError};
use space::AddressSpace;

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
    name: Name,
    state: State,
    space: AddressSpace,
    stack: Stack,
    entry: Entry,
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

/// What a process did to be killed, as Linux names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Signal {
    /// An instruction that is none, or not for programs.
    Illegal = linux_raw_sys::general::SIGILL,
    /// A breakpoint, and no debugger.
    Trap = linux_raw_sys::general::SIGTRAP,
    /// An access that memory cannot serve, such as a misaligned one.
    Bus = linux_raw_sys::general::SIGBUS,
    /// Arithmetic without a result.
    Arithmetic = linux_raw_sys::general::SIGFPE,
    /// An access to memory that is not the program's.
    Segmentation = linux_raw_sys::general::SIGSEGV,
}

/// What a process is called: as much as 15 bytes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name([u8; 15]);

/// The files that came with the kernel, so that the archive is read once.
static FILES: Lock<Vec<File<'static>>> = Lock::new(Vec::new());

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
        println!("initramfs: none");
        return;
    };
    let bytes = region.range.end - region.range.start;
    // SAFETY: the loader left the file there, it is in the direct map, and nobody writes to it.
    let archive =
        unsafe { core::slice::from_raw_parts(region.range.start.as_ptr(), bytes as usize) };
    let mut files = Vec::new();
    for file in Initramfs::new(archive).files() {
        match file {
            Ok(file) => files.push(file),
            Err(error) => println!("initramfs: {error}"),
        }
    }
    println!("initramfs: {} files, {} KiB", files.len(), bytes.div_ceil(1024));
    *FILES.lock() = files;
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
        let file = file(path)?;
        let mut space = AddressSpace::new()?;
        let entry = load::load(&mut space, file, path, arguments, environment)?;
        let stack = Stack::new()?;
        let pid = Pid(NEXT_PID.fetch_add(1, Ordering::Relaxed));
        let (parent, name, state) = (current().unwrap_or(Pid(0)), Name::new(path), State::Ready);
        Ok(Self { pid, parent, name, state, space, stack, entry })
    }
}

/// The bytes of the file at `path`.
pub fn file(path: &str) -> Result<&'static [u8], LoadError> {
    initramfs::find(&FILES.lock(), path).map(|file| file.bytes).ok_or(LoadError::NotFound)
}

impl Name {
    /// The last part of `path`.
    pub fn new(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path).bytes();
        let mut bytes = [0; 15];
        bytes.iter_mut().zip(name).for_each(|(byte, letter)| *byte = letter);
        Self(bytes)
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

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Illegal => "SIGILL",
            Self::Trap => "SIGTRAP",
            Self::Bus => "SIGBUS",
            Self::Arithmetic => "SIGFPE",
            Self::Segmentation => "SIGSEGV",
        })
    }
}
