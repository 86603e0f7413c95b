//! The fourth chapter's allocators, against a model: a list of the blocks that are out.
//!
//! Whatever is asked for and given back in whatever order, blocks are aligned, lie in the pool's
//! memory and never overlap; what was written into one is there when it is given back; and when all
//! is given back, the list of holes is one hole again, as large as at first.

#![allow(dead_code, reason = "a chapter's files have more than these tests use")]

use std::alloc::Layout;
use std::ptr::NonNull;

use host_tests::holds_for;
use memory::bump::Bump;
use memory::list::List;
use memory::pool::Pool;
use proptest::collection::vec;
use proptest::prelude::*;

/// The kernel's files, where its modules expect each other.
#[path = "../../../../chapters/04-heap/src/memory"]
mod memory {
    pub mod bump;
    pub mod list;
    pub mod pool;
}

/// Bytes of the memory that a pool gets, in two pieces that touch.
const SIZE: usize = 64 * 1024;

/// What is done to a pool.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Asks for a block of so many bytes, aligned to 2 to this power.
    Allocate(usize, u32),
    /// Gives back one of the blocks that are out.
    Free(usize),
}

/// A block that is out, and the byte that fills it.
struct Block {
    start: NonNull<u8>,
    layout: Layout,
    fill: u8,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let allocate = (1..4096_usize, 0..13_u32).prop_map(|(size, power)| Deed::Allocate(size, power));
    let free = any::<usize>().prop_map(Deed::Free);
    vec(prop_oneof![3 => allocate, 2 => free], 1..100)
}

/// Page-aligned memory, for as long as the closure runs.
fn with_memory<T>(act: impl FnOnce(NonNull<u8>) -> T) -> T {
    let layout = Layout::from_size_align(SIZE, 4096).expect("4096 is a power of two");
    // SAFETY: the layout has a size.
    let start = NonNull::new(unsafe { std::alloc::alloc(layout) }).expect("there is memory");
    let result = act(start);
    // SAFETY: it was allocated above, with this layout.
    unsafe { std::alloc::dealloc(start.as_ptr(), layout) };
    result
}

/// Does `deeds` to a pool, and looks at it after each.
fn behaves<P: Pool>(deeds: &[Deed], reuses: bool) -> Result<(), TestCaseError> {
    with_memory(|memory| {
        let mut pool = P::EMPTY;
        // SAFETY: the first half of the memory, which outlives the pool.
        unsafe { pool.extend(memory, SIZE / 2) };
        // SAFETY: the second half lies in the same memory,
        let second = unsafe { memory.add(SIZE / 2) };
        // SAFETY: and begins where the first ended.
        unsafe { pool.extend(second, SIZE / 2) };
        let whole = pool.largest_hole();
        let mut out: Vec<Block> = Vec::new();
        for (number, deed) in deeds.iter().enumerate() {
            match *deed {
                Deed::Allocate(size, power) => {
                    let layout = Layout::from_size_align(size, 1 << power);
                    let layout = layout.expect("the size is small");
                    let Some(start) = pool.allocate(layout) else { continue };
                    let fill = number as u8;
                    check(memory, &out, start, layout)?;
                    // SAFETY: the block is `size` bytes that were given out above.
                    unsafe { start.write_bytes(fill, size) };
                    out.push(Block { start, layout, fill });
                }
                Deed::Free(_) if out.is_empty() => {}
                Deed::Free(which) => give_back(&mut pool, &mut out, which)?,
            }
        }
        while !out.is_empty() {
            give_back(&mut pool, &mut out, 0)?;
        }
        if reuses {
            prop_assert_eq!(pool.largest_hole(), whole);
        }
        Ok(())
    })
}

/// A new block must be aligned, in the memory, and apart from all that are out.
fn check(
    memory: NonNull<u8>,
    out: &[Block],
    start: NonNull<u8>,
    layout: Layout,
) -> Result<(), TestCaseError> {
    let range = |start: NonNull<u8>, size| start.addr().get()..start.addr().get() + size;
    let new = range(start, layout.size());
    prop_assert!(new.start.is_multiple_of(layout.align()));
    let all = range(memory, SIZE);
    prop_assert!(all.start <= new.start && new.end <= all.end);
    for block in out {
        let old = range(block.start, block.layout.size());
        prop_assert!(new.end <= old.start || old.end <= new.start, "{new:x?} overlaps {old:x?}");
    }
    Ok(())
}

/// Gives a block back, which must be as it was written.
fn give_back<P: Pool>(
    pool: &mut P,
    out: &mut Vec<Block>,
    which: usize,
) -> Result<(), TestCaseError> {
    let Block { start, layout, fill } = out.swap_remove(which % out.len());
    // SAFETY: the block is this long, and all of it was written.
    let bytes = unsafe { std::slice::from_raw_parts(start.as_ptr(), layout.size()) };
    prop_assert!(bytes.iter().all(|byte| *byte == fill));
    // SAFETY: the block came from this pool with this layout, and is forgotten here.
    unsafe { pool.free(start, layout) };
    Ok(())
}

#[test]
fn blocks_of_the_list_are_apart_and_grow_together_again() {
    holds_for(deeds(), |deeds| behaves::<List>(&deeds, true));
}

#[test]
fn blocks_of_the_bump_allocator_are_apart() {
    holds_for(deeds(), |deeds| behaves::<Bump>(&deeds, false));
}

#[test]
fn a_pool_without_memory_gives_nothing() {
    let (mut list, mut bump) = (List::EMPTY, Bump::EMPTY);
    assert_eq!(list.allocate(Layout::new::<u8>()), None);
    assert_eq!(bump.allocate(Layout::new::<u8>()), None);
}
