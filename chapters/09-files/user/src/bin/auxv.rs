//! Prints and checks what the kernel tells a program on its stack.
//!
//! The vector's values differ from run to run, so what is printed is which entries there are.

#![no_std]
#![no_main]

use linux_raw_sys::auxvec;
use user::arch::forbidden;
use user::{Start, println};

unsafe extern "C" {
    /// The first instruction.
    fn _start();
}

/// The entries with names that matter here; every kernel must give these.
const KINDS: &[(u32, &str)] = &[
    (auxvec::AT_PHDR, "AT_PHDR"),
    (auxvec::AT_PHENT, "AT_PHENT"),
    (auxvec::AT_PHNUM, "AT_PHNUM"),
    (auxvec::AT_PAGESZ, "AT_PAGESZ"),
    (auxvec::AT_ENTRY, "AT_ENTRY"),
    (auxvec::AT_RANDOM, "AT_RANDOM"),
];

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    println!("auxv: {} arguments", start.argument_count());
    for argument in start.arguments() {
        println!("auxv: argument {argument:?}");
    }
    for variable in start.environment() {
        println!("auxv: variable {variable:?}");
    }
    for (kind, name) in KINDS {
        match start.about(*kind) {
            Some(_) => println!("auxv: {name}"),
            None => println!("auxv: no {name}"),
        }
    }
    match check(start) {
        Ok(()) => 0,
        Err(why) => {
            println!("auxv: {why}");
            1
        }
    }
}

/// Checks the values.
fn check(start: &Start) -> Result<(), &'static str> {
    let value = |kind| start.about(kind).unwrap_or(0);
    let promise = |is_kept: bool, why| if is_kept { Ok(()) } else { Err(why) };
    promise(start.stack().is_multiple_of(16), "the stack is not aligned to 16 bytes")?;
    promise(start.argument_count() == start.arguments().count(), "arguments were miscounted")?;
    promise(value(auxvec::AT_PAGESZ) == 4096, "pages are not 4096 bytes")?;
    promise(value(auxvec::AT_ENTRY) == _start as *const () as usize, "this is not the entry")?;
    promise(value(auxvec::AT_PHENT) == 56, "program headers are not 56 bytes")?;
    check_headers(value(auxvec::AT_PHDR), value(auxvec::AT_PHNUM))?;
    // Sixteen bytes; that all are equal happens once in 2 to the 120 runs.
    let random = value(auxvec::AT_RANDOM);
    let byte = |index| read(random + index);
    promise((1..16).any(|index| byte(index) != byte(0)), "the random bytes are all the same")
}

/// The byte at `address`, which the kernel has named.
fn read(address: usize) -> u8 {
    // SAFETY: if the kernel has named what is not there, the processor refuses.
    unsafe { forbidden::read(address) }
}

/// Looks through the program headers for one that is to be loaded.
fn check_headers(headers: usize, count: usize) -> Result<(), &'static str> {
    const PT_LOAD: u8 = 1;
    if (0..count).any(|index| read(headers + 56 * index) == PT_LOAD) {
        Ok(())
    } else {
        Err("no program header says what to load")
    }
}
