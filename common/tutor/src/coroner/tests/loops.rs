//! Tests of what is a loop of exceptions, and of what only looks like one.

use super::*;

/// A page fault of x86_64 with an interrupt table of `limit`, as the log has it.
fn page_fault(limit: &str) -> String {
    format!(
        "     1: v=0e e=0000 i=0 cpl=0 IP=0008:0000000000100000 pc=0000000000100000 \
         SP=0010:0000000000120000 CR2=0000000000000008\n\
         RAX=0000000000000000 RBX=0000000000000000 RCX=0000000000000000 RDX=0000000000000000\n\
         IDT=     0000000000110000 {limit}\n"
    )
}

#[test]
fn what_a_handler_mends_may_come_again() {
    assert!(log("x86_64", &page_fault("00000000").repeat(2000)).is_looping());
    let handled = log("x86_64", &page_fault("00000fff").repeat(2000));
    assert_eq!((handled.repeats(), handled.is_looping()), (1999, false));
    assert!(log("x86_64", &page_fault("00000fff").repeat(100_001)).is_looping());
    // One routine that copies from here and from there, called by turns.
    let there = page_fault("00000fff").replace("e=0000", "e=0002");
    let turns = page_fault("00000fff") + &there;
    assert!(!log("x86_64", &turns.repeat(2000)).is_looping());
}

#[test]
fn vectors_that_fail_themselves_are_a_loop() {
    let abort = |pc: &str| {
        format!(
            "Taking exception 4 [Data Abort] on CPU 0\n...from EL1 to EL1\n\
             ...with ESR 0x25/0x96000045\n...with FAR 0x8\n...with ELR {pc}\n\
             ...to EL1 PC 0xffffffff80080200 PSTATE 0x3c5\n"
        )
    };
    let handled = abort("0xffffffff80001000")
        + "Exception return from AArch64 EL1 to AArch64 EL1 PC 0xffffffff80001000\n";
    let handled = log("aarch64", &handled.repeat(2000));
    assert!(!handled.is_looping());
    assert_eq!(handled.other_lines().count(), 0);
    let failing = abort("0xffffffff80001000") + &abort("0xffffffff80080204").repeat(2000);
    assert!(log("aarch64", &failing).is_looping());
}

#[test]
fn interrupts_of_devices_are_no_loop() {
    let interrupt = "Servicing hardware INT=0x20\n".to_string()
        + &page_fault("00000fff").replace("v=0e", "v=20");
    let interrupts = log("x86_64", &interrupt.repeat(200_000));
    assert_eq!((interrupts.repeats(), interrupts.is_looping()), (0, false));
    let interrupt = "Taking exception 5 [IRQ] on CPU 0\n...from EL1 to EL1\n...with ESR 0x0/0x0\n\
                     ...with ELR 0x40205a34\n...to EL1 PC 0x40205280 PSTATE 0x3c5\n";
    let interrupts = log("aarch64", &interrupt.repeat(200_000));
    assert_eq!((interrupts.repeats(), interrupts.is_looping()), (0, false));
}
