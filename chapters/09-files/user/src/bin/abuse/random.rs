//! Calls by chance, with arguments by chance: the same for the same seed.

use linux_raw_sys::general;
use user::Errno;
use user::signal::{Action, Signal, set_action};
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
    // There are pipes by chance, and whoever would read them may be gone by chance.
    let is_deaf = set_action(Signal(general::SIGPIPE), Action::Ignore).is_ok();
    let calls = table.0.len() as u64;
    let is_done = crowd::run(count as usize, move |index| {
        let mut chance = Chance(seed << 32 ^ index as u64);
        let chosen = chance.below(calls + 1);
        match table.0.get(chosen as usize) {
            Some(call) => ask_by_chance(*call, arena, &mut chance),
            None => _ = ask(unknown(&mut chance), [0; 6].map(|_: usize| chance.next() as usize)),
        }
    });
    if is_deaf && is_done && is_right() { 0 } else { 1 }
}

/// A number that is no call's on any machine.
fn unknown(chance: &mut Chance) -> u32 {
    600 + chance.below(1 << 20) as u32
}

fn ask_by_chance(call: Call, arena: Arena, chance: &mut Chance) {
    let mut arguments = [0; 6];
    for (argument, kind) in arguments.iter_mut().zip(call.kinds) {
        *argument = match kind {
            b'p' | b'a' => address(arena, chance),
            b'h' => pick(&arena.worst(), chance),
            b'd' | b'r' if crowd::given_up() > 12 => 99,
            b'd' | b'r' => pick(&[0, 1, 2, 3, 99, usize::MAX], chance),
            b'c' => pick(&[3, 4, 5, 6, 99, usize::MAX], chance),
            b's' => pick(&SIGNALS, chance),
            b'f' => flags(chance) as usize,
            b'z' => 0,
            // From an address on so many bytes: all that is mapped behind the arena would go, too.
            _ if call.kinds.contains(&b'a') => pick(&LENGTHS, chance),
            _ => number(chance),
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

fn address(arena: Arena, chance: &mut Chance) -> usize {
    match chance.below(8) {
        0 => pick(&arena.worst(), chance),
        1 => pick(&arena.bad(), chance),
        2 => arena.page(chance.below(32) as usize) + chance.below(4096) as usize,
        _ => arena.page(chance.below(32) as usize),
    }
}

fn number(chance: &mut Chance) -> usize {
    match chance.below(16) {
        // So large a number is no length that fits.
        0 => (chance.next() | 1 << 62) as usize,
        _ => pick(&NUMBERS, chance),
    }
}

fn flags(chance: &mut Chance) -> u32 {
    if chance.below(16) == 0 { FLAGS[0] } else { FLAGS[1 + chance.below(6) as usize] }
}

fn pick(from: &[usize], chance: &mut Chance) -> usize {
    from[chance.below(from.len() as u64) as usize]
}

/// Numbers by chance: SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}
