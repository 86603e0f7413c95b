// The first instructions of every program.
//
// The kernel sets the stack pointer and the address of this code, and no other register. The stack
// begins with the number of arguments.

.section .text._start, "ax"
.global _start
.type _start, @function
_start:
    xor     ebp, ebp            // no frame is above ours
    mov     rdi, rsp            // rdi: the initial stack
    and     rsp, -16            // as the psABI wants it before a call
    call    {start}
    ud2                         // it does not return
.size _start, . - _start
