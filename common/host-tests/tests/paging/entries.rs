//! The entries: what is encoded is decoded, and the bits are those of the manuals.

use host_tests::holds_for;
use proptest::prelude::*;

use crate::arch::{aarch64, x86_64};
use crate::machine::{Machine, Right, Rights};
use crate::memory::address::PhysAddr;
use crate::memory::paging::{Access, Entry, LAST, Meaning, reach};

const READ: Access = Access::empty();
const WRITE: Access = Access::WRITE;
const EXECUTE: Access = Access::EXECUTE;
const USER: Access = Access::USER;
const DEVICE: Access = Access::DEVICE;

/// A frame that a page of `level` may map, of a memory of 48 bits.
fn frame(level: usize) -> impl Strategy<Value = PhysAddr> {
    let count = (1 << 48) / reach(level);
    let number = prop_oneof![Just(0), Just(count - 1), 0..count];
    number.prop_map(move |number| PhysAddr(number * reach(level)))
}

fn every_access() -> impl Iterator<Item = Access> {
    (0..=Access::all().bits()).map(Access::from_bits_retain)
}

pub fn access() -> impl Strategy<Value = Access> {
    (0..=Access::all().bits()).prop_map(Access::from_bits_retain)
}

/// What an entry of `level` may say.
fn meaning(level: usize) -> BoxedStrategy<Meaning> {
    let nothing = Just(Meaning::Nothing);
    let table = frame(LAST).prop_map(Meaning::Table);
    let page =
        (frame(level.max(1)), access()).prop_map(|(frame, access)| Meaning::Page(frame, access));
    match level {
        0 => prop_oneof![1 => nothing, 8 => table].boxed(),
        LAST => prop_oneof![1 => nothing, 16 => page].boxed(),
        _ => prop_oneof![1 => nothing, 8 => table, 16 => page].boxed(),
    }
}

fn check_round_trip<M: Machine>() {
    let cases = (0..=LAST).prop_flat_map(|level| (Just(level), meaning(level)));
    holds_for(cases, |(level, meaning)| {
        let entry = M::new(meaning, level);
        prop_assert_eq!(entry.meaning(level), meaning, "{:?}", entry);
        prop_assert_eq!(M::from_bits(entry.bits()).meaning(level), meaning);
        Ok(())
    });
}

#[test]
fn what_is_encoded_is_decoded() {
    check_round_trip::<aarch64::PageTableEntry>();
    check_round_trip::<x86_64::PageTableEntry>();
}

/// The entry of a table of `level` for the memory at `frame`, if it may be used as `access` says.
fn page<M: Machine>(level: usize, frame: u64, access: Access) -> u64 {
    M::new(Meaning::Page(PhysAddr(frame), access), level).bits()
}

/// Bits 1:0 valid and page (3) or block (1); 4:2 AttrIndx; 7:6 AP; 9:8 SH; 10 AF; 11 nG; 53 PXN;
/// 54 UXN. (Arm ARM DDI 0487, D8, "Translation table descriptor formats".)
#[test]
fn bits_are_those_of_the_arm_manual() {
    for (level, frame, access, bits) in [
        (3, 0x4020_0000, READ, 0x0060_0000_4020_0783),
        (3, 0x4020_0000, WRITE, 0x0060_0000_4020_0703),
        (3, 0x4020_0000, EXECUTE, 0x0040_0000_4020_0783),
        (3, 0x4020_0000, USER, 0x0060_0000_4020_0fc3),
        (3, 0x4020_0000, USER | WRITE, 0x0060_0000_4020_0f43),
        (3, 0x4020_0000, USER | EXECUTE, 0x0020_0000_4020_0fc3),
        (3, 0x0900_0000, DEVICE | WRITE, 0x0060_0000_0900_0407),
        (3, 0xffff_ffff_f000, READ, 0x0060_ffff_ffff_f783),
        (2, 0x4020_0000, WRITE, 0x0060_0000_4020_0701),
        (2, 0x4020_0000, EXECUTE, 0x0040_0000_4020_0781),
        (2, 0x4020_0000, USER | EXECUTE, 0x0020_0000_4020_0fc1),
        (1, 0x4000_0000, WRITE, 0x0060_0000_4000_0701),
        (1, 0x4000_0000, DEVICE, 0x0060_0000_4000_0485),
    ] {
        let found = page::<aarch64::PageTableEntry>(level, frame, access);
        assert_eq!(found, bits, "{found:#x} is not {bits:#x}: level {level}, {access}");
    }
    let table = Meaning::Table(PhysAddr(0x8_4123_4000));
    for level in 0..LAST {
        assert_eq!(aarch64::PageTableEntry::new(table, level).bits(), 0x8_4123_4003);
    }
}

