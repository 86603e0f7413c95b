// Fills and reads the registers for floating point and vectors.
//
// The compiler leaves them alone, as the target has no use for them. So what is put here stays
// until somebody else takes it away.

.arch_extension fp
.arch_extension simd

.section .text.set_registers, "ax"
.global set_registers
.type set_registers, %function
set_registers:                  // x0: where the values are
.irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    ldr     q\number, [x0], #16
.endr
.irp number, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    ldr     q\number, [x0], #16
.endr
    ldr     x1, [x0]            // x1: the control register
    msr     fpcr, x1
    ret
.size set_registers, . - set_registers

.section .text.get_registers, "ax"
.global get_registers
.type get_registers, %function
get_registers:                  // x0: where the values go
.irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    str     q\number, [x0], #16
.endr
.irp number, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    str     q\number, [x0], #16
.endr
    mrs     x1, fpcr
    str     x1, [x0]
    ret
.size get_registers, . - get_registers
