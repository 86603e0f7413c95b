//! x86_64: how QEMU logs its exceptions, and what they mean.
//!
//! An exception is a line and then the registers:
//!
//! ```text
//!      0: v=0e e=0002 i=0 cpl=0 IP=0008:… pc=0000000000100103 SP=0010:0000000000125e50 CR2=…
//! RAX=… RBX=…
//! IDT=     0000000000000000 0000ffff
//! ```
//!
//! Interrupts of devices look the same, with `Servicing hardware INT=0x20` before them. In real
//! mode, where firmware begins, only that line is logged; the next exception may be another one.
//!
//! Intel SDM vol. 3A, 7.15 (exceptions) and 5.7 (page fault's error code).

use super::exception::{Access, Cause, Exception};

/// What a line of the log is.
pub(super) enum Line {
    /// The first line of an exception.
    Start(Exception),
    /// The interrupt table's address and limit, at the exception before it.
    InterruptTable(u64, u64),
    /// A device asks for an interrupt with this vector.
    Hardware(u64),
    /// The processor gives up.
    TripleFault,
    /// A line that is known and says nothing more.
    Known,
    /// Something else.
    Other,
}

/// The vectors below this are exceptions, not interrupts.
const EXCEPTIONS: u64 = 32;

/// The limit that the interrupt table has after a reset, in 16-bit mode and in all others.
const RESET_LIMITS: [u64; 2] = [0x3ff, 0xffff];

/// Reads a line of the log.
pub(super) fn read_line(line: &str) -> Line {
    const KNOWN: [&str; 3] = ["check_exception ", "SMM: ", "INIT"];
    if let Some(exception) = start(line) {
        Line::Start(exception)
    } else if let Some((base, limit)) = interrupt_table(line) {
        Line::InterruptTable(base, limit)
    } else if let Some(vector) = line.strip_prefix("Servicing hardware INT=0x").and_then(hex) {
        Line::Hardware(vector)
    } else if line == "Triple fault" {
        Line::TripleFault
    } else if KNOWN.iter().any(|start| line.starts_with(start)) {
        Line::Known
    } else {
        Line::Other
    }
}

/// Whether `line` lists registers that tell nothing here. There are two dozen such lines for each
/// interrupt, and a kernel with a clock takes a hundred thousand of those: this one look at the
/// fourth character is what makes that affordable.
pub(super) fn is_register(line: &[u8]) -> bool {
    line.get(3) == Some(&b'=') && !line.starts_with(b"IDT=")
}

fn start(line: &str) -> Option<Exception> {
    // A record begins with its number, a colon, and the vector.
    let (number, fields) = line.split_once(": v=")?;
    if !number.trim_start().bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut fields = fields.split_ascii_whitespace();
    let number = hex(fields.next()?)?;
    let mut exception =
        Exception { number, is_request: number >= EXCEPTIONS, ..Exception::default() };
    for (name, value) in fields.filter_map(|field| field.split_once('=')) {
        // An address is written with its segment before it.
        let value = || hex(value.rsplit(':').next()?);
        match name {
            "e" => exception.syndrome = value()?,
            "i" => exception.is_request |= value()? != 0,
            "pc" => exception.pc = value()?,
            "SP" => exception.stack = value(),
            "CR2" => exception.address = value(),
            _ => {}
        }
    }
    Some(exception)
}

fn hex(digits: &str) -> Option<u64> {
    u64::from_str_radix(digits, 16).ok()
}

fn interrupt_table(line: &str) -> Option<(u64, u64)> {
    let mut numbers = line.strip_prefix("IDT=")?.split_whitespace();
    let mut next = || hex(numbers.next()?);
    Some((next()?, next()?))
}

/// Whether `new` came up while the processor tried to handle `last`: no instruction lies between.
pub(super) fn is_consequence(last: &Exception, new: &Exception) -> bool {
    (last.pc, last.stack) == (new.pc, new.stack)
}

/// Whether there is no interrupt table with an entry for `exception`.
pub(super) fn has_no_handler(exception: &Exception) -> bool {
    exception.interrupt_table.is_some_and(|(base, limit)| {
        let is_reset = base == 0 && RESET_LIMITS.contains(&limit);
        is_reset || exception.number * 16 + 15 > limit
    })
}

