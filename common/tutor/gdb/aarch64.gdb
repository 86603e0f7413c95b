# The registers of aarch64, by the names that QEMU gives gdb. (Arm ARM DDI 0487, C5.2 and D24.2.)

define regs
    info registers pc sp x29 x30
    info registers x0 x1 x2 x3 x4 x5 x6 x7
    set $strata_level = ($cpsr >> 2) & 3
    printf "EL%d, sp is SP_EL%d; masked:", $strata_level, ($cpsr & 1) * $strata_level
    if $cpsr & 0x200
        printf " debug"
    end
    if $cpsr & 0x100
        printf " SError"
    end
    if $cpsr & 0x80
        printf " IRQ"
    end
    if $cpsr & 0x40
        printf " FIQ"
    end
    printf "\n"
end

document regs
Show the registers that say what the processor is about to do.
`info registers` shows more, `info all-registers` all.
end

define system
    info registers SCTLR TTBR0_EL1 TTBR1_EL1 TCR_EL1 VBAR
    set $strata_mmu = $SCTLR & 1
    set $strata_data = ($SCTLR >> 2) & 1
    set $strata_code = ($SCTLR >> 12) & 1
    printf "MMU %d, data cache %d, instruction cache %d\n", $strata_mmu, $strata_data, $strata_code
    info registers ESR_EL1 FAR_EL1 ELR_EL1 SPSR_EL1
    printf "last exception: class %#x\n", ($ESR_EL1 >> 26) & 0x3f
end
document system
Show the registers that say how memory and exceptions are set up.
`info registers system` shows all of their kind.
end
