//! A kernel that an exception ended: which one came first, and what kind of accident it was.
//!
//! The order of the questions matters. In an image that lies at a wrong place no other answer would
//! be right. A stack pointer that points nowhere makes every later finding a consequence, so it is
//! asked about next; then whether the processor was in the kernel's code at all; and only then what
//! the instruction wanted.

use super::exception::{Access, Arch, Cause, Exception};
use super::loading;
use super::machine::Registers;
use super::report::Report;
use super::scene::Scene;
use super::stack::{self, StackFault};
use super::words;

/// What is known of an accident.
pub(super) struct Accident {
    /// The instruction.
    pub pc: u64,
    /// The exception that came first; none if the processor runs on, where there is no code.
    pub exception: Option<Exception>,
    /// What it means.
    pub cause: Cause,
    /// The stack pointer.
    pub stack: Option<u64>,
    /// Where the calls that led there return to, the innermost first.
    pub returns: Vec<u64>,
    /// The bytes of the instruction, in memory and in the kernel's file, where they differ.
    pub overwritten: Option<(Vec<u8>, Vec<u8>)>,
}

/// What kind of accident it was, with what only that kind has.
pub(super) enum Finding {
    NotStarted,
    Stack(StackFault),
    WildJump,
    Undefined,
    Access,
    Other,
}

/// Examines a machine that has reset itself or takes exceptions for ever.
pub(super) fn examine(scene: &mut Scene) -> Report {
    scene.machine.stop();
    let registers = scene.machine.registers();
    let first = fatal_exception(scene);
    let executed = match first.as_ref().map(|exception| (scene.cause(exception), exception.pc)) {
        Some((Cause::Access { access: Access::Fetch, .. }, _)) => None,
        Some((_, pc)) => Some(pc),
        None => registers.as_ref().map(|it| it.pc),
    };
    if let Some(report) = loading::examine(scene, executed) {
        return report;
    }
    let Some(accident) = reconstruct(scene, registers.as_ref()) else {
        return words::nothing_seen(scene);
    };
    let finding = find(scene, &accident, registers.as_ref());
    let report = Report::new(words::headline(scene, &accident, &finding));
    let report = scene.place(report, accident.pc);
    let report = words::saw(scene, report, &accident, &finding);
    let report = scene.way(report, &accident.returns);
    words::advice(scene, report, &accident, &finding)
}

/// Puts together what happened; `None` if neither the log nor the registers tell.
fn reconstruct(scene: &mut Scene, registers: Option<&Registers>) -> Option<Accident> {
    let exception = fatal_exception(scene);
    let pc = match &exception {
        Some(exception) => exception.pc,
        // Without an exception it is an accident only if the processor has lost its way.
        None => registers.map(|it| it.pc).filter(|pc| !scene.image.is_code(*pc))?,
    };
    let cause = match &exception {
        Some(exception) => scene.cause(exception),
        None => Cause::Other("no exception".to_string()),
    };
    let stack = exception.as_ref().and_then(|exception| exception.stack);
    let stack = stack.or(registers.map(|it| it.stack));
    let returns = scene.returns(pc, registers);
    let overwritten = overwritten(scene, pc);
    Some(Accident { pc, exception, cause, stack, returns, overwritten })
}

/// The first exception of those that ended it.
fn fatal_exception(scene: &Scene) -> Option<Exception> {
    // Others may have been handled, and the machine was reset because somebody asked for it.
    let is_fatal = match scene.arch {
        Arch::Aarch64 => scene.log.repeats() > 0,
        Arch::X86_64 => scene.log.is_triple_fault() || scene.log.is_looping(),
    };
    scene.log.chain().first().filter(|_| is_fatal).cloned()
}

/// Decides what kind of accident it was.
fn find(scene: &mut Scene, accident: &Accident, registers: Option<&Registers>) -> Finding {
    let is_code = scene.image.is_code(accident.pc);
    if scene.console_was_silent && !is_code && accident.returns.is_empty() {
        return Finding::NotStarted;
    }
    // If QEMU is gone there is nobody to ask what lies where.
    let stack = accident.stack.filter(|_| registers.is_some());
    let accessed = match accident.cause {
        Cause::Access { address, .. } => address,
        _ => None,
    };
    match stack.and_then(|pointer| stack::check(scene, pointer, accessed)) {
        Some(fault @ StackFault::Overflow { .. }) => return Finding::Stack(fault),
        Some(fault) if !is_code || has_used_stack(accident) => return Finding::Stack(fault),
        _ => {}
    }
    if !is_code {
        return Finding::WildJump;
    }
    match accident.cause {
        Cause::Undefined => Finding::Undefined,
        Cause::Access { .. } => Finding::Access,
        Cause::Other(_) => Finding::Other,
    }
}

/// Whether the stack can be to blame: before `boot.s` has set one up, none is used.
fn has_used_stack(accident: &Accident) -> bool {
    /// A frame with large variables is accessed this far from the stack pointer.
    const REACH: u64 = 0x1_0000;
    match (&accident.cause, &accident.stack) {
        (Cause::Access { address: Some(address), .. }, Some(stack)) => {
            stack::distance(*address, *stack) <= REACH
        }
        (Cause::Undefined, _) => false,
        _ => true,
    }
}

/// Compares the code at `pc` with what the linker put there.
fn overwritten(scene: &mut Scene, pc: u64) -> Option<(Vec<u8>, Vec<u8>)> {
    /// All of an aarch64 instruction, and enough of one of x86_64.
    const BYTES: usize = 4;
    let in_file = scene.image.bytes(pc, BYTES)?.to_vec();
    let in_memory = scene.machine.bytes(pc, BYTES)?;
    (scene.image.is_code(pc) && in_memory != in_file).then_some((in_memory, in_file))
}
