//! Addresses: the model counts in 128 bits, where nothing overflows.

use std::panic::catch_unwind;

use host_tests::holds_for;
use proptest::prelude::*;

use crate::memory::address::{FRAME_SIZE, PhysAddr, whole_frames};

/// One more than the highest address.
const END: u128 = 1 << 64;

/// Addresses, most of them near a power of two or an end of the address space.
fn address() -> impl Strategy<Value = u64> {
    let near = |center: u64| (0..=2 * FRAME_SIZE).prop_map(move |step| offset(center, step));
    prop_oneof![
        any::<u64>(),
        near(0),
        near(u64::MAX),
        (0..64_u32).prop_flat_map(move |shift| near(1 << shift)),
    ]
}

fn offset(center: u64, step: u64) -> u64 {
    center.saturating_add(step).saturating_sub(FRAME_SIZE)
}

fn alignment() -> impl Strategy<Value = u64> {
    (0..64_u32).prop_map(|shift| 1 << shift)
}

#[test]
fn aligning_is_rounding() {
    holds_for((address(), alignment()), |(address, alignment)| {
        let wide = u128::from(alignment);
        let below = u128::from(address) / wide * wide;
        let above = u128::from(address).div_ceil(wide) * wide;
        let highest = END - wide;
        let subject = PhysAddr(address);
        prop_assert_eq!(u128::from(subject.align_down(alignment).0), below);
        prop_assert_eq!(u128::from(subject.align_up(alignment).0), above.min(highest));
        prop_assert_eq!(subject.is_aligned(alignment), below == u128::from(address));
        Ok(())
    });
}

#[test]
fn aligning_holds_at_the_ends() {
    assert_eq!(PhysAddr(0).align_up(1 << 63), PhysAddr(0));
    assert_eq!(PhysAddr(1).align_up(1 << 63), PhysAddr(1 << 63));
    assert_eq!(PhysAddr(u64::MAX).align_down(1 << 63), PhysAddr(1 << 63));
    assert_eq!(PhysAddr(u64::MAX).align_up(1), PhysAddr(u64::MAX));
    assert_eq!(PhysAddr(u64::MAX).align_up(FRAME_SIZE), PhysAddr(u64::MAX - 0xfff));
}

#[test]
fn whole_frames_lie_inside() {
    holds_for((address(), address()), |(start, end)| {
        let size = u128::from(FRAME_SIZE);
        let first = u128::from(start).div_ceil(size);
        let last = u128::from(end) / size;
        let whole = whole_frames(&(PhysAddr(start)..PhysAddr(end)));
        let found = u128::from(whole.start.0)..u128::from(whole.end.0);
        if first < last {
            prop_assert_eq!(found, first * size..last * size);
        } else {
            prop_assert_eq!(found.start, found.end, "it is empty, and not reversed");
        }
        Ok(())
    });
}

#[test]
fn sums_and_differences_agree() {
    holds_for((address(), address()), |(one, other)| {
        let (low, high) = (one.min(other), one.max(other));
        prop_assert_eq!(PhysAddr(low) + (high - low), PhysAddr(high));
        prop_assert_eq!(PhysAddr(high) - PhysAddr(low), high - low);
        Ok(())
    });
}

/// A kernel without overflow checks wraps around here, as its numbers do everywhere.
#[test]
#[cfg_attr(not(debug_assertions), ignore)]
fn overflow_is_caught() {
    assert!(catch_unwind(|| PhysAddr(u64::MAX) + 1).is_err());
    assert!(catch_unwind(|| PhysAddr(0) - PhysAddr(1)).is_err());
}
