//! What a program finds on its stack when it starts: its arguments, its environment, and what the
//! kernel has to tell it.
//!
//! No register says where the arguments are; they are where the stack pointer points. A program's
//! first instructions, and the C library behind them, read upwards from there and find everything.
//! That layout is as much a part of the kernel's interface as the system calls are, and it is laid
//! out here as Linux does it, byte for byte, in the order that programs have come to know.
//!
//! ```text
//!  top      ->  8 zero bytes
//!               the name of the file                    AT_EXECFN points here
//!               the environment's texts, the first one lowest
//!               the arguments' texts, the first one lowest
//!               (down to a multiple of 16)
//!               the name of the processor               AT_PLATFORM points here
//!               16 random bytes                         AT_RANDOM points here
//!               (down to where the pointer comes out a multiple of 16)
//!               AT_NULL, 0                              pairs of a key and a value,
//!               …                                       the "auxiliary vector"
//!               0
//!               a pointer to each text of the environment
//!               0
//!               a pointer to each argument
//!  pointer  ->  how many arguments there are
//! ```
//!
//! Every text ends with a zero, so none may have one inside: what the program would read is
//! something else than what was meant.
//!
//! System V ABI, AMD64 supplement, 3.4.1, "Initial Stack and Register State"; System V ABI for the
//! Arm 64-bit Architecture (Arm IHI 0055) for the pointer's alignment; Linux, fs/exec.c,
//! `copy_strings`, and fs/binfmt_elf.c, `create_elf_tables`.

use core::fmt;

use crate::memory::address::VirtAddr;

/// Keys of the auxiliary vector that are filled in here. (Linux, uapi/linux/auxvec.h.)
const AT_NULL: u64 = 0;
const AT_PLATFORM: u64 = 15;
const AT_RANDOM: u64 = 25;
const AT_EXECFN: u64 = 31;

/// Bytes of a pointer, and of every number on the stack.
const WORD: u64 = 8;

/// The stack pointer is a multiple of it when a program starts.
const ALIGNMENT: u64 = 16;

/// What a program is told when it starts.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// Its arguments, the first of which is by custom its name.
    pub arguments: &'a [&'a [u8]],
    /// Texts of the form `NAME=value`.
    pub environment: &'a [&'a [u8]],
    /// The file that it was loaded from.
    pub name: &'a [u8],
    /// What the processor is called; nothing is said if it is empty.
    pub platform: &'a [u8],
    /// Bytes that nobody can foresee.
    pub random: [u8; 16],
    /// Keys and values of the auxiliary vector that are plain numbers. [`lay_out`] adds those that
    /// point to the stack, and the end.
    pub auxiliary: &'a [(u64, u64)],
}

/// Why a stack could not be laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartError {
    /// There is not as much room as is needed. (In bytes.)
    TooLarge { needed: u64, room: u64 },
    /// A text has a zero inside, as its byte `offset`.
    ZeroInside { text: Text, offset: usize },
}

/// One of the texts that a program is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// The argument with this number, from 0 on.
    Argument(usize),
    /// The text of the environment with this number, from 0 on.
    Environment(usize),
    /// The name of the file.
    Name,
    /// The name of the processor.
    Platform,
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Argument(index) => write!(f, "argument {index}"),
            Self::Environment(index) => write!(f, "environment text {index}"),
            Self::Name => write!(f, "the file's name"),
            Self::Platform => write!(f, "the processor's name"),
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::TooLarge { needed, room } => {
                write!(f, "arguments and environment need {needed} bytes of stack, not {room}")
            }
            Self::ZeroInside { text, offset } => {
                write!(f, "{text} has a zero inside, as byte {offset}")
            }
        }
    }
}

impl core::error::Error for StartError {}

/// Lays out the stack of a program that starts, in `room`, the memory right below `top`. What it
/// returns is the stack pointer. Nothing is written below it, and nothing at all if there is an
/// error.
pub fn lay_out(room: &mut [u8], top: VirtAddr, start: &Start) -> Result<VirtAddr, StartError> {
    check(start)?;
    let layout = Layout::new(top, start, room.len() as u64)?;
    let used = (top - layout.pointer) as usize;
    let unused = room.len() - used;
    let mut stack =
        Stack { bytes: &mut room[unused..], base: layout.pointer, next: layout.pointer };
    stack.bytes.fill(0);
    stack.tables(&layout, start);
    stack.texts(&layout, start);
    Ok(layout.pointer)
}

