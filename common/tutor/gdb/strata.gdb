# What gdb needs to be good company in a kernel: settings, and a few commands of our own.
#
# `make debug` reads this file; so can any other debugger session, by `source`. `stop-in` and `console`
# are defined by `make debug` itself, which knows the kernel's name and its console's copy. Plain gdb
# commands only, since not every gdb has Python.
#
# Every `document` follows the last `define` of its command: gdb 13 shows freed memory as the help of a
# command that is defined a second time.
#
# gdb evaluates expressions in the language of the code it stands in, and complains where another one
# is set. So what is computed below is valid in C and in Rust. Where that cannot be, a hidden command
# (`strata-…`) is run in one of them, at a time at which gdb does not complain: C before the machine
# runs, Rust from then on.

set pagination off
set confirm off
set breakpoint pending off
set print pretty on
set print asm-demangle on

# Left alone, the machine would run on, and print over the shell's prompt.
define hook-quit
    if $_thread != 0
        kill
    end
end
document hook-quit
(internal) Ends the machine before gdb ends.
end

# gdb's own word for the end is an exit status in octal. Runs at every stop; after the end there is no
# thread any more.
define hook-stop
    if $_thread == 0
        strata-end $_exitcode
    end
end
document hook-stop
(internal) Says how the kernel has ended.
end

define strata-end
    if $arg0 == 33
        printf "The kernel has ended well: its status is 33, which is 041 in octal.\n"
    else
        printf "The kernel has ended with status %d; success is 33.\n", $arg0
    end
end
document strata-end
(internal) A part of what hook-stop says.
end

define strata
    echo \n
    echo \ \ stop-in FUNCTION   stop in a function of the kernel, such as kmain or console::print\n
    echo \ \ here               the place, the calls that led there, the next instructions\n
    echo \ \ regs               the registers that say what the processor is about to do\n
    echo \ \ system             the registers that say how memory and exceptions are set up\n
    echo \ \ bytes ADDRESS [N]  N bytes of memory, in hex and as text\n
    echo \ \ image              where the kernel and its parts lie\n
    echo \ \ console            what the kernel has printed\n
    echo \ \ layout src         the source in a window (Ctrl-X A closes it, Ctrl-L redraws it)\n
    echo \n
    echo \ \ To begin with: stop-in kmain, then continue. (gdb's own `break kmain` finds nothing: it wants\n
    echo \ \ the whole path of a Rust function.)\n
    echo \ \ next, step, stepi, continue, break FILE:LINE, print NAME, backtrace, quit: as ever.\n
    echo \ \ Ctrl-C stops the kernel.\n
    echo \ \ SIGQUIT means that it has died, or has switched the machine off.\n
    echo \ \ `exited with code` or `Remote connection closed` means that it has ended QEMU; `console` shows\n
    echo \ \ its last words, and after quit you read whether it was a success.\n\n
end
document strata
List the commands for kernels. `help NAME` says more about each.
end

define here
    info line *$pc
    backtrace 8
    x/5i $pc
end
document here
Show the place, the calls that led there, and the next instructions.
end

define bytes
    if $argc == 1
        with language rust -- strata-bytes $arg0 64
    else
        with language rust -- strata-bytes $arg0 $arg1
    end
end
document bytes
Show memory in hex and as text.
Usage: bytes ADDRESS [N]
N is 64 if it is not given. ADDRESS is a number, a register such as $sp, or an expression in Rust.
end

define strata-bytes
    set $strata_at = ($arg0) as u64
    set $strata_end = $strata_at + ($arg1)
    while $strata_at < $strata_end
        set $strata_row = $strata_at
        printf "%016lx ", $strata_row
        while $strata_at < $strata_row + 16
            if $strata_at % 2 == $strata_row % 2
                printf " "
            end
            if $strata_at < $strata_end
                printf "%02x", *($strata_at as *const u8)
            else
                printf "  "
            end
            set $strata_at = $strata_at + 1
        end
        printf "  "
        set $strata_at = $strata_row
        while $strata_at < $strata_row + 16 && $strata_at < $strata_end
            set $strata_byte = *($strata_at as *const u8)
            if $strata_byte >= 0x20 && $strata_byte < 0x7f
                printf "%c", $strata_byte
            else
                printf "."
            end
            set $strata_at = $strata_at + 1
        end
        set $strata_at = $strata_row + 16
        printf "\n"
    end
end
document strata-bytes
(internal) A part of `bytes`.
end

define image
    printf "image   "
    strata-range $strata_image_start $strata_image_end
    printf "text    "
    strata-range $strata_image_start $strata_text_end
    printf "rodata  "
    strata-range $strata_rodata_start $strata_rodata_end
    printf "data    "
    strata-range $strata_data_start $strata_data_end
    printf "bss     "
    strata-range $strata_bss_start $strata_image_end
    printf "stack grows down from %#lx, sp is %#lx\n", $strata_stack_end, $sp
end
document image
Show where the kernel and its parts lie, as its linker script says.
end

define strata-range
    printf "%#lx..%#lx %6ld bytes\n", $arg0, $arg1, $arg1 - $arg0
end
document strata-range
(internal) A part of `image`.
end

define strata-learn
    set $strata_image_start = (long) &__image_start
    set $strata_image_end = (long) &__image_end
    set $strata_text_end = (long) &__text_end
    set $strata_rodata_start = (long) &__rodata_start
    set $strata_rodata_end = (long) &__rodata_end
    set $strata_data_start = (long) &__data_start
    set $strata_data_end = (long) &__data_end
    set $strata_bss_start = (long) &__bss_start
    set $strata_stack_end = (long) &__stack_end
end
document strata-learn
(internal) Reads what the linker script says, before a program runs.
end
