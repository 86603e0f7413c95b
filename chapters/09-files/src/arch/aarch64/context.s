// From one stack to another.
//
// Whoever calls a function expects x19 to x30 and the stack pointer as they were; all other
// registers are lost by any call, and so need not be kept. (Procedure Call Standard for the Arm
// 64-bit Architecture, "General-purpose Registers".) So all that must be noted of what is left
// here is on its stack, and where that ends.
//
//  low                                                     high
//  | x19 | x20 | ... | x28 | x29 | x30 | what it was doing ...
//  ^ the context                   '-> where it goes on
//
//   x0   where to note the context that is left
//   x1   the context to go on with

    .section .text.context, "ax"
    .globl  switch_context
switch_context:
    sub     sp, sp, #{CONTEXT_SIZE}
    stp     x19, x20, [sp, #8 * 0]
    stp     x21, x22, [sp, #8 * 2]
    stp     x23, x24, [sp, #8 * 4]
    stp     x25, x26, [sp, #8 * 6]
    stp     x27, x28, [sp, #8 * 8]
    stp     x29, x30, [sp, #8 * 10]
    mov     x2, sp                  // x2 = context that is left
    str     x2, [x0]

    mov     sp, x1
    ldp     x19, x20, [sp, #8 * 0]
    ldp     x21, x22, [sp, #8 * 2]
    ldp     x23, x24, [sp, #8 * 4]
    ldp     x25, x26, [sp, #8 * 6]
    ldp     x27, x28, [sp, #8 * 8]
    ldp     x29, x30, [sp, #8 * 10]
    add     sp, sp, #{CONTEXT_SIZE}
    ret                             // to x30, of the other
