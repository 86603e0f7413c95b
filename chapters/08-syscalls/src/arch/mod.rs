//! The machine, as the rest of the kernel sees it.
//!
//! One folder per machine, with the same file names; this file picks one and is the only place that
//! knows there are two. The contract below lists every name that a machine must export: one that is
//! missing or has another type is one clear compile error. The machine calls back only `kmain` and
//! `trap::handle`.
//!
//! Facts that hold everywhere in this kernel and that SAFETY comments refer to:
//!
//! - **privileged**: the kernel runs at EL1 or ring 0, so instructions that need privilege do what
//!   the manual says;
//! - **alone**: one processor runs, and nothing interrupts it while interrupts are masked;
//! - **direct map**: memory is reached by [`PhysAddr::as_ptr`]: what lies below 4 GiB from the
//!   first line of Rust on, and once the kernel has tables of its own, all but what the firmware
//!   keeps.

#[cfg(target_arch = "aarch64")]
#[path = "aarch64/mod.rs"]
mod machine;

#[cfg(target_arch = "x86_64")]
#[path = "x86_64/mod.rs"]
mod machine;

pub use machine::*;

use crate::memory::address::{PhysAddr, VirtAddr};
use crate::memory::map::{MapIsFull, MemoryMap};
use crate::memory::paging::Entry;
use crate::process::Signal;
use crate::process::user::BadAddress;
use crate::syscall::Call;

/// How the run went, as QEMU's exit status. QEMU itself makes 0 and 1 of many accidents, so neither
/// is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Status {
    /// All that was to be done was done.
    Success = 33,
    /// The kernel found a bug in itself.
    Failure = 35,
}

/// What `clone` is asked for. The machines have it in different registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CloneArguments {
    /// What the two have in common, and the signal that tells of the new one's end.
    pub flags: u64,
    /// The new one's stack pointer; that of the caller, if it is 0.
    pub stack: u64,
    /// Where the new one's number is told to the caller.
    pub parent_tid: u64,
    /// Where it is told to the new one, and where there is 0 after its end.
    pub child_tid: u64,
    /// The new one's thread pointer.
    pub thread_pointer: u64,
}

// A status is heard on x86_64 as 2 n + 1.
const _: () = assert!(Status::Success as u32 % 2 == 1 && Status::Failure as u32 % 2 == 1);

// Boot, console, power.
const _: () = {
    let _: &str = NAME;
    let _: unsafe fn(usize) -> Result<&'static str, BootError> = boot_arguments;
    let _: fn() -> Privilege = privilege;
    let _: fn() -> Serial = Serial::new;
    let _: fn(&mut Serial, u8) = Serial::write_byte;
    let _: fn(Status) -> ! = power_off;
    const fn is_error<T: core::error::Error>() {}
    const fn is_printed<T: core::fmt::Display>() {}
    const fn may_move<T: Send>() {}
    is_error::<BootError>();
    is_printed::<Privilege>();
    may_move::<Serial>();
};

// Memory: what there is.
const _: () = {
    let _: unsafe fn(usize, &mut MemoryMap) -> Result<(), MapIsFull> = read_memory_map;
};

// Memory: how it is translated.
const _: () = {
    const fn is_entry<T: Entry>() {}
    is_entry::<PageTableEntry>();
    let _: &[PhysAddr] = DEVICES;
    let _: fn() -> usize = largest_page_level;
    let _: unsafe fn(PhysAddr) = activate_page_table;
    let _: unsafe fn() = enable_protections;
    let _: fn() = publish_entry;
    let _: fn(VirtAddr) = flush_page;
    let _: unsafe fn(*mut u8) = clear_page;
    let _: unsafe fn(*mut u8, *const u8) = copy_page;
};

// Traps: how the processor comes to the kernel, and what it brings.
const _: () = {
    const fn is_printed<T: core::fmt::Display>() {}
    is_printed::<TrapFrame>();
    let _: unsafe fn(VirtAddr) = init_traps;
    let _: fn(&TrapFrame) -> Exception = TrapFrame::exception;
    is_printed::<Exception>();
    let _: fn(&TrapFrame) -> VirtAddr = TrapFrame::place;
    let _: fn(&TrapFrame) -> u64 = TrapFrame::frame_pointer;
    let _: fn(&TrapFrame) -> Option<VirtAddr> = TrapFrame::return_address;
    let _: fn(&mut TrapFrame) = TrapFrame::pass_breakpoint;
    let _: fn() = breakpoint;
    let _: fn() -> u64 = frame_pointer;
    let _: fn() -> PhysAddr = root_page_table;
};

// Interrupts, time, input.
const _: () = {
    const fn is_error<T: core::error::Error>() {}
    is_error::<InterruptError>();
    let _: unsafe fn(usize) -> Result<(), InterruptError> = init_interrupts;
    let _: fn(u32) = end_interrupt;
    let _: fn() -> bool = mask_interrupts;
    let _: fn() = unmask_interrupts;
    let _: fn() = wait_for_interrupt;
    let _: fn(u32) = start_timer;
    let _: fn() = rearm_timer;
    let _: fn() -> u64 = counter;
    let _: fn() -> Option<u64> = counter_hertz;
    let _: fn() = unmute_input;
    let _: fn() = mute_input;
    let _: fn(&mut Serial) -> Option<u8> = Serial::read_byte;
    let _: fn() -> Option<u8> = read_keyboard;
};

// Programs: how the processor leaves the kernel for one, and what comes back.
const _: () = {
    let _: u16 = ELF_MACHINE;
    let _: unsafe fn() = init_programs;
    let _: fn() -> u64 = hardware_capabilities;
    let _: unsafe fn(PhysAddr) = switch_page_table;
    let _: fn(*const u8, usize) = publish_code;
    let _: Context = Context::NONE;
    let _: fn(VirtAddr, extern "C" fn() -> !) -> Context = Context::new;
    let _: unsafe extern "C" fn(*mut Context, Context) = switch_context;
    let _: fn(VirtAddr) = set_kernel_stack;
    let _: UserState = UserState::NEW;
    let _: fn(&UserState) = UserState::load;
    let _: fn(VirtAddr, VirtAddr) -> TrapFrame = TrapFrame::program;
    let _: unsafe fn(&TrapFrame) -> ! = enter_user;
    let _: fn(&TrapFrame) -> bool = TrapFrame::is_program;
    let _: fn(&TrapFrame) -> Signal = TrapFrame::signal;
    let _: fn(&TrapFrame) -> Call = TrapFrame::system_call;
    let _: fn(&mut TrapFrame, i64) = TrapFrame::set_result;
    let _: unsafe fn(*mut u8, *const u8, usize) -> bool = copy_from_user;
    let _: unsafe fn(*mut u8, *const u8, usize) -> bool = copy_to_user;
    let _: fn(&mut TrapFrame) -> bool = TrapFrame::give_up_copy;
};

// Threads: what else belongs to one that does not run.
const _: () = {
    let _: fn(&mut UserState) = UserState::save;
};

// System calls: what programs do to each other's registers.
const _: () = {
    const fn is_copied<T: Clone>() {}
    is_copied::<TrapFrame>();
    is_copied::<UserState>();
    let _: fn(&UserState) -> u64 = UserState::thread_pointer;
    let _: fn(&mut UserState, u64) -> Result<(), BadAddress> = UserState::set_thread_pointer;
    let _: fn([u64; 6]) -> CloneArguments = clone_arguments;
};
