// Programs that look at their registers.

    .section .rodata.register_tests, "a"
    .balign 16

//  rsp    0   a word, to which FS leads as well
//         8   how often to yield
    .globl  pointer_program_begin
pointer_program_begin:
    mov     rbx, [rsp + 8]
    test    rbx, rbx
    jz      3f
2:
    mov     eax, 24                 // sched_yield
    syscall
    mov     rax, fs:[0]
    cmp     rax, [rsp]
    jne     9f
    dec     rbx
    jnz     2b
3:
    mov     eax, 60                 // exit
    xor     edi, edi
    syscall
9:
    ud2
    .globl  pointer_program_end
pointer_program_end:

// What is kept: rbx has the first number, r15 the one that is 10 more; so have the vectors; the
// rest depends on it.
//
//  rsp    0 .. 79    the registers as they were found
//        128         the first number
//        136         the flags
//        144         how SSE is to round
//        148         the same, as it was found
    .globl  twin_program_begin
twin_program_begin:
    mov     rbx, [rsp]
    sub     rsp, 2048
    mov     [rsp + 128], rbx
    mov     [rsp + 1024 + 128], rbx
    mov     ecx, ebx
    and     ecx, 3
    shl     ecx, 13
    or      ecx, 0x1f80
    mov     [rsp + 144], ecx
    mov     [rsp + 1024 + 144], ecx
    ldmxcsr [rsp + 144]
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    lea     rcx, [rbx + \n]
    movq    xmm\n, rcx
    .endr
    mov     ecx, 0x1b               // a segment of data
    mov     ds, ecx
    mov     gs, ecx
    mov     ecx, ebx
    and     ecx, 0x244cd5           // ID, AC, NT, and all that arithmetic and strings use
    or      ecx, 0x202
    mov     [rsp + 136], rcx
    mov     [rsp + 1024 + 136], rcx
    push    rcx
    popfq
    .set    n, 1
    .irp    register, rdx,rsi,rdi,rbp,r8,r9,r10,r12,r13,r14,r15
    lea     \register, [rbx + n]
    .set    n, n + 1
    .endr
    mov     eax, {TWIN}
    syscall
4:  lea     rsp, [rsp + rax]        // no flag changes
    .set    n, 0
    .irp    register, rbx,rdx,rsi,rdi,rbp,r8,r9,r10,r12,r13,r14,r15
    mov     [rsp + 8 * n], \register
    .set    n, n + 1
    .endr
    pushfq
    pop     rax
    cld
    cmp     rax, [rsp + 136]
    jne     9f
    cmp     r11, rax
    jne     9f
    lea     rax, [rip + 4b]
    cmp     rcx, rax
    jne     9f
    mov     rax, [rsp + 128]        // rax = the first number
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11
    lea     rcx, [rax + \n]
    cmp     rcx, [rsp + 8 * \n]
    jne     9f
    .endr
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    lea     rcx, [rax + \n]
    movq    rdx, xmm\n
    cmp     rcx, rdx
    jne     9f
    .endr
    stmxcsr [rsp + 148]
    mov     ecx, [rsp + 148]
    cmp     ecx, [rsp + 144]
    jne     9f
    mov     ecx, ds
    cmp     ecx, 0x1b
    jne     9f
    mov     ecx, gs
    cmp     ecx, 0x1b
    jne     9f
    mov     ecx, es
    cmp     ecx, 0
    jne     9f
    mov     eax, 60                 // exit
    xor     edi, edi
    syscall
9:
    ud2
    .globl  twin_program_end
twin_program_end:
    .text
