//! The ways in which chapters are booted to see what they print.

use std::ffi::OsStr;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;

use crate::coroner::Ending;
use crate::kernel::Kernel;
use crate::observe::SUCCESS;
use crate::prompts::Typed;
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
    /// Whether the kernel gets as far as to keep its chapters' promises.
    pub is_kept: bool,
    /// What the console must say, beside what the chapters promise.
    pub says: &'static [&'static str],
    /// What is typed, and at which prompts. Such a run takes its time: see [`Launch::typed`].
    pub types: &'static [Typed],
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
    is_kept: true,
    says: &[],
    types: &[],
    set: |_, _| {},
};

/// The index of the first chapter that has to do with interrupt controllers.
const INTERRUPTS: usize = 4;

/// The index of the first chapter with programs: from there on, an initrd is nothing special, and
/// no other will do.
const PROGRAMS: usize = 5;

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
        name: "with a word that only ends like the one for its status",
        ending: Ending::PoweredOff,
        set: |launch, _| {
            launch.hears_status = false;
            launch.arguments = "no-exit=host".into();
        },
        ..PLAIN
    },
    Way {
        name: "with arguments that are no text",
        says: &["boot arguments: none, the boot arguments are not UTF-8"],
        set: |launch, _| launch.arguments = OsStr::from_bytes(b"\xff").into(),
        ..PLAIN
    },
    Way {
        name: "with an initrd",
        chapters: 1..PROGRAMS,
        says: &["  {hex}..{hex} {text} KiB  initrd"],
        set: |launch, kernel| launch.initrd = Some(kernel.elf.clone()),
        ..PLAIN
    },
    Way {
        name: "on a processor without long mode",
        arch: Some("x86_64"),
        ending: Ending::Asleep,
        is_kept: false,
        says: &["strata: this processor has no long mode, or no no-execute pages"],
        set: |launch, _| launch.cpu = Some("max,-lm"),
        ..PLAIN
    },
    Way {
        name: "on a processor without no-execute pages",
        arch: Some("x86_64"),
        ending: Ending::Asleep,
        is_kept: false,
        says: &["strata: this processor has no long mode, or no no-execute pages"],
        set: |launch, _| launch.cpu = Some("max,-nx"),
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
        name: "with a line that is typed, and mended",
        chapters: INTERRUPTS..usize::MAX,
        types: &[Typed::words("input: type a line", "hello wrold\x7f\x7f\x7f\x7forld\r")],
        says: &["input: \"hello world\""],
        ..PLAIN
    },
    Way {
        name: "with a stack that overflows",
        chapters: INTERRUPTS..usize::MAX,
        ending: Ending::Status(35),
        is_kept: false,
        says: &["trap: stack overflow: a write at {hex}, below the end of a stack"],
        set: |launch, _| launch.arguments = "overflow".into(),
        ..PLAIN
    },
    Way {
        name: "with a GICv3",
        chapters: INTERRUPTS..usize::MAX,
        arch: Some("aarch64"),
        set: |launch, _| launch.gic = Some(3),
        ..PLAIN
    },
    Way {
        name: "entered at EL2 on a processor that counts no events",
        arch: Some("aarch64"),
        set: |launch, _| {
            launch.is_entered_at_el2 = true;
            launch.cpu = Some("cortex-a76,pmu=off");
        },
        ..PLAIN
    },
    Way {
        name: "without a devicetree",
        arch: Some("aarch64"),
        ending: Ending::PoweredOff,
        is_kept: false,
        says: &["boot arguments: none, no devicetree at 0x0"],
        set: |launch, kernel| launch.image = kernel.elf.clone(),
        ..PLAIN
    },
];

/// A way to run a kernel's tests.
pub struct SuiteWay {
    /// What is special about it.
    pub name: &'static str,
    /// The indices of the chapters whose tests are run so.
    pub chapters: Range<usize>,
    /// The only machine that has it; all if there is none.
    pub arch: Option<&'static str>,
    /// Whether the kernel is optimised.
    pub is_release: bool,
    /// Whether the tests that must die are run: see `kernel_tests`.
    pub has_deaths: bool,
    /// Makes the machine so.
    pub set: fn(&mut Launch),
}

/// The way of a reader's run.
const PLAIN_SUITE: SuiteWay = SuiteWay {
    name: "as it is",
    chapters: 0..usize::MAX,
    arch: None,
    is_release: false,
    has_deaths: true,
    set: |_| {},
};

/// The way in which only the tests that return are run.
const WITHOUT_DEATHS: SuiteWay = SuiteWay { has_deaths: false, ..PLAIN_SUITE };

/// All of them. From the second chapter on, kernels care how much memory there is.
pub const SUITES: &[SuiteWay] = &[
    PLAIN_SUITE,
    SuiteWay { name: "optimised", is_release: true, ..PLAIN_SUITE },
    SuiteWay {
        name: "entered at EL2",
        arch: Some("aarch64"),
        set: |launch| launch.is_entered_at_el2 = true,
        ..WITHOUT_DEATHS
    },
    SuiteWay {
        name: "with a GICv3",
        chapters: INTERRUPTS..usize::MAX,
        arch: Some("aarch64"),
        set: |launch| launch.gic = Some(3),
        ..WITHOUT_DEATHS
    },
    SuiteWay {
        name: "in 32 MiB",
        chapters: 1..usize::MAX,
        set: |launch| launch.memory = Some("32M".into()),
        ..WITHOUT_DEATHS
    },
    SuiteWay {
        name: "in 6 GiB",
        chapters: 1..usize::MAX,
        set: |launch| launch.memory = Some("6G".into()),
        ..WITHOUT_DEATHS
    },
];
