// From one stack to another.
//
// Whoever calls a function expects rbx, rbp, r12 to r15 and the stack pointer as they were; all
// other registers are lost by any call, and so need not be kept. (System V ABI, AMD64 supplement,
// "Register Usage".) So all that must be noted of what is left here is on its stack, and where that
// ends.
//
//  low                                               high
//  | r15 | r14 | r13 | r12 | rbx | rbp | rip | what it was doing ...
//  ^ the context                         '-> where it goes on
//
//   rdi  where to note the context that is left
//   rsi  the context to go on with

    .section .text.context, "ax"
    .globl  switch_context
switch_context:
    push    rbp
    push    rbx
    push    r12
    push    r13
    push    r14
    push    r15
    mov     [rdi], rsp              // context that is left

    mov     rsp, rsi
    pop     r15
    pop     r14
    pop     r13
    pop     r12
    pop     rbx
    pop     rbp
    ret                             // to rip, of the other
