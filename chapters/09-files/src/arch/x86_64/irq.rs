//! The interrupt controller of the PC: a pair of 8259s.
//!
//! Each has eight lines. The first has the processor's attention, the second hangs at line 2 of the
//! first, which makes 15 lines for devices. They are *edge-triggered*: a device is heard when its
//! line rises, and not again before it was let go.
//!
//! ```text
//!  timer ──── 0 ┐                 8 ─┐
//!  keyboard ─ 1 │                 9  │
//!             2 ┼─< second 8259 ─< . │
//!             3 │                 .  │
//!  COM1 ───── 4 │                15 ─┘
//!             . │
//!             7 ┘ ───> processor
//! ```
//!
//! After power-on the lines of the first come as vectors 8 to 15, which are exceptions to a
//! processor in protected mode. So first of all they are moved to 32 and up.
//!
//! Newer PCs have more able controllers, too: an I/O APIC, in which every line is masked after a
//! reset, and a local APIC in each processor (`apic.rs`). One processor with three devices can do
//! without.
//!
//! Intel 8259A data sheet.

use core::arch::asm;
use core::fmt;

use x86_64::instructions::port::{Port, PortWriteOnly};

use super::trap::LINES;
use super::{apic, keyboard};
use crate::interrupts::{Interrupt, Masked, Source};
use crate::memory::paging::MapError;

/// The line of the 8254's channel 0.
pub(super) const TIMER: u32 = 0;

/// The line of the keyboard.
const KEYBOARD: u32 = 1;

/// The line at which the second 8259 hangs.
const CASCADE: u32 = 2;

/// The line of the first serial port.
const COM1: u32 = 4;

/// The lowest line of each 8259, by which it speaks when it has nothing to say.
const LAST: u32 = 7;

/// How many lines an 8259 has.
const EACH: u32 = 8;

/// Why there are no interrupts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InterruptError {
    /// No 8259 answers at `port`.
    NoController { port: u16 },
    /// The local APIC's registers cannot be mapped.
    Map(MapError),
}

impl fmt::Display for InterruptError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoController { port } => write!(f, "no 8259 answers at port {port:#x}"),
            Self::Map(error) => write!(f, "the local APIC's registers: {error}"),
        }
    }
}

impl core::error::Error for InterruptError {}

/// Sets up the interrupt controller, with every device's line masked, and the keyboard.
///
/// # Safety
///
/// Traps must be handled. This must be called once.
pub unsafe fn init_interrupts(_boot: usize) -> Result<(), InterruptError> {
    let start = LINES.start as u8;
    FIRST.init(start, 1 << CASCADE)?;
    // The second is told by number, not by a bit, where it hangs.
    SECOND.init(start + EACH as u8, CASCADE as u8)?;
    unmask_line(CASCADE);
    apic::pass_on_8259().map_err(InterruptError::Map)?;
    keyboard::init_keyboard();
    Ok(())
}

/// What the interrupt on `line` is about.
///
/// An 8259 that has nothing to say when the processor asks, since the line was let go, says its
/// last line; but then it has not begun to serve it. The first never notices when it is the second
/// that did so: there the line of the cascade was served, and must be ended.
pub(super) fn interrupt(line: u32) -> Interrupt {
    let source = match line {
        _ if line % EACH == LAST && !chip(line).is_serving(LAST) => {
            if line >= EACH {
                FIRST.command(END);
            }
            Source::Spurious
        }
        TIMER => Source::Timer,
        KEYBOARD | COM1 => Source::Input,
        _ => Source::Unknown,
    };
    Interrupt { line, source }
}

/// Tells the controller that the interrupt on `line` was dealt with.
///
/// The second 8259 before the first: it asks by a line of the first, and may have more to say. Were
/// the first free while the second still serves the old one, only what is more urgent than that
/// could come through.
pub fn end_interrupt(line: u32) {
    if line >= EACH {
        SECOND.command(END);
    }
    FIRST.command(END);
}

/// Masks interrupts on this processor. Says whether they were unmasked.
pub fn mask_interrupts() -> bool {
    /// Interrupts are unmasked (IF).
    const INTERRUPT_FLAG: u64 = 1 << 9;
    let flags: u64;
    // SAFETY: being disturbed less does no harm. (It is not `nomem`: the compiler must not move an
    // access to what a handler changes up to before it.)
    unsafe { asm!("pushfq", "pop {}", "cli", out(reg) flags, options(preserves_flags)) };
    flags & INTERRUPT_FLAG != 0
}

