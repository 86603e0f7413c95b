//! The ways to die. Each is a function of its own, so that its name stands in the coroner's report.
//!
//! Those that take an instruction of their own are in the machine's file.

#[cfg(target_arch = "aarch64")]
#[path = "aarch64.rs"]
pub mod machine;

#[cfg(target_arch = "x86_64")]
#[path = "x86_64.rs"]
pub mod machine;

mod spoken;

/// A way to die.
pub struct Death {
    /// The value of the boot argument `death`.
    pub name: &'static str,
    /// Dies; if it returns, it has failed.
    pub run: fn(),
}

/// An address with nothing behind it: above all RAM, and on x86_64 above what is mapped.
const NOWHERE: usize = 0x10_0000_0000;

/// An address below 4 GiB, so that it is mapped on x86_64, with neither RAM nor a device behind it.
const GAP: usize = 0x9000_0000;

const COMMON: [Death; 13] = [
    Death { name: "wild_jump", run: wild_jump },
    Death { name: "jump_into_the_gap", run: jump_into_the_gap },
    Death { name: "null_call", run: null_call },
    Death { name: "wild_write", run: wild_write },
    Death { name: "wild_read", run: wild_read },
    Death { name: "stack_overflow", run: stack_overflow },
    Death { name: "endless_loop", run: endless_loop },
    Death { name: "wrong_status", run: wrong_status },
    Death { name: "unheard_status", run: unheard_status },
    Death { name: "waits_for_a_word", run: waits_for_a_word },
    Death { name: "tells_its_way", run: spoken::tells_its_way },
    Death { name: "tells_its_place", run: spoken::tells_its_place },
    Death { name: "tells_no_place", run: spoken::tells_no_place },
];

/// All deaths of this machine.
pub fn all() -> impl Iterator<Item = &'static Death> {
    COMMON.iter().chain(&machine::DEATHS)
}

/// The death called `name`.
pub fn find(name: &str) -> Option<&'static Death> {
    all().find(|death| death.name == name)
}

/// Calls a function where there is none.
#[inline(never)]
fn wild_jump() {
    machine::call(NOWHERE);
}

/// Calls a function where the page tables promise memory and there is none.
#[inline(never)]
fn jump_into_the_gap() {
    machine::call(GAP);
}

/// Calls a function pointer that is zero.
#[inline(never)]
fn null_call() {
    machine::call(0);
}

/// Writes where nothing is.
#[inline(never)]
fn wild_write() {
    // SAFETY: none; this is the accident.
    unsafe { (NOWHERE as *mut u64).write_volatile(0xdead) };
}

/// Reads where nothing is, by a function of the core library.
#[inline(never)]
fn wild_read() {
    // SAFETY: none; this is the accident.
    let word = unsafe { core::ptr::read_volatile(NOWHERE as *const u32) };
    core::hint::black_box(word);
}

/// Calls itself until the stack has run over all that lies below it.
#[inline(never)]
#[allow(unconditional_recursion, reason = "this is the accident")]
fn stack_overflow() {
    let depth = [0x57ac_u64; 16];
    core::hint::black_box(&depth);
    stack_overflow();
    core::hint::black_box(&depth);
}

/// Ends the run with a status that means nothing.
#[inline(never)]
fn wrong_status() {
    machine::exit(7);
}

/// Ends the run with a status that might be QEMU's own.
#[inline(never)]
fn unheard_status() {
    machine::exit(1);
}

/// Waits until somebody types, and ends with a status of its own if it was the right word.
#[inline(never)]
fn waits_for_a_word() {
    print!("type a word: ");
    let is_right = b"mercy\r".iter().all(|byte| machine::typed() == *byte);
    machine::exit(if is_right { 9 } else { 11 });
}

/// Does nothing for ever; interrupts are masked since the boot.
#[inline(never)]
fn endless_loop() {
    loop {
        core::hint::spin_loop();
    }
}
