//! aarch64: how QEMU logs its exceptions, and what they mean.
//!
//! An exception is five or six lines:
//!
//! ```text
//! Taking exception 4 [Data Abort] on CPU 0
//! ...from EL1 to EL1
//! ...with ESR 0x25/0x96000050          class / ESR_EL1
//! ...with FAR 0x1000000000             aborts only
//! ...with ELR 0x40203418
//! ...to EL1 PC 0x200 PSTATE 0x3c5      the vector; absent when QEMU itself is the handler
//! ```
//!
//! Arm ARM DDI 0487, D1.3 (exceptions) and D24.2, "ESR_EL1".

use super::exception::{Access, Cause, Exception};

/// What a line of the log is.
pub(super) enum Line {
    /// The last line of an exception.
    Complete,
    /// Another line of one.
    Part,
    /// QEMU itself is the handler, and the processor goes on.
    Handled,
    /// Something else.
    Other,
}

/// QEMU's numbers of the exceptions that are asked for: SVC, IRQ, FIQ, BRK, HVC, SMC, the virtual
/// interrupts, and semihosting.
const REQUESTS: [u64; 9] = [2, 5, 6, 7, 11, 13, 14, 15, 16];

/// Each vector has room for 32 instructions.
const VECTOR_BYTES: u64 = 0x80;

/// Reads `line` into `current`.
pub(super) fn read_line(line: &str, current: &mut Exception) -> Line {
    let hex = |text: &str| u64::from_str_radix(text.trim_start_matches("0x"), 16).ok();
    if let Some(rest) = line.strip_prefix("Taking exception ") {
        let number = rest.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0);
        let is_request = REQUESTS.contains(&number);
        *current = Exception { number, is_request, ..Exception::default() };
    } else if let Some(esr) = line.strip_prefix("...with ESR ") {
        let value = esr.split_once('/').and_then(|(_class, value)| hex(value));
        current.syndrome = value.unwrap_or(0);
    } else if let Some(far) = line.strip_prefix("...with FAR ") {
        current.address = hex(far);
    } else if let Some(elr) = line.strip_prefix("...with ELR ") {
        current.pc = hex(elr).unwrap_or(0);
    } else if let Some((_, rest)) = line.strip_prefix("...to EL").and_then(|l| l.split_once(" PC "))
    {
        current.handler = rest.split(' ').next().and_then(hex);
        return Line::Complete;
    } else if line.starts_with("Exception return from ") {
        return Line::Part;
    } else if line.starts_with("...handl") {
        return Line::Handled;
    } else if !line.starts_with("...") {
        return Line::Other;
    }
    Line::Part
}

/// Whether `new` came up in the vector to which `last` had sent the processor.
pub(super) fn is_consequence(last: &Exception, new: &Exception) -> bool {
    last.handler.is_some_and(|vector| (vector..vector + VECTOR_BYTES).contains(&new.pc))
}

/// Whether the vectors lie where they lie after a reset: nobody has set VBAR_EL1.
pub(super) fn has_no_handler(exception: &Exception) -> bool {
    exception.handler.is_some_and(|vector| vector < 0x800)
}

/// The exception's name, and its number in ESR_EL1.
pub(super) fn name(exception: &Exception) -> String {
    let class = class(exception);
    let name = match class {
        _ if exception.number == 5 => return "Interrupt (IRQ)".to_string(),
        _ if exception.number == 6 => return "Fast Interrupt (FIQ)".to_string(),
        0x00 => "Undefined Instruction",
        0x07 => "Access to SIMD or floating-point, which is switched off",
        0x0e => "Illegal Execution State",
        0x15 => "Supervisor Call (SVC)",
        0x16 => "Hypervisor Call (HVC)",
        0x17 => "Secure Monitor Call (SMC)",
        0x18 => "Trapped System Register Access",
        0x20 | 0x21 => "Instruction Abort",
        0x22 => "PC Alignment Fault",
        0x24 | 0x25 => "Data Abort",
        0x26 => "SP Alignment Fault",
        0x2f => "SError",
        0x30..=0x35 => "Debug Exception",
        0x3c => "Breakpoint Instruction (BRK)",
        _ => "Exception",
    };
    format!("{name} (class {class:#04x}, ESR_EL1 {:#x})", exception.syndrome)
}

/// What `exception` means.
pub(super) fn cause(exception: &Exception) -> Cause {
    let reason = fault_status(exception.syndrome & 0x3f);
    let is_write = exception.syndrome & 1 << 6 != 0;
    // FnV: the address register holds nothing of use.
    let address = exception.address.filter(|_| exception.syndrome & 1 << 10 == 0);
    match class(exception) {
        0x00 | 0x0e if !exception.is_request => Cause::Undefined,
        0x20 | 0x21 => Cause::Access { access: Access::Fetch, address, reason },
        0x24 | 0x25 => {
            let access = if is_write { Access::Write } else { Access::Read };
            Cause::Access { access, address, reason }
        }
        _ => Cause::Other(short_name(exception)),
    }
}

/// The name alone, in lower case, for a headline.
pub(super) fn short_name(exception: &Exception) -> String {
    name(exception).split(" (").next().unwrap_or_default().to_lowercase()
}

/// The exception class, ESR_EL1.EC.
fn class(exception: &Exception) -> u64 {
    exception.syndrome >> 26 & 0x3f
}

/// What an abort's fault status code says. (Arm ARM DDI 0487, D24.2, "ESR_EL1", ISS of aborts.)
fn fault_status(code: u64) -> String {
    let level = code & 0b11;
    match code {
        0x00..=0x03 => format!("the address is too large (address size fault, level {level})"),
        0x04..=0x07 => format!("no page is mapped there (translation fault, level {level})"),
        0x08..=0x0b => {
            format!("the page's access flag is clear (access flag fault, level {level})")
        }
        0x0c..=0x0f => format!("the page does not permit it (permission fault, level {level})"),
        0x10 => "nothing answers at that address (synchronous external abort)".to_string(),
        0x14..=0x17 => format!("a page table lies where nothing answers (level {level})"),
        0x21 => "the address is not a multiple of the size (alignment fault)".to_string(),
        _ => format!("fault status {code:#x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_syndrome(syndrome: u64) -> Exception {
        Exception { number: 4, syndrome, address: Some(0x10), ..Exception::default() }
    }

    #[test]
    fn aborts_tell_what_was_wanted_and_why_not() {
        let Cause::Access { access, address, reason } = cause(&with_syndrome(0x9600_0050)) else {
            panic!("class 0x25 is an abort");
        };
        assert_eq!((access, address), (Access::Write, Some(0x10)));
        assert!(reason.contains("external abort"));
        let Cause::Access { access, reason, .. } = cause(&with_syndrome(0x9600_0007)) else {
            panic!("class 0x25 is an abort");
        };
        assert_eq!(access, Access::Read);
        assert!(reason.contains("translation fault, level 3"));
    }

    #[test]
    fn fetches_are_told_from_data() {
        let cause = cause(&with_syndrome(0x8600_0010));
        assert!(matches!(cause, Cause::Access { access: Access::Fetch, .. }));
    }

    #[test]
    fn invalid_address_registers_are_not_believed() {
        let cause = cause(&with_syndrome(0x9600_0450));
        assert!(matches!(cause, Cause::Access { address: None, .. }));
    }

    #[test]
    fn names_come_from_the_class() {
        assert!(name(&with_syndrome(0x0200_0000)).starts_with("Undefined Instruction (class 0x00"));
        assert_eq!(short_name(&with_syndrome(0x8a00_0000)), "pc alignment fault");
    }
}
