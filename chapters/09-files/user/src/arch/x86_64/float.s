// Fills and reads the registers for floating point and vectors.
//
// The compiler leaves them alone, as the target has no use for them. So what is put here stays
// until somebody else takes it away.

.section .text.set_registers, "ax"
.global set_registers
.type set_registers, @function
set_registers:                  // rdi: where the values are
.irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps  xmm\number, [rdi + 16 * \number]
.endr
    ldmxcsr [rdi + 16 * 16]
    ret
.size set_registers, . - set_registers

.section .text.get_registers, "ax"
.global get_registers
.type get_registers, @function
get_registers:                  // rdi: where the values go
.irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps  [rdi + 16 * \number], xmm\number
.endr
    stmxcsr [rdi + 16 * 16]
    ret
.size get_registers, . - get_registers
