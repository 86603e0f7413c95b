//! The registers for floating point and vectors, and those of segments that a program may load.
//! They are for programs: the kernel uses none, and no trap saves them.
//!
//! They are those of the x87 and of SSE, which every x86_64 processor has. AVX makes them longer;
//! it stays off (CR4.OSXSAVE is 0), so its instructions are none, and there is nothing longer that
//! one program could leave to the next.
//!
//! Intel SDM vol. 1, "Programming with the x87 FPU", "Programming with Intel SSE" and "FXSAVE and
//! FXRSTOR Instructions"; vol. 3A, "Control Registers".

use core::arch::asm;
use core::mem::offset_of;

use x86_64::VirtAddr as Address;
use x86_64::registers::control::{Cr0, Cr0Flags, Cr4, Cr4Flags};
use x86_64::registers::model_specific::{FsBase, GsBase};

use crate::process::layout::USER_END;
use crate::process::user::BadAddress;

/// Places in [`UserState::bases`].
pub(super) const FS: usize = 0;
pub(super) const GS: usize = 1;

/// What is in the registers that only programs use, as FXRSTOR loads it.
#[derive(Clone, Debug)]
#[repr(C, align(16))]
pub struct UserState {
    /// FCW: how the x87 rounds, and that none of its exceptions traps.
    control: u16,
    /// FSW, FTW, FOP, FIP and FDP: nothing was computed, and no register is in use.
    x87: [u16; 11],
    /// MXCSR: the same for SSE as FCW for the x87; and which of its bits there are, not loaded.
    sse_control: [u32; 2],
    /// The registers themselves, sixteen bytes each: 8 of the x87 and 16 of SSE.
    registers: [[u8; 16]; 24],
    reserved: [u8; 96],
    /// DS, ES, FS and GS. They change no address, but a program can read what it has put there.
    segments: [u16; 4],
    /// What is added to each address in FS and in GS. The first is where a thread of a program
    /// keeps what is its own.
    bases: [u64; 2],
}

// FXSAVE fills what comes before.
const _: () = assert!(offset_of!(UserState, segments) == 512);

/// Lets programs use them.
pub(super) fn enable() {
    let off = Cr0Flags::EMULATE_COPROCESSOR | Cr0Flags::TASK_SWITCHED;
    // An error of the x87 is an exception, and not an interrupt as in the days when it was a chip
    // of its own.
    let on = Cr0Flags::MONITOR_COPROCESSOR | Cr0Flags::NUMERIC_ERROR;
    // SAFETY: the kernel uses no floating point, so nothing of it changes its meaning.
    unsafe { Cr0::write((Cr0::read() | on) - off) };
    let sse = Cr4Flags::OSFXSR | Cr4Flags::OSXMMEXCPT_ENABLE;
    // SAFETY: as above.
    unsafe { Cr4::write(Cr4::read() | sse) };
}

impl UserState {
    /// What a program finds: zero, and the rounding that everybody expects. (System V ABI, AMD64
    /// supplement, "Process Initialization".)
    pub const NEW: Self = Self {
        control: 0x37f,
        x87: [0; 11],
        sse_control: [0x1f80, 0],
        registers: [[0; 16]; 24],
        reserved: [0; 96],
        segments: [0; 4],
        bases: [0; 2],
    };

    /// Loads the registers.
    pub fn load(&self) {
        // SAFETY: nobody in the kernel uses them, and they belong to no program now.
        unsafe {
            asm!(
                // On AMD's processors the other one leaves where the last error was.
            "fninit",
                "fxrstor64 [{}]",
                in(reg) self,
                options(readonly, nostack),
            );
        }
        let [ds, es, fs, gs] = self.segments;
        // SAFETY: a program has loaded them before, or they are none. The kernel needs none of
        // them.
        unsafe {
            asm!(
                "mov ds, {:x}",
                "mov es, {:x}",
                "mov fs, {:x}",
                "mov gs, {:x}",
                in(reg) ds,
                in(reg) es,
                in(reg) fs,
                in(reg) gs,
                options(nostack, preserves_flags),
            );
        }
        // Behind the selectors, since to load one changes the base: to 0, or not at all, if it is
        // the null selector, depending on who made the processor.
        let [fs, gs] = self.bases.map(Address::new_truncate);
        FsBase::write(fs);
        GsBase::write(gs);
    }

    /// What is added to each address in FS, which is 0, or GS, which is 1.
    pub(super) fn base(&self, segment: usize) -> u64 {
        self.bases[segment]
    }

    /// What is added to each address in FS.
    pub fn thread_pointer(&self) -> u64 {
        self.bases[0]
    }

    /// Makes `pointer` what is added to each address in FS, whose selector becomes the null
    /// selector. An address that no program can have is refused, as Linux does: the processor takes
    /// none that is not canonical, and traps.
    pub fn set_thread_pointer(&mut self, pointer: u64) -> Result<(), BadAddress> {
        self.set_base(FS, pointer)
    }

    /// The same for FS, which is 0, or GS, which is 1.
    pub(super) fn set_base(&mut self, segment: usize, base: u64) -> Result<(), BadAddress> {
        if base >= USER_END {
            return Err(BadAddress);
        }
        self.segments[2 + segment] = 0;
        self.bases[segment] = base;
        Ok(())
    }

    /// Saves the registers.
    pub fn save(&mut self) {
        // SAFETY: reading them changes nothing; there is room for all.
        unsafe { asm!("fxsave64 [{}]", in(reg) &raw mut *self, options(nostack)) };
        let (ds, es, fs, gs);
        // SAFETY: as above.
        unsafe {
            asm!(
                "mov {:x}, ds",
                "mov {:x}, es",
                "mov {:x}, fs",
                "mov {:x}, gs",
                out(reg) ds,
                out(reg) es,
                out(reg) fs,
                out(reg) gs,
                options(nomem, nostack, preserves_flags),
            );
        }
        self.segments = [ds, es, fs, gs];
        self.bases = [FsBase::read(), GsBase::read()].map(Address::as_u64);
    }
}
