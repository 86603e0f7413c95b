//! Tries out how `execve` succeeds: what the new program gets, and what it has from the old one.
//!
//! The new program is always this one; an argument or a variable says what it is to show.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::ffi::CString;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::CStr;
use core::sync::atomic::{AtomicU32, Ordering};

use linux_raw_sys::{auxvec, general};
use user::arch::FloatRegisters;
use user::memory::{PAGE, READ, WRITE};
use user::process::{execve, getpid, gettid};
use user::syscall::STDOUT;
use user::{Start, capability, command, println, report, system, thread};

/// A variable with initial contents, which a new program has again.
static DATA: AtomicU32 = AtomicU32::new(17);

/// Where the old program has a page.
const OLD_PAGE: usize = 0x3000_0000_0000;

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let registers = FloatRegisters::get();
    let environment = || start.environment().any(|text| text == c"SHOW=1");
    match start.argument(1) {
        Some("show") => show(start),
        Some("fresh") => fresh(start, &registers),
        Some("pid") => i32::from(start.argument(2) != Some(&format!("{}", getpid()))),
        Some("length") => length(start),
        Some("may-boot") => may_boot(),
        Some("status") => 33,
        _ if environment() => show(start),
        _ => try_all(start),
    }
}

fn show(start: &Start) -> i32 {
    println!("execve: {} arguments", start.argument_count());
    start.arguments().skip(1).for_each(|text| println!("execve: argument {text:?}"));
    start.environment().for_each(|text| println!("execve: variable {text:?}"));
    0
}

/// Whether this program begins as if there had been none before.
fn fresh(start: &Start, registers: &FloatRegisters) -> i32 {
    // SAFETY: `write` only reads.
    let old = unsafe { report::ask_silently(general::__NR_write, &[STDOUT, OLD_PAGE, 1]) };
    report::answer("execve: old pages, written to the output", old);
    report::value("execve: data begins anew", DATA.load(Ordering::Relaxed));
    report::truth("execve: so do registers", *registers == FloatRegisters::FIRST);
    report::truth("execve: one thread", getpid() == gettid());
    let name = system::thread_name().unwrap_or_default();
    let name = CStr::from_bytes_until_nul(&name).unwrap_or_default();
    report::value("execve: the name is the file's", name.to_string_lossy());
    let path = start.about(auxvec::AT_EXECFN).unwrap_or(0) as *const core::ffi::c_char;
    // SAFETY: the kernel has put the address of a text there.
    let path = (!path.is_null()).then(|| unsafe { CStr::from_ptr(path) });
    report::truth("execve: AT_EXECFN is the path", path == start.arguments().next());
    0
}

fn length(start: &Start) -> i32 {
    report::value("execve: arguments", start.argument_count());
    let bytes: usize = start.arguments().skip(1).map(CStr::count_bytes).sum();
    report::value("execve: bytes in all but the first", bytes);
    0
}

fn may_boot() -> i32 {
    let sets = capability::get().map_or(0, |sets| sets.effective);
    i32::from(sets & 1 << capability::SYS_BOOT != 0)
}

/// Has a copy become `words`, and says how that ends.
fn run(what: &str, words: &[&CStr], environment: &[&CStr]) {
    report::child(what, || become_again(words, environment));
}

/// Becomes this program again; a status if that does not work.
fn become_again(words: &[&CStr], environment: &[&CStr]) -> i32 {
    let path = words.first().copied().unwrap_or_default();
    report::outcome::<()>("execve", Err(execve(path, words, environment)));
    command::NOT_RUN.into()
}

fn try_all(start: &Start) -> i32 {
    let Some(own) = start.arguments().next() else { return 2 };
    run("execve: a status", &[own, c"status"], &[]);
    run("execve: arguments", &[own, c"show", c"", c"two words", c"\xff"], &[]);
    run("execve: an environment", &[own, c"show"], &[c"A=1", c"", c"no equals sign", c"A=2"]);
    no_arguments(own);
    same_number(own);
    run_with_old_state(own);
    from_a_thread(own);
    long_arguments(own);
    capabilities(own);
    0
}

fn no_arguments(own: &CStr) {
    report::child("execve: no arguments", || {
        report::outcome::<()>("execve", Err(execve(own, &[], &[c"SHOW=1"])));
        command::NOT_RUN.into()
    });
}

fn same_number(own: &CStr) {
    report::child("execve: the process stays the same", || {
        let number = CString::new(format!("{}", getpid())).unwrap_or_default();
        become_again(&[own, c"pid", &number], &[])
    });
}

/// Has a page at an address that a new program is not given by chance.
fn map_old_page() {
    let access = READ | WRITE;
    let flags = general::MAP_PRIVATE | general::MAP_ANONYMOUS | general::MAP_FIXED_NOREPLACE;
    let arguments = [OLD_PAGE, PAGE, access as usize, flags as usize, usize::MAX, 0];
    // SAFETY: nothing is there, and the kernel would refuse to replace it.
    let outcome = unsafe { report::ask_silently(general::__NR_mmap, &arguments) };
    report::outcome("mmap: a page for the old program", outcome);
}

/// Leaves traces everywhere before.
fn run_with_old_state(own: &CStr) {
    report::child("execve: nothing of the old program is left", || {
        map_old_page();
        DATA.store(18, Ordering::Relaxed);
        // A name that cannot be set is not what is tried here.
        let _ = system::set_thread_name(c"another");
        let words = [own, c"fresh"];
        let mut pattern = FloatRegisters::FIRST;
        pattern.vectors[5] = u128::MAX;
        pattern.set();
        become_again(&words, &[])
    });
}

fn from_a_thread(own: &CStr) {
    let path = CString::from(own);
    report::child("execve: while another thread runs", || {
        let endless = thread::spawn(|| {
            loop {
                user::time::yield_now();
            }
        });
        report::truth("execve: there is another thread", endless.is_ok());
        become_again(&[own, c"fresh"], &[])
    });
    report::child("execve: by another thread than the first", move || {
        let number = CString::new(format!("{}", getpid())).unwrap_or_default();
        let work = move || become_again(&[&path, c"pid", &number], &[]);
        thread::spawn(work).ok().and_then(|it| it.join()).unwrap_or(1)
    });
}

fn long_arguments(own: &CStr) {
    let long = CString::new(vec![b'a'; 128 * 1024 - 1]).unwrap_or_default();
    run("execve: the longest argument", &[own, c"length", &long], &[]);
    let many: Vec<&CStr> = [vec![own, c"length"], vec![c"word"; 500]].concat();
    run("execve: many arguments", &many, &[]);
}

fn capabilities(own: &CStr) {
    let words = [own, c"may-boot"];
    run("execve: root may turn off the machine", &words, &[]);
    report::child("execve: root has back what it gave up", || {
        report::outcome("capset", capability::drop(capability::SYS_BOOT));
        become_again(&words, &[])
    });
    report::child("execve: but not beyond the bounding set", || {
        report::outcome("prctl", capability::drop_bound(capability::SYS_BOOT));
        report::value("execve: before it, there is", may_boot());
        become_again(&words, &[])
    });
    report::child("execve: whose end is inherited", || {
        report::outcome("prctl", capability::drop_bound(capability::SYS_BOOT));
        let pid = report::start_child(|| become_again(&words, &[]));
        report::ended("execve: of a copy", pid);
        0
    });
}
