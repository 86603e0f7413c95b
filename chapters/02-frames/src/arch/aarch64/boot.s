// From the loader to `kmain`.
//
// The image starts with the 64 bytes that mark an arm64 Linux `Image`, so every loader that boots
// Linux boots this kernel, and passes the devicetree. (Linux,
// Documentation/arch/arm64/booting.rst.)
//
// On entry: MMU off, interrupts masked, EL2 or EL1, no stack,
//   x0   physical address of the devicetree
//   x1, x2, x3   zero

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
    ldr     x2, =__image_start      // x2 = where it was linked to lie
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
    adrp    x1, __bss_start         // x1 = next byte to clear; these symbols are page-aligned
    adrp    x2, __stack_start       // x2 = end of what must be clear
2:  stp     xzr, xzr, [x1], #16
    cmp     x1, x2
    b.lo    2b

    adrp    x1, __stack_end
    mov     sp, x1
    mov     x29, xzr                // frame pointer: a backtrace ends here
    mov     x30, xzr                // link register: so does a return
    b       {kmain}                 // x0 = devicetree, untouched

// Loaded to a wrong address, or entered at EL3: nothing can be said without a stack and a console.
stop:
    wfe
    b       stop
