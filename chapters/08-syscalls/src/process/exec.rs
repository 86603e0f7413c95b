//! Another program in the same process.
//!
//! The number stays, and so do the parent and the children; the memory is replaced, and with it
//! the program. The new memory is made first, whole, so that whatever fails is an error to a
//! program that is still there. Then comes the point of no return: the other threads go, since
//! what they execute goes; and the old memory is given back.

use linux_raw_sys::general::{S_IFDIR, S_IFMT, S_IFREG};

use super::initramfs::{self, File};
use super::load::{LoadError, load};
use super::memory::Memory;
use super::registers::Registers;
use super::run::{with, with_current};
use super::threads::current_tid;
use super::{FILES, Name, Pid, fork, threads};
use crate::arch::TrapFrame;
use crate::interrupts::Masked;
use crate::memory::shared::Shared;
use crate::scheduler::mutex::Mutex;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{self, Program};

/// Those who wait until they are the only thread of their process.
pub(super) static ALONE: WaitQueue = WaitQueue::new();

/// The path by which every program finds itself.
const ITSELF: &str = "/proc/self/exe";

/// The file at `path`, if it may be executed.
pub fn executable(path: &str) -> Result<File<'static>, LoadError> {
    let path = if path == ITSELF { own_path().ok_or(LoadError::NotFound)? } else { path };
    let files = FILES.lock();
    let Some(file) = initramfs::find(&files, path) else {
        if !path.is_empty() && path.split('/').all(|part| matches!(part, "" | ".")) {
            return Err(LoadError::NotExecutable);
        }
        let is_inside = |file: &File| {
            let rest = path.trim_start_matches('/').strip_prefix(file.name);
            !is_folder(file) && rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let is_no_folder = files.iter().any(is_inside);
        return Err(if is_no_folder { LoadError::NotAFolder } else { LoadError::NotFound });
    };
    let is_executable = file.mode & S_IFMT == S_IFREG && file.mode & 0o111 != 0;
    if is_executable { Ok(file) } else { Err(LoadError::NotExecutable) }
}

/// Where the program that runs is. The kernel itself is no file.
fn own_path() -> Option<&'static str> {
    with(super::current()?, |process| process.path)
}

fn is_folder(file: &File) -> bool {
    file.mode & S_IFMT == S_IFDIR
}

/// Makes the process that runs one that runs the program at `path`: `frame` is how it begins. On an
/// error it goes on as it was.
pub fn exec(
    frame: &mut TrapFrame,
    path: &str,
    arguments: &[&[u8]],
    environment: &[&[u8]],
) -> Result<(), LoadError> {
    let mut memory = Memory::new()?;
    let file = executable(path)?;
    let entry = load(&mut memory, file.bytes, path, arguments, environment)?;
    let root = memory.root();
    let memory = Shared::new(Mutex::new(memory))?;
    let (pid, tid) = (super::current().expect("a program runs"), current_tid());
    end_others(pid, tid)?;
    let name = Name::new(path);
    let old = with_current(|process| {
        process.signals.execve(tid, pid);
        process.clone_of = None;
        process.name = name;
        process.path = file.name;
        process.entry = entry;
        process.root = root;
        process.capabilities = process.capabilities.after_execve();
        process.memory.replace(memory)
    });
    scheduler::set_program(Program { pid, tid: pid, root });
    scheduler::set_name(name);
    fork::give_back();
    drop(old);
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
