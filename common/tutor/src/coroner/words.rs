//! An accident in words: the headline, what the processor saw, and what to look at.

use super::exception::{Access, Arch, Cause, Exception};
use super::fault::{Accident, Finding};
use super::report::Report;
use super::scene::Scene;
use super::stack::{self, StackFault};

/// Addresses below this are a null pointer, or a field behind one.
const NULL_PAGE: u64 = 0x1000;

/// A processor that was sent to address zero may have got so far.
const NULL_CODE: u64 = 0x1_0000;

/// The finding in one line.
pub(super) fn headline(scene: &Scene, accident: &Accident, finding: &Finding) -> String {
    let exception = accident.exception.as_ref();
    let name = exception.map(|exception| scene.short_name(exception)).unwrap_or_default();
    let what = match finding {
        Finding::NotStarted => return "it died before the first line of the kernel ran".into(),
        Finding::Stack(StackFault::NoMemory { .. }) => {
            let pointer = accident.stack.unwrap_or(0);
            format!("bad stack: the stack pointer is {pointer:#x}, outside the boot stack")
        }
        Finding::Stack(StackFault::Overflow { .. }) => "stack overflow".into(),
        Finding::WildJump => format!("wild jump: at {:#x}, where no code is", accident.pc),
        Finding::Undefined => "undefined instruction".into(),
        Finding::Access => match accident.cause {
            Cause::Access { address: Some(address), .. } => format!("{name} at {address:#x}"),
            _ => name,
        },
        Finding::Other => name,
    };
    let place = match scene.own_spot(accident.pc, &accident.returns) {
        Some(spot) if scene.image.is_code(accident.pc) => format!(", in {spot}"),
        Some(spot) => format!(", after a call from {spot}"),
        None => String::new(),
    };
    let is_plain = matches!(finding, Finding::Undefined | Finding::Access | Finding::Other);
    let is_unhandled = exception.is_some_and(|exception| scene.has_no_handler(exception));
    let early = if is_plain && is_unhandled { ", before any handler was installed" } else { "" };
    format!("{what}{place}{early}")
}

/// Adds what the processor saw.
pub(super) fn saw(
    scene: &mut Scene,
    mut report: Report,
    accident: &Accident,
    finding: &Finding,
) -> Report {
    if let Some(exception) = &accident.exception {
        report = report.saw(scene.name(exception));
        if let Cause::Access { access, address, reason } = &accident.cause {
            report = report.saw(told_access(scene, *access, *address, reason));
        }
        report = report.saw(consequence(scene, exception));
    } else {
        report = report.saw("no exception: it executes whatever it finds there");
    }
    report = stray(scene, accident).into_iter().fold(report, Report::saw);
    if let Some((in_memory, in_file)) = &accident.overwritten {
        report = report.saw(format!(
            "the code there is {}, and was {} in the kernel's file: it has been overwritten",
            hex(in_memory),
            hex(in_file)
        ));
    }
    match finding {
        Finding::Stack(fault) => {
            let pointer = accident.stack.unwrap_or(0);
            let report = report.saw(told_stack(scene, pointer, fault));
            if !stack::began_at_zero(pointer) {
                return report;
            }
            report.saw(
                "it looks as if the stack pointer had never been set: from 0 a stack grows down to \
                 the highest addresses",
            )
        }
        _ => report,
    }
}

fn hex(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}

fn told_access(scene: &Scene, access: Access, address: Option<u64>, reason: &str) -> String {
    let Some(address) = address else { return format!("{access}: {reason}") };
    match scene.image.section(address) {
        Some(section) => format!("{access} at {address:#x}, in the kernel's {section}: {reason}"),
        None => format!("{access} at {address:#x}: {reason}"),
    }
}

/// What came of the exception.
fn consequence(scene: &Scene, exception: &Exception) -> String {
    let has_no_handler = scene.has_no_handler(exception);
    let after = scene.log.chain().iter().skip(1).map(|it| scene.short_name(it));
    let after = after.collect::<Vec<String>>().join(", then ");
    match (scene.arch, has_no_handler) {
        (Arch::Aarch64, true) => format!(
            "no exception vectors were installed (VBAR_EL1 is 0): it went to {:#x}, where no code \
             is, and takes exceptions there for ever",
            exception.handler.unwrap_or(0)
        ),
        (Arch::X86_64, true) => format!(
            "the interrupt table has no entry for it: {after}, then a triple fault, which resets \
             the machine"
        ),
        (Arch::X86_64, false) if scene.log.is_triple_fault() => format!(
            "the attempt to handle it failed: {after}, then a triple fault, which resets the \
             machine"
        ),
        _ => format!("it came up again and again, {} times in a row", scene.log.repeats()),
    }
}

