//! QEMU's log, boiled down as it is written.
//!
//! A kernel without exception vectors makes aarch64 take the same exception for ever, and QEMU
//! writes 40 MB of log a second about it. So nothing is stored that grows: of each *chain* of
//! exceptions the first few, and how many there were. A chain is one accident: every exception in
//! it came up while the processor tried to handle the one before. Its first is the cause.

use super::exception::{Arch, Exception};
use super::{aarch64, x86_64};

/// How many exceptions of a chain, accesses to nowhere, and other lines are kept.
const CHAIN_KEPT: usize = 4;
const STRAYS_KEPT: usize = 4;
const LINES_KEPT: usize = 40;

/// This many exceptions without any progress between them are an endless loop.
const LOOP: u64 = 1000;

/// So many times in a row the same exception may go to a handler. One that works may be asked the
/// same thing often, by a test that measures it; one that does not is asked for ever.
const HANDLED_LOOP: u64 = 100_000;

/// So many accesses to nowhere are no driver that looks for devices.
const FLOOD: u64 = 200_000;

/// Collects QEMU's log as it is written, in little memory however long the log gets.
pub struct Log {
    arch: Arch,
    /// The exception whose lines are being read.
    current: Exception,
    /// The vector for which a device asked last, if no exception has come since.
    hardware: Option<u64>,
    chain: Vec<Exception>,
    chain_length: u64,
    repeats: u64,
    /// Whether there was a handler for each of them.
    is_handled: bool,
    is_triple_fault: bool,
    strays: Vec<Stray>,
    stray_count: u64,
    lines: Vec<String>,
}

/// An access to an address where nothing answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stray {
    pub address: u64,
    pub is_write: bool,
}

impl Log {
    /// Starts an empty log of a machine of this architecture.
    pub fn new(arch: &str) -> Self {
        Self {
            arch: Arch::named(arch),
            current: Exception::default(),
            hardware: None,
            chain: Vec::new(),
            chain_length: 0,
            repeats: 0,
            is_handled: true,
            is_triple_fault: false,
            strays: Vec::new(),
            stray_count: 0,
            lines: Vec::new(),
        }
    }

    /// Takes the next line of what QEMU writes to its standard error, in bytes.
    pub fn push_bytes(&mut self, line: &[u8]) {
        if self.arch == Arch::Aarch64 || !x86_64::is_register(line) {
            self.push(String::from_utf8_lossy(line).trim_end());
        }
    }

    /// The same in text.
    pub fn push(&mut self, line: &str) {
        let line = line.trim_end();
        if let Some(stray) = stray(line) {
            self.stray_count += 1;
            if self.strays.len() < STRAYS_KEPT {
                self.strays.push(stray);
            }
            return;
        }
        let is_record = self.push_record(line) || is_register_dump(line) || line.is_empty();
        if !is_record && self.lines.len() < LINES_KEPT {
            self.lines.push(line.to_string());
        }
    }

    /// Whether the processor takes the same exception again and again, or reads nothing but
    /// addresses with nothing behind them: it will not recover, and the log will not end.
    pub fn is_looping(&self) -> bool {
        let limit = if self.is_handled { HANDLED_LOOP } else { LOOP };
        self.repeats >= limit || self.stray_count >= FLOOD
    }

    /// The lines that are no log records, such as `qemu-system-x86_64: …` and `qemu: fatal: …`.
    pub fn other_lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    /// The first exceptions of the last chain, the cause first.
    pub(super) fn chain(&self) -> &[Exception] {
        &self.chain
    }

    /// How many exceptions came one after the other without any progress.
    pub(super) fn repeats(&self) -> u64 {
        self.repeats
    }

    /// Whether the last chain ended in a triple fault, by which an x86_64 machine resets itself.
    pub(super) fn is_triple_fault(&self) -> bool {
        self.is_triple_fault
    }

    /// The first accesses to addresses with nothing behind them.
    pub(super) fn strays(&self) -> &[Stray] {
        &self.strays
    }

    /// Takes `line` if it belongs to a record of an exception.
    fn push_record(&mut self, line: &str) -> bool {
        match self.arch {
            Arch::Aarch64 => self.push_aarch64(line),
            Arch::X86_64 => self.push_x86_64(line),
        }
    }

    fn push_aarch64(&mut self, line: &str) -> bool {
        match aarch64::read_line(line, &mut self.current) {
            aarch64::Line::Complete => self.take(),
            aarch64::Line::Part => {}
            aarch64::Line::Handled => self.repeats = 0,
            aarch64::Line::Other => return false,
        }
        true
    }

    fn push_x86_64(&mut self, line: &str) -> bool {
        match x86_64::read_line(line) {
            x86_64::Line::Start(mut exception) => {
                exception.is_request |= self.hardware.take() == Some(exception.number);
                self.current = exception;
                self.take();
            }
            x86_64::Line::Hardware(vector) => self.hardware = Some(vector),
            // A record ends with the registers, and by then it has been taken.
            x86_64::Line::InterruptTable(base, limit) => {
                let is_kept = self.chain.len() as u64 == self.chain_length;
                if let Some(last) = self.chain.last_mut().filter(|_| is_kept) {
                    last.interrupt_table = Some((base, limit));
                }
            }
            x86_64::Line::TripleFault => self.is_triple_fault = true,
            x86_64::Line::Known => {}
            x86_64::Line::Other => return false,
        }
        true
    }

    /// Adds the current exception to the chain, or starts a new one with it.
    fn take(&mut self) {
        let new = std::mem::take(&mut self.current);
        let last = self.chain.last();
        let is_same = last.is_some_and(|last| last.is_same_as(&new));
        let is_consequence = last.is_some_and(|last| match self.arch {
            Arch::Aarch64 => aarch64::is_consequence(last, &new),
            Arch::X86_64 => x86_64::is_consequence(last, &new),
        });
        let is_handled = last.is_some_and(|last| match self.arch {
            // The first instruction of a vector may be what fails.
            Arch::Aarch64 => is_same && !is_consequence && !aarch64::has_no_handler(&new),
            // If the way to the handler had failed, this would be a double fault.
            Arch::X86_64 => new.number == last.number && !x86_64::has_no_handler(last),
        });
        let is_repeated = (is_same || is_consequence) && !new.is_request;
        self.is_handled = is_handled && (self.repeats == 0 || self.is_handled);
        self.repeats = if is_repeated { self.repeats + 1 } else { 0 };
        if is_same || is_consequence {
            self.chain_length += 1;
            if self.chain.len() < CHAIN_KEPT {
                self.chain.push(new);
            }
        } else {
            self.chain = vec![new];
            self.chain_length = 1;
        }
    }
}

/// Reads a line like `Invalid write at addr 0x1000000000, size 8, region '(null)', reason: …`.
fn stray(line: &str) -> Option<Stray> {
    let rest = line.strip_prefix("Invalid ")?;
    let (kind, rest) = rest.split_once(" at addr 0x")?;
    let address = u64::from_str_radix(rest.split(',').next()?, 16).ok()?;
    Some(Stray { address, is_write: kind == "write" })
}

/// Whether `line` is from QEMU's list of a processor's registers, such as `RAX=… RBX=…`.
fn is_register_dump(line: &str) -> bool {
    let Some((name, _)) = line.trim_start().split_once('=') else {
        return line.starts_with("CPU Reset (CPU ");
    };
    let is_upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ';
    name.len() <= 6 && name.chars().all(is_upper)
}
