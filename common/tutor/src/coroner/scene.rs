//! Everything there is to look at, and addresses put into words.

use super::backtrace;
use super::exception::{Arch, Cause, Exception};
use super::image::{Image, Spot};
use super::log::Log;
use super::machine::{Machine, Place, Registers};
use super::report::Report;
use super::{Case, aarch64, x86_64};

/// The machine as it was found, and the kernel's file.
pub(super) struct Scene<'a, 'elf> {
    pub arch: Arch,
    pub image: Image<'elf>,
    pub log: &'a Log,
    pub machine: Machine<'a>,
    pub console_was_silent: bool,
}

impl<'a, 'elf> Scene<'a, 'elf> {
    /// Sets out what is known of `case`, whose ELF file has the contents `elf`.
    pub fn open(case: Case<'a>, elf: &'elf [u8]) -> Result<Self, object::Error> {
        let arch = Arch::named(case.arch);
        Ok(Self {
            arch,
            image: Image::parse(elf, case.root)?,
            log: case.log,
            machine: Machine::new(arch, case.monitor),
            console_was_silent: case.console.is_empty(),
        })
    }

    /// The exception's name in the manual's words.
    pub fn name(&self, exception: &Exception) -> String {
        match self.arch {
            Arch::Aarch64 => aarch64::name(exception),
            Arch::X86_64 => x86_64::name(exception),
        }
    }

    /// The exception's name for a headline.
    pub fn short_name(&self, exception: &Exception) -> String {
        match self.arch {
            Arch::Aarch64 => aarch64::short_name(exception),
            Arch::X86_64 => x86_64::short_name(exception),
        }
    }

    /// What the exception means.
    pub fn cause(&self, exception: &Exception) -> Cause {
        match self.arch {
            Arch::Aarch64 => aarch64::cause(exception),
            Arch::X86_64 => x86_64::cause(exception),
        }
    }

    /// Whether nothing was installed to handle the exception.
    pub fn has_no_handler(&self, exception: &Exception) -> bool {
        match self.arch {
            Arch::Aarch64 => aarch64::has_no_handler(exception),
            Arch::X86_64 => x86_64::has_no_handler(exception),
        }
    }

    /// What lies at `address`.
    pub fn describe(&mut self, address: u64) -> String {
        if self.image.stack().is_some_and(|stack| stack.contains(&address)) {
            return "the boot stack".to_string();
        }
        if let Some(section) = self.image.section(address) {
            return format!("the kernel's {section}");
        }
        match self.machine.place(address) {
            Place::Memory(name) if name.ends_with(".ram") => "RAM outside the kernel".into(),
            Place::Memory(name) => format!("{name}, which is no RAM"),
            Place::Device => "a device, not memory".into(),
            Place::Nothing => "an address without memory".into(),
            Place::Unmapped => "an address that no page maps".into(),
            Place::Unknown => "nothing that QEMU tells".into(),
        }
    }

    /// The innermost line of our own code at `pc`, or else at the first of the calls that led to
    /// it.
    pub fn own_spot(&self, pc: u64, returns: &[u64]) -> Option<Spot> {
        let addresses = std::iter::once(pc).chain(returns.iter().map(|r| r.wrapping_sub(1)));
        addresses.flat_map(|address| self.image.spots(address)).find(|spot| spot.is_ours)
    }

    /// The calls that led to `pc`.
    pub fn returns(&mut self, pc: u64, registers: Option<&Registers>) -> Vec<u64> {
        let registers = registers.map(|it| backtrace::walk(&mut self.machine, &self.image, pc, it));
        registers.unwrap_or_default()
    }

    /// Adds to `report` where `pc` is.
    pub fn place(&mut self, report: Report, pc: u64) -> Report {
        self.place_called(report, pc, &format!("{pc:#x}"))
    }

    /// Adds to `report` where `pc` is, of which is told as `label`.
    pub fn place_called(&mut self, report: Report, pc: u64, label: &str) -> Report {
        let spots = self.image.spots(pc);
        let Some(innermost) = spots.first() else {
            let what = self.describe(pc);
            return report.happened_at(format!("{label}: {what}"));
        };
        let headline = &report.headline;
        let mut told = innermost.to_string();
        // What the compiler has inlined into our code was called by it all the same.
        if let Some(ours) = spots.iter().find(|spot| spot.is_ours).filter(|it| *it != innermost) {
            let inner = format!("in `{}`, which `{}` calls", innermost.name(), ours.name());
            let ours = ours.to_string();
            told = if headline.contains(&ours) { inner } else { format!("{ours}, {inner}") };
        }
        // What the headline says already is not said again.
        let is_told = headline.contains(&told);
        let line = if is_told { label.to_string() } else { format!("{label}: {told}") };
        report.happened_at(line)
    }

    /// Adds to `report` how the processor got there, by the calls that led to it.
    pub fn way(&self, mut report: Report, returns: &[u64]) -> Report {
        for line in backtrace::lines(&self.image, returns) {
            report = report.came_from(line);
        }
        if self.console_was_silent {
            report = report.came_from("nothing had been printed before");
        }
        report
    }
}