/// An access to an address where nothing answers, which the processor may not have noticed.
fn stray(scene: &Scene, accident: &Accident) -> Option<String> {
    let stray = scene.log.strays().first()?;
    let faulting = accident.exception.as_ref().and_then(|exception| exception.address);
    if faulting == Some(stray.address) {
        return None;
    }
    let (access, result) = if stray.is_write {
        (Access::Write, "what is written is lost")
    } else {
        (Access::Read, "what is read is zeroes")
    };
    Some(format!("before that, {access} at {:#x}, where nothing is: {result}", stray.address))
}

fn told_stack(scene: &Scene, pointer: u64, fault: &StackFault) -> String {
    let stack = scene.image.stack().unwrap_or(0..0);
    match fault {
        StackFault::NoMemory { what } => format!(
            "the stack pointer was {pointer:#x}, outside the boot stack ({:#x} to {:#x}); below it \
             is {what}",
            stack.start, stack.end
        ),
        StackFault::Overflow { bytes } => format!(
            "the stack pointer was {pointer:#x}, {bytes} bytes below the boot stack \
             ({:#x} to {:#x}), in the kernel's {}",
            stack.start,
            stack.end,
            scene.image.section(pointer).unwrap_or("image")
        ),
    }
}

/// Adds what to look at.
pub(super) fn advice(
    scene: &Scene,
    report: Report,
    accident: &Accident,
    finding: &Finding,
) -> Report {
    match finding {
        Finding::NotStarted => {
            let entry = scene.image.address("_start").unwrap_or(0);
            report
                .look_at(format!("the entry, `_start`, is at {entry:#x}: was it ever reached?"))
                .look_at(
                    "the loader's header (the ELF note, the Image header) in boot.s and linker.ld",
                )
        }
        Finding::Stack(StackFault::NoMemory { .. }) => {
            let stack = scene.image.stack().unwrap_or(0..0);
            report.look_at(format!(
                "was the stack pointer ever set? look in boot.s, then at whatever switches stacks; \
                 the boot stack begins at its end, {:#x}",
                stack.end
            ))
        }
        Finding::Stack(StackFault::Overflow { .. }) => report.look_at(
            "a recursion that does not end, or large local variables; the size of the boot stack \
             is stack_bytes in build-config.toml, and boot.s is to begin at its end",
        ),
        Finding::WildJump if accident.pc < NULL_CODE => {
            report.look_at("a function pointer that is null, or a return address of zero")
        }
        Finding::WildJump => report.look_at(
            "the function pointer that was called, or a return address that was overwritten on \
             the stack",
        ),
        _ if accident.overwritten.is_some() => {
            report.look_at("who writes there: a stray pointer, or a stack that has overflowed")
        }
        Finding::Undefined => report.look_at(undefined(scene.arch)),
        Finding::Access => report.look_at(pointer(&accident.cause)),
        Finding::Other => report.look_at("the instruction there, in `make debug`"),
    }
}

fn undefined(arch: Arch) -> &'static str {
    match arch {
        Arch::Aarch64 => {
            "an instruction for another level or processor; `udf` stands where data was executed"
        }
        Arch::X86_64 => {
            "`ud2` is what the compiler puts where code must never arrive; SSE needs CR4 set first"
        }
    }
}

fn pointer(cause: &Cause) -> &'static str {
    match cause {
        Cause::Access { address: Some(address), .. } if *address < NULL_PAGE => {
            "a null pointer, perhaps with the offset of a field or an index added"
        }
        _ => "where the pointer that is used there comes from; is the address what you meant?",
    }
}

/// The report on a machine that was reset, or loops, for no visible reason.
pub(super) fn nothing_seen(scene: &mut Scene) -> Report {
    let report = Report::new("the machine was reset, and not by an exception");
    let Some(registers) = scene.machine.registers() else {
        return report.look_at("nothing more is known: QEMU is gone");
    };
    let returns = scene.returns(registers.pc, Some(&registers));
    let report = scene.place(report, registers.pc);
    scene
        .way(report, &returns)
        .look_at("code that asks for a reset: a port or register of the chipset, or the firmware")
}
