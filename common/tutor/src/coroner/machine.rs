//! The machine as QEMU's monitor shows it: registers, memory, and what lies at an address.
//!
//! Every answer may fail to come, since QEMU may be gone; then the report says less. A processor
//! that runs keeps its registers in the host's, so it is stopped before they are read.

use super::exception::Arch;

/// QEMU's human monitor.
pub trait Monitor {
    /// What QEMU answers to `command`; `None` when it is gone.
    fn ask(&mut self, command: &str) -> Option<String>;
}

/// The registers that matter here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Registers {
    /// The instruction to be executed next.
    pub pc: u64,
    /// The stack pointer.
    pub stack: u64,
    /// The frame pointer.
    pub frame: u64,
    /// On aarch64 the link register: where the last call returns to.
    pub link: Option<u64>,
    /// Whether no interrupt can come through.
    pub is_masked: bool,
    /// Whether the processor waits for an interrupt, where QEMU says so.
    pub is_halted: Option<bool>,
    /// Whether a program runs, and not the kernel.
    pub is_user: bool,
}

/// What lies at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Memory; QEMU's name for it.
    Memory(String),
    /// A device.
    Device,
    /// An address that the page tables have, with nothing behind it.
    Nothing,
    /// An address that the page tables do not have.
    Unmapped,
    /// QEMU does not say.
    Unknown,
}

/// The machine.
pub(super) struct Machine<'a> {
    arch: Arch,
    monitor: &'a mut dyn Monitor,
}

impl<'a> Machine<'a> {
    /// Looks at a machine of architecture `arch` through `monitor`.
    pub fn new(arch: Arch, monitor: &'a mut dyn Monitor) -> Self {
        Self { arch, monitor }
    }

    /// Stops the processors.
    pub fn stop(&mut self) {
        self.monitor.ask("stop");
    }

    /// Lets them run on.
    pub fn go_on(&mut self) {
        self.monitor.ask("cont");
    }

    /// The registers of the first processor.
    pub fn registers(&mut self) -> Option<Registers> {
        registers(self.arch, &self.monitor.ask("info registers")?)
    }

    /// The aligned pair of words at virtual address `address`: a frame record, say.
    pub fn pair(&mut self, address: u64) -> Option<(u64, u64)> {
        let words = self.memory("/2gx", address)?;
        Some((*words.first()?, *words.get(1)?))
    }

    /// The word at virtual address `address`.
    pub fn word(&mut self, address: u64) -> Option<u64> {
        self.memory("/1gx", address)?.first().copied()
    }

    /// The `count` bytes at virtual address `address`.
    pub fn bytes(&mut self, address: u64, count: usize) -> Option<Vec<u8>> {
        let words = self.memory(&format!("/{count}xb"), address)?;
        words.into_iter().map(|byte| u8::try_from(byte).ok()).collect()
    }

    /// What lies at virtual address `address`.
    pub fn place(&mut self, address: u64) -> Place {
        let place = self.try_place(address);
        place.unwrap_or(Place::Unknown)
    }

    fn try_place(&mut self, address: u64) -> Option<Place> {
        let answer = self.monitor.ask(&format!("gva2gpa {address:#x}"))?;
        if answer.contains("Unmapped") {
            return Some(Place::Unmapped);
        }
        self.try_physical_place(physical_address(&answer)?)
    }

    /// What lies at physical address `address`.
    pub fn physical_place(&mut self, address: u64) -> Place {
        self.try_physical_place(address).unwrap_or(Place::Unknown)
    }

    fn try_physical_place(&mut self, address: u64) -> Option<Place> {
        let answer = self.monitor.ask(&format!("gpa2hva {address:#x}"))?;
        Some(if answer.contains("No memory is mapped") {
            Place::Nothing
        } else if answer.contains("is not RAM") {
            Place::Device
        } else {
            let name = answer.split_once('(')?.1.split_once(')')?.0;
            Place::Memory(name.to_string())
        })
    }