/// Refuses texts with a zero inside.
fn check(start: &Start) -> Result<(), StartError> {
    let arguments = start.arguments.iter().enumerate().map(|(i, text)| (Text::Argument(i), *text));
    let environment = start.environment.iter().enumerate();
    let environment = environment.map(|(i, text)| (Text::Environment(i), *text));
    let names = [(Text::Name, start.name), (Text::Platform, start.platform)];
    for (text, bytes) in arguments.chain(environment).chain(names) {
        if let Some(offset) = bytes.iter().position(|&byte| byte == 0) {
            return Err(StartError::ZeroInside { text, offset });
        }
    }
    Ok(())
}

/// Where everything lies.
struct Layout {
    name: VirtAddr,
    environment: VirtAddr,
    arguments: VirtAddr,
    platform: VirtAddr,
    random: VirtAddr,
    pointer: VirtAddr,
}

impl Layout {
    /// Goes down from `top`, at most as far as there is `room`.
    fn new(top: VirtAddr, start: &Start, room: u64) -> Result<Self, StartError> {
        // Every sum is of bytes that are in memory, but the same bytes may be in it many times.
        let name = WORD.saturating_add(size(&[start.name]));
        let environment = name.saturating_add(size(start.environment));
        let arguments = environment.saturating_add(size(start.arguments));
        let platform = below(top, arguments).saturating_add(platform_size(start));
        let random = platform.saturating_add(start.random.len() as u64);
        let words = words(start).saturating_mul(WORD);
        let needed = below(top, random.saturating_add(words));
        if needed > room.min(top.0) {
            return Err(StartError::TooLarge { needed, room });
        }
        let at = |distance| VirtAddr(top.0 - distance);
        Ok(Self {
            name: at(name),
            environment: at(environment),
            arguments: at(arguments),
            platform: at(platform),
            random: at(random),
            pointer: at(needed),
        })
    }
}

/// How far below `top` the next multiple of 16 is that is at least `distance` below it.
fn below(top: VirtAddr, distance: u64) -> u64 {
    distance.saturating_add(top.0.wrapping_sub(distance) % ALIGNMENT)
}

/// Bytes of `texts` with the zeroes behind them.
fn size(texts: &[&[u8]]) -> u64 {
    texts.iter().fold(0, |sum: u64, text| sum.saturating_add(text.len() as u64 + 1))
}

fn platform_size(start: &Start) -> u64 {
    if start.platform.is_empty() { 0 } else { size(&[start.platform]) }
}

/// Words from the number of arguments to the end of the auxiliary vector.
fn words(start: &Start) -> u64 {
    let added = if start.platform.is_empty() { 3 } else { 4 };
    let pairs = start.auxiliary.len() as u64 + added;
    let pointers = start.arguments.len() as u64 + start.environment.len() as u64;
    1 + pointers + 2 + 2 * pairs
}

/// The stack while it is filled.
struct Stack<'a> {
    bytes: &'a mut [u8],
    /// Where the bytes begin.
    base: VirtAddr,
    /// Where the next ones are written.
    next: VirtAddr,
}

impl Stack<'_> {
    /// Writes what lies below the texts: numbers and pointers.
    fn tables(&mut self, layout: &Layout, start: &Start) {
        self.word(start.arguments.len() as u64);
        self.pointers(layout.arguments, start.arguments);
        self.pointers(layout.environment, start.environment);
        for &(key, value) in start.auxiliary {
            self.pair(key, value);
        }
        self.pair(AT_RANDOM, layout.random.0);
        self.pair(AT_EXECFN, layout.name.0);
        if !start.platform.is_empty() {
            self.pair(AT_PLATFORM, layout.platform.0);
        }
        self.pair(AT_NULL, 0);
    }

    /// Writes a pointer to each of `texts`, the first of which is at `first`, and a zero.
    fn pointers(&mut self, first: VirtAddr, texts: &[&[u8]]) {
        let mut address = first;
        for text in texts {
            self.word(address.0);
            address = address + size(&[text]);
        }
        self.word(0);
    }

    fn pair(&mut self, key: u64, value: u64) {
        self.word(key);
        self.word(value);
    }

    /// Writes what the pointers point to.
    fn texts(&mut self, layout: &Layout, start: &Start) {
        self.next = layout.random;
        self.put(&start.random);
        self.put(start.platform);
        self.next = layout.arguments;
        for text in start.arguments.iter().chain(start.environment).chain([&start.name]) {
            self.put(text);
            self.put(&[0]);
        }
    }

    fn word(&mut self, word: u64) {
        self.put(&word.to_le_bytes());
    }

    fn put(&mut self, bytes: &[u8]) {
        let offset = (self.next - self.base) as usize;
        self.bytes[offset..offset + bytes.len()].copy_from_slice(bytes);
        self.next = self.next + bytes.len() as u64;
    }
}
