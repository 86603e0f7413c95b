//! What a process has said about signals, and who inherits that.

use core::array;

use crate::process::Pid;
use crate::process::signal::Signal;
use crate::process::signals::{Action, Number, Set, Signals, Stack, Target};

const IGNORED: Action = Action { handler: 1, ..Action::USUAL };
const HANDLED: Action = Action { handler: 0x1234, ..Action::USUAL };
const STACK: Stack = Stack { start: 0x1000, flags: 0, bytes: 0x2000 };

fn new() -> Signals {
    Signals::new(Pid(7)).expect("there is memory")
}

/// A process with a thread 8 that ignores one signal, handles one, has one pending and blocked, and
/// has another stack.
fn busy() -> Signals {
    let mut signals = new();
    signals.set_action(Signal::Hangup.into(), IGNORED);
    signals.set_action(Signal::Terminate.into(), HANDLED);
    signals.set_blocked(Pid(7), Set::NONE.with(Signal::Interrupt.into()));
    signals.add_thread(Pid(7), Pid(8)).expect("there is memory");
    signals.send(Target::Thread(Pid(8)), Signal::Interrupt.into());
    signals.set_stack(Pid(8), STACK);
    signals
}

/// The numbers are Linux's on both machines, and so are the names. (signal(7).)
#[test]
fn names_are_linuxs() {
    let names = "SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 \
                 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT SIGSTOP \
                 SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO \
                 SIGPWR SIGSYS";
    let found: Vec<String> = Signal::ALL.iter().map(Signal::to_string).collect();
    assert_eq!(found.join(" "), names);
    for (index, signal) in Signal::ALL.into_iter().enumerate() {
        assert_eq!(signal as usize, index + 1);
        assert_eq!(Number::from(signal).signal(), Some(signal));
    }
}

/// There are 64 signals, the last 33 without names.
#[test]
fn numbers_are_checked() {
    for number in [0, 65, 66, 1 << 32, (1 << 32) + 9, u64::MAX] {
        assert_eq!(Number::new(number), None, "{number}");
    }
    for number in 1..=64 {
        let found = Number::new(number).expect("there are 64");
        assert_eq!(found.signal().is_some(), number < 32);
        assert_eq!(found.is_absolute(), number == 9 || number == 19);
    }
}

/// An action is kept as it is, but for flags that nobody knows and signals that cannot be blocked.
/// (What Linux 6.18 answers.)
#[test]
fn actions_are_kept() {
    let mut signals = new();
    let all = Action { handler: 0x1234, flags: u64::MAX, restorer: 0x5678, mask: Set(u64::MAX) };
    signals.set_action(Signal::User1.into(), all);
    let found = signals.action(Signal::User1.into());
    assert_eq!((found.handler, found.restorer), (0x1234, 0x5678));
    assert_eq!(found.flags, 0xdc00_0807);
    assert_eq!(found.mask, Set(0xffff_ffff_fffb_feff));
    assert_eq!(signals.action(Signal::User2.into()), Action::USUAL);
}

/// An action has the bytes of Linux's structure.
#[test]
fn actions_are_bytes() {
    let bytes: [u8; Action::BYTES] = array::from_fn(|index| index as u8);
    let action = Action::from_bytes(&bytes);
    assert_eq!(action.handler, 0x0706_0504_0302_0100);
    assert_eq!(action.flags, 0x0f0e_0d0c_0b0a_0908);
    assert_eq!(action.restorer, 0x1716_1514_1312_1110);
    assert_eq!(action.mask, Set(0x1f1e_1d1c_1b1a_1918));
    assert_eq!(action.to_bytes(), bytes);
}

/// A child does what its parent does, and has nothing pending.
#[test]
fn children_inherit() {
    let child = busy().fork(Pid(8), Pid(9)).expect("there is memory");
    assert_eq!(child.action(Signal::Hangup.into()), IGNORED);
    assert_eq!(child.action(Signal::Terminate.into()), HANDLED);
    assert!(child.blocked(Pid(9)).has(Signal::Interrupt.into()));
    assert_eq!(child.pending(Pid(9)), Set::NONE);
    assert_eq!(child.stack(Pid(9)), STACK);
    assert!(child.has_thread(Pid(9)) && !child.has_thread(Pid(8)) && !child.has_thread(Pid(7)));
}

/// Another program has no handlers and no other stack; the rest stays, under the new number.
#[test]
fn programs_begin_with_what_is_ignored() {
    let mut signals = busy();
    signals.execve(Pid(8), Pid(7));
    assert_eq!(signals.action(Signal::Hangup.into()), IGNORED);
    assert_eq!(signals.action(Signal::Terminate.into()), Action::USUAL);
    assert!(signals.pending(Pid(7)).has(Signal::Interrupt.into()));
    assert_eq!(signals.stack(Pid(7)), Stack::NONE);
    assert!(signals.has_thread(Pid(7)) && !signals.has_thread(Pid(8)));
    signals.set_blocked(Pid(7), Set::NONE);
    assert_eq!(signals.due(), Some(Signal::Interrupt));
}

/// A thread blocks what its maker does, and has neither its stack nor what waits for it.
#[test]
fn threads_inherit() {
    let mut signals = busy();
    signals.add_thread(Pid(8), Pid(9)).expect("there is memory");
    assert!(signals.blocked(Pid(9)).has(Signal::Interrupt.into()));
    assert_eq!((signals.pending(Pid(9)), signals.stack(Pid(9))), (Set::NONE, Stack::NONE));
    signals.remove_thread(Pid(9));
    assert!(!signals.has_thread(Pid(9)));
}

/// A thread that ends does not hold back what others let through.
#[test]
fn dead_threads_block_nothing() {
    let mut signals = new();
    signals.add_thread(Pid(7), Pid(8)).expect("there is memory");
    signals.set_blocked(Pid(7), Set(u64::MAX));
    signals.remove_thread(Pid(7));
    signals.send(Target::Process, Signal::Terminate.into());
    assert_eq!(signals.due(), Some(Signal::Terminate));
}

/// SIGKILL ends a process that has blocked all it can, though others wait.
#[test]
fn nobody_escapes_sigkill() {
    let mut signals = new();
    signals.set_blocked(Pid(7), Set(u64::MAX));
    signals.send(Target::Process, Signal::Terminate.into());
    assert_eq!(signals.due(), None);
    signals.send(Target::Process, Signal::Kill.into());
    assert_eq!(signals.due(), Some(Signal::Kill));
}
