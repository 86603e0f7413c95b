//! Tests of whole reports: a machine whose monitor answers from a small memory, and a kernel's file
//! of a few bytes of code.

use std::ops::Range;

use super::*;
use crate::coroner::image::Image;
use crate::coroner::machine::Machine;
use crate::coroner::scene::Scene;

const AARCH64_NO_STACK: &str = include_str!("../testdata/aarch64-no-stack.log");
const AARCH64_NO_STACK_REGISTERS: &str = include_str!("../testdata/aarch64-no-stack.txt");
const X86_64_NO_STACK: &str = include_str!("../testdata/x86_64-no-stack.log");
const X86_64_NO_STACK_REGISTERS: &str = include_str!("../testdata/x86_64-no-stack.txt");

/// A machine that stands still, as its monitor shows it.
struct Still {
    registers: String,
    ram: Range<u64>,
    /// Where the image begins, and its bytes.
    image: (u64, Vec<u8>),
}

impl Still {
    /// The bytes at `address`, in the monitor's words.
    fn dump(&self, address: u64, count: usize) -> Option<String> {
        let start = usize::try_from(address.checked_sub(self.image.0)?).ok()?;
        let bytes = self.image.1.get(start..start + count)?.iter();
        let bytes: Vec<String> = bytes.map(|byte| format!("{byte:#04x}")).collect();
        Some(format!("{address:016x}: {}\r\n", bytes.join(" ")))
    }
}

impl Monitor for Still {
    fn ask(&mut self, command: &str) -> Option<String> {
        let mut words = command.rsplit(' ');
        let address = words.next().and_then(|word| word.strip_prefix("0x"));
        let address = address.and_then(|word| u64::from_str_radix(word, 16).ok()).unwrap_or(0);
        let format = words.next().and_then(|word| word.strip_prefix('/')?.strip_suffix("xb"));
        let count = format.and_then(|count| count.parse().ok());
        Some(match command.split(' ').next()? {
            "gva2gpa" => format!("gpa: {address:#x}\r\n"),
            "gpa2hva" if self.ram.contains(&address) => {
                format!("Host virtual address for {address:#x} (pc.ram) is 0x7f00\r\n")
            }
            "gpa2hva" => format!("No memory is mapped at address {address:#x}\r\n"),
            "info" if command == "info registers" => self.registers.clone(),
            "info" => format!(
                "  {:016x}-{:016x} (prio 0, ram): pc.ram @0000000000100000\r\n  \
                 00000000000c0000-00000000000dffff (prio 0, rom): pc.rom\r\n  \
                 0000000100000000-000000017fffffff (prio 0, ram): pc.ram @0000000008000000\r\n",
                self.ram.start,
                self.ram.end - 1
            ),
            _ => count.and_then(|count| self.dump(address, count)).unwrap_or_default(),
        })
    }
}

/// Code in which no two places are alike.
fn code() -> Vec<u8> {
    (0..0x2000_u32).flat_map(|number| number.wrapping_mul(0x9e37_79b1).to_le_bytes()).collect()
}