/// The exception's name and vector.
pub(super) fn name(exception: &Exception) -> String {
    let name = match exception.number {
        0 => "Divide Error (#DE)",
        1 => "Debug Exception (#DB)",
        2 => "Non-Maskable Interrupt (NMI)",
        3 => "Breakpoint (#BP)",
        4 => "Overflow (#OF)",
        5 => "BOUND Range Exceeded (#BR)",
        6 => "Invalid Opcode (#UD)",
        7 => "Device Not Available (#NM)",
        8 => "Double Fault (#DF)",
        10 => "Invalid TSS (#TS)",
        11 => "Segment Not Present (#NP)",
        12 => "Stack-Segment Fault (#SS)",
        13 => "General Protection (#GP)",
        14 => "Page Fault (#PF)",
        16 => "x87 Floating-Point Error (#MF)",
        17 => "Alignment Check (#AC)",
        18 => "Machine Check (#MC)",
        19 => "SIMD Floating-Point Exception (#XM)",
        20 => "Virtualization Exception (#VE)",
        21 => "Control Protection Exception (#CP)",
        vector if vector < EXCEPTIONS => "Reserved Exception",
        _ => "Interrupt",
    };
    let code = match exception.number {
        8 | 10..=14 | 17 | 21 => format!(", error code {:#x}", exception.syndrome),
        _ => String::new(),
    };
    format!("{name}, vector {}{code}", exception.number)
}

/// The name alone, in lower case, for a headline.
pub(super) fn short_name(exception: &Exception) -> String {
    name(exception).split([',', '(']).next().unwrap_or_default().trim().to_lowercase()
}

/// What `exception` means.
pub(super) fn cause(exception: &Exception) -> Cause {
    match exception.number {
        6 if !exception.is_request => Cause::Undefined,
        14 if !exception.is_request => page_fault(exception),
        _ => Cause::Other(short_name(exception)),
    }
}

/// Reads a page fault's error code.
///
/// ```text
///  bit  0        1      2     3              4
///      present  write  user  reserved bit   fetch
/// ```
fn page_fault(exception: &Exception) -> Cause {
    let has = |bit: u32| exception.syndrome & 1 << bit != 0;
    let access = match (has(4), has(1)) {
        (true, _) => Access::Fetch,
        (_, true) => Access::Write,
        _ => Access::Read,
    };
    let reason = match (has(0), has(3)) {
        (_, true) => "a page table entry has a reserved bit set",
        (true, _) => "the page does not permit it",
        _ => "no page is mapped there",
    };
    let who = if has(2) { " (user code asked)" } else { "" };
    Cause::Access { access, address: exception.address, reason: format!("{reason}{who}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_fault_with(syndrome: u64) -> Cause {
        cause(&Exception { number: 14, syndrome, address: Some(8), ..Exception::default() })
    }

    #[test]
    fn page_faults_tell_what_was_wanted_and_why_not() {
        let expected = [
            (0x00, Access::Read, "no page is mapped there"),
            (0x02, Access::Write, "no page is mapped there"),
            (0x03, Access::Write, "the page does not permit it"),
            (0x10, Access::Fetch, "no page is mapped there"),
            (0x09, Access::Read, "a page table entry has a reserved bit set"),
            (0x06, Access::Write, "no page is mapped there (user code asked)"),
        ];
        for (code, access, reason) in expected {
            let reason = reason.to_string();
            let cause = Cause::Access { access, address: Some(8), reason };
            assert_eq!(page_fault_with(code), cause, "error code {code:#x}");
        }
    }

    #[test]
    fn tables_without_an_entry_are_no_handler() {
        let with = |base, limit| Exception {
            number: 14,
            interrupt_table: Some((base, limit)),
            ..Exception::default()
        };
        assert!(has_no_handler(&with(0, 0xffff)));
        assert!(has_no_handler(&with(0x10_0000, 0)));
        assert!(!has_no_handler(&with(0x10_0000, 0xfff)));
        assert!(!has_no_handler(&Exception::default()));
    }

    #[test]
    fn names_have_the_vector_and_the_code() {
        let mut exception = Exception { number: 13, syndrome: 0x62, ..Exception::default() };
        assert_eq!(name(&exception), "General Protection (#GP), vector 13, error code 0x62");
        assert_eq!(short_name(&exception), "general protection");
        exception.number = 6;
        assert_eq!(name(&exception), "Invalid Opcode (#UD), vector 6");
    }
}
