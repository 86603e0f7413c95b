//! Any rights, and any wish, beside a model that asks of one capability at a time.

use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

#[allow(dead_code, unused_imports, reason = "unused until the holes are filled")]
mod rights;
#[allow(dead_code, reason = "unused until the holes are filled")]
mod sets;

use sets::{COUNT, Capabilities, Capability, Refusal, Set};

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    any_call_asks_for_its_right,
    any_right_is_an_effective_one,
    any_permitted_set_shrinks,
    any_effective_set_is_permitted,
    any_inheritance_has_its_bounds,
    any_change_is_whole,
    any_bound_needs_a_right,
    any_bound_goes_alone,
    any_program_gets_what_is_bounded,
    any_family_stays_without,
];

/// What refuses a call, for `rights.rs`. (Linux, `include/uapi/asm-generic/errno-base.h`.)
pub const EPERM: u32 = 1;

/// Why a call fails, likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub u32);

/// A call that is being answered, likewise: how often its handler was asked.
pub struct Context {
    asked: u32,
}

/// What the kernel knows about a call, likewise.
#[allow(dead_code, reason = "unused until the holes are filled")]
pub struct Descriptor {
    /// The right that it needs.
    pub capability: Option<Capability>,
    /// What answers it.
    pub handler: fn(&mut Context) -> Result<usize, Errno>,
}

/// What the handler answers.
const ANSWER: Result<usize, Errno> = Err(Errno(22));

/// The right to shrink the bounding set.
const SETPCAP: u64 = 1 << 8;

/// Rights that calls need.
const NEEDED: [Capability; 4] =
    [Capability::SetCapabilities, Capability::Admin, Capability::Boot, Capability::Time];

fn handler(context: &mut Context) -> Result<usize, Errno> {
    context.asked += 1;
    ANSWER
}

/// Sets: of few, of many, and with the right to change others or without.
fn sets() -> impl Strategy<Value = Set> {
    let few = vec(select(vec![0, 8, 21, 22, 25, 40]), 0..4);
    let few = few.prop_map(|numbers: Vec<u32>| numbers.iter().fold(0, |all, one| all | 1 << one));
    let bits = prop_oneof![3 => few, 1 => any::<u64>(), 1 => Just(u64::MAX)];
    bits.prop_map(Set::new)
}

/// Rights as a process can have them: what is effective is permitted.
fn rights_of_some() -> impl Strategy<Value = Capabilities> {
    let four = (sets(), sets(), sets(), sets());
    four.prop_map(|(effective, permitted, inheritable, bounding)| Capabilities {
        effective: Set::new(effective.bits() & permitted.bits()),
        permitted,
        inheritable,
        bounding,
    })
}

/// The same with the right to shrink the bounding set.
fn rights_with_setpcap() -> impl Strategy<Value = Capabilities> {
    rights_of_some().prop_map(|old| Capabilities {
        effective: old.effective | Set::new(SETPCAP),
        permitted: old.permitted | Set::new(SETPCAP),
        ..old
    })
}

/// The four sets in the order effective, permitted, inheritable, bounding, as numbers to be read.
fn show(rights: Capabilities) -> [String; 4] {
    [rights.effective, rights.permitted, rights.inheritable, rights.bounding]
        .map(|set| format!("{:#x}", set.bits()))
}

fn show_result(result: Result<Capabilities, Refusal>) -> Result<[String; 4], Refusal> {
    result.map(show)
}

/// What `answer` says to a process with `rights`, and how often the handler was asked.
fn ask(rights: Capabilities, capability: Option<Capability>) -> (Result<usize, Errno>, u32) {
    let mut context = Context { asked: 0 };
    let call = Descriptor { capability, handler };
    (rights::answer(rights, &call, &mut context), context.asked)
}

fn any_call_asks_for_its_right() {
    let needs = proptest::option::of(select(NEEDED.to_vec()));
    holds_for((any::<bool>(), needs), |(has_all, needed)| {
        let permitted = if has_all { Set::ALL } else { Set::NONE };
        let rights = Capabilities { effective: permitted, permitted, ..Capabilities::ALL };
        let expected =
            if has_all || needed.is_none() { (ANSWER, 1) } else { (Err(Errno(EPERM)), 0) };
        let input = ("a call that needs", needed, "of whoever has all rights:", has_all);
        let input = (input, "the answer, and how often its handler was asked");
        expect(input, ask(rights, needed), expected);
    });
}

fn any_right_is_an_effective_one() {
    holds_for((rights_of_some(), select(NEEDED.to_vec())), |(rights, needed)| {
        let is_effective = rights.effective.bits() >> (needed as u32) & 1 != 0;
        let expected = if is_effective { ANSWER } else { Err(Errno(EPERM)) };
        let input = ("a call that needs", needed, "with", show(rights));
        expect((input, "the answer"), ask(rights, Some(needed)).0, expected);
    });
}

/// Expects of `change` that it does what `allows` says.
fn expect_change(old: Capabilities, wanted: Capabilities, allows: bool) {
    let expected = if allows { Ok(wanted) } else { Err(Refusal::NotPermitted) };
    let input = ("effective, permitted, inheritable, bounding:", show(old), "become", show(wanted));
    expect(input, show_result(rights::change(old, wanted)), show_result(expected));
}

