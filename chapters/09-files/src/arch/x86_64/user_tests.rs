//! Programs of a few instructions: those that go up to the limits of ring 3, and a step beyond.

use core::arch::asm;
use core::slice;

use x86_64::registers::rflags::{self, RFlags};

use super::{Call, LINES, SYSTEM_CALL, TrapFrame, system_call_entry};
use crate::arch;
use crate::interrupts::tests::with_timer;
use crate::memory::address::VirtAddr;
use crate::memory::paging::Access;
use crate::process::Exit;
use crate::process::space::{self, AddressSpace};
use crate::process::tests::run_code;
use crate::process::user::{BadAddress, UserSlice};
use crate::timer;

/// A page that is not a program's.
const PAGE: VirtAddr = VirtAddr(0x70_0000);

/// What the kernel begins with at each trap, whatever flags were set.
pub(in super::super) fn expect_no_flags() {
    let flags = rflags::read();
    let none = RFlags::TRAP_FLAG
        | RFlags::INTERRUPT_FLAG
        | RFlags::DIRECTION_FLAG
        | RFlags::NESTED_TASK
        | RFlags::ALIGNMENT_CHECK;
    assert!(!flags.intersects(none), "a trap is handled with {flags:?}");
}

/// The number of a call that is there under test only, and makes of its frame what no other call
/// does: one that goes on behind two more bytes, and one with the carry flag.
const CHANGE: u32 = 9002;

/// Does what the program in `frame` asks for, if it is that call. The kernel has no flags of its.
pub(super) fn change(frame: &mut TrapFrame) {
    expect_no_flags();
    match frame.system_call() {
        Call { number: CHANGE, arguments: [1, ..] } => frame.rip += 2,
        Call { number: CHANGE, arguments: [2, ..] } => frame.rflags |= RFlags::CARRY_FLAG.bits(),
        _ => {}
    }
}

/// The machine code of instructions. They are jumped over.
macro_rules! code {
    ($($instruction:literal),* $(,)?) => {{
        let (start, end): (*const u8, *const u8);
        // SAFETY: nothing is done but to tell two addresses.
        unsafe {
            asm!(
                "lea {}, [rip + 2f]",
                "lea {}, [rip + 3f]",
                "jmp 3f",
                "2:",
                $($instruction,)*
                "3:",
                out(reg) start,
                out(reg) end,
                options(nomem, nostack, preserves_flags),
            );
        }
        // SAFETY: it is code of ours, which can be read.
        unsafe { slice::from_raw_parts(start, end.offset_from_unsigned(start)) }
    }};
}

/// Ends a program: with status 0 if the last comparison found two equal, else by an instruction
/// that is none.
macro_rules! check {
    ($($instruction:literal),* $(,)?) => {
        code!($($instruction,)* "mov eax, 60", "mov edi, 0", "jne 9f", "syscall", "9: ud2")
    };
}

/// Changes all that one program could leave to the next.
fn leave_traces() {
    let exit = run_code(check!(
        ".irp segment, ds,es,fs,gs",
        "mov eax, 0x1b",
        "mov \\segment, eax",
        ".endr",
        ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15",
        "pcmpeqb xmm\\n, xmm\\n",
        ".endr",
        "mov dword ptr [rsp - 8], 0x7f80",
        "ldmxcsr [rsp - 8]",
        "mov dword ptr [rsp - 8], 0x340",
        "fldcw [rsp - 8]",
        "fld1",
        "fldz",
        "fdivp", // It fails, which the next instruction of the x87 would tell.
        "xor eax, eax",
    ));
    assert_eq!(exit, Exit::Exited(0));
}

