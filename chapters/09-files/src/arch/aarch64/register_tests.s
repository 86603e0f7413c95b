// Programs that look at their registers.

    .section .rodata.register_tests, "a"
    .balign 16
    .arch_extension fp
    .arch_extension simd

//  sp     0   a word, to which TPIDR_EL0 leads as well
//         8   how often to yield
    .globl  pointer_program_begin
pointer_program_begin:
    ldp     x19, x20, [sp]
    cbz     x20, 3f
2:
    mov     x8, #124                // sched_yield
    svc     #0
    mrs     x0, TPIDR_EL0
    ldr     x0, [x0]
    cmp     x0, x19
    b.ne    9f
    subs    x20, x20, #1
    b.ne    2b
3:
    mov     x0, #0
    mov     x8, #93                 // exit
    svc     #0
9:
    udf     #0
    .globl  pointer_program_end
pointer_program_end:

// What is kept: x1 has the first number, x30 the one that is 29 more, but for x8, which has the
// call; so have the vectors; the rest depends on it.
//
//  sp     0 .. 247   the registers as they were found
//       256          the first number
    .globl  twin_program_begin
twin_program_begin:
    ldr     x1, [sp]
    sub     sp, sp, #2048
    str     x1, [sp, #256]
    str     x1, [sp, #1024 + 256]
    msr     TPIDR_EL0, x1
    ubfiz   x2, x1, #22, #2         // how to round
    msr     FPCR, x2
    and     x2, x1, #0xf            // what has happened
    msr     FPSR, x2
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    add     x2, x1, #\n
    ins     v\n\().d[0], x2
    ins     v\n\().d[1], x1
    .endr
    lsl     w2, w1, #28
    msr     NZCV, x2
    .irp    n, 2,3,4,5,6,7,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    add     x\n, x1, #(\n - 1)
    .endr
    mov     x8, #{TWIN}
    svc     #0
    add     sp, sp, x0
    .irp    n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    str     x\n, [sp, #8 * \n]
    .endr
    mrs     x2, NZCV
    ldr     x1, [sp, #256]          // x1 = the first number
    lsl     w3, w1, #28
    cmp     x2, x3
    b.ne    9f
    mov     x2, #{TWIN}
    ldr     x3, [sp, #8 * 8]
    cmp     x2, x3
    b.ne    9f
    .irp    n, 1,2,3,4,5,6,7,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    add     x2, x1, #(\n - 1)
    ldr     x3, [sp, #8 * \n]
    cmp     x2, x3
    b.ne    9f
    .endr
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    add     x2, x1, #\n
    umov    x3, v\n\().d[0]
    cmp     x2, x3
    b.ne    9f
    umov    x3, v\n\().d[1]
    cmp     x1, x3
    b.ne    9f
    .endr
    mrs     x2, TPIDR_EL0
    cmp     x1, x2
    b.ne    9f
    mrs     x2, FPCR
    ubfiz   x3, x1, #22, #2
    cmp     x2, x3
    b.ne    9f
    mrs     x2, FPSR
    and     x3, x1, #0xf
    cmp     x2, x3
    b.ne    9f
    mov     x0, #0
    mov     x8, #93                 // exit
    svc     #0
9:
    udf     #0
    .globl  twin_program_end
twin_program_end:
    .arch_extension nosimd
    .arch_extension nofp
    .text
