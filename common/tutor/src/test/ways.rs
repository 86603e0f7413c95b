//! The ways in which chapters are booted to see what they print.

use std::ops::Range;

use crate::coroner::Ending;
use crate::kernel::Kernel;
use crate::observe::SUCCESS;
use crate::qemu::Launch;

/// A way to boot.
pub struct Way {
    /// What is special about it.
    pub name: &'static str,
    /// The indices of the chapters that are booted so.
    pub chapters: Range<usize>,
    /// The only machine that has it; all if there is none.
    pub arch: Option<&'static str>,
    /// Whether the kernel is optimised.
    pub is_release: bool,
    /// How much memory the machine has, in MiB.
    pub mebibytes: u64,
    /// How the run ends.
    pub ending: Ending,
    /// What the console must say, beside what the chapters promise.
    pub says: &'static [&'static str],
    /// Makes the machine so.
    pub set: fn(&mut Launch, &Kernel),
}

/// The way that differs in nothing from the reader's.
const PLAIN: Way = Way {
    name: "as it is",
    chapters: 0..usize::MAX,
    arch: None,
    is_release: false,
    mebibytes: 128,
    ending: SUCCESS,
    says: &[],
    set: |_, _| {},
};

/// All of them.
pub const WAYS: &[Way] = &[
    PLAIN,
    Way { name: "optimised", is_release: true, ..PLAIN },
    Way { name: "with two processors", set: |launch, _| launch.cpus = Some(2), ..PLAIN },
    Way { name: "in 32 MiB", mebibytes: 32, ..PLAIN },
    Way { name: "in 3 GiB", mebibytes: 3 << 10, ..PLAIN },
    Way { name: "in 6 GiB", mebibytes: 6 << 10, ..PLAIN },
    Way { name: "in two nodes", set: |launch, _| launch.is_numa = true, ..PLAIN },
    Way {
        name: "with nobody to hear its status",
        ending: Ending::PoweredOff,
        set: |launch, _| launch.hears_status = false,
        ..PLAIN
    },
    Way {
        name: "with an initrd",
        chapters: 1..usize::MAX,
        says: &["  {hex}..{hex} {text} KiB  initrd"],
        set: |launch, kernel| launch.initrd = Some(kernel.elf.clone()),
        ..PLAIN
    },
    Way {
        name: "entered at EL2",
        arch: Some("aarch64"),
        set: |launch, _| launch.is_entered_at_el2 = true,
        ..PLAIN
    },
    Way {
        name: "entered at EL2, with nobody to hear its status",
        arch: Some("aarch64"),
        ending: Ending::PoweredOff,
        set: |launch, _| {
            launch.is_entered_at_el2 = true;
            launch.hears_status = false;
        },
        ..PLAIN
    },
    Way {
        name: "without a devicetree",
        chapters: 0..1,
        arch: Some("aarch64"),
        ending: Ending::PoweredOff,
        says: &["boot arguments: none, no devicetree at 0x0"],
        set: |launch, kernel| launch.image = kernel.elf.clone(),
        ..PLAIN
    },
];
