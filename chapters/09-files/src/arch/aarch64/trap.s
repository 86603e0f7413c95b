// From an exception to `trap_taken` and back.
//
// VBAR_EL1 points to sixteen entries of 32 instructions: four kinds of exception (synchronous, IRQ,
// FIQ, SError) from each of four places (this level with SP_EL0, this level, a lower level in
// AArch64, a lower level in AArch32). Each makes room for a `TrapFrame` on the stack, says which
// entry it is and goes on at `save`. (Arm ARM DDI 0487, D1, "Exception vectors".)
//
// Is there room? The stack pointer may be at the end of its stack, which is perhaps the very reason
// for the exception. All addresses within a stack have one bit as 0, and those below as 1. No
// register is free for the question, so sp and x0 are added up and taken apart again, which loses
// nothing. Without room the frame goes to the emergency stack.

    .section .text.trap, "ax"

    .macro  VECTOR number, sp_of_it
    .balign 0x80
    sub     sp, sp, #{FRAME_SIZE}
    add     sp, sp, x0              // sp = frame + x0
    sub     x0, sp, x0              // x0 = frame
    tbnz    x0, #{OVERFLOW_BIT}, 1f
    sub     x0, sp, x0              // x0 as it was
    sub     sp, sp, x0              // sp = frame
    stp     x0, x1, [sp, #{X} + 8 * 0]
    stp     x2, x3, [sp, #{X} + 8 * 2]
    .ifc    \sp_of_it, EL0
    mrs     x2, SP_EL0              // x2 = stack pointer of what was interrupted
    .else
    add     x2, sp, #{FRAME_SIZE}
    .endif
    mov     x3, #\number            // x3 = number of the entry
    b       save
1:  msr     TPIDR_EL0, x0           // frame, where there is no room for it
    sub     x0, sp, x0              // x0 as it was
    msr     TPIDRRO_EL0, x0
    adrp    x0, {EMERGENCY_STACK}
    ldr     x0, [x0, #:lo12:{EMERGENCY_STACK}]
    sub     sp, x0, #{FRAME_SIZE}
    mrs     x0, TPIDRRO_EL0
    stp     x0, x1, [sp, #{X} + 8 * 0]
    stp     x2, x3, [sp, #{X} + 8 * 2]
    mrs     x2, TPIDR_EL0
    add     x2, x2, #{FRAME_SIZE}   // x2 = stack pointer of what was interrupted
    mov     x3, #(\number + {NO_ROOM})
    b       save
    .endm

    .balign 0x800
    .globl  exception_vectors
exception_vectors:
    VECTOR  0, EL0                  // this level, with SP_EL0: synchronous
    VECTOR  1, EL0                  // IRQ
    VECTOR  2, EL0                  // FIQ
    VECTOR  3, EL0                  // SError
    VECTOR  4, EL1                  // this level
    VECTOR  5, EL1
    VECTOR  6, EL1
    VECTOR  7, EL1
    VECTOR  8, EL0                  // a lower level in AArch64
    VECTOR  9, EL0
    VECTOR  10, EL0
    VECTOR  11, EL0
    VECTOR  12, EL0                 // a lower level in AArch32
    VECTOR  13, EL0
    VECTOR  14, EL0
    VECTOR  15, EL0

    .balign 0x80
save:
    stp     x4, x5, [sp, #{X} + 8 * 4]
    stp     x6, x7, [sp, #{X} + 8 * 6]
    stp     x8, x9, [sp, #{X} + 8 * 8]
    stp     x10, x11, [sp, #{X} + 8 * 10]
    stp     x12, x13, [sp, #{X} + 8 * 12]
    stp     x14, x15, [sp, #{X} + 8 * 14]
    stp     x16, x17, [sp, #{X} + 8 * 16]
    stp     x18, x19, [sp, #{X} + 8 * 18]
    stp     x20, x21, [sp, #{X} + 8 * 20]
    stp     x22, x23, [sp, #{X} + 8 * 22]
    stp     x24, x25, [sp, #{X} + 8 * 24]
    stp     x26, x27, [sp, #{X} + 8 * 26]
    stp     x28, x29, [sp, #{X} + 8 * 28]
    stp     x30, x2, [sp, #{X} + 8 * 30]    // and sp
    mrs     x4, ELR_EL1             // x4 = where it was interrupted
    mrs     x5, SPSR_EL1            // x5 = its flags and level
    stp     x4, x5, [sp, #{ELR}]
    mrs     x6, ESR_EL1             // x6 = why
    mrs     x7, FAR_EL1             // x7 = at which address
    stp     x6, x7, [sp, #{ESR}]
    str     x3, [sp, #{VECTOR}]
    stp     x29, x4, [sp, #{RECORD}]
    add     x29, sp, #{RECORD}      // a link in the chain of frame pointers
    mov     x0, sp                  // x0 = frame
    bl      {trap_taken}

    .globl  load_registers
load_registers:
    ldp     x4, x5, [sp, #{ELR}]
    msr     ELR_EL1, x4
    msr     SPSR_EL1, x5
    ldp     x30, x2, [sp, #{X} + 8 * 30]    // sp of this level is behind the frame anyway
    msr     SP_EL0, x2              // of a program it is this; otherwise nobody cares
    ldp     x28, x29, [sp, #{X} + 8 * 28]
    ldp     x26, x27, [sp, #{X} + 8 * 26]
    ldp     x24, x25, [sp, #{X} + 8 * 24]
    ldp     x22, x23, [sp, #{X} + 8 * 22]
    ldp     x20, x21, [sp, #{X} + 8 * 20]
    ldp     x18, x19, [sp, #{X} + 8 * 18]
    ldp     x16, x17, [sp, #{X} + 8 * 16]
    ldp     x14, x15, [sp, #{X} + 8 * 14]
    ldp     x12, x13, [sp, #{X} + 8 * 12]
    ldp     x10, x11, [sp, #{X} + 8 * 10]
    ldp     x8, x9, [sp, #{X} + 8 * 8]
    ldp     x6, x7, [sp, #{X} + 8 * 6]
    ldp     x4, x5, [sp, #{X} + 8 * 4]
    ldp     x2, x3, [sp, #{X} + 8 * 2]
    ldp     x0, x1, [sp, #{X} + 8 * 0]
    add     sp, sp, #{FRAME_SIZE}
    eret
