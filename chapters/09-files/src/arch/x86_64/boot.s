// From the loader to `kmain`.
//
// A note in the ELF file names the entry; a PVH loader jumps there in 32-bit mode, so the first
// half is 32-bit code: it maps the low 4 GiB twice and switches to long mode. (Xen,
// docs/misc/pvh.pandoc; Intel SDM vol. 3A, "Initializing IA-32e Mode".)
//
// The image is linked to run in the highest 2 GiB and is loaded low: until the jump to
// `at_high_half` every address is a symbol's less IMAGE_OFFSET.
//
// On entry: 32-bit protected mode with flat segments (ss perhaps not), paging off, interrupts off,
// no stack, ebx physical address of PVH's start information

    .set    IMAGE_OFFSET, {IMAGE_OFFSET}

    .section .note.Xen, "a", @note
    .balign 4
    .long   4                           // bytes of the name
    .long   8                           // bytes of the value
    .long   18                          // XEN_ELFNOTE_PHYS32_ENTRY
    .asciz  "Xen"
    .quad   _start - IMAGE_OFFSET

    .section .text.boot, "ax"
    .code32
    .globl  _start
_start:
    cli
    cld
    lgdt    [low_descriptor_table_pointer - IMAGE_OFFSET]
    mov     eax, 16                     // eax = the data segment
    mov     ds, eax
    mov     es, eax
    mov     ss, eax                     // ss is flat, whatever it was: pushes may begin
    mov     esp, offset __stack_end - IMAGE_OFFSET
    push    0
    popfd                               // no flag is set: the loader promises nothing of most
    mov     esi, ebx                    // esi = start information, from here on
    mov     eax, 0x80000000
    cpuid                               // eax = last leaf of this kind; without any, a small number
    cmp     eax, 0x80000001
    jb      old_processor
    mov     eax, 0x80000001
    cpuid                               // edx = features
    not     edx
    test    edx, {LONG_MODE_AND_NX}
    jnz     old_processor

    xor     eax, eax                    // eax = what to store
    mov     edi, offset __bss_start - IMAGE_OFFSET // edi = where
    mov     ecx, offset __stack_start - IMAGE_OFFSET
    sub     ecx, edi
    shr     ecx, 2                      // ecx = how many words; both are page-aligned
    rep stosd

// Four page directories, each of 512 pages of 2 MiB.
    mov     edi, offset page_directories - IMAGE_OFFSET // edi = entry to fill
    mov     eax, {PAGE}                 // eax = low half of the entry: address and flags
2:  mov     [edi], eax                  // bss is clear: so is the high half
    add     edi, 8
    add     eax, 0x200000
    jnc     2b                          // until the address passes 4 GiB

// One directory pointer table with four entries, in the root twice; and one for the image, whose
// GiB is the first of memory.
    mov     edi, offset pointer_table - IMAGE_OFFSET // edi = entry to fill
    mov     eax, offset page_directories - IMAGE_OFFSET
    or      eax, {TABLE}                // eax = entry
    mov     ecx, 4                      // ecx = entries to go
3:  mov     [edi], eax
    add     edi, 8
    add     eax, 4096
    loop    3b
    mov     eax, offset pointer_table - IMAGE_OFFSET
    or      eax, {TABLE}
    mov     [root_table - IMAGE_OFFSET], eax              // to themselves,
    mov     [root_table - IMAGE_OFFSET + 256 * 8], eax    // and in the direct map
    mov     eax, offset image_pointer_table - IMAGE_OFFSET
    or      eax, {TABLE}
    mov     [root_table - IMAGE_OFFSET + 511 * 8], eax
    mov     eax, offset page_directories - IMAGE_OFFSET
    or      eax, {TABLE}
    mov     [image_pointer_table - IMAGE_OFFSET + 510 * 8], eax

// Long mode takes four steps: extended entries, the root, the mode, paging.
    mov     eax, {CR4}
    mov     cr4, eax
    mov     eax, offset root_table - IMAGE_OFFSET
    mov     cr3, eax
    mov     ecx, {EFER}                 // ecx = number of the register
    xor     edx, edx                    // edx = its high half
    mov     eax, {EFER_VALUE}           // eax = its low half
    wrmsr
    mov     eax, {CR0}
    mov     cr0, eax

// Still 32-bit code, in long mode's compatibility mode, until cs names a 64-bit segment.
    push    8
    mov     eax, offset at_64_bits - IMAGE_OFFSET
    push    eax
    retf                                // pops the new eip and cs

// Without long mode or no-execute pages there is no going on. Say so on COM1, and stop.
old_processor:
    mov     esi, offset complaint - IMAGE_OFFSET // esi = next character
    mov     edx, {COM1}
4:  lodsb                               // al = character
    test    al, al
    jz      5f
    out     dx, al
    jmp     4b
5:  hlt
    jmp     5b

    .code64
at_64_bits:
    xor     eax, eax
    mov     fs, eax
    mov     gs, eax
    movabs  rax, offset at_high_half
    jmp     rax

at_high_half:
    lgdt    [rip + descriptor_table_pointer]
    lea     rsp, [rip + __stack_end]
    xor     ebp, ebp                    // frame pointer: a backtrace ends here
    mov     edi, esi                    // rdi = start information, untouched
    call    {kmain}                     // leaves rsp as a called function expects it
    ud2                                 // `kmain` does not return

    .section .rodata.boot, "a"
    .balign 8
descriptor_table:                       // never written: each is marked as accessed already
    .quad   0                           // 0: none
    .quad   {CODE}                      // 8: 64-bit code
    .quad   {DATA}                      // 16: data
descriptor_table_end:
low_descriptor_table_pointer:
    .word   descriptor_table_end - descriptor_table - 1
    .long   descriptor_table - IMAGE_OFFSET
descriptor_table_pointer:
    .word   descriptor_table_end - descriptor_table - 1
    .quad   descriptor_table
complaint:
    .asciz  "strata: this processor has no long mode, or no no-execute pages\r\n"

    .section .bss.boot, "aw", @nobits
    .balign 4096
root_table:
    .skip   4096
pointer_table:
    .skip   4096
image_pointer_table:
    .skip   4096
page_directories:
    .skip   4 * 4096