/// Unmasks interrupts on this processor.
pub fn unmask_interrupts() {
    // SAFETY: whoever must not be disturbed holds a `Masked`. (It is not `nomem`, either: accesses
    // before it must be done when a handler runs.)
    unsafe { asm!("sti", options(nostack, preserves_flags)) };
}

/// Sleeps until there was an interrupt. They must be masked, and are again afterwards.
pub fn wait_for_interrupt() {
    // `sti` takes effect one instruction late. So nothing comes in before `hlt` has begun, which
    // then is woken: an interrupt between the two would be slept through.
    // SAFETY: the caller expects to be interrupted here. (It is not `nomem`: handlers change what
    // the caller looks at.)
    unsafe { asm!("sti", "hlt", "cli", options(nostack, preserves_flags)) };
}

/// Lets the devices that somebody types on be heard.
pub fn unmute_input() {
    unmask_line(KEYBOARD);
    unmask_line(COM1);
}

/// Turns a deaf ear to the devices that somebody types on.
pub fn mute_input() {
    change_mask(KEYBOARD, |mask, bit| mask | bit);
    change_mask(COM1, |mask, bit| mask | bit);
}

/// Lets `line` be heard.
pub(super) fn unmask_line(line: u32) {
    change_mask(line, |mask, bit| mask & !bit);
}

fn change_mask(line: u32, change: impl FnOnce(u8, u8) -> u8) {
    // Whoever interrupts may change the mask, too.
    let _masked = Masked::new();
    let chip = chip(line);
    chip.set_mask(change(chip.mask(), 1 << (line % EACH)));
}

/// The 8259 that has `line`.
fn chip(line: u32) -> &'static Chip {
    if line < EACH { &FIRST } else { &SECOND }
}

/// An 8259.
struct Chip {
    /// Its first port, for commands; the mask is behind the second.
    port: u16,
}

static FIRST: Chip = Chip { port: 0x20 };
static SECOND: Chip = Chip { port: 0xa0 };

/// ICW1: the first of four bytes that set it up. Edge-triggered, and there are two.
const INIT: u8 = 0x11;

/// ICW4: it is for an 8086, which is told a vector.
const FOR_8086: u8 = 0x01;

/// OCW2: the interrupt that is served has ended.
const END: u8 = 0x20;

/// OCW3: what is read next is the lines that are served (ISR).
const READ_SERVED: u8 = 0x0b;

impl Chip {
    /// Sets it up with all lines masked. Its lines come as vectors from `start` on; `cascade` is
    /// ICW3, which says where the other one is.
    fn init(&self, start: u8, cascade: u8) -> Result<(), InterruptError> {
        self.command(INIT);
        for word in [start, cascade, FOR_8086] {
            self.set_mask(word);
        }
        // What reads back is a mask, not an empty bus: that has all bits set, or none.
        self.set_mask(0xa5);
        let is_there = self.mask() == 0xa5;
        self.set_mask(0xff);
        if is_there { Ok(()) } else { Err(InterruptError::NoController { port: self.port }) }
    }

    /// Whether `line` of its own eight has been passed on and not ended.
    fn is_serving(&self, line: u32) -> bool {
        self.command(READ_SERVED);
        // SAFETY: privileged; reading which lines are served changes nothing.
        let served: u8 = unsafe { Port::new(self.port).read() };
        served & 1 << line != 0
    }

    fn command(&self, command: u8) {
        // SAFETY: privileged; an 8259 touches no memory.
        unsafe { Port::new(self.port).write(command) };
        pause();
    }

    fn mask(&self) -> u8 {
        // SAFETY: privileged; reading the mask changes nothing.
        unsafe { Port::new(self.port + 1).read() }
    }

    fn set_mask(&self, mask: u8) {
        // SAFETY: privileged; an 8259 touches no memory.
        unsafe { Port::new(self.port + 1).write(mask) };
        pause();
    }
}

/// Gives an 8259 time for what it was told: old ones are slower than the processor. A write to the
/// port where firmware shows how far it has come takes about a microsecond.
fn pause() {
    // SAFETY: privileged; nothing is done with what is written there.
    unsafe { PortWriteOnly::new(0x80).write(0_u8) };
}

#[cfg(feature = "ktest")]
#[path = "irq_tests.rs"]
mod tests;