/// What is reported of `machine`, whose kernel of `arch` was linked to lie at `linked` with its
/// stack in the second MiB from there.
fn report_on(machine: &mut Still, arch: &str, log: &Log, linked: u64) -> String {
    let code = code();
    let stack = linked + 0x10_0000..linked + 0x11_0000;
    let mut scene = Scene {
        arch: Arch::named(arch),
        image: Image::of_code(linked, &code, stack),
        log,
        machine: Machine::new(Arch::named(arch), machine),
        console_was_silent: true,
    };
    let report = fault::examine(&mut scene).to_string();
    report.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_says(report: &str, all: &[&str]) {
    for words in all {
        assert!(report.contains(words), "`{words}` is not in: {report}");
    }
}

#[test]
fn a_stack_pointer_that_was_never_set_is_to_blame() {
    let ram = 0x4000_0000..0x4800_0000;
    let registers = AARCH64_NO_STACK_REGISTERS.to_string();
    let mut machine = Still { registers, ram, image: (0x4020_0000, code()) };
    let aarch64 = log("aarch64", AARCH64_NO_STACK);
    let report = report_on(&mut machine, "aarch64", &aarch64, 0x4020_0000);
    assert_says(&report, &["bad stack: the stack pointer is 0x0, outside the boot stack, in"]);
    assert_says(&report, &["(0x40300000 to 0x40310000)", "had never been set", "boot.s"]);

    let registers = X86_64_NO_STACK_REGISTERS.to_string();
    let mut machine = Still { registers, ram: 0..0x800_0000, image: (0x10_0000, code()) };
    let x86_64 = log("x86_64", X86_64_NO_STACK);
    let report = report_on(&mut machine, "x86_64", &x86_64, 0x10_0000);
    assert_says(&report, &["bad stack: the stack pointer is 0x0, outside the boot stack, in"]);
    assert_says(&report, &["(0x200000 to 0x210000)", "had never been set", "boot.s"]);
}

#[test]
fn a_wild_pointer_is_not_the_stack_pointers_fault() {
    let registers = X86_64_REGISTERS.to_string();
    let mut machine = Still { registers, ram: 0..0x800_0000, image: (0x10_0000, code()) };
    let log = log("x86_64", X86_64_PAGE_FAULT);
    let report = report_on(&mut machine, "x86_64", &log, 0x10_0000);
    assert_says(&report, &["page fault at 0x1000000000, in `_start+0x103`"]);
    assert!(!report.contains("bad stack"), "{report}");
    // The headline has the place: only the address is left to say.
    assert_says(&report, &["where 0x100103 what the processor saw"]);
}

/// The registers of an aarch64 machine that is at `pc`.
fn at(pc: u64) -> String {
    AARCH64_REGISTERS.replace("PC=0000000000000200", &format!("PC={pc:016x}"))
}

#[test]
fn an_image_at_another_place_is_found() {
    let ram = 0x4000_0000..0x4800_0000;
    let mut machine = Still { registers: at(0x4020_011c), ram, image: (0x4020_0000, code()) };
    let log = Log::new("aarch64");
    let report = report_on(&mut machine, "aarch64", &log, 0x4040_0000);
    assert_says(&report, &["the image lies at 0x40200000 but was linked to lie at 0x40400000"]);
    assert_says(&report, &["0x4020011c, which holds the code of `_start+0x11c`", "load_address"]);
}

#[test]
fn a_jump_to_foreign_code_is_no_image_at_another_place() {
    let ram = 0x4000_0000..0x4800_0000;
    let log = Log::new("aarch64");
    let mut foreign = code();
    foreign.reverse();
    let mut machine =
        Still { registers: at(0x4020_011c), ram: ram.clone(), image: (0x4020_0000, foreign) };
    let report = report_on(&mut machine, "aarch64", &log, 0x4040_0000);
    assert!(!report.contains("linked"), "{report}");

    // A copy of a part of the code is no image: it does not begin as one.
    let mut part = code();
    part[..0x100].fill(0);
    let mut machine = Still { registers: at(0x4020_011c), ram, image: (0x4020_0000, part) };
    let report = report_on(&mut machine, "aarch64", &log, 0x4040_0000);
    assert!(!report.contains("linked"), "{report}");
}

#[test]
fn an_image_beyond_the_end_of_memory_is_told() {
    let registers = X86_64_REGISTERS.to_string();
    let mut machine = Still { registers, ram: 0..0x800_0000, image: (0, Vec::new()) };
    let report = report_on(&mut machine, "x86_64", &Log::new("x86_64"), 0x1000_0000);
    assert_says(&report, &["was linked to lie at 0x10000000, where memory is missing"]);
    assert_says(&report, &["memory ends at 0x8000000", "load_address"]);

    // Its last byte counts as well.
    let report = report_on(&mut machine, "x86_64", &Log::new("x86_64"), 0x7ff_f000);
    assert_says(&report, &["at 0x8006fff there is no memory", "memory ends at 0x8000000"]);
}

/// Where `machine` of `arch` waits, with `code` around the address 0x1004.
fn waiting_at(arch: &str, registers: &str, code: &[u8]) -> Option<u64> {
    let registers = registers.to_string();
    let mut still = Still { registers, ram: 0..0x10_0000, image: (0x1000, code.to_vec()) };
    let mut machine = Machine::new(Arch::named(arch), &mut still);
    let registers = machine.registers().expect("an answer");
    machine.waiting_at(&registers)
}

#[test]
fn a_processor_that_waits_is_at_the_instruction_before() {
    const WFI: [u8; 4] = [0x7f, 0x20, 0x03, 0xd5];
    const NOP: [u8; 4] = [0x1f, 0x20, 0x03, 0xd5];
    let registers = at(0x1004);
    assert_eq!(waiting_at("aarch64", &registers, &[WFI, NOP].concat()), Some(0x1000));
    assert_eq!(waiting_at("aarch64", &registers, &[NOP, WFI].concat()), Some(0x1004));
    assert_eq!(waiting_at("aarch64", &registers, &[NOP, NOP].concat()), None);

    let registers = "RSP=0 RBP=0 RIP=0000000000001004 RFL=00000002 HLT=1";
    assert_eq!(waiting_at("x86_64", registers, &[0, 0, 0, 0xf4, 0, 0]), Some(0x1003));
    assert_eq!(waiting_at("x86_64", registers, &[0, 0, 0, 0, 0xf4, 0]), Some(0x1004));
    assert_eq!(waiting_at("x86_64", registers, &[0; 6]), Some(0x1004));
    let running = registers.replace("HLT=1", "HLT=0");
    assert_eq!(waiting_at("x86_64", &running, &[0, 0, 0, 0xf4, 0, 0]), None);
}

#[test]
fn a_program_that_does_not_end_is_not_the_kernels_fault() {
    let registers = AARCH64_REGISTERS.to_string();
    let state = registers.split("PSTATE=").nth(1).and_then(|rest| rest.get(..8));
    let state = format!("PSTATE={}", state.expect("it has a state"));
    let report = |registers: String| {
        let (elf, ram) = (code(), 0x4000_0000..0x4800_0000);
        let mut machine = Still { registers, ram, image: (0x4020_0000, code()) };
        let log = log("aarch64", "");
        let mut scene = Scene {
            arch: Arch::Aarch64,
            image: Image::of_code(0x4020_0000, &elf, 0x4030_0000..0x4031_0000),
            log: &log,
            machine: Machine::new(Arch::Aarch64, &mut machine),
            console_was_silent: false,
        };
        hang::limit(&mut scene, "3 s").to_string()
    };
    let of_kernel = report(registers.clone());
    assert!(!of_kernel.contains("a program runs"), "{of_kernel}");
    let of_program = report(registers.replace(&state, "PSTATE=60000000"));
    assert_says(&of_program, &["did not end within 3 s: a program runs", "0x200"]);
}
