//! The rules of capabilities, beside a model that has one capability at a time.

use host_tests::holds_for;
use proptest::prelude::*;

use crate::syscall::rules::{COUNT, Capabilities, Capability, Refusal, Set};

/// Rights as they can come about: what is effective is permitted.
fn rights() -> impl Strategy<Value = Capabilities> {
    prop::array::uniform4(any::<u64>()).prop_map(|[effective, permitted, inheritable, bounding]| {
        Capabilities {
            effective: Set::new(effective & permitted),
            permitted: Set::new(permitted),
            inheritable: Set::new(inheritable),
            bounding: Set::new(bounding),
        }
    })
}

/// Sets near those of `rights`, so that some are allowed.
fn changes() -> impl Strategy<Value = (Capabilities, [Set; 3])> {
    (rights(), prop::array::uniform6(any::<u64>()), 0..8_u32).prop_map(|(rights, random, wild)| {
        let [effective, permitted, inheritable] =
            [rights.effective, rights.permitted, rights.inheritable].map(Set::bits);
        let near = |index: usize, bits: u64| {
            let extra = if wild >> index & 1 == 1 { 1 << (random[index + 3] % 41) } else { 0 };
            bits & random[index] | extra
        };
        let permitted_wanted = near(1, permitted);
        let effective = near(0, effective & permitted_wanted);
        let wanted = [effective, permitted_wanted, near(2, inheritable)].map(Set::new);
        (rights, wanted)
    })
}

fn has(set: Set, number: u32) -> bool {
    set.bits() >> number & 1 == 1
}

#[test]
fn changes_are_allowed_as_linux_allows_them() {
    holds_for(changes(), |(old, [effective, permitted, inheritable])| {
        let may_set = old.has(Capability::SetCapabilities);
        let is_allowed = (0..64).all(|number| {
            let [was_permitted, was_inheritable, is_bounding] =
                [old.permitted, old.inheritable, old.bounding].map(|set| has(set, number));
            let is_inheritable_fine = !has(inheritable, number)
                || was_inheritable
                || is_bounding && (may_set || was_permitted);
            is_inheritable_fine
                && (!has(permitted, number) || was_permitted)
                && (!has(effective, number) || has(permitted, number))
        });
        let new = old.with(effective, permitted, inheritable);
        let wanted = Capabilities { effective, permitted, inheritable, ..old };
        prop_assert_eq!(new, if is_allowed { Ok(wanted) } else { Err(Refusal::NotPermitted) });
        Ok(())
    });
}

#[test]
fn what_is_dropped_everywhere_never_comes_back() {
    #[derive(Clone, Copy, Debug)]
    enum Step {
        Change([u64; 3]),
        Drop(u64),
        Execve,
    }
    let step = prop_oneof![
        prop::array::uniform3(any::<u64>()).prop_map(Step::Change),
        (0..70_u64).prop_map(Step::Drop),
        Just(Step::Execve),
    ];
    let cases = (0..COUNT, prop::collection::vec(step, 0..40));
    holds_for(cases, |(lost, steps)| {
        let gone = Set::one(lost.into()).expect("there is such a capability");
        let mut now = Capabilities::ALL.without_bounding(lost.into()).expect("all are there");
        now = now
            .with(now.effective - gone, now.permitted - gone, Set::NONE)
            .expect("less is allowed");
        for step in steps {
            now = match step {
                Step::Change([effective, permitted, inheritable]) => {
                    let permitted = Set::new(now.permitted.bits() & permitted);
                    let effective = Set::new(permitted.bits() & effective);
                    let inheritable = Set::new(inheritable);
                    now.with(effective, permitted, inheritable).unwrap_or(now)
                }
                Step::Drop(number) => now.without_bounding(number).unwrap_or(now),
                Step::Execve => now.after_execve(),
            };
            for set in [now.effective, now.permitted, now.inheritable, now.bounding] {
                prop_assert!(!has(set, lost), "{now:?}");
            }
        }
        Ok(())
    });
}

#[test]
fn execve_gives_back_what_the_bounding_set_has() {
    holds_for(rights(), |old| {
        let new = old.after_execve();
        prop_assert_eq!(new.permitted.bits(), old.bounding.bits() | old.inheritable.bits());
        prop_assert_eq!(new.effective, new.permitted);
        prop_assert_eq!((new.inheritable, new.bounding), (old.inheritable, old.bounding));
        Ok(())
    });
}

#[test]
fn only_who_may_shrinks_the_bounding_set() {
    holds_for((rights(), 0..80_u64), |(old, number)| {
        let new = old.without_bounding(number);
        let expected = if !old.has(Capability::SetCapabilities) {
            Err(Refusal::NotPermitted)
        } else if number > 40 {
            Err(Refusal::Unknown)
        } else {
            let bounding = Set::new(old.bounding.bits() & !(1 << number));
            Ok(Capabilities { bounding, ..old })
        };
        prop_assert_eq!(new, expected);
        Ok(())
    });
}

#[test]
fn a_right_is_what_is_effective() {
    let all = Capabilities::ALL;
    for capability in
        [Capability::SetCapabilities, Capability::Admin, Capability::Boot, Capability::Time]
    {
        assert!(all.has(capability));
        let effective = all.effective - Set::from(capability);
        let less = all.with(effective, all.permitted, Set::NONE).expect("less is allowed");
        assert!(!less.has(capability));
        assert!(less.with(all.effective, all.permitted, Set::NONE).is_ok(), "it is permitted");
    }
}

#[test]
fn bits_that_mean_nothing_are_left_out() {
    assert_eq!(Set::new(u64::MAX).bits(), 0x1ff_ffff_ffff);
    assert_eq!(Set::one(40).map(Set::bits), Ok(1 << 40));
    assert_eq!(Set::one(41), Err(Refusal::Unknown));
    assert_eq!(Set::one(1 << 32), Err(Refusal::Unknown));
}
