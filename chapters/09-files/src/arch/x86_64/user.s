// To a program and back by `syscall`, and bytes from and to it.

    .section .text.user, "ax"

// Loads all registers from a frame, as at the end of any trap. (Those of segments are loaded with
// the others that only programs use: one that goes on where another is has the same.)
//   rdi  TrapFrame
    .globl  load_program
load_program:
    mov     rsp, rdi
    jmp     load_registers

// Where `syscall` leads. It is no trap: the processor pushes nothing and stays on the program's
// stack. It only puts rip into rcx and rflags into r11, and clears the flags that SFMASK names. So
// the first two instructions have no stack. Nothing can come between them but what cannot be
// masked, the NMI, whose gate names a stack of its own: the program's stack pointer may be
// anything, an address of the kernel's included.
//
// From there on it is made to look as if a trap had come from the program.
    .globl  system_call_entry
system_call_entry:
    mov     [rip + {PROGRAM_STACK}], rsp
    mov     rsp, [rip + {KERNEL_STACK}]
    push    {USER_DATA}             // ss
    push    [rip + {PROGRAM_STACK}] // rsp
    push    r11                     // rflags
    push    {USER_CODE}             // cs
    push    rcx                     // rip
    push    0                       // error code
    push    {SYSTEM_CALL}           // vector
    .irp    register, r15,r14,r13,r12,r11,r10,r9,r8,rdi,rsi,rdx,rcx,rbx,rax
    push    \register
    .endr
    push    0                       // no page fault
    push    rcx                     // the frame record, as in `trap.s`
    push    rbp
    mov     rbp, rsp
    mov     rdi, rsp                // rdi = TrapFrame; all flags are clear
    call    {system_call_taken}

// And back, by the fast way if it leads there: `sysretq` takes rip from rcx and the flags from r11.
    .globl  return_from_system_call
return_from_system_call:
    mov     rcx, [rsp + {RIP}]
    mov     r11, [rsp + {RFLAGS}]
    cmp     rcx, [rsp + {RCX}]      // the program is to find both registers as they are
    jne     load_registers
    cmp     r11, [rsp + {R11}]
    jne     load_registers
    mov     rax, {USER_END}         // an address that is none would trap here and not there
    cmp     rcx, rax
    jae     load_registers
    test    r11d, {SLOW_FLAGS}      // single steps begin behind the program's next instruction
    jnz     load_registers
    pop     rbp
    add     rsp, {RAX} - {RECORD_RIP}
    .irp    register, rax,rbx,rcx,rdx,rsi,rdi,r8,r9,r10,r11,r12,r13,r14,r15
    pop     \register
    .endr
    mov     rsp, [rsp + {RSP} - {VECTOR}] // no stack again: interrupts are masked
    sysretq

// Copies between the kernel and the program. Where the processor keeps the kernel off a program's
// memory (SMAP) it does not while AC is set. STAC and CLAC change that flag, but only a processor
// with SMAP has them; POPFQ does it on all.
//   rdi  where to
//   rsi  where from
//   rdx  bytes
// Result: rax is 0 if that was done, 1 if it could not be.
    .globl  copy_begin
copy_begin:

    .globl  copy_bytes
copy_bytes:
    pushfq
    or      qword ptr [rsp], {AC}
    popfq
    mov     rcx, rdx
    shr     rcx, 3                  // rcx = words of eight bytes
    rep movsq
    mov     ecx, edx
    and     ecx, 7                  // rcx = bytes that are left
    rep movsb
    xor     eax, eax
    jmp     copy_end

    .globl  copy_fault
copy_fault:
    mov     eax, 1
copy_end:
    pushfq
    and     qword ptr [rsp], ~{AC}
    popfq
    ret
