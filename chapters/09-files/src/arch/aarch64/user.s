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
    subs    x2, x2, #8
    b.lo    2f
1:  ldtr    x3, [x1]                // x3 = eight bytes
    add     x1, x1, #8
    str     x3, [x0], #8
    subs    x2, x2, #8              // x2 = bytes that are left, less eight
    b.hs    1b
2:  adds    x2, x2, #8
    b.eq    copy_done
3:  ldtrb   w3, [x1]                // w3 = a byte
    add     x1, x1, #1
    strb    w3, [x0], #1
    subs    x2, x2, #1
    b.ne    3b
    b       copy_done

    .globl  store_to_user
store_to_user:
    subs    x2, x2, #8
    b.lo    2f
1:  ldr     x3, [x1], #8            // x3 = eight bytes
    sttr    x3, [x0]
    add     x0, x0, #8
    subs    x2, x2, #8              // x2 = bytes that are left, less eight
    b.hs    1b
2:  adds    x2, x2, #8
    b.eq    copy_done
3:  ldrb    w3, [x1], #1            // w3 = a byte
    sttrb   w3, [x0]
    add     x0, x0, #1
    subs    x2, x2, #1
    b.ne    3b

copy_done:
    mov     x0, #0
    ret

    .globl  copy_fault
copy_fault:
    mov     x0, #1
    ret
