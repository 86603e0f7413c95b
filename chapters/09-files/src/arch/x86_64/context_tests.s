// Numbers in all registers.

    .section .text.context_tests, "ax"

//   rdi  what to load into rbx, rbp and r12 to r15
//   rsi  where to store them, and how far the stack pointer has moved
//   rdx  what to call
    .globl  call_with_registers
call_with_registers:
    .irp    register, rbx,rbp,r12,r13,r14,r15
    push    \register
    .endr
    push    rsi
    push    rsp                     // its value before this
    sub     rsp, 8                  // a multiple of 16
    .set    place, 0
    .irp    register, rbx,rbp,r12,r13,r14,r15
    mov     \register, [rdi + place]
    .set    place, place + 8
    .endr
    call    rdx
    mov     rsi, [rsp + 16]
    .set    place, 0
    .irp    register, rbx,rbp,r12,r13,r14,r15
    mov     [rsi + place], \register
    .set    place, place + 8
    .endr
    lea     rax, [rsp + 16]
    sub     rax, [rsp + 8]
    mov     [rsi + place], rax
    add     rsp, 24
    .irp    register, r15,r14,r13,r12,rbp,rbx
    pop     \register
    .endr
    ret

//   rdi  what to load into all registers and the flags
//   rsi  where to store them
    .globl  spin_with_registers
spin_with_registers:
    .irp    register, rbx,rbp,r12,r13,r14,r15,rsi
    push    \register
    .endr
    push    [rdi + 8 * 15]
    popfq
    .set    place, 0
    .irp    register, rax,rbx,rcx,rdx,rsi,rbp,r8,r9,r10,r11,r12,r13,r14,r15,rdi
    mov     \register, [rdi + place]
    .set    place, place + 8
    .endr
    .rept   2000
    nop
    .endr
    xchg    rdi, [rsp]              // rdi = where to store; what was in it is on the stack
    .set    place, 0
    .irp    register, rax,rbx,rcx,rdx,rsi,rbp,r8,r9,r10,r11,r12,r13,r14,r15
    mov     [rdi + place], \register
    .set    place, place + 8
    .endr
    pop     [rdi + place]
    pushfq
    pop     [rdi + 8 * 15]
    cld
    .irp    register, r15,r14,r13,r12,rbp,rbx
    pop     \register
    .endr
    ret

// A program that keeps numbers in its registers: rax has the first, rbx one more, and so on; so
// have the vectors; those of the x87 have the first. What it needs to remember is on its stack.
//
//  rsp    0 .. 119   the registers as they were found
//       400          rsp itself
//       408          the first number
//       416          rounds that are left
//       424          how the x87 is to round
//       428          how SSE is to round
//       432          the flags
//       440          a place for a word
//       448          what is in the segments
    .section .rodata.context_tests, "a"
    .balign 16
    .globl  registers_program_begin
registers_program_begin:
    mov     rax, [rsp]
    mov     rcx, [rsp + 8]
    sub     rsp, 512
    mov     [rsp + 400], rsp
    mov     [rsp + 408], rax
    mov     [rsp + 416], rcx
2:
    mov     rax, [rsp + 408]
    fninit
    mov     ecx, eax
    and     ecx, 3
    shl     ecx, 10
    or      ecx, 0x37f
    mov     [rsp + 424], ecx
    fldcw   [rsp + 424]
    .rept   8
    fild    qword ptr [rsp + 408]
    .endr
    mov     ecx, eax
    and     ecx, 3
    shl     ecx, 13
    or      ecx, 0x1f80
    mov     [rsp + 428], ecx
    ldmxcsr [rsp + 428]
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    lea     rcx, [rax + \n]
    movq    xmm\n, rcx
    punpcklqdq xmm\n, xmm\n
    .endr
    mov     ecx, eax
    and     ecx, 1
    imul    ecx, ecx, 0x1b          // the segment of data, or none
    mov     [rsp + 448], ecx
    mov     ds, ecx
    mov     es, ecx
    mov     fs, ecx
    mov     gs, ecx
    mov     ecx, eax
    and     ecx, 0x244cd5           // ID, AC, NT, and all that arithmetic and strings use
    push    rcx
    popfq
    pushfq
    pop     [rsp + 432]
    .set    n, 0
    .irp    register, rax,rbx,rcx,rdx,rsi,rdi,rbp,r8,r9,r10,r11,r12,r13,r14,r15
    lea     \register, [rax + n]
    .set    n, n + 1
    .endr

    .rept   300
    nop
    .endr

    .set    n, 0
    .irp    register, rax,rbx,rcx,rdx,rsi,rdi,rbp,r8,r9,r10,r11,r12,r13,r14,r15
    mov     [rsp + 8 * n], \register
    .set    n, n + 1
    .endr
    pushfq
    pop     rcx
    cmp     rcx, [rsp + 432]
    jne     9f
    cmp     rsp, [rsp + 400]
    jne     9f
    mov     rax, [rsp + 408]        // rax = the first number
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14
    lea     rcx, [rax + \n]
    cmp     rcx, [rsp + 8 * \n]
    jne     9f
    .endr
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    lea     rcx, [rax + \n]
    movq    rdx, xmm\n
    cmp     rcx, rdx
    jne     9f
    punpckhqdq xmm\n, xmm\n
    movq    rdx, xmm\n
    cmp     rcx, rdx
    jne     9f
    .endr
    fnstcw  [rsp + 440]
    mov     cx, [rsp + 440]
    cmp     cx, [rsp + 424]
    jne     9f
    .rept   8
    fistp   qword ptr [rsp + 440]
    cmp     rax, [rsp + 440]
    jne     9f
    .endr
    stmxcsr [rsp + 440]
    mov     ecx, [rsp + 440]
    cmp     ecx, [rsp + 428]
    jne     9f
    .irp    segment, ds,es,fs,gs
    mov     ecx, \segment
    cmp     ecx, [rsp + 448]
    jne     9f
    .endr
    dec     qword ptr [rsp + 416]
    jnz     2b
    mov     eax, 60                 // exit
    xor     edi, edi
    syscall
9:
    ud2
    .globl  registers_program_end
registers_program_end:
    .text
