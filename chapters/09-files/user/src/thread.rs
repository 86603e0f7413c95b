//! Threads: several places in one program that run at the same time.
//!
//! To the kernel a thread is a process that shares its memory with another; the flags of `clone`
//! say what is shared. The kernel gives it registers, and the program all else: a stack, with a
//! page below that nobody may touch, and something to run. When a thread ends, the kernel writes
//! zero to the word that `CHILD_CLEARTID` has named and wakes who sleeps there: that is how
//! [`Thread::join`] knows that nobody uses the stack any more.
//!
//! ```text
//!  │ guard │ stack  <── grows ───────────── │
//!  start   start + PAGE                     end: the thread pointer points here
//! ```
//!
//! (clone(2), set_tid_address(2).)

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicU32, Ordering};

use linux_raw_sys::general;

use crate::arch;
use crate::futex::{self, Mutex};
use crate::memory::{self, NONE, PAGE, READ, WRITE};
use crate::process::Pid;
use crate::syscall::{Errno, call};

/// Bytes of a thread's stack, with the guard and the page for the thread pointer.
const BYTES: usize = 18 * PAGE;

/// What a thread shares with its makers: memory, files, the treatment of signals; and that it is a
/// thread of the same process.
pub const SHARED: u32 = general::CLONE_VM
    | general::CLONE_FS
    | general::CLONE_FILES
    | general::CLONE_SIGHAND
    | general::CLONE_THREAD
    | general::CLONE_SYSVSEM;

/// Where to note the thread's number, when to forget it, and its thread pointer.
const NOTES: u32 =
    general::CLONE_SETTLS | general::CLONE_PARENT_SETTID | general::CLONE_CHILD_CLEARTID;

/// A thread, and what it will have found when it has ended.
pub struct Thread<T> {
    stack: usize,
    pid: Pid,
    tid: Arc<AtomicU32>,
    result: Arc<Mutex<Option<T>>>,
}

/// What a thread runs.
type Work = Box<dyn FnOnce() + Send>;

/// Runs `work` in a thread of its own.
pub fn spawn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<Thread<T>, Errno> {
    let result = Arc::new(Mutex::new(None));
    let place = Arc::clone(&result);
    let work: Work = Box::new(move || *place.lock() = Some(work()));
    let work = Box::into_raw(Box::new(work));
    let tid = Arc::new(AtomicU32::new(0));
    match start(work as usize, &tid) {
        Ok((stack, pid)) => Ok(Thread { stack, pid, tid, result }),
        Err(error) => {
            // SAFETY: it is the box of above, and no thread has it.
            drop(unsafe { Box::from_raw(work) });
            Err(error)
        }
    }
}

/// Makes the thread: a stack, and the call.
fn start(work: usize, tid: &AtomicU32) -> Result<(usize, Pid), Errno> {
    let stack = memory::map(BYTES, READ | WRITE)?;
    // SAFETY: nobody uses the new stack's lowest page.
    let outcome = unsafe { memory::protect(stack, PAGE, NONE) }.and_then(|()| {
        let local = stack + BYTES - PAGE;
        let place = tid.as_ptr() as usize;
        let child = arch::Child { stack: local, tid: place, local, run, argument: work };
        // SAFETY: the stack is the new thread's own; `tid` lives as long as the `Thread`, and that
        // longer than the thread, or for ever.
        unsafe { arch::clone_thread(SHARED | NOTES, &child) }
    });
    match outcome {
        Ok(pid) => Ok((stack, Pid(pid as i32))),
        Err(error) => {
            // SAFETY: no thread has it.
            unsafe { memory::unmap(stack, BYTES) }?;
            Err(error)
        }
    }
}

/// Comes first in a new thread.
extern "C" fn run(work: usize) -> ! {
    // SAFETY: it is the box that `spawn` has given away for this.
    let work = unsafe { Box::from_raw(work as *mut Work) };
    work();
    loop {
        // SAFETY: nothing is left to do, and nothing on this stack to drop.
        let _ = unsafe { call(general::__NR_exit, [0; 6]) };
    }
}

impl<T> Thread<T> {
    /// The thread's number.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Where the thread's pointer to memory of its own points.
    pub fn local(&self) -> usize {
        self.stack + BYTES - PAGE
    }

    /// Waits until the thread has ended, and gives what it has found.
    pub fn join(self) -> Option<T> {
        loop {
            match self.tid.load(Ordering::Acquire) {
                0 => break,
                // It came back, for whatever reason: the word says whether that is the end.
                tid => _ = futex::wait(&self.tid, tid),
            }
        }
        // SAFETY: the kernel has said that the thread is no more.
        let outcome = unsafe { memory::unmap(self.stack, BYTES) };
        assert_eq!(outcome, Ok(()), "the stack of a thread does not go back");
        self.result.lock().take()
    }
}

impl<T> Drop for Thread<T> {
    fn drop(&mut self) {
        // Whoever does not wait for the end leaves the stack, and the word that the kernel clears.
        if self.tid.load(Ordering::Acquire) != 0 {
            core::mem::forget(Arc::clone(&self.tid));
        }
    }
}