ktest::test! {
    /// A program finds in its registers nothing of the kernel's, and nothing of the one before.
    fn program_begins_with_empty_registers() {
        leave_traces();
        let exit = run_code(check!(
            "pushfq",
            ".irp register, rax,rbx,rcx,rdx,rsi,rdi,rbp,r8,r9,r10,r11,r12,r13,r14,r15",
            "or rax, \\register",
            ".endr",
            ".irp segment, ds,es,fs,gs",
            "mov ebx, \\segment",
            "or eax, ebx",
            ".endr",
            "pop rbx",
            "xor ebx, 0x202", // IF, and a bit that is always set.
            "or eax, ebx",
            "mov ebx, cs",
            "xor ebx, 0x23",
            "or eax, ebx",
            "mov ebx, ss",
            "xor ebx, 0x1b",
            "or rax, rbx",
        ));
        assert_eq!(exit, Exit::Exited(0));
    }

    /// The same for floating point and vectors: all is zero but what says how to round.
    fn program_begins_with_empty_float_registers() {
        leave_traces();
        let exit = run_code(check!(
            "fxsave64 [rsp - 1024]",
            "lea rdi, [rsp - 1024]",
            "xor dword ptr [rdi], 0x37f",
            "xor dword ptr [rdi + 24], 0x1f80",
            "mov dword ptr [rdi + 28], 0", // Which bits there are.
            "mov ecx, 416 / 8",
            "xor eax, eax",
            "repe scasq",
        ));
        assert_eq!(exit, Exit::Exited(0));
        assert_eq!(run_code(check!("fwait", "fld1", "xor eax, eax")), Exit::Exited(0));
    }

    /// A system call changes rax, which has the answer, and what the instruction itself changes:
    /// rcx has the address behind it, r11 the flags. All else stays, the oddest flags included.
    fn system_call_leaves_registers_alone() {
        let exit = run_code(check!(
            "pushfq",
            "or qword ptr [rsp], 0x244cd5", // ID, AC, NT, and all that arithmetic and strings use.
            "popfq",
            ".set pattern, 1",
            ".irp register, rbx,rdx,rsi,rdi,rbp,r8,r9,r10,r12,r13,r14,r15",
            "mov \\register, pattern * 0x1111111111111111",
            ".set pattern, pattern + 1",
            ".endr",
            "mov eax, 9999",
            ".irp register, rbx,rdx,rsi,rdi,rbp,r8,r9,r10,r12,r13,r14,r15",
            "push \\register",
            ".endr",
            "pushfq",
            "syscall",
            "5: .irp register, rbx,rdx,rsi,rdi,rbp,r8,r9,r10,r12,r13,r14,r15",
            "push \\register",
            ".endr",
            "pushfq",
            "cld",
            "lea rdx, [rip + 5b]",
            "xor rcx, rdx",
            "xor r11, [rsp]",
            "add rax, 38", // ENOSYS
            "or rax, rcx",
            "or rax, r11",
            "jnz 6f",
            "mov ecx, 13",
            "mov rsi, rsp",
            "lea rdi, [rsp + 13 * 8]",
            "repe cmpsq",
            "6:",
        ));
        assert_eq!(exit, Exit::Exited(0));
    }

    /// A program goes on with the registers in its frame, though they are not those with which
    /// `syscall` came.
    fn changed_frames_are_returned_to() {
        let exit = run_code(check!(
            "mov eax, 9002",
            "mov edi, 1",
            "syscall",
            "5: ud2",
            "lea rdx, [rip + 5b]",
            "cmp rcx, rdx",
        ));
        assert_eq!(exit, Exit::Exited(0), "another place");
        let exit = run_code(check!(
            "mov eax, 9002",
            "mov edi, 2",
            "test eax, eax", // No carry.
            "syscall",
            "jnc 9f",
            "test r11d, 1",
        ));
        assert_eq!(exit, Exit::Exited(0), "other flags");
    }

    /// An interrupt changes nothing at all, whatever flags are set.
    fn interrupts_leave_registers_of_programs_alone() {
        let before = timer::ticks();
        with_timer(10_000, || {
            let exit = run_code(check!(
                "mov qword ptr [rsp - 8], 100000",
                "sub rsp, 8",
                "4: pushfq",
                "or qword ptr [rsp], 0x244cd5",
                "popfq",
                ".set pattern, 1",
                ".irp register, rax,rbx,rcx,rdx,rsi,rdi,rbp,r8,r9,r10,r11,r12,r13,r14,r15",
                "mov \\register, pattern * 0x1111111111111111",
                ".set pattern, pattern + 1",
                ".endr",
                ".irp register, rax,rbx,rcx,rdx,rsi,rdi,rbp,r8,r9,r10,r11,r12,r13,r14,r15",
                "push \\register",
                ".endr",
                "pushfq",
                ".rept 200",
                "nop",
                ".endr",
                ".irp register, rax,rbx,rcx,rdx,rsi,rdi,rbp,r8,r9,r10,r11,r12,r13,r14,r15",
                "push \\register",
                ".endr",
                "pushfq",
                "cld",
                "mov ecx, 16",
                "mov rsi, rsp",
                "lea rdi, [rsp + 16 * 8]",
                "repe cmpsq",
                "jne 6f",
                "add rsp, 2 * 16 * 8",
                "dec qword ptr [rsp]",
                "jnz 4b",
                "6:",
            ));
            assert_eq!(exit, Exit::Exited(0));
        });
        assert!(timer::ticks() > before + 100, "{} ticks", timer::ticks() - before);
    }

    /// A system call needs no stack of the program's. Of its number 32 bits count.
    fn system_calls_need_no_stack() {
        let kernels = &raw const system_call_entry as u64;
        for stack in [0, 1, 1 << 47, u64::MAX, kernels, 0xdead_0000_0000_0000] {
            let mut bytes = [0; 64];
            let rest = code!("mov rax, ~0 << 32 | 60", "mov edi, 7", "syscall");
            bytes[..2].copy_from_slice(&[0x48, 0xbc]); // movabs rsp
            bytes[2..10].copy_from_slice(&stack.to_le_bytes());
            bytes[10..][..rest.len()].copy_from_slice(rest);
            assert_eq!(run_code(&bytes), Exit::Exited(7), "{stack:#x}");
        }
    }

    /// A copy opens the program's memory, and closes it again, whether or not it could be done.
    fn copies_close_the_memory_of_programs() {
        let mut space = AddressSpace::new().expect("boot leaves free frames");
        space.map(PAGE..PAGE + 4096, Access::WRITE).expect("boot leaves free frames");
        // SAFETY: it stays until `leave`.
        unsafe { arch::switch_page_table(space.root()) };
        let end = UserSlice::new(PAGE.0 + 4090, 12).expect("it is in the half of programs");
        for count in 1..=12 {
            let mut buffer = [0; 12];
            let result = end.read(0, &mut buffer[..count]);
            assert!(!rflags::read().contains(RFlags::ALIGNMENT_CHECK), "after {count} bytes");
            assert_eq!(result, if count <= 6 { Ok(count) } else { Err(BadAddress) });
        }
        space::leave();
    }

    /// What comes from elsewhere while a program runs is not the program's doing.
    fn programs_answer_for_themselves_only() {
        let mut frame = TrapFrame::program(PAGE, PAGE);
        for (vector, is_program) in [
            (0, true),
            (2, false),
            (8, false),
            (14, true),
            (18, false),
            (21, true),
            (LINES.start, false),
            (255, false),
            (SYSTEM_CALL, true),
        ] {
            frame.vector = vector;
            assert_eq!(frame.is_program(), is_program, "{vector}");
        }
        frame.cs = 8;
        assert!(!frame.is_program());
    }
}

#[path = "user_death_tests.rs"]
mod deaths;