    /// Where the memory ends that lies below physical address `address`.
    pub fn end_of_memory_below(&mut self, address: u64) -> Option<u64> {
        let tree = self.monitor.ask("info mtree -f")?;
        let ends = tree.lines().filter_map(end_of_memory);
        ends.filter(|end| *end <= address).max()
    }

    /// The numbers at virtual address `address`.
    ///
    /// Where no page maps it, as when a stray write has hit the page tables themselves, it is taken
    /// for a physical address: an early kernel knows no difference.
    fn memory(&mut self, format: &str, address: u64) -> Option<Vec<u64>> {
        let virtually = self.dump(&format!("x {format} {address:#x}"));
        virtually.or_else(|| self.dump(&format!("xp {format} {address:#x}")))
    }

    /// The numbers that a memory dump consists of; `None` if there are none.
    fn dump(&mut self, command: &str) -> Option<Vec<u64>> {
        let answer = self.monitor.ask(command)?;
        let words =
            answer.lines().filter_map(|line| line.split_once(": ")).flat_map(|(_, words)| {
                words
                    .split_whitespace()
                    .map(|word| u64::from_str_radix(word.strip_prefix("0x")?, 16).ok())
            });
        words.collect::<Option<Vec<u64>>>().filter(|words| !words.is_empty())
    }

    /// The instruction at which the processor waits for an interrupt, if it does.
    ///
    /// A processor that waits has moved on to what comes after that instruction, or stands on it.
    pub fn waiting_at(&mut self, registers: &Registers) -> Option<u64> {
        const WFI: [u8; 4] = 0xd503_207f_u32.to_le_bytes();
        const HLT: [u8; 1] = [0xf4];
        let (pc, wait): (u64, &[u8]) = match registers.is_halted {
            Some(false) => return None,
            Some(true) => (registers.pc, &HLT),
            None => (registers.pc, &WFI),
        };
        let places = [pc.wrapping_sub(wait.len() as u64), pc];
        let found =
            places.into_iter().find(|at| self.bytes(*at, wait.len()).as_deref() == Some(wait));
        found.or(registers.is_halted.map(|_| pc))
    }

    /// Whether the interrupt controller of aarch64 is switched off, so that nothing ends a `wfi`.
    ///
    /// Masked interrupts still end one, and a kernel that idles does well to mask them. A GICv2 and
    /// a GICv3 have the same register at the same place, in which each group of interrupts has its
    /// switch; a GICv3 has other bits there that are always set. (Arm IHI 0048 and IHI 0069,
    /// GICD_CTLR.)
    fn is_interrupt_controller_off(&mut self) -> bool {
        const GROUPS: u64 = 0b111;
        let tree = self.monitor.ask("info mtree").unwrap_or_default();
        let Some(line) = tree.lines().find(|line| line.trim_end().ends_with("_dist")) else {
            return false;
        };
        let base = line.trim().split('-').next().unwrap_or_default();
        let control = self.dump(&format!("xp /1wx 0x{base}"));
        control.is_some_and(|words| matches!(words[..], [control] if control & GROUPS == 0))
    }
}

/// Whether the machine sleeps and nothing can wake it: all processors are halted, and interrupts
/// are masked or cannot arise.
///
/// Of an aarch64 machine with several processors this is never said: QEMU does not tell which of
/// them are switched on.
pub fn is_asleep(monitor: &mut dyn Monitor, arch: &str) -> bool {
    let arch = Arch::named(arch);
    let Some((first, registers)) = all_registers(monitor, arch) else { return false };
    let is_off = match (arch, registers.as_slice()) {
        (Arch::X86_64, all) => all.iter().all(|one| one.is_masked && one.is_halted == Some(true)),
        (Arch::Aarch64, [one]) => {
            let mut machine = Machine::new(arch, monitor);
            one.is_masked
                && machine.waiting_at(one).is_some()
                && machine.is_interrupt_controller_off()
        }
        _ => false,
    };
    // One that runs would have moved on by now.
    is_off && monitor.ask("info registers -a").is_some_and(|second| second == first)
}

