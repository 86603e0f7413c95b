// From any trap to `trap_taken`, and back.
//
// The processor comes here with interrupts masked, having pushed where it was: ss, rsp, rflags, cs
// and rip, and for some exceptions an error code. It does not say which of the 256 vectors it came
// by. So each has an entry of its own, which makes all of them alike: an error code, then the
// number. From there on one path saves everything. (Intel SDM vol. 3A, "64-Bit Mode Stack Frame".)
//
//  low                                                                   rsp at the time, less 0-15
//  | rbp | rip | cr2 | rax ... r15 | vector | error code | rip | cs | rflags | rsp | ss | (aligned)
//  ^                                                     ^
//  rbp and rsp during the handler                        pushed by the processor, from the right
//
// The two words at the bottom look like those that a function begins with. So whoever follows the
// frame pointers finds what was interrupted behind the handler.
//
// A software `int` with the number of an exception that has an error code pushes none: the kernel
// has no such instruction, and gates keep programs from it.

    .section .text.trap, "ax"
    .balign {STUB_BYTES}
    .globl  trap_stubs
trap_stubs:
    .set    vector, 0
    .rept   {VECTORS}
    .balign {STUB_BYTES}
    .if     vector < 32 && ({ERROR_CODES} >> vector) & 1
    .else
    push    0                           // the error code of those that have none
    .endif
    push    vector
    jmp     save_registers
    .set    vector, vector + 1
    .endr

    .balign 16
    .globl  save_registers
save_registers:                         // no register is ours before it is pushed
    push    r15
    push    r14
    push    r13
    push    r12
    push    r11
    push    r10
    push    r9
    push    r8
    push    rdi
    push    rsi
    push    rdx
    push    rcx
    push    rbx
    push    rax
    mov     rax, cr2                    // rax = what a page fault is about; the next changes it
    push    rax
    push    [rsp + {RIP} - {CR2}]       // the frame record: where it was,
    push    rbp                         // and its own frame pointer
    mov     rbp, rsp                    // rbp = the frame record
    mov     rdi, rsp                    // rdi = TrapFrame
    cld                                 // Rust expects it; it was anything
    pushfq                              // So may AC be: programs can set it. While it is set SMAP
    and     qword ptr [rsp], ~{AC}      // keeps the kernel off nothing, and gates do not clear it.
    popfq                               // (CLAC would; a processor without SMAP does not have it.)
    call    {trap_taken}                // rsp is a multiple of 16, as a function expects

    .globl  load_registers
load_registers:
    pop     rbp
    add     rsp, {RAX} - {RECORD_RIP}   // past rip and cr2: the place to return to is further up
    pop     rax
    pop     rbx
    pop     rcx
    pop     rdx
    pop     rsi
    pop     rdi
    pop     r8
    pop     r9
    pop     r10
    pop     r11
    pop     r12
    pop     r13
    pop     r14
    pop     r15
    add     rsp, {RIP} - {VECTOR}       // past the vector and the error code
    iretq                               // pops rip, cs, rflags, rsp and ss
