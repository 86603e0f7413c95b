//! Another program in the same process.
//!
//! The number stays, and so do the parent and the children; the memory is replaced, and with it
//! the program. The new memory is made first, whole, so that whatever fails is an error to a
//! program that is still there. Then comes the point of no return: the other threads go, since
//! what they execute goes; and the old memory is given back.

use alloc::vec::Vec;

use super::files::{self, Program as ProgramFile};
use super::load::{Entry, LoadError, load};
use super::memory::Memory;
use super::registers::Registers;
use super::run::with_current;
use super::threads::current_tid;
use super::{Name, Pid, fork, script, threads};
use crate::arch::TrapFrame;
use crate::file::open::Whole;
use crate::file::status::Kind;
use crate::file::walk::{LastLink, walk};
use crate::file::{Held, TREE};
use crate::interrupts::Masked;
use crate::memory::shared::Shared;
use crate::scheduler::mutex::Mutex;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{self, Program};

/// Those who wait until they are the only thread of their process.
pub(super) static ALONE: WaitQueue = WaitQueue::new();

/// A file that can be executed.
#[derive(Debug)]
pub struct Executable {
    /// The file, and where it is.
    pub program: ProgramFile,
    /// All that is in it.
    pub bytes: Whole,
}

/// The file at `path`, if it may be executed.
pub fn executable(path: &[u8]) -> Result<Executable, LoadError> {
    let start = files::folder();
    let mut tree = TREE.lock();
    let place = walk(&tree, start.place(), path, LastLink::Follow)?.existing(&tree)?;
    let status = tree.status(place);
    if status.kind != Kind::Regular || status.mode & 0o111 == 0 {
        return Err(LoadError::NotExecutable);
    }
    let bytes = tree.whole(place);
    let own = tree.path_of_file(start.place(), path);
    let held = Held::new(&mut tree, place);
    drop(tree);
    Ok(Executable { program: ProgramFile { held, path: own? }, bytes: bytes? })
}

/// Loads the program at `path` into `memory`, or the one that the script there names.
pub fn load_found(
    memory: &mut Memory,
    path: &[u8],
    arguments: &[&[u8]],
    environment: &[&[u8]],
) -> Result<(ProgramFile, Entry), LoadError> {
    let (Executable { program, bytes }, own) = script::find(path, arguments)?;
    let mut changed = Vec::new();
    let arguments = match &own {
        None => arguments,
        Some(own) => {
            changed.try_reserve_exact(own.len())?;
            changed.extend(own.iter().map(Vec::as_slice));
            &changed
        }
    };
    let entry = load(memory, &bytes, path, arguments, environment)?;
    Ok((program, entry))
}

/// Makes the process that runs one that runs the program at `path`: `frame` is how it begins. On an
/// error it goes on as it was.
pub fn exec(
    frame: &mut TrapFrame,
    path: &[u8],
    arguments: &[&[u8]],
    environment: &[&[u8]],
) -> Result<(), LoadError> {
    let mut memory = Memory::new()?;
    let (program, entry) = load_found(&mut memory, path, arguments, environment)?;
    let files = files::current().execve(program)?;
    let root = memory.root();
    let memory = Shared::new(Mutex::new(memory))?;
    let (pid, tid) = (super::current().expect("a program runs"), current_tid());
    end_others(pid, tid)?;
    let name = Name::of_path(path);
    let old = with_current(|process| {
        process.signals.execve(tid, pid);
        process.clone_of = None;
        process.name = name;
        process.entry = entry;
        process.root = root;
        process.capabilities = process.capabilities.after_execve();
        (process.memory.replace(memory), process.files.replace(files))
    });
    scheduler::set_program(Program { pid, tid: pid, root });
    scheduler::set_name(name);
    fork::give_back();
    drop(old);
    files::current().close_private();
    let registers = Registers::new(entry);
    registers.load_user();
    *frame = registers.frame;
    Ok(())
}

/// Ends all other threads of the process that runs. Its number is this thread's from here on. The
/// error is that this thread is to end, because another one was first: it still holds what it has
/// prepared, and ends when it would return to the program.
fn end_others(pid: Pid, tid: Pid) -> Result<(), LoadError> {
    // Of two that want to be the last, the first one is; so nobody may come between.
    let masked = Masked::new();
    if scheduler::is_interrupted() {
        return Err(LoadError::Interrupted);
    }
    scheduler::interrupt(pid, Some(tid));
    drop(masked);
    ALONE.wait_until(|| with_current(|process| (process.threads.len() == 1).then_some(())));
    // Its old memory is gone for it: to who has lent it, that is as if the thread had ended.
    threads::clear_tid();
    with_current(|process| process.threads[0].rename(pid));
    Ok(())
}
