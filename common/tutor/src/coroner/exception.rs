//! An exception, as QEMU's log tells it; the same for both machines.

use std::fmt;

/// An exception that the processor took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Exception {
    /// The vector on x86_64; QEMU's own number on aarch64.
    pub number: u64,
    /// The error code on x86_64; the value for ESR_EL1 on aarch64.
    pub syndrome: u64,
    /// The address of the instruction that the exception is about.
    pub pc: u64,
    /// The stack pointer, where the log has it.
    pub stack: Option<u64>,
    /// The address that could not be accessed.
    pub address: Option<u64>,
    /// Where the processor went to handle it, where the log has it.
    pub handler: Option<u64>,
    /// On x86_64 the interrupt table's address and limit.
    pub interrupt_table: Option<(u64, u64)>,
    /// Whether it was asked for, by an instruction for that purpose or by a device.
    pub is_request: bool,
}

impl Exception {
    /// Whether `other` is this exception once more: nothing has changed in between.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let key = |e: &Self| (e.number, e.syndrome, e.pc, e.address);
        key(self) == key(other)
    }
}

/// What the processor wanted of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
    Fetch,
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "a read",
            Self::Write => "a write",
            Self::Fetch => "an instruction fetch",
        })
    }
}

/// What an exception means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Memory refused an access, for this reason.
    Access { access: Access, address: Option<u64>, reason: String },
    /// The instruction is not one that the processor knows, or not one that it may execute.
    Undefined,
    /// Anything else, in a few words.
    Other(String),
}

/// The two machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arch {
    Aarch64,
    X86_64,
}

impl Arch {
    /// The machine called `name`.
    pub fn named(name: &str) -> Self {
        if name == "x86_64" { Self::X86_64 } else { Self::Aarch64 }
    }
}
