//! Zones around blocks of any layout, and what is said when any byte of them changes.

use core::alloc::Layout;
use core::ptr::NonNull;

use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use overrun::{Overrun, Side, ZONE};
use proptest::prelude::*;

#[allow(dead_code, reason = "the kernel uses the rest")]
mod overrun;
mod zones;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![any_layout_has_room, any_change_is_named];

/// What stands before the first zone.
const HEADER: Layout = Layout::new::<[usize; 4]>();

fn layouts(sizes: impl Strategy<Value = usize>) -> impl Strategy<Value = Layout> {
    let layout = |(size, power): (usize, u32)| Layout::from_size_align(size, 1 << power).ok();
    (sizes, 0..13_u32).prop_filter_map("no layout is so large", layout)
}

fn any_layout_has_room() {
    let sizes = prop_oneof![1..5000_usize, (isize::MAX as usize - 9000)..=(isize::MAX as usize)];
    holds_for(layouts(sizes), |layout| {
        let Some(around) = zones::around(layout, HEADER) else {
            expect((layout, "is it too large"), layout.size() > isize::MAX as usize / 2, true);
            return;
        };
        let zones::Around { outer, front } = around;
        expect((layout, outer, "is it as aligned"), outer.align() >= layout.align(), true);
        expect((layout, outer, "past a multiple, front"), front % layout.align(), 0);
        expect((layout, outer, "room before"), front >= HEADER.size() + ZONE, true);
        let end = front + layout.size() + ZONE;
        expect((layout, outer, "room behind, front", front), end <= outer.size(), true);
    });
}

fn any_change_is_named() {
    let places = (any::<bool>(), 1..=ZONE, any::<u8>());
    let small = layouts(1..200_usize).prop_filter("it fits", |layout| layout.align() <= 64);
    holds_for((small, places), |(layout, (is_before, distance, byte))| {
        let mut memory = vec![0_u64; 128];
        let start = NonNull::from(&mut memory[..]).cast::<u8>();
        // Far enough behind the start for all that lies before a block, and aligned.
        let offset = (start.addr().get() + 256).next_multiple_of(64) - start.addr().get();
        // SAFETY: the memory has 1024 bytes, of which these are within the first 320.
        let block = unsafe { start.add(offset) };
        // SAFETY: the block has 200 bytes at most, so its zones lie in the memory.
        unsafe { zones::paint(block, layout) };
        // SAFETY: the block lies in the memory.
        unsafe { block.write_bytes(byte, layout.size()) };
        // SAFETY: it was painted above.
        let seen = unsafe { zones::inspect(block, layout) };
        expect((layout, "filled with", byte), seen, Ok(()));

        let side = if is_before { Side::Before } else { Side::Behind };
        let place = match side {
            Side::Before => offset - distance,
            Side::Behind => offset + layout.size() + distance - 1,
        };
        // SAFETY: the place is one of a zone, in the memory.
        let place = unsafe { start.add(place) };
        // SAFETY: as above; the memory was initialised.
        let before = unsafe { place.replace(byte) };
        let expected = match before == byte {
            true => Ok(()),
            false => Err(Overrun { block: block.addr().get(), layout, side, distance }),
        };
        // SAFETY: it was painted above.
        let seen = unsafe { zones::inspect(block, layout) };
        let input = (layout, side, distance, "byte, before and after", before, byte);
        expect(input, seen, expected);
    });
}
