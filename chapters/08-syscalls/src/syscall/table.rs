//! The table of system calls: what each number stands for.
//!
//! A `match` over the numbers would do as well, for as long as there are six of them. With a
//! hundred each call needs more than its code: a name and the kinds of its arguments, so that it
//! can be shown (`strace`), and the right that a process needs to be answered at all. So a call is
//! a [`Descriptor`], everything about it in one place, beside its handler; and to find it is to
//! look at one place of an array, however many calls there are.
//!
//! The numbers are not the same on both machines, and some calls exist on one only: x86_64 has kept
//! those that it began with, where aarch64 has but their successors. Such are in the list of the
//! machine.

use super::capability::Capability;
use super::{
    Errno, Kind, capability, console, identity, limits, memory, name, process, processor, signal,
    system, thread, time, unknown, usage,
};
use crate::arch::{self, TrapFrame};

/// A system call: all that the kernel knows about it.
#[derive(Debug)]
pub struct Descriptor {
    /// Linux's number of it on this machine.
    pub number: u32,
    /// Linux's name of it.
    pub name: &'static str,
    /// What it takes; the other registers are not looked at.
    pub arguments: &'static [Kind],
    /// What a process must have the right to, to be answered anything but EPERM.
    pub capability: Option<Capability>,
    /// What answers it.
    pub handler: Handler,
}

/// What answers a call: with a result that is not negative, or with an error.
pub type Handler = fn(&mut Context) -> Result<usize, Errno>;

/// A call that is being answered.
pub struct Context<'a> {
    /// What the program has passed, up to six numbers.
    pub arguments: [u64; 6],
    /// All registers of the program. Only calls that copy or replace them look at them.
    pub frame: &'a mut TrapFrame,
}

impl Descriptor {
    /// A call that everybody may make.
    pub const fn new(
        number: u32,
        name: &'static str,
        arguments: &'static [Kind],
        handler: Handler,
    ) -> Self {
        Self { number, name, arguments, capability: None, handler }
    }

    /// The same call, for those who have `capability`.
    pub const fn needs(self, capability: Capability) -> Self {
        Self { capability: Some(capability), ..self }
    }
}

/// All calls, by what they are about.
const LISTS: [&[Descriptor]; 15] = [
    process::CALLS,
    thread::CALLS,
    memory::CALLS,
    signal::CALLS,
    time::CALLS,
    console::CALLS,
    system::CALLS,
    name::CALLS,
    identity::CALLS,
    limits::CALLS,
    processor::CALLS,
    usage::CALLS,
    capability::CALLS,
    unknown::CALLS,
    arch::CALLS,
];

/// How many numbers the table has room for. Linux's are below 470, and grow by a few each year.
const SIZE: usize = 512;

/// The table: the descriptor of each number that has one.
static TABLE: [Option<&Descriptor>; SIZE] = fill();

/// Puts each call at its number. This runs in the compiler, which refuses the kernel if a number is
/// out of range, or comes twice.
const fn fill() -> [Option<&'static Descriptor>; SIZE] {
    let mut table = [None; SIZE];
    let mut list = 0;
    while list < LISTS.len() {
        let mut index = 0;
        while index < LISTS[list].len() {
            let call = &LISTS[list][index];
            let place = &mut table[call.number as usize];
            assert!(place.is_none(), "two calls have the same number");
            *place = Some(call);
            index += 1;
        }
        list += 1;
    }
    table
}

/// The call with this number, if it is one that we know.
pub fn find(number: u32) -> Option<&'static Descriptor> {
    *TABLE.get(number as usize)?
}

/// All calls that we know, by their numbers.
#[cfg(feature = "ktest")]
pub fn all() -> impl Iterator<Item = &'static Descriptor> {
    TABLE.iter().flatten().copied()
}
