//! The interrupt controller, a GIC: which one it is, and which lines are whose.
//!
//! The devicetree has the controller's version and registers, the timer's lines and the serial
//! port's. A line is written there as a kind (0: shared, SPI; 1: of one processor, PPI) and a
//! number within that kind; the GIC counts PPIs from 16 and SPIs from 32. (Linux, bindings
//! `arm,gic` and `arm,arch_timer`.)
//!
//! Two versions are in use, and they differ in where the processor asks: version 2 has registers in
//! memory for that, version 3 system registers.

use core::arch::asm;
use core::fmt;
use core::ops::Range;

use fdt::Fdt;
use fdt::node::FdtNode;
use spin::Once;

use super::boot::{self, BootError};
use super::{gic_v2, gic_v3};
use crate::config;
use crate::interrupts::{Interrupt, Source};
use crate::memory::address::PhysAddr;
use crate::memory::devices;
use crate::memory::paging::MapError;

/// Numbers from here on are none: nothing is pending any more.
const SPECIAL: u32 = 1020;

/// What is known of the controller.
struct Controller {
    gic: Gic,
    timer: u32,
    serial: u32,
}

enum Gic {
    V2(gic_v2::Gic),
    V3(gic_v3::Gic),
}

static CONTROLLER: Once<Controller> = Once::new();

/// Why there are no interrupts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InterruptError {
    /// There is no devicetree.
    Boot(BootError),
    /// It has no interrupt controller of a kind that this kernel knows.
    NoController,
    /// It does not say which line `of` has.
    NoLine { of: &'static str },
    /// The controller's registers cannot be mapped.
    Map(MapError),
}

impl fmt::Display for InterruptError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Boot(error) => error.fmt(f),
            Self::NoController => write!(f, "the devicetree has no GICv2 and no GICv3"),
            Self::NoLine { of } => write!(f, "the devicetree has no interrupt of the {of}"),
            Self::Map(error) => write!(f, "the controller's registers: {error}"),
        }
    }
}

impl core::error::Error for InterruptError {}

/// Sets up the interrupt controller, with every device's line masked.
///
/// # Safety
///
/// `boot` must be what the loader passed. This must be called once.
pub unsafe fn init_interrupts(boot: usize) -> Result<(), InterruptError> {
    // SAFETY: the caller promises it.
    let devicetree = unsafe { boot::devicetree(boot) }.map_err(InterruptError::Boot)?;
    let timer = timer_line(&devicetree).ok_or(InterruptError::NoLine { of: "timer" })?;
    let serial = serial_line(&devicetree).ok_or(InterruptError::NoLine { of: "serial port" })?;
    let gic = find(&devicetree)?;
    CONTROLLER.call_once(|| Controller { gic, timer, serial });
    Ok(())
}

/// Finds the GIC and makes it work.
fn find(devicetree: &Fdt) -> Result<Gic, InterruptError> {
    const V2: &[&str] = &["arm,cortex-a15-gic", "arm,gic-400", "arm,cortex-a9-gic"];
    if let Some(node) = devicetree.find_compatible(V2) {
        let [distributor, processor] = registers(node)?;
        // SAFETY: the devicetree says whose registers these are, and they are mapped.
        return Ok(Gic::V2(unsafe { gic_v2::Gic::new(distributor.start, processor.start) }));
    }
    let node = devicetree.find_compatible(&["arm,gic-v3"]).ok_or(InterruptError::NoController)?;
    let [distributor, redistributors] = registers(node)?;
    // SAFETY: as above.
    let gic = unsafe { gic_v3::Gic::new(distributor.start, redistributors) };
    gic.map(Gic::V3).ok_or(InterruptError::NoController)
}

/// The first two ranges of registers of `node`, mapped.
fn registers(node: FdtNode) -> Result<[Range<PhysAddr>; 2], InterruptError> {
    let mut ranges = node.reg().into_iter().flatten().map(|region| {
        let start = PhysAddr(region.starting_address as u64);
        start..PhysAddr(start.0.saturating_add(region.size.unwrap_or(0) as u64))
    });
    let mut next = || {
        let range = ranges.next().ok_or(InterruptError::NoController)?;
        devices::map(range.clone()).map_err(InterruptError::Map)?;
        Ok(range)
    };
    Ok([next()?, next()?])
}

