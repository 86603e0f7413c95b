//! Programs of a few instructions: those that are allowed though they could be trapped, and those
//! that are not.

use core::arch::asm;
use core::slice;

use crate::process::tests::run_code;
use crate::process::{Exit, Signal};

/// The machine code of instructions. They are jumped over.
macro_rules! code {
    ($($instruction:literal),* $(,)?) => {{
        let (start, end): (*const u8, *const u8);
        // SAFETY: nothing is done but to tell two addresses.
        unsafe {
            asm!(
                "adr {}, 2f",
                "adr {}, 3f",
                "b 3f",
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

/// A program that ends with status 0 behind these instructions.
macro_rules! lives {
    ($($instruction:literal),* $(,)?) => {{
        let code = code!($($instruction,)* "mov x0, #0", "mov x8, #93", "svc #0");
        assert_eq!(run_code(code), Exit::Exited(0), concat!($($instruction, "; "),*));
    }};
}

ktest::test! {
    /// Programs may do what those for Linux do without asking.
    fn programs_may_do_what_linux_permits() {
        lives!("mrs x1, CTR_EL0");
        lives!("mrs x1, DCZID_EL0", "tbz x1, #4, 8f", "udf #0", "8:");
        lives!("mov x1, sp", "dc cvau, x1", "dsb ish", "ic ivau, x1", "dsb ish", "isb");
        lives!("mrs x1, CNTVCT_EL0", "mrs x2, CNTFRQ_EL0", "cbnz x2, 8f", "udf #0", "8:");
        lives!("sevl", "wfe");
        lives!("wfi");
    }

    /// A piece of memory is zero by one instruction.
    fn memory_is_zeroed_at_once() {
        lives!(
            "mov x1, sp",
            "and x1, x1, #~0xfff",
            "mov x2, #-1",
            "stp x2, x2, [x1]",
            "dc zva, x1",
            "ldp x2, x3, [x1]",
            "orr x2, x2, x3",
            "cbz x2, 8f",
            "udf #0",
            "8:",
        );
    }

    /// What is not for programs on Linux, is not here.
    fn other_registers_are_refused() {
        for code in [
            code!("mrs x0, CNTV_CTL_EL0"),
            code!("msr CNTV_CVAL_EL0, xzr"),
            code!("mrs x0, CNTPCT_EL0"),
            code!("mrs x0, CNTKCTL_EL1"),
            code!("mrs x0, SCTLR_EL1"),
            code!("msr DAIFSet, #2"),
            code!("mov x1, sp", "dc ivac, x1"),
        ] {
            let mut bytes = [0; 32];
            let end = code!("mov x0, #3", "mov x8, #93", "svc #0");
            bytes[..code.len()].copy_from_slice(code);
            bytes[code.len()..][..end.len()].copy_from_slice(end);
            assert_eq!(run_code(&bytes), Exit::Killed(Signal::Illegal), "{code:x?}");
        }
    }
}
