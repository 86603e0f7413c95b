//! Every call, told as it happens: what a program asks for, and what it is answered.
//!
//! With `strace` among the boot arguments, each call of each program is a line on the console. That
//! is the first thing to look at when a program does not do what it should, or does what nobody
//! knows of. On Linux a program of this name gets it from the kernel, by a call that stops another
//! process at each of its own; here the kernel tells it itself.
//!
//! A line is printed when its call is done, so that of a call that waits comes behind what others
//! do meanwhile. What a call may change is shown as it was before, and what it leaves behind, as it
//! is then. Nothing is changed by being shown: memory is copied by the same rules as for the call
//! itself, without any lock, and what cannot be read is shown by its address.

mod errors;
mod line;
mod names;
mod quote;
#[cfg_attr(exercise = "08-strace", path = "../../../08-syscalls/exercises/2-strace/mod.rs")]
mod show;
mod structures;

use core::fmt::Write;
use core::sync::atomic::{AtomicBool, Ordering};

use linux_raw_sys::general::{__NR_exit as EXIT, __NR_exit_group as EXIT_GROUP};

use super::{Call, Errno, Kind, respond, table};
use crate::arch::TrapFrame;
use crate::process::Pid;
use crate::process::user::UserSlice;
use crate::scheduler;
use line::Line;
use show::Shown;

/// Whether calls are told.
static IS_ON: AtomicBool = AtomicBool::new(false);

/// Calls are told from now on, if `arguments`, those of the boot, say so.
pub fn init(arguments: &str) {
    let is_on = arguments.split_ascii_whitespace().any(|word| word == "strace");
    IS_ON.store(is_on, Ordering::Relaxed);
}

/// Whether calls are told.
pub fn is_on() -> bool {
    IS_ON.load(Ordering::Relaxed)
}

/// Does what `call` asks for, and tells it.
pub fn print(call: Call, frame: &mut TrapFrame) -> Result<usize, Errno> {
    let mut line = Line::new();
    let Some(descriptor) = table::find(call.number) else {
        unknown(&mut line, call);
        let result = respond(call, frame);
        let nothing = Shown { name: "", kinds: &[], arguments: call.arguments, memory: &copy };
        nothing.end(&mut line, 0, result.map_err(|Errno(number)| number));
        tell(&line);
        return result;
    };
    let (name, kinds) = (descriptor.name, descriptor.arguments);
    let shown = Shown { name, kinds, arguments: call.arguments, memory: &copy };
    let rest = shown.begin(&mut line);
    if [EXIT, EXIT_GROUP].contains(&descriptor.number) {
        shown.end_without_answer(&mut line);
        tell(&line);
        return respond(call, frame);
    }
    let result = respond(call, frame);
    shown.end(&mut line, rest, result.map_err(|Errno(number)| number));
    tell(&line);
    result
}

/// Prints `line`, and whose it is.
fn tell(line: &Line) {
    let tid = scheduler::program().map_or(Pid(0), |program| program.tid);
    println!("[pid {tid}] {}", line.text());
}

/// Begins the line of a call that is not known, and so has no name.
fn unknown(line: &mut Line, Call { number, arguments: [first, rest @ ..] }: Call) {
    // A line never fails.
    let _ = write!(line, "syscall_{number:#x}({first:#x}");
    rest.iter().for_each(|argument| _ = write!(line, ", {argument:#x}"));
}

/// Copies what the program that runs has at `place`; says whether all of it is there.
fn copy(place: u64, buffer: &mut [u8]) -> bool {
    let slice = UserSlice::new(place, buffer.len());
    slice.and_then(|slice| slice.read(0, buffer)).is_ok()
}

#[cfg(feature = "ktest")]
mod tests;
