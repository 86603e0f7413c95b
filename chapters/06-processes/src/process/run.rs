//! How a process gets the processor, and how the kernel gets it back.
//!
//! The kernel that starts a process has a stack of its own, with work on it to go on with. So it
//! leaves that as it is and goes over to the process's kernel stack, where it enters the program.
//! From there on it is called by traps, and works for the process on that stack. When the process
//! ends, the kernel goes back to the first stack, and what is on the other is given up.
//!
//! ```text
//!  run ── switch_context ──> begin ── enter_user ──> program
//!   ^                                                  |  trap
//!   '────── switch_context ── exit <── system call or fault
//! ```
//!
//! One process runs at a time, from its beginning to its end, and whoever started it waits.

use core::mem;

use super::{Exit, Pid, Process, State, space};
use crate::arch::{self, Context, TrapFrame, UserState};
use crate::interrupts::Masked;
use crate::sync::Lock;

/// Protects the process that runs, and where to go on when it ends. Nothing else may be locked
/// while it is held.
static CURRENT: Lock<Option<Process>> = Lock::new(None);

/// Where whoever called [`Process::run`] goes on.
static RUNNER: Lock<Context> = Lock::new(Context::NONE);

impl Process {
    /// Runs it until it ends. All that it had is given back then.
    ///
    /// # Panics
    ///
    /// When another one runs: nobody would wait for that one.
    #[track_caller]
    pub fn run(mut self) -> Exit {
        self.state = State::Running;
        let top = self.stack.range().end;
        let masked = Masked::new();
        assert!(masked.is_alone(), "no program may run while interrupts are masked");
        arch::set_kernel_stack(top);
        UserState::NEW.load();
        // SAFETY: it stays in `CURRENT` until `leave` below.
        unsafe { arch::switch_page_table(self.space.root()) };
        assert!(CURRENT.lock().replace(self).is_none(), "one process runs already");

        let context = Context::new(top, begin);
        // The lock is not held while somebody else runs; but nobody else notes anything there.
        let runner = {
            let mut runner = RUNNER.lock();
            &raw mut *runner
        };
        // SAFETY: the stack is the process's own and empty; `end` comes back here.
        masked.across(|| unsafe { arch::switch_context(runner, context) });

        space::leave();
        let ended = CURRENT.lock().take().expect("only this function takes the process away");
        drop(masked);
        match ended.state {
            State::Ended(exit) => exit,
            state => panic!("{} stopped running while it was {state:?}", ended.name),
        }
    }
}

/// Where a process begins, on its own kernel stack.
extern "C" fn begin() -> ! {
    // SAFETY: the one of `run`, which goes on when the process has ended.
    unsafe { Masked::begin() };
    let entry = with_current(|process| process.entry);
    let frame = TrapFrame::program(entry.place, entry.stack);
    // SAFETY: the address space is active, and the frame begins the program.
    unsafe { arch::enter_user(&frame) }
}

/// Ends the process that runs.
pub fn exit(exit: Exit) -> ! {
    // Dropped by `run`, for itself.
    mem::forget(Masked::new());
    with_current(|process| process.state = State::Ended(exit));
    let mut nobody = Context::NONE;
    let runner = mem::replace(&mut *RUNNER.lock(), Context::NONE);
    // SAFETY: `run` waits there; nothing comes back here.
    unsafe { arch::switch_context(&raw mut nobody, runner) };
    unreachable!("a process that has ended does not run")
}

/// The process that runs, if one does.
pub fn current() -> Option<Pid> {
    CURRENT.lock().as_ref().map(|process| process.pid)
}

pub(super) fn with_current<T>(act: impl FnOnce(&mut Process) -> T) -> T {
    act(CURRENT.lock().as_mut().expect("a program runs"))
}
