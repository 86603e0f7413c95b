//! The calls of the table, and each of their addresses made one that is wrong.

use core::sync::atomic::{AtomicBool, Ordering};

use linux_raw_sys::{general, ioctl};
use user::syscall::call;
use user::{Errno, println};

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
pub struct Table {
    text: &'static str,
}

impl Table {
    pub fn parse(text: &'static str) -> Self {
        Self { text }
    }

    pub fn calls(self) -> impl Iterator<Item = Call> {
        self.text.split(',').filter_map(|word| {
            let (number, kinds) = word.split_once(':')?;
            Some(Call { number: number.parse().ok()?, kinds: kinds.as_bytes() })
        })
    }

    pub fn len(self) -> usize {
        self.calls().count()
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

/// For each call whether it has ever said that an address is wrong.
static HAS_FAULTED: [AtomicBool; MOST] = [const { AtomicBool::new(false) }; MOST];

/// Each address of each call is wrong in each way, while all others are right.
pub fn pointers(table: Table) -> i32 {
    let Ok(arena) = Arena::new() else { return 1 };
    let ways = arena.worst().len() + arena.bad().len();
    let each = 6 * ways * NUMBERS.len();
    let is_done = crowd::run(table.len() * each, move |index| {
        let Some(call) = table.calls().nth(index / each) else { return };
        let (place, way) = (index % each / (ways * NUMBERS.len()), index % ways);
        let number = NUMBERS[index / ways % NUMBERS.len()];
        if let Some(arguments) = arguments(call, arena, place, way, number)
            && ask(call.number, arguments) == Err(Errno::EFAULT)
        {
            HAS_FAULTED[index / each].store(true, Ordering::Relaxed);
        }
    });
    let mut is_right = is_done && IS_RIGHT.load(Ordering::Relaxed);
    for (call, has_faulted) in table.calls().zip(&HAS_FAULTED) {
        let is_closed = call.kinds.contains(&b'r');
        let uses_address = !is_closed && call.kinds.iter().any(|kind| b"ph".contains(kind));
        if uses_address && !has_faulted.load(Ordering::Relaxed) {
            println!("abuse: call {} finds no fault with any address", call.number);
            is_right = false;
        }
    }
    i32::from(!is_right)
}

/// The arguments of `call`, of which number `place` is a wrong address; if it is an address at all.
fn arguments(
    call: Call,
    arena: Arena,
    place: usize,
    way: usize,
    number: usize,
) -> Option<[usize; 6]> {
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
            b'p' | b'a' | b'h' => arena.clean_page(index),
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

/// Whether nothing was wrong.
pub fn is_right() -> bool {
    IS_RIGHT.load(Ordering::Relaxed)
}