/// What all registers are, if the machine waits for an interrupt. A few instructions may lie
/// between two such looks, or years; who finds the same twice knows that it is back in the same
/// place.
///
/// Of an aarch64 machine with several processors this is never said, as in [`is_asleep`].
pub fn waits(monitor: &mut dyn Monitor, arch: &str) -> Option<String> {
    let arch = Arch::named(arch);
    let (text, registers) = all_registers(monitor, arch)?;
    let does_wait = match (arch, registers.as_slice()) {
        (Arch::X86_64, all) => all.iter().all(|one| one.is_halted == Some(true)),
        (Arch::Aarch64, [one]) => Machine::new(arch, monitor).waiting_at(one).is_some(),
        _ => false,
    };
    does_wait.then_some(text)
}

/// The registers of all processors, as QEMU shows them and read.
fn all_registers(monitor: &mut dyn Monitor, arch: Arch) -> Option<(String, Vec<Registers>)> {
    let text = monitor.ask("info registers -a")?;
    let processors = text.split("CPU#").skip(1);
    let read: Option<Vec<_>> = processors.map(|text| registers(arch, text)).collect();
    let read = read.filter(|read| !read.is_empty())?;
    Some((text, read))
}

/// The address in QEMU's answer to a `gva2gpa`. It writes `0x` before all numbers but zero.
pub fn physical_address(answer: &str) -> Option<u64> {
    let number = answer.trim().strip_prefix("gpa: ")?;
    u64::from_str_radix(number.strip_prefix("0x").unwrap_or(number), 16).ok()
}

/// Reads a line like `  0000000000100000-0000000007ffffff (prio 0, ram): pc.ram @0000000000100000`.
fn end_of_memory(line: &str) -> Option<u64> {
    let (range, name) = line.split_once(" (prio 0, ram): ")?;
    let last = u64::from_str_radix(range.split_once('-')?.1, 16).ok()?;
    let name = name.split_whitespace().next()?;
    name.ends_with(".ram").then(|| last.wrapping_add(1))
}

/// Reads what `info registers` says of one processor.
fn registers(arch: Arch, text: &str) -> Option<Registers> {
    let value = |names: &[&str]| {
        let of = |name: &&str| {
            text.split_whitespace().find_map(|word| {
                u64::from_str_radix(word.strip_prefix(*name)?.strip_prefix('=')?, 16).ok()
            })
        };
        names.iter().find_map(of)
    };
    /// The interrupt mask in PSTATE, and the interrupt flag in RFLAGS.
    const PSTATE_I: u64 = 1 << 7;
    const RFLAGS_IF: u64 = 1 << 9;
    /// The exception level in PSTATE, and the privilege level of programs.
    const PSTATE_EL: u64 = 0b1100;
    const RING: u64 = 3;
    Some(match arch {
        Arch::Aarch64 => Registers {
            pc: value(&["PC"])?,
            stack: value(&["SP"])?,
            frame: value(&["X29"])?,
            link: value(&["X30"]),
            is_masked: value(&["PSTATE"])? & PSTATE_I != 0,
            is_halted: None,
            is_user: value(&["PSTATE"])? & PSTATE_EL == 0,
        },
        Arch::X86_64 => Registers {
            pc: value(&["RIP", "EIP"])?,
            stack: value(&["RSP", "ESP"])?,
            frame: value(&["RBP", "EBP"])?,
            link: None,
            is_masked: value(&["RFL", "EFL"])? & RFLAGS_IF == 0,
            is_halted: value(&["HLT"]).map(|halted| halted == 1),
            is_user: value(&["CPL"]) == Some(RING),
        },
    })
}
