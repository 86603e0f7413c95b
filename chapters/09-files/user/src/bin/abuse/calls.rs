//! The calls of the table, and each of their addresses made one that is wrong.

use alloc::vec::Vec;
use core::ffi::CStr;
use core::sync::atomic::{AtomicBool, Ordering};

use linux_raw_sys::{general, ioctl};
use user::syscall::call;
use user::{Errno, file, folder, println};

use crate::arena::{Arena, is_constant};
use crate::crowd;

/// The most calls that there can be.
const MOST: usize = 256;

/// A call: its number, and what its arguments are.
#[derive(Clone, Copy)]
pub struct Call {
    pub number: u32,
    pub kinds: &'static [u8],
}

/// All of them.
#[derive(Clone, Copy)]
pub struct Table(pub &'static [Call]);

impl Table {
    pub fn parse(text: &'static str) -> Self {
        let calls = text.split(',').filter_map(|word| {
            let (number, kinds) = word.split_once(':')?;
            Some(Call { number: number.parse().ok()?, kinds: kinds.as_bytes() })
        });
        Self(calls.collect::<Vec<Call>>().leak())
    }
}

/// Whether every error was one that has a name, and what is read-only was not written.
static IS_RIGHT: AtomicBool = AtomicBool::new(true);

/// Asks, and looks at the answer.
pub fn ask(number: u32, arguments: [usize; 6]) -> Result<usize, Errno> {
    // SAFETY: what is changed is the arena's, which nobody believes in.
    let answer = unsafe { call(number, arguments) };
    let is_known = answer.err().is_none_or(|error| error.name() != "E?");
    if !is_known || !is_constant() {
        println!("abuse: call {number} with {arguments:x?}: {answer:?}");
        IS_RIGHT.store(false, Ordering::Relaxed);
    }
    answer
}

/// `ARCH_GET_FS` of `arch_prctl`, which asks where the thread's own data is: `asm/prctl.h` of
/// x86_64.
const GET_FS: usize = 0x1003;

/// What numbers are while addresses are tried: most are lengths, one is known to `ioctl` and one to
/// `arch_prctl`.
const NUMBERS: [usize; 7] = [0, 1, 8, 16, 64, ioctl::TCGETS as usize, GET_FS];

/// What `capget` wants to be passed: `_LINUX_CAPABILITY_VERSION_3`.
const CAPABILITY_HEADER: [u8; 4] = general::_LINUX_CAPABILITY_VERSION_3.to_le_bytes();

/// A symbolic link to a file that anybody may execute, but that is no program.
const LINK: &CStr = c"/abused";
const FILE_NAME: &CStr = c"/abused-file";

/// The descriptors of that file, and of a folder.
const FILE: usize = 3;
const FOLDER: usize = 4;

/// How often an address of the kernel's is tried where no wrong address has been found out: with
/// all that the others may be, each with each.
const SEARCHES: usize = 12 * NUMBERS.len() * NUMBERS.len();

/// For each argument of each call whether it has ever been said to be a wrong address.
static HAS_FAULTED: [[AtomicBool; 6]; MOST] =
    [const { [const { AtomicBool::new(false) }; 6] }; MOST];

/// Each address of each call is wrong in each way, while the others are right. Where that is never
/// EFAULT, other arguments are tried.
pub fn pointers(table: Table) -> i32 {
    let Ok(arena) = Arena::new() else { return 1 };
    if make_files().is_err() {
        return 1;
    }
    let ways = arena.worst().len() + arena.bad().len();
    let each = ways * NUMBERS.len() + SEARCHES;
    let is_done = crowd::run(table.0.len() * 6 * each, move |index| {
        let (number, place, trial) = (index / each / 6, index / each % 6, index % each);
        let (call, has_faulted) = (table.0[number], &HAS_FAULTED[number][place]);
        let arguments = match trial.checked_sub(ways * NUMBERS.len()) {
            None => plain(call, arena, place, trial % ways, NUMBERS[trial / ways]),
            Some(_) if has_faulted.load(Ordering::Relaxed) => None,
            Some(search) => unusual(call, arena, place, search),
        };
        if arguments.is_some_and(|arguments| ask(call.number, arguments) == Err(Errno::EFAULT)) {
            has_faulted.store(true, Ordering::Relaxed);
        }
    });
    i32::from(!(is_done && are_all_found(table) && is_right()))
}

/// Whether each address that is used has been found out when it was wrong.
fn are_all_found(table: Table) -> bool {
    let mut are_found = true;
    for (call, has_faulted) in table.0.iter().zip(&HAS_FAULTED) {
        for place in (0..call.kinds.len()).filter(|place| call.must_fault(*place)) {
            if !has_faulted[place].load(Ordering::Relaxed) {
                println!("abuse: call {} never says EFAULT of argument {place}", call.number);
                are_found = false;
            }
        }
    }
    are_found
}

/// Makes what is not wrong in calls about files.
fn make_files() -> Result<(), Errno> {
    let file = file::open(FILE_NAME, general::O_RDWR | general::O_CREAT, 0o755)?;
    file::write_all(file, &[0; 512])?;
    folder::symlink(FILE_NAME, LINK)?;
    let folder = file::open(c"/", general::O_RDONLY, 0)?;
    let are_known = (file, folder) == (FILE, FOLDER);
    are_known.then_some(()).ok_or(Errno::EBADF)
}

impl Call {
    /// Whether the argument `place` is an address that the call uses, if it comes that far.
    fn must_fault(&self, place: usize) -> bool {
        self.kinds.get(place).is_some_and(|kind| b"ph".contains(kind))
    }
}

/// The arguments of `call`, of which number `place` is an address that is wrong in the way `way`,
/// if it is an address at all; each number is `number`.
fn plain(call: Call, arena: Arena, place: usize, way: usize, number: usize) -> Option<[usize; 6]> {
    let kind = *call.kinds.get(place)?;
    let worst = arena.worst();
    let wrong = match worst.get(way) {
        Some(wrong) if b"pha".contains(&kind) => *wrong,
        None if b"pa".contains(&kind) => arena.bad()[way - worst.len()],
        _ => return None,
    };
    let mut arguments = [0; 6];
    for (index, kind) in call.kinds.iter().enumerate().take(6) {
        arguments[index] = match kind {
            b'p' | b'a' | b'h' => arena.page_with(index, &[]),
            b'd' => 1,
            b'n' => number,
            // Nobody types: from where something could be read it would wait.
            b'r' => 99,
            // Not without more flags: no process is made.
            b'f' => general::CLONE_THREAD as usize,
            _ => 0,
        };
    }
    arguments[place] = wrong;
    Some(arguments)
}

/// The same with an address of the kernel's, and others and numbers that few calls want.
fn unusual(call: Call, arena: Arena, place: usize, search: usize) -> Option<[usize; 6]> {
    let mut arguments = plain(call, arena, place, 1, 0).filter(|_| call.must_fault(place))?;
    for (index, kind) in call.kinds.iter().enumerate().take(6).filter(|(index, _)| *index != place)
    {
        let number = NUMBERS[(search + search / NUMBERS.len() * index) % NUMBERS.len()];
        arguments[index] = match kind {
            b'p' | b'a' | b'h' => address(search, index, arena),
            b'd' | b'r' => [FILE, FOLDER, 1][search % 3],
            b'i' => number.min(1),
            b'n' | b's' => number,
            _ => continue,
        };
    }
    Some(arguments)
}

/// What the address `argument` is in a `search`: null, or a page with what some calls want to find.
fn address(search: usize, argument: usize, arena: Arena) -> usize {
    match (search % 4, argument) {
        (0, _) => 0,
        (1, 0) => arena.page_with(argument, &CAPABILITY_HEADER),
        (2, _) => arena.page_with(argument, LINK.to_bytes()),
        _ => arena.page_with(argument, &[]),
    }
}

/// Whether nothing was wrong.
pub fn is_right() -> bool {
    IS_RIGHT.load(Ordering::Relaxed)
}
