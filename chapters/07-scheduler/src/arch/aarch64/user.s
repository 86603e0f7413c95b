// To a program, and bytes from and to it.

    .section .text.user, "ax"

// Loads all registers from a frame, as at the end of any trap.
//   x0   TrapFrame
    .globl  load_program
load_program:
    mov     sp, x0
    b       load_registers

// Copy between the kernel and the program. LDTR and STTR ask the page tables as if the program
// itself did it, so what it must not do fails here, too: with a fault, for which the handler goes
// on at `copy_fault`.
//   x0   where to
//   x1   where from
//   x2   bytes
// Result: x0 is 0 if that was done, 1 if it could not be.
    .globl  copy_begin
copy_begin:

    .globl  load_from_user
load_from_user:
    subs    x2, x2, #32
    b.lo    2f
1:  ldtr    x3, [x1]                // x3 to x6 = 32 bytes
    ldtr    x4, [x1, #8]
    ldtr    x5, [x1, #16]
    ldtr    x6, [x1, #24]
    add     x1, x1, #32
    stp     x3, x4, [x0], #16
    stp     x5, x6, [x0], #16
    subs    x2, x2, #32             // x2 = bytes that are left, less 32
    b.hs    1b
2:  adds    x2, x2, #24             // x2 = bytes that are left, less 8
    b.lo    4f
3:  ldtr    x3, [x1]
    add     x1, x1, #8
    str     x3, [x0], #8
    subs    x2, x2, #8
    b.hs    3b
4:  adds    x2, x2, #8
    b.eq    copy_done
5:  ldtrb   w3, [x1]
    add     x1, x1, #1
    strb    w3, [x0], #1
    subs    x2, x2, #1
    b.ne    5b
    b       copy_done

    .globl  store_to_user
store_to_user:
    subs    x2, x2, #32
    b.lo    2f
1:  ldp     x3, x4, [x1], #16       // x3 to x6 = 32 bytes
    ldp     x5, x6, [x1], #16
    sttr    x3, [x0]
    sttr    x4, [x0, #8]
    sttr    x5, [x0, #16]
    sttr    x6, [x0, #24]
    add     x0, x0, #32
    subs    x2, x2, #32             // x2 = bytes that are left, less 32
    b.hs    1b
2:  adds    x2, x2, #24             // x2 = bytes that are left, less 8
    b.lo    4f
3:  ldr     x3, [x1], #8
    sttr    x3, [x0]
    add     x0, x0, #8
    subs    x2, x2, #8
    b.hs    3b
4:  adds    x2, x2, #8
    b.eq    copy_done
5:  ldrb    w3, [x1], #1
    sttrb   w3, [x0]
    add     x0, x0, #1
    subs    x2, x2, #1
    b.ne    5b

copy_done:
    mov     x0, #0
    ret

    .globl  copy_fault
copy_fault:
    mov     x0, #1
    ret
