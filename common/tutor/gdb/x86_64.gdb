# The registers of x86_64, by the names that QEMU gives gdb. (Intel SDM vol. 3A, 2.5.)

# The kernel's assembly is written in this syntax.
set disassembly-flavor intel

define regs
    info registers rip rsp rbp
    info registers rax rbx rcx rdx rsi rdi r8 r9
    info registers eflags efer
    printf "ring %d", $cs & 3
    if $efer & 0x400
        printf ", long mode"
    else
        printf ", not in long mode"
    end
    with language rust -- strata-interrupts
end
document regs
Show the registers that say what the processor is about to do.
`info registers` shows more, `info all-registers` all.
end

# A cast is the only thing that gdb's Rust does with eflags, and C has another for it.
define strata-interrupts
    if ($eflags as u32) & 0x200
        printf ", interrupts on\n"
    else
        printf ", interrupts off\n"
    end
end
document strata-interrupts
(internal) A part of `regs`.
end

define system
    info registers cr0 cr2 cr3 cr4 efer
    info registers cs ss ds es fs gs
end
document system
Show the registers that say how memory and exceptions are set up.
end