/// The line of the virtual timer, the third of the timer's.
fn timer_line(devicetree: &Fdt) -> Option<u32> {
    line(devicetree.find_compatible(&["arm,armv8-timer"])?, 2)
}

/// The line of the serial port that is the console.
fn serial_line(devicetree: &Fdt) -> Option<u32> {
    let is_console = |node: &FdtNode| {
        let mut ranges = node.reg().into_iter().flatten();
        ranges.any(|range| range.starting_address as usize == config::UART)
    };
    line(devicetree.all_nodes().find(is_console)?, 0)
}

/// The line number `index` of `node`: three words each.
fn line(node: FdtNode, index: usize) -> Option<u32> {
    let words = node.property("interrupts")?.value;
    let word = |number: usize| {
        let bytes = words.get(4 * number..)?.first_chunk()?;
        Some(u32::from_be_bytes(*bytes))
    };
    let first = match word(3 * index)? {
        0 => 32,
        1 => 16,
        _ => return None,
    };
    word(3 * index + 1).map(|number| first + number)
}

impl Controller {
    fn enable(&self, line: u32) {
        match &self.gic {
            Gic::V2(gic) => gic.enable(line),
            Gic::V3(gic) => gic.enable(line),
        }
    }

    fn disable(&self, line: u32) {
        match &self.gic {
            Gic::V2(gic) => gic.disable(line),
            Gic::V3(gic) => gic.disable(line),
        }
    }

    fn source(&self, line: u32) -> Source {
        match line {
            SPECIAL.. => Source::Spurious,
            line if line == self.timer => Source::Timer,
            line if line == self.serial => Source::Input,
            _ => Source::Unknown,
        }
    }
}

/// Asks what the interrupt is about. From then on it is active: nothing less urgent comes until it
/// is ended.
pub(super) fn claim() -> Interrupt {
    let Some(controller) = CONTROLLER.get() else {
        return Interrupt { line: SPECIAL, source: Source::Unknown };
    };
    let line = match &controller.gic {
        Gic::V2(gic) => gic.claim(),
        Gic::V3(gic) => gic.claim(),
    };
    Interrupt { line, source: controller.source(line) }
}

/// Ends the interrupt of `line`, which must have been taken.
pub fn end_interrupt(line: u32) {
    match CONTROLLER.get().map(|controller| &controller.gic) {
        Some(Gic::V2(gic)) => gic.end(line),
        Some(Gic::V3(gic)) => gic.end(line),
        None => {}
    }
}

/// Lets the timer be heard.
pub(super) fn unmask_timer() {
    CONTROLLER.get().into_iter().for_each(|controller| controller.enable(controller.timer));
}

/// Listens to the serial port.
pub fn unmute_input() {
    CONTROLLER.get().into_iter().for_each(|controller| controller.enable(controller.serial));
}

/// Does not listen to it.
pub fn mute_input() {
    CONTROLLER.get().into_iter().for_each(|controller| controller.disable(controller.serial));
}

/// There is no other keyboard than the terminal's.
pub fn read_keyboard() -> Option<u8> {
    None
}

/// Masks interrupts, and says whether they were unmasked.
#[inline]
pub fn mask_interrupts() -> bool {
    let daif: u64;
    // SAFETY: privileged; that nothing interrupts harms nobody. (The compiler may move no access to
    // memory across it, since the block does not say `nomem`.)
    unsafe { asm!("mrs {}, DAIF", "msr DAIFSet, #0b0010", out(reg) daif, options(nostack)) };
    daif & 1 << 7 == 0
}

/// Lets interrupts come.
#[inline]
pub fn unmask_interrupts() {
    // SAFETY: privileged; handlers leave all registers as they were.
    unsafe { asm!("msr DAIFClr, #0b0010", options(nostack)) };
}

/// Sleeps until there is an interrupt, and lets it come. Interrupts must be masked, and are so
/// again afterwards: the processor wakes even for one that is masked, so none can come between the
/// caller's last look and the sleep, and be slept through.
pub fn wait_for_interrupt() {
    // SAFETY: privileged; as in `unmask_interrupts`. With the barrier between, what is pending is
    // taken before it is masked again.
    unsafe {
        asm!(
            "dsb sy",
            "wfi",
            "msr DAIFClr, #0b0010",
            "isb",
            "msr DAIFSet, #0b0010",
            options(nostack),
        );
    }
}
