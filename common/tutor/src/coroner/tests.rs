//! Tests with excerpts of real logs and answers, in `testdata/`.
//!
//! Recorded with QEMU 7.2 and `common/broken-kernel`: `-d int,cpu_reset,guest_errors` for the logs,
//! `info registers` (`-a` for the sleeping ones) for the answers; x86_64's vector and debug
//! registers are left out. The file's name says which death it was; `firmware-timer` is SeaBIOS
//! alone, before any kernel. What needs a kernel's file is tested by `make test`, death by death.

mod loops;
mod scenes;

use super::exception::{Access, Arch, Cause};
use super::machine::{Machine, Place};
use super::*;

const X86_64_PAGE_FAULT: &str = include_str!("testdata/x86_64-page-fault.log");
const X86_64_UNDEFINED: &str = include_str!("testdata/x86_64-undefined.log");
const X86_64_FIRMWARE_TIMER: &str = include_str!("testdata/x86_64-firmware-timer.log");
const X86_64_REGISTERS: &str = include_str!("testdata/x86_64-registers.txt");
const X86_64_ASLEEP: &str = include_str!("testdata/x86_64-asleep.txt");
const AARCH64_DATA_ABORT: &str = include_str!("testdata/aarch64-data-abort.log");
const AARCH64_POWER_OFF: &str = include_str!("testdata/aarch64-power-off.log");
const AARCH64_REGISTERS: &str = include_str!("testdata/aarch64-registers.txt");
const AARCH64_ASLEEP: &str = include_str!("testdata/aarch64-asleep.txt");

