// Numbers in all registers.

    .section .text.context_tests, "ax"

//   x0   what to load into x19 to x29
//   x1   where to store them, and how far the stack pointer has moved
//   x2   what to call
    .globl  call_with_registers
call_with_registers:
    stp     x29, x30, [sp, #-112]!
    stp     x19, x20, [sp, #16]
    stp     x21, x22, [sp, #32]
    stp     x23, x24, [sp, #48]
    stp     x25, x26, [sp, #64]
    stp     x27, x28, [sp, #80]
    mov     x3, sp
    stp     x1, x3, [sp, #96]
    .irp    n, 19,20,21,22,23,24,25,26,27,28,29
    ldr     x\n, [x0, #8 * (\n - 19)]
    .endr
    blr     x2
    ldp     x0, x3, [sp, #96]       // x0 = where to store, x3 = stack pointer as it was
    .irp    n, 19,20,21,22,23,24,25,26,27,28,29
    str     x\n, [x0, #8 * (\n - 19)]
    .endr
    mov     x1, sp
    sub     x1, x1, x3
    str     x1, [x0, #8 * 11]
    ldp     x19, x20, [sp, #16]
    ldp     x21, x22, [sp, #32]
    ldp     x23, x24, [sp, #48]
    ldp     x25, x26, [sp, #64]
    ldp     x27, x28, [sp, #80]
    ldp     x29, x30, [sp], #112
    ret

// A program that keeps numbers in its registers: x0 is the first, xn is x0 + n; vector n has xn and
// x0; and so on. What it needs to remember is on its stack.
//
//  sp     0 .. 247   x0 to x30 as they were found
//       264          sp itself
//       272          the first number
//       280          rounds that are left
    .section .rodata.context_tests, "a"
    .balign 16
    .arch_extension fp
    .arch_extension simd
    .globl  registers_program_begin
registers_program_begin:
    ldp     x0, x1, [sp]
    sub     sp, sp, #512
    mov     x2, sp
    str     x2, [sp, #264]
    stp     x0, x1, [sp, #272]
2:
    ldr     x0, [sp, #272]
    msr     TPIDR_EL0, x0
    ubfiz   x1, x0, #22, #2         // how to round
    msr     FPCR, x1
    and     x1, x0, #0xf            // what has happened
    msr     FPSR, x1
    lsl     w1, w0, #28
    msr     NZCV, x1
    .irp    n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    add     x\n, x0, #\n
    .endr
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    ins     v\n\().d[0], x\n
    ins     v\n\().d[1], x0
    .endr
    ins     v31.d[0], x1
    ins     v31.d[1], x2

    .rept   300
    nop
    .endr

    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    str     x\n, [sp, #8 * \n]
    .endr
    mrs     x1, NZCV
    ldr     x0, [sp, #272]          // x0 = the first number
    lsl     w2, w0, #28
    cmp     x1, x2
    b.ne    9f
    mov     x2, sp
    ldr     x1, [sp, #264]
    cmp     x1, x2
    b.ne    9f
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    add     x2, x0, #\n
    ldr     x1, [sp, #8 * \n]
    cmp     x1, x2
    b.ne    9f
    umov    x1, v\n\().d[0]
    cmp     x1, x2
    b.ne    9f
    umov    x1, v\n\().d[1]
    cmp     x1, x0
    b.ne    9f
    .endr
    umov    x1, v31.d[0]
    add     x2, x0, #1
    cmp     x1, x2
    b.ne    9f
    umov    x1, v31.d[1]
    add     x2, x0, #2
    cmp     x1, x2
    b.ne    9f
    mrs     x1, FPCR
    ubfiz   x2, x0, #22, #2
    cmp     x1, x2
    b.ne    9f
    mrs     x1, FPSR
    and     x2, x0, #0xf
    cmp     x1, x2
    b.ne    9f
    mrs     x1, TPIDR_EL0
    cmp     x1, x0
    b.ne    9f
    ldr     x1, [sp, #280]
    sub     x1, x1, #1
    str     x1, [sp, #280]
    cbnz    x1, 2b
    mov     x0, #0
    mov     x8, #93                 // exit
    svc     #0
9:
    udf     #0
    .globl  registers_program_end
registers_program_end:
    .arch_extension nosimd
    .arch_extension nofp
    .text
