//! The thread that runs: what it is, and what may be changed about it.

use super::policy::Level;
use super::spawn::Handle;
use super::thread::{Program, Work};
use super::{Scheduler, trace, with};
use crate::arch;
use crate::process::Name;

/// The program that it runs, if it is not the kernel's own.
pub fn program() -> Option<Program> {
    with(|scheduler| scheduler.running().program()).flatten()
}

/// The level at which it began.
pub fn level() -> Level {
    with(|scheduler| scheduler.running().base).unwrap_or(Level::Normal)
}

/// What others may call it by.
///
/// # Panics
///
/// When there are no threads yet.
pub fn current_handle() -> Handle {
    let handle = with(|scheduler| {
        let id = scheduler.current;
        Handle { id, serial: scheduler.serial(id) }
    });
    handle.expect("who asks is a thread")
}

/// Calls it `name` from now on.
pub fn set_name(name: Name) {
    with(|scheduler| {
        let thread = scheduler.running();
        thread.name = name;
        trace::name(thread);
    });
}

/// Makes it run `program` from now on, in whose address space it is at once. The one that it leaves
/// may be given back then.
///
/// # Panics
///
/// When it runs none: then its stack may have no room for the frame of one.
pub fn set_program(program: Program) {
    with(|scheduler| {
        let thread = scheduler.running();
        assert!(thread.program().is_some(), "a thread of the kernel runs no program");
        thread.work = Work::Program(program);
        if arch::root_page_table() != program.root {
            // SAFETY: the process has its address space for as long as it has threads.
            unsafe { arch::switch_page_table(program.root) };
        }
    });
}

impl Scheduler {
    pub(super) fn running(&mut self) -> &mut super::Thread {
        self.thread(self.current)
    }
}