/// A monitor that knows the answers to a few commands.
struct Answers(Vec<(&'static str, String)>);

impl Monitor for Answers {
    fn ask(&mut self, command: &str) -> Option<String> {
        let known = self.0.iter().find(|(known, _)| *known == command);
        Some(known.map_or("unknown command".to_string(), |(_, answer)| answer.clone()))
    }
}

/// A QEMU that is gone.
struct Gone;

impl Monitor for Gone {
    fn ask(&mut self, _: &str) -> Option<String> {
        None
    }
}

fn log(arch: &str, text: &str) -> Log {
    let mut log = Log::new(arch);
    text.lines().for_each(|line| log.push(line));
    log
}

#[test]
fn first_exception_of_a_triple_fault_is_the_cause() {
    let log = log("x86_64", X86_64_PAGE_FAULT);
    let numbers: Vec<u64> = log.chain().iter().map(|exception| exception.number).collect();
    assert_eq!(numbers, [14, 8]);
    assert!(log.is_triple_fault());
    assert!(!log.is_looping());
    let first = &log.chain()[0];
    assert_eq!(first.address, Some(0x10_0000_0000));
    assert_eq!((first.pc, first.stack), (0x10_0103, Some(0x12_5e50)));
    assert_eq!(first.interrupt_table, Some((0, 0xffff)));
    assert!(x86_64::has_no_handler(first));
    assert!(matches!(x86_64::cause(first), Cause::Access { access: Access::Write, .. }));
}

#[test]
fn faults_on_the_way_to_a_handler_belong_to_the_same_chain() {
    let log = log("x86_64", X86_64_UNDEFINED);
    let numbers: Vec<u64> = log.chain().iter().map(|exception| exception.number).collect();
    assert_eq!(numbers, [6, 13, 8]);
    assert_eq!(x86_64::cause(&log.chain()[0]), Cause::Undefined);
}

#[test]
fn timer_interrupts_of_the_firmware_are_no_double_faults() {
    let log = log("x86_64", X86_64_FIRMWARE_TIMER);
    assert!(!log.chain().is_empty());
    assert!(log.chain().iter().all(|exception| exception.is_request));
    assert_eq!(log.repeats(), 0);
    assert_eq!(log.other_lines().count(), 0);
}

#[test]
fn an_interrupt_of_the_firmware_is_not_the_fault_after_it() {
    let log = log("x86_64", &format!("Servicing hardware INT=0x08\n{X86_64_PAGE_FAULT}"));
    assert!(matches!(x86_64::cause(&log.chain()[0]), Cause::Access { .. }));
}

#[test]
fn first_exception_before_the_empty_vectors_is_the_cause() {
    let log = log("aarch64", AARCH64_DATA_ABORT);
    let first = &log.chain()[0];
    assert_eq!((first.number, first.syndrome), (4, 0x9600_0050));
    assert_eq!((first.address, first.handler), (Some(0x10_0000_0000), Some(0x200)));
    assert!(aarch64::has_no_handler(first));
    assert!(log.chain()[1..].iter().all(|exception| exception.pc == 0x200));
    assert!(!log.is_looping());
    assert_eq!(log.strays().len(), 1);
    assert!(log.strays()[0].is_write);
}

#[test]
fn endless_exceptions_are_found_out_and_take_no_room() {
    let mut log = log("aarch64", AARCH64_DATA_ABORT);
    let first = log.chain()[0].clone();
    let end = AARCH64_DATA_ABORT.rfind("Taking exception").expect("the log has exceptions");
    let start = AARCH64_DATA_ABORT[..end].rfind("Taking exception").expect("and several");
    for _ in 0..100_000 {
        AARCH64_DATA_ABORT[start..end].lines().for_each(|line| log.push(line));
    }
    assert!(log.is_looping());
    assert_eq!(log.chain()[0], first);
    assert!(log.chain().len() < 10);
}

#[test]
fn calls_of_the_firmware_are_no_loop() {
    let mut log = log("aarch64", AARCH64_POWER_OFF);
    for _ in 0..10_000 {
        AARCH64_POWER_OFF.lines().for_each(|line| log.push(line));
    }
    assert!(!log.is_looping());
    assert!(log.chain().is_empty());
    assert_eq!(log.other_lines().count(), 0);
}

#[test]
fn exceptions_that_were_overcome_are_not_counted_on() {
    let mut log = log("aarch64", AARCH64_DATA_ABORT);
    assert!(log.repeats() > 0);
    AARCH64_POWER_OFF.lines().for_each(|line| log.push(line));
    assert_eq!(log.repeats(), 0);
}

#[test]
fn accesses_to_nowhere_are_counted_and_a_flood_is_a_loop() {
    let mut log = Log::new("x86_64");
    let line = "Invalid read at addr 0x90000001, size 1, region '(null)', reason: rejected";
    (0..1000).for_each(|_| log.push(line));
    assert!(!log.is_looping());
    (0..1_000_000).for_each(|_| log.push(line));
    assert!(log.is_looping());
    assert!(log.strays().len() < 10);
    assert_eq!(log.strays()[0].address, 0x9000_0001);
}

#[test]
fn what_qemu_says_of_itself_is_kept_but_not_without_end() {
    let mut log = log("x86_64", X86_64_PAGE_FAULT);
    assert_eq!(log.other_lines().count(), 0);
    log.push("qemu-system-x86_64: -nonsense: invalid option\n");
    assert_eq!(log.other_lines().next(), Some("qemu-system-x86_64: -nonsense: invalid option"));
    (0..1000).for_each(|_| log.push("qemu: and again"));
    assert!(log.other_lines().count() < 100);
}

#[test]
fn registers_are_read_on_both_machines() {
    let mut answers = Answers(vec![("info registers", X86_64_REGISTERS.into())]);
    let registers = Machine::new(Arch::X86_64, &mut answers).registers().expect("an answer");
    assert_eq!((registers.pc, registers.stack), (0x10_0103, 0x12_5e50));
    assert_eq!((registers.frame, registers.link), (0x12_5e60, None));
    assert!(registers.is_masked);
    let mut answers = Answers(vec![("info registers", AARCH64_REGISTERS.into())]);
    let registers = Machine::new(Arch::Aarch64, &mut answers).registers().expect("an answer");
    assert_eq!((registers.pc, registers.frame), (0x200, 0x4022_1e40));
    assert!(registers.link.is_some_and(|link| link > 0x4020_0000));
    assert!(registers.is_masked);
}

#[test]
fn places_are_told_apart() {
    let mut answers = Answers(vec![
        ("gva2gpa 0x1000", "gpa: 0x1000\r\n".into()),
        ("gpa2hva 0x1000", "Host virtual address for 0x1000 (pc.ram) is 0x7f0000001000\r\n".into()),
        ("gva2gpa 0x2000", "gpa: 0x2000\r\n".into()),
        ("gpa2hva 0x2000", "No memory is mapped at address 0x2000\r\n".into()),
        ("gva2gpa 0x3000", "gpa: 0x3000\r\n".into()),
        ("gpa2hva 0x3000", "Memory at address 0x3000 is not RAM\r\n".into()),
        ("gva2gpa 0x4000", "Unmapped\r\n".into()),
    ]);
    let mut machine = Machine::new(Arch::X86_64, &mut answers);
    assert_eq!(machine.place(0x1000), Place::Memory("pc.ram".into()));
    assert_eq!(machine.place(0x2000), Place::Nothing);
    assert_eq!(machine.place(0x3000), Place::Device);
    assert_eq!(machine.place(0x4000), Place::Unmapped);
    assert_eq!(machine.place(0x5000), Place::Unknown);
}

#[test]
fn a_halted_pc_sleeps_only_with_interrupts_masked() {
    let asleep =
        |text: String| is_asleep(&mut Answers(vec![("info registers -a", text)]), "x86_64");
    assert!(asleep(X86_64_ASLEEP.into()));
    assert!(!asleep(X86_64_ASLEEP.replace("RFL=00000002", "RFL=00000202")));
    assert!(!asleep(X86_64_ASLEEP.replace("HLT=1", "HLT=0")));
    // A second processor that runs could wake the first.
    assert!(!asleep(format!("{X86_64_ASLEEP}{}", X86_64_ASLEEP.replace("HLT=1", "HLT=0"))));
    assert!(!is_asleep(&mut Gone, "x86_64"));
}

#[test]
fn a_halted_pc_waits_whatever_is_masked() {
    let waiting = |text: String| waits(&mut Answers(vec![("info registers -a", text)]), "x86_64");
    let unmasked = X86_64_ASLEEP.replace("RFL=00000002", "RFL=00000202");
    assert_eq!(waiting(unmasked.clone()), Some(unmasked));
    assert_eq!(waiting(X86_64_ASLEEP.replace("HLT=1", "HLT=0")), None);
    assert_eq!(waits(&mut Gone, "x86_64"), None);
}

#[test]
fn an_arm_sleeps_only_if_no_interrupt_can_come() {
    let asleep = |code: &str, controller: &str| {
        let registers = ("info registers -a", AARCH64_ASLEEP.to_string());
        let tree = "    0000000008000000-0000000008000fff (prio 0, i/o): gic_dist\r\n".to_string();
        let before = AARCH64_ASLEEP.split("PC=").nth(1).and_then(|rest| rest.split(' ').next());
        let pc = before.and_then(|pc| u64::from_str_radix(pc, 16).ok()).expect("a PC");
        let wait: &'static str = Box::leak(format!("x /4xb {:#x}", pc - 4).into_boxed_str());
        let answers = vec![
            registers,
            ("info mtree", tree),
            ("xp /1wx 0x0000000008000000", format!("0000000008000000: {controller}\r\n")),
            (wait, format!("{:016x}: {code}\r\n", pc - 4)),
        ];
        is_asleep(&mut Answers(answers), "aarch64")
    };
    let wfi = "0x7f 0x20 0x03 0xd5";
    assert!(asleep(wfi, "0x00000000"));
    // A kernel that idles masks interrupts too; the one that it waits for still wakes it.
    assert!(!asleep(wfi, "0x00000001"));
    // A GICv3 that is off, and one that is on.
    assert!(asleep(wfi, "0x00000050"));
    assert!(!asleep(wfi, "0x00000052"));
    assert!(!asleep("0x1f 0x20 0x03 0xd5", "0x00000000"));
}

fn examine_without_machine(ending: Ending, log: &Log) -> Report {
    examine_after("panic: no way is told", ending, log)
}

fn examine_after(console: &str, ending: Ending, log: &Log) -> Report {
    examine(Case {
        arch: "x86_64",
        elf: Path::new("no-such-kernel"),
        ending,
        log,
        monitor: &mut Gone,
        console,
        root: Path::new("/"),
    })
}

#[test]
fn statuses_are_told() {
    let log = Log::new("x86_64");
    let report = examine_without_machine(Ending::Status(35), &log);
    // It has said why: there is nothing to add.
    assert_eq!(report.to_string(), "the kernel ended with status 35 (failure)");
    let report = examine_without_machine(Ending::Status(7), &log);
    assert!(report.headline.contains("ended with status 7"));
}

#[test]
fn a_qemu_that_refuses_is_quoted() {
    let mut log = Log::new("x86_64");
    let report = examine_without_machine(Ending::QemuDied { status: None }, &log);
    assert!(report.headline.contains("did not say why"));
    log.push("qemu-system-x86_64: -nonsense: invalid option");
    let report = examine_without_machine(Ending::QemuDied { status: Some(1) }, &log);
    assert!(report.to_string().contains("qemu-system-x86_64: -nonsense: invalid option"));
}

#[test]
fn a_status_that_might_be_qemus_is_perhaps_the_kernels() {
    for status in [0, 1] {
        let ending = Ending::QemuDied { status: Some(status) };
        let report = examine_without_machine(ending, &Log::new("aarch64"));
        assert_eq!(report.headline, format!("QEMU ended with status {status} and said nothing"));
        assert!(report.to_string().contains("did the kernel itself end the run"));
    }
}

#[test]
fn a_failure_without_a_word_is_asked_about() {
    let report = examine_after("", Ending::Status(35), &Log::new("aarch64"));
    assert!(report.to_string().contains("nothing was printed"));
}

#[test]
fn a_way_without_a_file_of_names_is_left_out() {
    let console = "panic: x\n  backtrace:\n    from 0x1000\n";
    let report = examine_after(console, Ending::Status(35), &Log::new("aarch64"));
    assert_eq!(report.to_string(), "the kernel ended with status 35 (failure)");
}

#[test]
fn a_missing_kernel_is_said_to_be_missing() {
    let report = examine_without_machine(Ending::Reset, &log("x86_64", X86_64_PAGE_FAULT));
    assert!(report.headline.contains("nothing more is known"));
    assert!(report.to_string().contains("no-such-kernel"));
}
