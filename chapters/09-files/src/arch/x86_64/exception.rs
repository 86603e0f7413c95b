//! What an exception is called, and what its error code says.
//!
//! ```text
//!  of a page fault                        of what is about a selector
//!  15   8  7   6  5  4 3 2 1 0            15          3 2   1   0
//! |  -   |HLAT|SS|PK|I|R|U|W|P|          |    index    |TI|IDT|EXT|
//! ```
//!
//! Intel SDM vol. 3A, table "Protected-Mode Exceptions and Interrupts" and "Error Code"; the last
//! three are AMD's (AMD64 APM vol. 2, "Vectors").

use core::fmt;

use x86_64::structures::idt::{DescriptorTable, PageFaultErrorCode, SelectorErrorCode};

use crate::trap::FaultAccess;

/// What the processor says of a trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The way it came.
    pub(super) vector: u64,
    /// What it pushed; 0 where it pushes nothing.
    pub(super) error_code: u64,
}

/// What is known of an exception.
pub(super) enum Kind {
    /// It comes without an error code.
    Plain,
    /// Its error code names a selector, or is 0.
    Selector,
    /// Its error code says how a page was accessed.
    Page,
    /// Its error code is a number.
    Number,
}

use Kind::{Number, Page, Plain, Selector};

/// The names of the exceptions, by vector. `None` is reserved.
#[rustfmt::skip]
pub(super) const NAMES: [Option<(&str, Kind)>; 32] = [
    Some(("divide error (#DE)", Plain)),
    Some(("debug exception (#DB)", Plain)),
    Some(("non-maskable interrupt (NMI)", Plain)),
    Some(("breakpoint (#BP)", Plain)),
    Some(("overflow (#OF)", Plain)),
    Some(("BOUND range exceeded (#BR)", Plain)),
    Some(("invalid opcode (#UD)", Plain)),
    Some(("device not available (#NM)", Plain)),
    Some(("double fault (#DF)", Number)),
    Some(("coprocessor segment overrun", Plain)),
    Some(("invalid TSS (#TS)", Selector)),
    Some(("segment not present (#NP)", Selector)),
    Some(("stack-segment fault (#SS)", Selector)),
    Some(("general protection (#GP)", Selector)),
    Some(("page fault (#PF)", Page)),
    None,
    Some(("x87 floating-point error (#MF)", Plain)),
    Some(("alignment check (#AC)", Number)),
    Some(("machine check (#MC)", Plain)),
    Some(("SIMD floating-point exception (#XM)", Plain)),
    Some(("virtualization exception (#VE)", Plain)),
    Some(("control protection exception (#CP)", Number)),
    None, None, None, None, None, None,
    Some(("hypervisor injection exception (#HV)", Plain)),
    Some(("VMM communication exception (#VC)", Number)),
    Some(("security exception (#SX)", Number)),
    None,
];

/// The vectors with which the processor pushes an error code, a bit each.
pub(super) const WITH_ERROR_CODE: u32 = {
    let (mut bits, mut vector) = (0, 0);
    while vector < NAMES.len() {
        if matches!(NAMES[vector], Some((_, Selector | Page | Number))) {
            bits |= 1 << vector;
        }
        vector += 1;
    }
    bits
};

/// The vector of a page fault.
pub(super) const PAGE_FAULT: u64 = 14;

/// What a page fault with this error code was about.
pub(super) fn access(error_code: u64) -> FaultAccess {
    let bits = PageFaultErrorCode::from_bits_truncate(error_code);
    match bits {
        _ if bits.contains(PageFaultErrorCode::INSTRUCTION_FETCH) => FaultAccess::Execute,
        _ if bits.contains(PageFaultErrorCode::CAUSED_BY_WRITE) => FaultAccess::Write,
        _ => FaultAccess::Read,
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { vector, error_code } = *self;
        let Some(known) = NAMES.get(vector as usize) else {
            return write!(f, "interrupt vector {vector}, which nobody expects");
        };
        let Some((name, kind)) = known else {
            return write!(f, "exception {vector}, which the manual reserves");
        };
        f.write_str(name)?;
        if !matches!(kind, Plain) {
            write!(f, ", error code {error_code:#x}")?;
        }
        match kind {
            Page => write_page(f, error_code),
            Selector if error_code != 0 => write_selector(f, error_code),
            _ => Ok(()),
        }
    }
}

/// Writes what the error code of a page fault says.
fn write_page(f: &mut fmt::Formatter, error_code: u64) -> fmt::Result {
    let bits = PageFaultErrorCode::from_bits_truncate(error_code);
    let has = |bit| bits.contains(bit);
    let who = if has(PageFaultErrorCode::USER_MODE) { "a program" } else { "the kernel" };
    let access = access(error_code);
    let way = if access == FaultAccess::Write { "to" } else { "from" };
    let not = if has(PageFaultErrorCode::PROTECTION_VIOLATION) { "" } else { "not " };
    write!(f, ": {access} by {who} {way} a page that is {not}present")?;
    let more = [
        (PageFaultErrorCode::MALFORMED_TABLE, "a reserved bit is set in an entry"),
        (PageFaultErrorCode::PROTECTION_KEY, "its protection key forbids it"),
        (PageFaultErrorCode::SHADOW_STACK, "it was for a shadow stack"),
    ];
    more.iter().filter(|(bit, _)| has(*bit)).try_for_each(|(_, text)| write!(f, ", {text}"))
}

/// Writes what an error code says that is about a selector.
fn write_selector(f: &mut fmt::Formatter, error_code: u64) -> fmt::Result {
    let code = SelectorErrorCode::new_truncate(error_code);
    match code.descriptor_table() {
        DescriptorTable::Gdt => write!(f, ": selector {:#x} of the GDT", error_code & !7),
        DescriptorTable::Ldt => write!(f, ": selector {:#x} of the LDT", error_code & !7),
        DescriptorTable::Idt => write!(f, ": gate {} of the IDT", code.index()),
    }?;
    // The program did nothing wrong then.
    if code.external() { write!(f, ", on the way to a handler") } else { Ok(()) }
}
