//! Every exception that a kernel can raise by itself, raised on purpose.
//!
//! Left out are those that it cannot: #AC is for programs only, #BR lost its instruction in 64-bit
//! mode, #TS needs a return to another ring, an NMI comes from outside; #MC, #VE and #CP need
//! hardware that is broken, virtual or newer. QEMU raises no #XM, and no #GP for a register that is
//! missing.

use core::arch::asm;

use x86_64::registers::control::{Cr0, Cr0Flags};
use x86_64::structures::gdt::{Descriptor, DescriptorFlags};
use x86_64::structures::idt::Entry;

use super::super::exception::{NAMES, WITH_ERROR_CODE};
use super::super::gdt::DESCRIPTORS;
use super::{Exception, GATES, STUB_BYTES, VECTORS, stubs, trap_stubs};
use crate::{interrupts, timer};

/// An address that no page can have.
const NOT_CANONICAL: u64 = 0x8000_0000_0000_0000;

/// A selector of data that is described, but not present.
fn absent_segment() -> u16 {
    let data = DescriptorFlags::KERNEL_DATA.difference(DescriptorFlags::PRESENT);
    let mut descriptors = DESCRIPTORS.lock();
    let selector = descriptors.append(Descriptor::UserSegment(data.bits()));
    // SAFETY: the table is in a static, and has grown by one descriptor.
    unsafe { descriptors.load_unsafe() };
    selector.0
}

/// The vector that an entry pushes: behind a `push 0` if the processor pushes no error code.
fn pushed_vector(vector: usize) -> Option<u64> {
    // SAFETY: the entries are code of ours, which can be read.
    let code = unsafe { trap_stubs }[vector];
    let has_error_code = vector < NAMES.len() && WITH_ERROR_CODE & 1 << vector != 0;
    let rest = if has_error_code { &code[..] } else { code.strip_prefix(&[0x6a, 0])? };
    match *rest {
        [0x6a, byte, ..] => Some(byte.into()),
        [0x68, low, high, 0, 0, ..] => Some(u16::from_le_bytes([low, high]).into()),
        _ => None,
    }
}

/// Fills all registers and flags, executes `instructions`, and says whether all are as before.
macro_rules! registers_survive {
    ($($instruction:literal),*) => {{
        let is_different: u64;
        // SAFETY: all registers that are written are named, or put back.
        unsafe {
            asm!(
                "push rbx",
                "push rbp",
                // Carry, parity, adjust, zero, sign, direction and overflow.
                "pushfq",
                "or qword ptr [rsp], 0xcd5",
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
                $($instruction,)*
                ".irp register, rax,rbx,rcx,rdx,rsi,rdi,rbp,r8,r9,r10,r11,r12,r13,r14,r15",
                "push \\register",
                ".endr",
                "pushfq",
                // Sixteen words before, and sixteen after.
                "cld",
                "mov ecx, 16",
                "mov rsi, rsp",
                "lea rdi, [rsp + 16 * 8]",
                "repe cmpsq",
                "setne al",
                "movzx eax, al",
                "add rsp, 2 * 16 * 8",
                "pop rbp",
                "pop rbx",
                out("rax") is_different,
                out("rcx") _, out("rdx") _, out("rsi") _, out("rdi") _,
                out("r8") _, out("r9") _, out("r10") _, out("r11") _,
                out("r12") _, out("r13") _, out("r14") _, out("r15") _,
            );
        }
        is_different == 0
    }};
}

/// Executes instructions of which one dies.
macro_rules! die {
    ($($asm:tt)*) => {
        // SAFETY: none. The trap must be told, and nothing comes after it.
        unsafe { asm!($($asm)*) }
    };
}