fn any_permitted_set_shrinks() {
    holds_for((rights_of_some(), sets()), |(old, permitted)| {
        let effective = Set::new(old.effective.bits() & permitted.bits());
        let allows = permitted.bits() & !old.permitted.bits() == 0;
        expect_change(old, Capabilities { effective, permitted, ..old }, allows);
    });
}

/// Less is permitted than before: then what is effective lies in what is left.
fn any_effective_set_is_permitted() {
    holds_for((rights_of_some(), sets(), sets()), |(old, keep, effective)| {
        let permitted = Set::new(old.permitted.bits() & keep.bits());
        let allows = effective.bits() & !permitted.bits() == 0;
        expect_change(old, Capabilities { effective, permitted, ..old }, allows);
    });
}

fn any_inheritance_has_its_bounds() {
    holds_for((rights_of_some(), sets()), |(old, inheritable)| {
        let had = old.inheritable.bits();
        let is_bounded = inheritable.bits() & !(had | old.bounding.bits()) == 0;
        let is_own = inheritable.bits() & !(had | old.permitted.bits()) == 0;
        let allows = is_bounded && (is_own || old.effective.bits() & SETPCAP != 0);
        expect_change(old, Capabilities { inheritable, ..old }, allows);
    });
}

/// A wish that may be granted is granted in all of its sets, and nothing else changes.
fn any_change_is_whole() {
    holds_for((rights_of_some(), sets(), sets(), sets()), |(old, less, even_less, inherit)| {
        let permitted = Set::new(old.permitted.bits() & less.bits());
        let effective = Set::new(permitted.bits() & even_less.bits());
        let had = old.inheritable.bits() | old.permitted.bits() & old.bounding.bits();
        let inheritable = Set::new(had & inherit.bits());
        let wanted = Capabilities { effective, permitted, inheritable, ..old };
        expect_change(old, wanted, true);
    });
}

fn any_bound_needs_a_right() {
    let numbers = prop_oneof![0..u64::from(COUNT), any::<u64>()];
    holds_for((rights_of_some(), numbers), |(old, number)| {
        let seen = rights::drop_bounding(old, number);
        let may = old.effective.bits() & SETPCAP != 0;
        let expected = match (may, number < COUNT.into()) {
            (true, true) => None,
            (true, false) => Some(Refusal::Unknown),
            (false, _) => Some(Refusal::NotPermitted),
        };
        expect((show(old), "without the bound", number, "is refused"), seen.err(), expected);
    });
}

fn any_bound_goes_alone() {
    holds_for((rights_with_setpcap(), 0..u64::from(COUNT)), |(old, number)| {
        let bounding = Set::new(old.bounding.bits() & !(1 << number));
        let expected = Ok(Capabilities { bounding, ..old });
        let seen = rights::drop_bounding(old, number);
        expect((show(old), "without the bound", number), show_result(seen), show_result(expected));
    });
}

fn any_program_gets_what_is_bounded() {
    holds_for(rights_of_some(), |old| {
        let permitted = Set::new(old.bounding.bits() | old.inheritable.bits());
        let expected = Capabilities { effective: permitted, permitted, ..old };
        expect((show(old), "and another program"), show(rights::after_execve(old)), show(expected));
    });
}

/// What somebody does with its rights.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Change { effective: Set, permitted: Set, inheritable: Set },
    DropBounding(u64),
    Execve,
}

fn deeds() -> impl Strategy<Value = Deed> {
    let change = (sets(), sets(), sets()).prop_map(|(effective, permitted, inheritable)| {
        Deed::Change { effective, permitted, inheritable }
    });
    let drop = (0..u64::from(COUNT)).prop_map(Deed::DropBounding);
    prop_oneof![3 => change, 1 => drop, 1 => Just(Deed::Execve)]
}

/// Whoever has dropped a right everywhere is without it, and so are its children and all programs
/// that they become.
fn any_family_stays_without() {
    holds_for((select(vec![21_u64, 22, 25]), vec(deeds(), 0..8)), |(gone, deeds)| {
        let bit = Set::new(1 << gone);
        let less = Set::ALL - bit;
        let bounded = rights::drop_bounding(Capabilities::ALL, gone);
        let mut rights = bounded.and_then(|old| {
            rights::change(old, Capabilities { effective: less, permitted: less, ..old })
        });
        for deed in &deeds {
            let Ok(old) = rights else { break };
            let after = match *deed {
                Deed::Change { effective, permitted, inheritable } => {
                    rights::change(old, Capabilities { effective, permitted, inheritable, ..old })
                }
                Deed::DropBounding(number) => rights::drop_bounding(old, number),
                Deed::Execve => Ok(rights::after_execve(old)),
            };
            // What is refused changes nothing.
            rights = after.or(Ok(old));
        }
        let has = rights.map(|it| [it.effective, it.permitted, it.inheritable, it.bounding]);
        let has = has.map(|sets| sets.map(|set| bit.is_within(set)));
        let input = ("without", gone, "everywhere, and then", deeds, "who has it again");
        expect(input, has, Ok([false; 4]));
    });
}
