//! Calls by chance, with arguments by chance: the same for the same seed.

use linux_raw_sys::general;
use user::Errno;
use user::dice::Dice;
use user::syscall::exit;

use crate::arena::Arena;
use crate::calls::{Call, Table, ask, is_right};
use crate::crowd;

/// Numbers that calls may have an opinion on. Such as are lengths stay in the arena, or go beyond
/// all memory.
const NUMBERS: [usize; 20] = [
    0,
    0,
    1,
    1,
    2,
    3,
    4,
    8,
    16,
    32,
    0x22,
    64,
    112,
    1000,
    4096,
    65536,
    1 << 47,
    usize::MAX,
    isize::MIN as usize,
    0xffff_ffff_8000_0000,
];

/// Lengths that stay in the arena, or go round the end of all addresses. They are flags as well.
const LENGTHS: [usize; 10] = [0, 1, 2, 3, 4, 0x22, 0x32, 4096, 65536, usize::MAX];

/// Flags of `clone` that make nothing, but the first.
const FLAGS: [u32; 7] = [
    general::SIGCHLD,
    general::CLONE_THREAD,
    general::CLONE_SIGHAND,
    general::CLONE_THREAD | general::CLONE_VM,
    general::CLONE_NEWNS,
    general::CLONE_NEWPID | general::CLONE_VM,
    general::CLONE_PIDFD,
];

/// Signals that end nobody, and numbers that are no signals.
const SIGNALS: [usize; 5] = [0, general::SIGCHLD as usize, 64, 65, usize::MAX];

/// Makes `count` calls, those of `seed`.
pub fn random(table: Table, seed: u64, count: u64) -> i32 {
    let Ok(arena) = Arena::new() else { return 1 };
    let calls = table.0.len();
    let is_done = crowd::run(count as usize, move |index| {
        let mut dice = Dice::new(seed << 32 ^ index as u64);
        match table.0.get(dice.below(calls + 1)) {
            Some(call) => ask_by_chance(*call, arena, &mut dice),
            None => _ = ask(unknown(&mut dice), [0; 6].map(|_: usize| dice.number() as usize)),
        }
    });
    if is_done && is_right() { 0 } else { 1 }
}

/// A number that is no call's on any machine.
fn unknown(dice: &mut Dice) -> u32 {
    600 + dice.below(1 << 20) as u32
}

fn ask_by_chance(call: Call, arena: Arena, dice: &mut Dice) {
    let mut arguments = [0; 6];
    for (argument, kind) in arguments.iter_mut().zip(call.kinds) {
        *argument = match kind {
            b'p' | b'a' => address(arena, dice),
            b'h' => dice.one_of(&arena.worst()),
            b'd' | b'r' if crowd::given_up() > 12 => 99,
            b'd' | b'r' => dice.one_of(&[0, 1, 2, 3, 99, usize::MAX]),
            b's' => dice.one_of(&SIGNALS),
            b'f' => flags(dice) as usize,
            b'z' => 0,
            // From an address on so many bytes: all that is mapped behind the arena would go, too.
            _ if call.kinds.contains(&b'a') => dice.one_of(&LENGTHS),
            _ => number(dice),
        };
    }
    let answer = ask(call.number, arguments);
    if answer == Ok(0) && call.kinds.first() == Some(&b'f') {
        exit(0); // This is the child.
    }
    if answer == Err(Errno::EINTR) {
        // Nobody interrupts anything but to end it.
        exit(3);
    }
}

fn address(arena: Arena, dice: &mut Dice) -> usize {
    match dice.below(8) {
        0 => dice.one_of(&arena.worst()),
        1 => dice.one_of(&arena.bad()),
        2 => arena.page(dice.below(32)) + dice.below(4096),
        _ => arena.page(dice.below(32)),
    }
}

fn number(dice: &mut Dice) -> usize {
    match dice.below(16) {
        // So large a number is no length that fits.
        0 => (dice.number() | 1 << 62) as usize,
        _ => dice.one_of(&NUMBERS),
    }
}

fn flags(dice: &mut Dice) -> u32 {
    if dice.one_in(16) { FLAGS[0] } else { FLAGS[1 + dice.below(6)] }
}
