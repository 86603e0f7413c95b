//! Programs that do what they may not, each of a few instructions, and what becomes of them; and
//! what the kernel itself dies of when it runs programs.

use core::arch::asm;
use core::slice;

use x86_64::registers::model_specific::ApicBase;

use super::super::{TrapFrame, enter_user, set_kernel_stack};
use super::PAGE;
use crate::arch;
use crate::memory::address::{PhysAddr, VirtAddr};
use crate::memory::paging::Access;
use crate::process::space::AddressSpace;
use crate::process::tests::run_code;
use crate::process::{Exit, Signal};

/// Programs and what kills them.
macro_rules! killed {
    ($($signal:ident: $($instruction:literal),+;)*) => {
        $(
            // Whoever survives it says so.
            let code = code!($($instruction,)+ "mov eax, 60", "mov edi, 3", "syscall");
            let name = concat!($($instruction, "; "),+);
            assert_eq!(run_code(code), Exit::Killed(Signal::$signal), "{name}");
        )*
    };
}

ktest::test! {
    /// A program that asks to be stopped after each instruction is; the kernel is not, though it
    /// was called by one of them.
    fn single_step_is_for_programs_only() {
        killed! {
            Trap: "pushfq", "or qword ptr [rsp], 0x100", "popfq", "nop", "ud2";
            Trap: "pushfq", "or qword ptr [rsp], 0x100", "mov eax, 9999", "popfq", "syscall",
                "nop", "ud2";
            // It is asked for behind the next instruction, and that is not the call.
            Illegal: "pushfq", "or qword ptr [rsp], 0x100", "mov eax, 9999", "popfq", "syscall",
                "ud2";
        }
        // INT1 is a trap whatever its gate says, and to QEMU no instruction.
        let exit = run_code(&[0xf1]);
        assert!(matches!(exit, Exit::Killed(Signal::Trap | Signal::Illegal)), "{exit:?}");
    }

    /// Exceptions kill as Linux does it.
    fn exceptions_have_their_signals() {
        killed! {
            Arithmetic: "xor edx, edx", "xor ecx, ecx", "div ecx";
            Arithmetic: "push 0x340", "fldcw [rsp]", "fld1", "fldz", "fdivp", "fwait";
            Trap: "int3";
            Trap: "int 3";
            Segmentation: "int 4";
            Illegal: "ud2";
            Segmentation: "mov rax, 1 << 63", "mov rax, [rax]";
            Segmentation: "mov rax, 1 << 63", "jmp rax";
            Segmentation: "mov rax, 0xffffffff80100000", "mov rax, [rax]";
            Segmentation: "mov rax, 0xffffffff80100000", "jmp rax";
        }
        // It is a stack-segment fault, for which QEMU takes one of general protection.
        let push = code!("mov rsp, 1 << 63", "push rax", "mov eax, 60", "mov edi, 3", "syscall");
        let exit = run_code(push);
        assert!(matches!(exit, Exit::Killed(Signal::Bus | Signal::Segmentation)), "{exit:?}");
    }

    /// Those that cannot be raised here have theirs, too.
    fn rare_exceptions_have_their_signals() {
        let mut frame = TrapFrame::program(PAGE, PAGE);
        for (vector, signal) in [
            (9, Signal::Arithmetic),
            (19, Signal::Arithmetic),
            (11, Signal::Bus),
            (12, Signal::Bus),
            (17, Signal::Bus),
            (5, Signal::Segmentation),
            (10, Signal::Segmentation),
        ] {
            frame.vector = vector;
            assert_eq!(frame.signal(), signal, "{vector}");
        }
    }

    /// The kernel's gates are not for programs: none can pretend that a device has interrupted.
    fn gates_are_closed() {
        for vector in [0, 1, 2, 8, 13, 14, 18, 32, 39, 47, 128, 255] {
            let exit = run_code(&[0xcd, vector, 0x0f, 0x0b]); // and UD2
            assert_eq!(exit, Exit::Killed(Signal::Segmentation), "int {vector}");
        }
    }

    /// What needs privilege is not for programs.
    fn privileged_instructions_are_refused() {
        killed! {
            Segmentation: "hlt";
            Segmentation: "cli";
            Segmentation: "sti";
            Segmentation: "in al, dx";
            Segmentation: "mov edx, 0xf4", "out dx, al";
            Segmentation: "mov ecx, 0xc0000082", "rdmsr";
            Segmentation: "mov ecx, 0xc0000082", "wrmsr";
            Segmentation: "mov rax, cr0";
            Segmentation: "mov cr3, rax";
            Segmentation: "mov dr7, rax";
            Segmentation: "lgdt [rsp]";
            Segmentation: "lidt [rsp]";
            Segmentation: "ltr ax";
            Segmentation: "clts";
            Segmentation: "invlpg [rsp]";
            Segmentation: "swapgs";
            Segmentation: "sysretq";
            Segmentation: "wbinvd";
            Segmentation: "sidt [rsp - 16]";
            Illegal: "stac";
            Illegal: "wrfsbase rax";
            Illegal: "xgetbv";
            Illegal: "vpxor ymm0, ymm0, ymm0";
        }
        // To AMD it is no instruction in 64-bit mode, to Intel one that leads nowhere.
        let exit = run_code(code!("sysenter", "mov eax, 60", "mov edi, 3", "syscall"));
        assert!(matches!(exit, Exit::Killed(Signal::Illegal | Signal::Segmentation)), "{exit:?}");
    }

    /// A program gets no segment but its own, and no way to the kernel's.
    fn segments_of_the_kernel_are_refused() {
        killed! {
            Segmentation: "mov eax, 0x10", "mov ds, eax";
            Segmentation: "mov eax, 0x08", "mov es, eax";
            Segmentation: "mov eax, 0x28", "mov fs, eax";
            Segmentation: "mov eax, 0x2c", "mov gs, eax";
            Segmentation: "mov eax, 0xff8", "mov ds, eax";
            Segmentation: "xor eax, eax", "mov ss, eax";
            Segmentation: "mov eax, 0x10", "mov ss, eax";
            Segmentation: "push 8", "lea rax, [rip]", "push rax", "retfq";
            Segmentation: "push 0x28", "lea rax, [rip]", "push rax", "retfq";
            Segmentation: "push 0x10", "push rsp", "pushfq", "push 8", "push 0", "iretq";
            Segmentation: "pushfq", "or dword ptr [rsp], 0x4000", "popfq", "iretq";
            Segmentation: "mov rax, fs:[0]";
        }
    }

    /// An NMI that comes while the stack pointer is no stack finds one.
    #[must_die("trap: non-maskable interrupt (NMI)")]
    fn nmi_has_a_stack() {
        /// The Interrupt Command Register of the local APIC: an NMI, to this processor.
        const COMMAND: usize = 0x300;
        const NMI_TO_SELF: u32 = 1 << 18 | 1 << 14 | 0b100 << 8;
        let (frame, _) = ApicBase::read();
        let registers = PhysAddr(frame.start_address().as_u64()).as_ptr::<u8>();
        let command = registers.wrapping_add(COMMAND);
        // SAFETY: none. The trap must be told, and nothing comes after it.
        unsafe {
            asm!(
                "mov rsp, {stack}",
                "mov dword ptr [{command}], {nmi:e}",
                "2: jmp 2b",
                stack = in(reg) 1_u64 << 47,
                command = in(reg) command,
                nmi = in(reg) NMI_TO_SELF,
            );
        }
    }

    /// Without a stack to save a program on, the kernel is at fault and not the program.
    #[must_die("trap: double fault (#DF), error code 0x0")]
    fn missing_kernel_stack_is_told() {
        let mut space = AddressSpace::new().expect("boot leaves free frames");
        space.map(PAGE..PAGE + 4096, Access::EXECUTE).expect("boot leaves free frames");
        space.write(PAGE, code!("ud2")).expect("it is mapped");
        // SAFETY: it stays until the kernel dies.
        unsafe { arch::switch_page_table(space.root()) };
        set_kernel_stack(VirtAddr(0xffff_b000_0000_0000));
        // SAFETY: the address space is active, and nothing below is returned to.
        unsafe { enter_user(&TrapFrame::program(PAGE, PAGE)) }
    }
}
