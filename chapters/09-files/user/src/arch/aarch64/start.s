// The first instructions of every program.
//
// The kernel sets the stack pointer and the address of this code, and no other register. The stack
// begins with the number of arguments.

.section .text._start, "ax"
.global _start
.type _start, %function
_start:
    mov     x29, xzr            // no frame is above ours
    mov     x30, xzr
    mov     x0, sp              // x0: the initial stack
    and     sp, x0, #-16        // as the procedure call standard wants it
    bl      {start}
    udf     #0                  // it does not return
.size _start, . - _start
