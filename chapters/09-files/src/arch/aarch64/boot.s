// From the loader to `kmain`.
//
// The image starts with the 64 bytes that mark an arm64 Linux `Image`, so every loader that boots
// Linux boots this kernel, and passes the devicetree. (Linux,
// Documentation/arch/arm64/booting.rst.)
//
// The image is linked to run in the highest 2 GiB and is loaded low. Addresses relative to the
// program counter are right in both places.
//
// On entry: MMU off, interrupts masked, EL2 or EL1, no stack,
//   x0   physical address of the devicetree
//   x1, x2, x3   zero

    .set    IMAGE_OFFSET, {IMAGE_OFFSET}

    .section .text.boot, "ax"

    b       _start                  // code0: where the loader jumps to
    .long   0                       // code1
    .quad   0                       // text_offset: from a 2 MiB boundary to the image
    .quad   __image_size            // image_size, bss and stack included
    .quad   0b0010                  // flags: little-endian, 4 KiB pages, as low in RAM as can be
    .quad   0, 0, 0                 // reserved
    .ascii  "ARM\x64"               // magic
    .long   0                       // no PE header

    .globl  _start
_start:
    msr     DAIFSet, #0b1111        // no exception that can be masked
    adrp    x1, __image_start       // x1 = where the image lies
    ldr     x2, =__image_start - IMAGE_OFFSET   // x2 = where it should lie
    cmp     x1, x2
    b.ne    stop
    mrs     x1, CurrentEL           // x1 = exception level, in bits 3:2
    cmp     x1, #{EL1}
    b.eq    at_el1
    cmp     x1, #{EL2}
    b.ne    stop

// Leave EL2 for EL1: say what EL1 is to find, then "return" to it.
    mov     x1, #{HCR_RW}
    msr     HCR_EL2, x1             // EL1 is AArch64, and nothing of it traps to EL2
    isb                             // the registers below have their plain meaning from here on
    mov     x1, #{CNTHCTL_EL1}
    msr     CNTHCTL_EL2, x1         // EL1 may use the counter and the physical timer
    msr     CNTVOFF_EL2, xzr        // virtual time is physical time
    mov     x1, #{CPTR_RES1}
    msr     CPTR_EL2, x1            // floating point does not trap
    msr     HSTR_EL2, xzr           // nor do system registers of AArch32
    mov     x2, xzr                 // x2 = number of event counters
    mrs     x1, ID_AA64DFR0_EL1
    ubfx    x1, x1, #8, #4          // x1 = version of the registers that count events
    cbz     x1, 1f                  // none,
    cmp     x1, #0b1111
    b.eq    1f                      // or not those of the architecture
    mrs     x2, PMCR_EL0
    ubfx    x2, x2, #11, #5
1:  msr     MDCR_EL2, x2            // all of them are EL1's
    mrs     x1, ID_AA64PFR0_EL1
    ubfx    x1, x1, #24, #4         // x1 = version of the system registers of the GIC, if any
    cbz     x1, 1f
    mrs     x1, ICC_SRE_EL2
    orr     x1, x1, #{SRE}
    orr     x1, x1, #{SRE_ENABLE}
    msr     ICC_SRE_EL2, x1         // EL1 may use them
1:  mrs     x1, MIDR_EL1
    msr     VPIDR_EL2, x1           // EL1 sees the real processor's name
    mrs     x1, MPIDR_EL1
    msr     VMPIDR_EL2, x1          // and its real number
    ldr     x1, ={SCTLR_OFF}
    msr     SCTLR_EL1, x1           // EL1 begins with its MMU off
    mov     x1, #{SPSR_EL1H}
    msr     SPSR_EL2, x1            // with its own stack pointer, and all masked
    adr     x1, at_el1
    msr     ELR_EL2, x1
    eret

at_el1:
    ldr     x1, ={SCTLR_OFF}
    msr     SCTLR_EL1, x1           // MMU and caches off, little-endian, sp is checked
    isb
    msr     SPSel, #1               // sp is SP_EL1

// What caches hold of this memory from before must not come back over what is written now.
    adrp    x2, __bss_start         // x2 = next line to drop
    adrp    x3, __image_end         // x3 = end
3:  dc      ivac, x2
    add     x2, x2, #16             // the least that a line can be
    cmp     x2, x3
    b.lo    3b
    dsb     sy

    adrp    x1, __bss_start         // x1 = next byte to clear; these symbols are page-aligned
    adrp    x2, __stack_start       // x2 = end of what must be clear
2:  stp     xzr, xzr, [x1], #16
    cmp     x1, x2
    b.lo    2b

// Tables for the way to the higher half. As long as the MMU is off the processor looks for them in
// memory and not in caches.
    adrp    x1, root_table          // x1 = root
    adrp    x2, pointer_table       // x2 = next table
    orr     x3, x2, #{TABLE}
    str     x3, [x1]                // the low 4 GiB to themselves,
    str     x3, [x1, #256 * 8]      // and in the direct map
    ldr     x3, ={DEVICE}           // x3 = entry: address and attributes
    str     x3, [x2]                // the first GiB is devices
    ldr     x3, ={MEMORY}
    mov     x4, #0x40000000         // x4 = 1 GiB
    add     x3, x3, x4
    str     x3, [x2, #1 * 8]        // the others are memory
    adrp    x5, image_pointer_table
    str     x3, [x5, #510 * 8]      // and the image's is the first of those
    add     x3, x3, x4
    str     x3, [x2, #2 * 8]
    add     x3, x3, x4
    str     x3, [x2, #3 * 8]
    orr     x3, x5, #{TABLE}
    str     x3, [x1, #511 * 8]
    dsb     sy
    adrp    x2, __bss_start         // x2 = next line to drop: some may have been fetched since
    adrp    x3, __image_end         // x3 = end
4:  dc      ivac, x2
    add     x2, x2, #16
    cmp     x2, x3
    b.lo    4b

    ldr     x2, ={MAIR}
    msr     MAIR_EL1, x2            // what the attributes 0 and 1 stand for
    ldr     x2, ={TCR}
    mrs     x3, ID_AA64MMFR0_EL1
    bfi     x2, x3, #32, #3         // as many physical address bits as there are
    msr     TCR_EL1, x2             // two halves of 47 bits, pages of 4 KiB
    msr     TTBR0_EL1, x1           // the lower half of the root
    add     x1, x1, #256 * 8
    msr     TTBR1_EL1, x1           // the upper half
    dsb     sy
    tlbi    vmalle1
    ic      iallu
    dsb     nsh
    isb                             // all of that before the MMU looks at it
    ldr     x2, ={SCTLR_ON}
    msr     SCTLR_EL1, x2
    isb                             // from here on addresses are translated
    ldr     x2, =at_high_half
    br      x2

at_high_half:
    ldr     x1, =__stack_end
    mov     sp, x1
    mov     x29, xzr                // frame pointer: a backtrace ends here
    mov     x30, xzr                // link register: so does a return
    b       {kmain}                 // x0 = devicetree, untouched

// Loaded to a wrong address, or entered at EL3: nothing can be said without a stack and a console.
stop:
    wfe
    b       stop

    .section .bss.boot, "aw", @nobits
    .balign 4096
root_table:
    .skip   4096
pointer_table:
    .skip   4096
image_pointer_table:
    .skip   4096
