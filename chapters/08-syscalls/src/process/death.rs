//! The death of a program that did what it may not.
//!
//! The processor traps, and the kernel finds a program at fault and not itself. Then nothing is
//! broken: the program ends, all that it had is given back, and whoever waits for it hears of it.

use super::run::with_current;
use super::{Exit, Signal, exit_group};
use crate::arch::{self, TrapFrame};
use crate::memory::address::VirtAddr;
use crate::memory::kernel_space;
use crate::memory::paging::Access;
use crate::trap::{Cause, FaultAccess};

/// Ends the program in `frame` because of `cause`, and says why.
pub fn kill(cause: Cause, frame: &TrapFrame) -> ! {
    // To look, and to give all back, takes long, and the trap has masked them.
    arch::unmask_interrupts();
    let signal = signal(cause, frame);
    let (pid, name) = with_current(|process| (process.pid, process.name));
    println!("process {pid} ({name}): killed by {signal} at {:?}", frame.place());
    match cause {
        Cause::PageFault { address, access } => {
            let obstacle = obstacle(access, page(address));
            println!("  {access} at {address:?}: {obstacle}");
        }
        _ => println!("  {}", frame.exception()),
    }
    exit_group(Exit::Killed(signal))
}

fn signal(cause: Cause, frame: &TrapFrame) -> Signal {
    match cause {
        Cause::PageFault { .. } => Signal::Segmentation,
        Cause::Breakpoint => Signal::Trap,
        _ => frame.signal(),
    }
}

/// What may be done with the page of `address`, in the tables that the program has.
fn page(address: VirtAddr) -> Option<Access> {
    kernel_space::peek(|walker| walker.translate(address)).map(|(_, access)| access)
}

/// What the page tables have against `access`.
fn obstacle(access: FaultAccess, page: Option<Access>) -> &'static str {
    match (access, page) {
        (_, None) => "nothing is mapped there",
        (_, Some(page)) if !page.contains(Access::USER) => "it is the kernel's",
        (FaultAccess::Write, Some(page)) if !page.contains(Access::WRITE) => "it is read-only",
        (FaultAccess::Execute, Some(page)) if !page.contains(Access::EXECUTE) => "it is no code",
        _ => "the tables allow it: is an old translation still in use?",
    }
}
