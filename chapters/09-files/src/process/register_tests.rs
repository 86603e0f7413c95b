//! What is promised of programs that do not begin at the beginning: those that go on where another
//! is, and those that are given more than an entry.
//!
//! Under test there is one more system call, [`TWIN`]: it makes a thread that goes on where the
//! caller does, with all its registers but the result.

use super::registers::Registers;
use super::tests::{left, next_thread, start_code, start_code_with};
use super::{Exit, wait};
use crate::arch::registers::{pointer_program, twin_program};
use crate::arch::{TrapFrame, UserState};
use crate::interrupts::Masked;
use crate::interrupts::tests::with_timer;
use crate::memory::address::VirtAddr;
use crate::process::load::Entry;
use crate::scheduler::policy::Level;
use crate::scheduler::{self, Program};

/// The number of the call that makes a twin, and of one that is known to nobody.
pub const TWIN: u32 = 9001;

/// The result of the one that calls. (That of the other is 0.) The program adds it to its stack
/// pointer, so that the two have different stacks.
pub const ORIGINAL: i64 = 1024;

/// Does what the program in `frame` asks for, if it is that call.
pub fn take(frame: &mut TrapFrame) -> bool {
    if frame.system_call().number != TWIN {
        return false;
    }
    let mut registers = Registers::copy(frame);
    registers.frame.set_result(0);
    let mine = scheduler::program().expect("a program calls");
    let tid = next_thread(mine.pid, mine.tid);
    let (name, _) = scheduler::current().expect("a program calls");
    let program = Program { tid, ..mine };
    let twin = scheduler::spawn_program(name, scheduler::level(), program, &registers);
    twin.expect("there is memory for a thread");
    frame.set_result(ORIGINAL);
    true
}

ktest::test! {
    /// Who goes on where another is finds all registers as that one left them, but the result; and
    /// so does that one.
    fn twin_has_the_same_registers() {
        let code = twin_program();
        with_timer(20_000, || {
            for seed in [0x1111_0002, 0x7eee_dcba_9876_5543, 0x0123_4567_89ab_cde1] {
                let pid = start_code(code, Level::Idle, &[[seed, 0]]);
                assert_eq!(wait(pid), Exit::Exited(0), "{seed:#x}");
            }
        });
        let before = left();
        assert_eq!(wait(start_code(code, Level::Idle, &[[3, 0]])), Exit::Exited(0));
        assert_eq!(left(), before);
    }

    /// Each thread keeps its thread pointer in a thousand switches, and what it points to is what
    /// the thread finds there.
    fn thread_pointers_are_kept() {
        const ROUNDS: u64 = 1000;
        // The first one has none, and ends at once.
        let threads = [[0, 0], [0x1234, ROUNDS], [0x5678, ROUNDS]];
        let pid = start_code_with(pointer_program(), Level::Normal, &threads, |registers, stack| {
            let result = registers.user.set_thread_pointer(stack.0);
            result.expect("it is in the half of programs");
            assert_eq!(registers.user.thread_pointer(), stack.0);
        });
        assert_eq!(wait(pid), Exit::Exited(0));
    }

    /// What only programs use is loaded, and found again.
    fn user_state_is_loaded_and_copied() {
        let _masked = Masked::new();
        let place = VirtAddr(0x40_0000);
        let mut registers = Registers::new(Entry { place, stack: place });
        for pointer in [0x1230, 0x7fff_ffff_e000, 0] {
            registers.user.set_thread_pointer(pointer).expect("it is in the half of programs");
            registers.load_user();
            assert_eq!(Registers::copy(&registers.frame).user.thread_pointer(), pointer);
        }
        UserState::NEW.load();
    }
}