/// Bits 0 P, 1 R/W, 2 U/S, 3 PWT, 4 PCD, 7 PS, 8 G, 63 XD. (Intel SDM vol. 3A, "4-Level Paging and
/// 5-Level Paging".)
#[test]
fn bits_are_those_of_the_intel_manual() {
    for (level, frame, access, bits) in [
        (3, 0x0020_0000, READ, 0x8000_0000_0020_0101),
        (3, 0x0020_0000, WRITE, 0x8000_0000_0020_0103),
        (3, 0x0020_0000, EXECUTE, 0x0000_0000_0020_0101),
        (3, 0x0020_0000, USER, 0x8000_0000_0020_0005),
        (3, 0x0020_0000, USER | WRITE, 0x8000_0000_0020_0007),
        (3, 0x0020_0000, USER | EXECUTE, 0x0000_0000_0020_0005),
        (3, 0xfee0_0000, DEVICE | WRITE, 0x8000_0000_fee0_011b),
        (3, 0xffff_ffff_f000, READ, 0x8000_ffff_ffff_f101),
        (2, 0x0020_0000, WRITE, 0x8000_0000_0020_0183),
        (2, 0x0020_0000, EXECUTE, 0x0000_0000_0020_0181),
        (2, 0x0020_0000, USER | EXECUTE, 0x0000_0000_0020_0085),
        (1, 0x4000_0000, WRITE, 0x8000_0000_4000_0183),
        (1, 0xc000_0000, DEVICE, 0x8000_0000_c000_0199),
    ] {
        let found = page::<x86_64::PageTableEntry>(level, frame, access);
        assert_eq!(found, bits, "{found:#x} is not {bits:#x}: level {level}, {access}");
    }
    let table = Meaning::Table(PhysAddr(0x8_4123_4000));
    for level in 0..LAST {
        assert_eq!(x86_64::PageTableEntry::new(table, level).bits(), 0x8_4123_4007);
    }
}

#[test]
fn an_entry_of_zero_means_nothing() {
    for level in 0..=LAST {
        assert_eq!(aarch64::PageTableEntry::new(Meaning::Nothing, level).bits(), 0);
        assert_eq!(x86_64::PageTableEntry::new(Meaning::Nothing, level).bits(), 0);
        // Whatever else it says: it is not valid, or not present.
        assert_eq!(aarch64::PageTableEntry(!1).meaning(level), Meaning::Nothing);
        assert_eq!(x86_64::PageTableEntry(!1).meaning(level), Meaning::Nothing);
    }
}

/// What others write: reserved bits that end the walk, and those that say nothing of an address.
#[test]
fn foreign_entries_mean_what_the_processor_makes_of_them() {
    const BLOCK: u64 = 0x4020_0000;
    let page = |access| Meaning::Page(PhysAddr(BLOCK), access);
    let arm = |bits, level| aarch64::PageTableEntry(bits).meaning(level);
    // A block at level 0, and what is none and no page at level 3, are reserved.
    assert_eq!(arm(BLOCK | 0x401, 0), Meaning::Nothing);
    assert_eq!(arm(BLOCK | 0x401, 3), Meaning::Nothing);
    // NS, DBM and Contiguous; nT in a block; attributes that MAIR_EL1 has at zero.
    assert_eq!(arm(BLOCK | 3 << 51 | 3 << 53 | 0x4a3, 3), page(READ));
    assert_eq!(arm(BLOCK | 1 << 16 | 3 << 53 | 0x481, 2), page(READ));
    assert_eq!(arm(BLOCK | 3 << 53 | 4 << 2 | 0x483, 3), page(DEVICE));
    let intel = |bits, level| x86_64::PageTableEntry(bits).meaning(level);
    assert_eq!(intel(BLOCK | 0x83, 0), Meaning::Nothing);
    // PAT is bit 7 at level 3, and bit 12 above.
    assert_eq!(intel(BLOCK | 1 << 63 | 0x83, 3), page(WRITE));
    assert_eq!(intel(BLOCK | 1 << 63 | 1 << 12 | 0x83, 2), page(WRITE));
}

/// The processor itself sets A (bit 5) and D (bit 6).
#[test]
fn use_changes_no_meaning() {
    for (level, access) in (1..=LAST).flat_map(|level| every_access().map(move |a| (level, a))) {
        let page = Meaning::Page(PhysAddr(0x4000_0000), access);
        let used = x86_64::PageTableEntry::new(page, level).bits() | 0x60;
        assert_eq!(x86_64::PageTableEntry(used).meaning(level), page);
    }
    let table = Meaning::Table(PhysAddr(0x4000_0000));
    let used = x86_64::PageTableEntry::new(table, 0).bits() | 0x20;
    assert_eq!(x86_64::PageTableEntry(used).meaning(0), table);
}

/// What is allowed to whoever the page is for, and to the kernel, which may read and write what is
/// a program's but never executes it.
fn rights(access: Access) -> Rights {
    let right =
        Right { read: true, write: access.contains(WRITE), execute: access.contains(EXECUTE) };
    if access.contains(USER) {
        Rights { kernel: Right { execute: false, ..right }, program: right }
    } else {
        Rights { kernel: right, program: Right::default() }
    }
}

fn check_rights<M: Machine>() {
    for (level, access) in (1..=LAST).flat_map(|level| every_access().map(move |a| (level, a))) {
        let found = M::new(Meaning::Page(PhysAddr(0x4000_0000), access), level).rights();
        if access.contains(USER) {
            assert!(!found.kernel.execute, "level {level}, {access}");
        } else {
            assert_eq!(found.program, Right::default(), "level {level}, {access}");
        }
        // What is to be both is up to the machine: one allows it, the other does not.
        if !access.contains(WRITE | EXECUTE) {
            assert_eq!(found, rights(access), "level {level}, {access}");
            for right in [found.kernel, found.program] {
                assert!(!(right.write && right.execute), "level {level}, {access}");
            }
        }
    }
}

#[test]
fn the_processor_allows_what_was_asked_for() {
    check_rights::<aarch64::PageTableEntry>();
    check_rights::<x86_64::PageTableEntry>();
}
