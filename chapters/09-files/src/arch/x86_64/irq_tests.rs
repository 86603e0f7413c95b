//! What the 8259s promise, the second one too, at which no device of ours is.

use x86_64::instructions::port::Port;

use super::*;
use crate::interrupts::handle;
use crate::timer;

/// OCW3: the next read takes an interrupt, as the processor would.
const POLL: u8 = 0x0c;

/// The line of the clock that runs without power, and the bit of its register B that makes it
/// interrupt again and again.
const CLOCK: u32 = 8;
const PERIODIC: u8 = 1 << 6;

/// The registers A to C of that clock.
const RATE: u8 = 0x0a;
const CONTROL: u8 = 0x0b;
const REASON: u8 = 0x0c;

fn clock(register: u8) -> Port<u8> {
    // SAFETY: privileged; it says which register is meant by the next port.
    unsafe { Port::new(0x70).write(register) };
    Port::new(0x71)
}

/// Makes the clock interrupt a thousand times a second, or not.
fn interrupt_by_clock(has_to: u8) {
    for (register, clear, set) in [(RATE, 0xf, 6), (CONTROL, PERIODIC, has_to), (REASON, 0, 0)] {
        // SAFETY: privileged; it changes how often the clock interrupts, and no memory.
        let value = unsafe { clock(register).read() };
        // SAFETY: as above. (What is written to the last one is ignored.)
        unsafe { clock(register).write(value & !clear | set) };
    }
}

/// Masks all lines of the first 8259 but that of the second one.
fn only_cascade() {
    change_mask(TIMER, |mask, bit| mask | bit);
    mute_input();
}

/// Waits, by the counter, for what the chip has to say, and takes it. The result is its line.
fn poll(chip: &Chip) -> u32 {
    let end = timer::now() + core::time::Duration::from_millis(30);
    while timer::now() < end {}
    chip.command(POLL);
    // SAFETY: privileged; the interrupt that is taken is ended by whoever asks.
    let answer: u8 = unsafe { Port::new(chip.port).read() };
    assert!(answer & 0x80 != 0, "nothing is pending");
    u32::from(answer & 7)
}

ktest::test! {
    /// Lines of the second 8259 come through the first, by their own numbers.
    #[must_die("panic: nobody waits for interrupt 8")]
    fn second_8259_is_heard() {
        unmask_line(CLOCK);
        interrupt_by_clock(PERIODIC);
        timer::sleep_until(timer::now() + core::time::Duration::from_millis(50));
    }

    /// What is spurious does not end what is served.
    fn spurious_interrupt_ends_nothing() {
        let _masked = Masked::new();
        assert_eq!(poll(&FIRST), TIMER);
        handle(interrupt(LAST));
        assert!(FIRST.is_serving(TIMER));
        end_interrupt(TIMER);
        assert!(!FIRST.is_serving(TIMER));
    }

    /// If the second 8259 has nothing to say, the line at which it hangs is ended.
    fn spurious_interrupt_of_the_second_ends_the_cascade() {
        let _masked = Masked::new();
        only_cascade();
        unmask_line(CLOCK);
        interrupt_by_clock(PERIODIC);
        assert_eq!(poll(&FIRST), CASCADE);
        change_mask(CLOCK, |mask, bit| mask | bit);
        interrupt_by_clock(0);
        handle(interrupt(EACH + LAST));
        assert!(!FIRST.is_serving(CASCADE));
        unmask_line(TIMER);
        unmute_input();
    }

    /// What comes through both is ended at both.
    fn both_8259s_are_told_the_end() {
        let _masked = Masked::new();
        only_cascade();
        unmask_line(CLOCK);
        interrupt_by_clock(PERIODIC);
        assert_eq!((poll(&FIRST), EACH + poll(&SECOND)), (CASCADE, CLOCK));
        change_mask(CLOCK, |mask, bit| mask | bit);
        interrupt_by_clock(0);
        end_interrupt(CLOCK);
        assert!(!FIRST.is_serving(CASCADE) && !SECOND.is_serving(CLOCK - EACH));
        unmask_line(TIMER);
        unmute_input();
    }
}
