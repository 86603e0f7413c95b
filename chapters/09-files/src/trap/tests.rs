//! Traps on purpose: those that are survived, and what is said of those that are not.

use core::fmt;
use core::hint::black_box;
use core::mem::transmute;

use crate::memory::address::{PhysAddr, VirtAddr};
use crate::memory::kernel_space::KernelTables;
use crate::memory::paging::{Entry, Meaning, Tables};
use crate::memory::{layout, lazy};
use crate::{arch, interrupts};

/// An address of which no page table knows: far up in the direct map.
const NOWHERE: u64 = 0xffff_b000_0000_0000;

const _: () = assert!(NOWHERE > layout::DIRECT_MAP && NOWHERE < layout::HEAP);

/// Calls what is at `address`. Whoever reads a backtrace must find it there.
#[inline(never)]
fn call(address: u64) {
    // SAFETY: none. This is the bug that must be found.
    let code: extern "C" fn() = unsafe { transmute(black_box(address) as *const ()) };
    code();
    black_box(address);
}

fn read(address: u64) -> u8 {
    // SAFETY: none. This is the bug that must be found.
    unsafe { black_box(address as *const u8).read_volatile() }
}

fn write(address: u64) {
    // SAFETY: none. This is the bug that must be found.
    unsafe { black_box(address as *mut u8).write_volatile(1) };
}

/// Prints while it is printed, by a trap.
struct Trapping;

impl fmt::Display for Trapping {
    fn fmt(&self, _: &mut fmt::Formatter) -> fmt::Result {
        arch::breakpoint();
        Ok(())
    }
}

/// Faults while it is printed.
struct Faulting;

impl fmt::Display for Faulting {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", read(NOWHERE))
    }
}

/// Calls itself without end.
fn dive(depth: u64) -> u64 {
    let room = black_box([depth; 16]);
    if room[0] == 0 { 0 } else { dive(depth + 1).max(room[15]) }
}

ktest::test! {
    /// After a breakpoint the kernel goes on, as often as there is one.
    fn breakpoints_are_survived() {
        for _ in 0..3 {
            arch::breakpoint();
        }
    }

    /// Whether interrupts are masked is the same after a trap as before.
    fn traps_leave_the_mask_alone() {
        arch::breakpoint();
        assert!(arch::mask_interrupts());
        arch::breakpoint();
        assert!(!arch::mask_interrupts());
        arch::unmask_interrupts();
    }

    /// A fault that is repaired is not noticed, though a lock is held.
    fn repaired_fault_is_not_noticed() {
        let lock = crate::sync::Lock::new(0);
        let mut guard = lock.lock();
        *guard = read(lazy::RANGE.start.0 + 5 * 4096 + 7);
        assert_eq!(*guard, 0);
        drop(guard);
        // SAFETY: nobody relies on the page.
        unsafe { lazy::unmap(lazy::RANGE.start + 5 * 4096) };
    }

    /// A write to nowhere is told, with how far the walk came.
    #[must_die("trap: a write at 0xffffb00000000000")]
    fn write_to_nowhere_is_told() {
        write(NOWHERE);
    }

    /// And so is what the tables have there.
    #[must_die("nothing is mapped there: the walk stopped at level 0")]
    fn obstacle_of_nowhere_is_told() {
        read(NOWHERE);
    }

    /// A protected page is told as one.
    #[must_die("it may not be written")]
    fn obstacle_of_protection_is_told() {
        write(crate::image::range().start as u64);
    }

    /// A page that may not be executed is told as one.
    #[must_die("it may not be executed")]
    fn obstacle_of_execution_is_told() {
        call(crate::image::boot_stack().start as u64);
    }

    /// A null pointer is guessed.
    #[must_die("so near to 0: through a null pointer?")]
    fn null_is_guessed() {
        read(16);
    }

    /// A jump to nowhere is told.
    #[must_die("trap: an instruction fetch at 0x1000000000")]
    fn wild_jump_is_told() {
        call(0x10_0000_0000);
    }

    /// A call of a null pointer is told, with who called it.
    #[must_die("after a call from `call")]
    fn null_call_is_told() {
        call(0);
    }

    /// So is a call of what is no code.
    #[must_die("after a call from `call")]
    fn call_of_data_is_told() {
        call(crate::image::boot_stack().start as u64);
    }

    /// Where and how it came to that is told, too.
    #[must_die("`place_is_told")]
    fn place_is_told() {
        read(NOWHERE);
    }

    /// A stack that overflows is caught at its guard.
    #[must_die("trap: stack overflow: a write at 0xffffffff80")]
    fn stack_overflow_is_told() {
        dive(1);
    }

    /// And it is told by which calls.
    #[must_die("and so on")]
    fn stack_overflow_has_a_backtrace() {
        dive(1);
    }

    /// Nor does it matter that interrupts come meanwhile.
    #[must_die("trap: stack overflow")]
    fn stack_overflow_among_interrupts_is_told() {
        interrupts::tests::with_timer(50_000, || dive(1));
    }

    /// A trap while something is printed finds the console taken, and says so.
    #[must_die("deadlock: this lock is already taken")]
    fn trap_while_printing_is_a_deadlock() {
        println!("{Trapping}");
    }

    /// A fault while something is printed is told all the same: the console is taken by force.
    #[must_die("trap: a read at 0xffffb00000000000")]
    fn fault_while_printing_is_told() {
        println!("{Faulting}");
    }

    /// The way leads through the handler to what was interrupted.
    #[must_die("called from `fmt")]
    fn trap_has_its_link_in_the_chain() {
        println!("{Trapping}");
    }

    /// A fault in the report of a fault is told in a line, and the kernel ends.
    #[must_die("trap: and while that was told, a read at 0xffff800000050ff8")]
    fn fault_in_the_report_ends() {
        let page = VirtAddr(1 << 39 | 511 << 30);
        let root = arch::root_page_table();
        // There is what the firmware keeps: the processor finds no mapping there, and the report
        // cannot look, since that memory is not in the direct map.
        let entry = Entry::new(Meaning::Table(PhysAddr(0x5_0000)), 0);
        // SAFETY: it is the root, and nobody uses that part of the address space.
        unsafe { KernelTables.write(root, 1, entry) };
        read(page.0);
    }

}