ktest::test! {
    /// Each gate leads to an entry of its own, which says the gate's number.
    fn each_vector_has_its_entry() {
        let gates = GATES.lock();
        for (vector, (gate, stub)) in gates.iter().zip(stubs()).enumerate() {
            assert_eq!(gate.handler_addr(), stub);
            assert_eq!(stub - stubs().next().expect("there are 256"), (vector * STUB_BYTES) as u64);
            assert_eq!(pushed_vector(vector), Some(vector as u64));
        }
        assert_eq!(gates.len(), VECTORS);
    }

    /// Those exceptions have an error code that the manual says have one.
    fn error_codes_are_expected() {
        let vectors = [8, 10, 11, 12, 13, 14, 17, 21, 29, 30];
        assert_eq!(WITH_ERROR_CODE, vectors.iter().map(|vector| 1_u32 << vector).sum());
    }

    /// A trap leaves all general registers and flags as they were.
    fn registers_survive_a_trap() {
        assert!(registers_survive!("int3"));
        // The handler fills a page with zeroes, upwards although the flag says downwards.
        assert!(registers_survive!("movabs byte ptr [0xffffd00000019000], al"));
    }

    /// So do a hundred thousand interrupts; ten thousand, where the code is not optimised.
    fn registers_survive_interrupts() {
        let (hertz, count) =
            if cfg!(debug_assertions) { (10_000, 10_000) } else { (50_000, 100_000) };
        interrupts::tests::with_timer(hertz, || {
            let end = timer::ticks() + count;
            while timer::ticks() < end {
                assert!(registers_survive!(".rept 500", "nop", ".endr"));
            }
        });
    }

    /// The words for error codes.
    fn error_codes_are_decoded() {
        let text = |vector, error_code| alloc::format!("{}", Exception { vector, error_code });
        assert_eq!(
            text(14, 3),
            "page fault (#PF), error code 0x3: a write by the kernel to a page that is present",
        );
        assert_eq!(
            text(14, 0x1c),
            "page fault (#PF), error code 0x1c: an instruction fetch by a program from a page that \
             is not present, a reserved bit is set in an entry",
        );
        assert_eq!(text(13, 0), "general protection (#GP), error code 0x0");
        assert_eq!(
            text(13, 0x2b),
            "general protection (#GP), error code 0x2b: gate 5 of the IDT, on the way to a handler",
        );
        assert_eq!(
            text(11, 0x2c),
            "segment not present (#NP), error code 0x2c: selector 0x28 of the LDT",
        );
        assert_eq!(text(15, 0), "exception 15, which the manual reserves");
        assert_eq!(text(32, 0), "interrupt vector 32, which nobody expects");
    }

    /// A division by zero.
    #[must_die("trap: divide error (#DE)")]
    fn division_by_zero() {
        die!("xor edx, edx", "xor ecx, ecx", "div ecx");
    }

    /// A single step, which nobody has asked for.
    #[must_die("trap: debug exception (#DB)")]
    fn single_step() {
        die!("pushfq", "or qword ptr [rsp], 0x100", "popfq", "nop");
    }

    /// A software interrupt with the number of an exception.
    #[must_die("trap: overflow (#OF)")]
    fn software_interrupt_4() {
        die!("int 4");
    }

    /// An instruction that is none.
    #[must_die("trap: invalid opcode (#UD)")]
    fn no_instruction() {
        die!("ud2");
    }

    /// Floating point that is switched off.
    #[must_die("trap: device not available (#NM)")]
    fn floating_point_switched_off() {
        // SAFETY: nobody uses floating point.
        unsafe { Cr0::write(Cr0::read() | Cr0Flags::TASK_SWITCHED) };
        die!("fninit");
    }

    /// Floating point that fails, and is asked whether it did.
    #[must_die("trap: x87 floating-point error (#MF)")]
    fn floating_point_error() {
        let flags = Cr0Flags::NUMERIC_ERROR | Cr0Flags::MONITOR_COPROCESSOR;
        let without = Cr0Flags::TASK_SWITCHED | Cr0Flags::EMULATE_COPROCESSOR;
        // SAFETY: nobody uses floating point.
        unsafe { Cr0::write((Cr0::read() | flags) - without) };
        // All errors are unmasked; then 1 / 0.
        let control: u16 = 0x340;
        die!("fninit", "fldcw [{}]", "fld1", "fldz", "fdivp", "fwait", in(reg) &control);
    }

    /// A selector of a segment that is not present.
    #[must_die("trap: segment not present (#NP), error code 0x38: selector 0x38 of the GDT")]
    fn segment_not_present() {
        die!("mov ds, {:x}", in(reg) absent_segment());
    }

    /// A gate that is not present. (QEMU doubles its number in the error code.)
    #[must_die(" of the IDT")]
    fn gate_not_present() {
        GATES.lock()[129] = Entry::missing();
        die!("int 129");
    }

    /// A stack segment that is not present.
    #[must_die("trap: stack-segment fault (#SS), error code 0x38: selector 0x38 of the GDT")]
    fn stack_segment_not_present() {
        die!("mov ss, {:x}", in(reg) absent_segment());
    }

    /// An access to an address that is none.
    #[must_die("trap: general protection (#GP), error code 0x0")]
    fn address_not_canonical() {
        die!("mov rax, [{}]", in(reg) NOT_CANONICAL, out("rax") _);
    }

    /// A task state segment that is none.
    #[must_die("trap: general protection (#GP), error code 0x10: selector 0x10 of the GDT")]
    fn data_is_no_task_state() {
        die!("ltr {:x}", in(reg) 0x10_u16);
    }

    /// A selector beyond the end of the table.
    #[must_die("trap: general protection (#GP), error code 0xff8: selector 0xff8 of the GDT")]
    fn selector_beyond_the_table() {
        die!("mov ds, {:x}", in(reg) 0xff8_u16);
    }

    /// A write to what is read-only, with all there is to say about it.
    #[must_die("page fault (#PF), error code 0x3: a write by the kernel to a page that is present")]
    fn write_to_text() {
        die!("mov byte ptr [{}], 0", in(reg) &raw const trap_stubs);
    }

    /// Execution of data.
    #[must_die("error code 0x11: an instruction fetch by the kernel from a page that is present")]
    fn execution_of_data() {
        die!("jmp {}", in(reg) &raw const GATES);
    }

    /// A trap while the stack pointer leads nowhere.
    #[must_die("trap: bad stack: it leads to 0x7ffffffffff8")]
    fn stack_leads_nowhere() {
        die!("mov rsp, {}", "ud2", in(reg) 1_u64 << 47);
    }

    /// A trap while the stack pointer is no address.
    #[must_die("trap: bad stack: it leads to 0x8000000000000000")]
    fn stack_is_no_address() {
        die!("mov rsp, {}", "ud2", in(reg) NOT_CANONICAL);
    }

    /// A double fault that has nothing to do with the stack is told as what it is.
    #[must_die("trap: double fault (#DF), error code 0x0")]
    fn double_fault_with_a_good_stack() {
        let mut gates = GATES.lock();
        // The exception has no gate, and for what comes of that there is none either.
        [gates[6], gates[11]] = [Entry::missing(); 2];
        die!("ud2");
    }

    /// An interrupt by software.
    #[must_die("trap: interrupt vector 128, which nobody expects")]
    fn software_interrupt_128() {
        die!("int 128");
    }

    /// What the local APIC says when it has nothing to say is counted as that.
    fn spurious_interrupt_is_counted() {
        let before = interrupts::statistics().spurious;
        // SAFETY: the trap is handled, and changes a number.
        unsafe { asm!("int 255") };
        assert_eq!(interrupts::statistics().spurious, before + 1);
    }

    /// An interrupt of an 8259 that serves none is spurious, on both.
    fn spurious_interrupts_of_8259s_are_counted() {
        let before = interrupts::statistics().spurious;
        // SAFETY: as above.
        unsafe { asm!("int 39") };
        // SAFETY: as above. (Ending what was not begun does nothing.)
        unsafe { asm!("int 47") };
        assert_eq!(interrupts::statistics().spurious, before + 2);
    }
}
