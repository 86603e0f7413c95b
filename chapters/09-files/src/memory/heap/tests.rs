//! What the heap promises, for both pools where it is a pool's promise.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::alloc::Layout;
use core::ptr::NonNull;

use super::{HEAP_BYTES, OVERHEAD, Pool, STEP, State, pages, statistics};
use crate::memory::address::VirtAddr;
use crate::memory::bump::Bump;
use crate::memory::frames::{self, FrameRun};
use crate::memory::layout;
use crate::memory::list::List;
use crate::memory::take_all;

/// Where these tests have a heap of their own: so near that it has the other's table of level 1,
/// which stays.
const PLACE: VirtAddr = VirtAddr(layout::HEAP + (1 << 38));

/// A pool with 64 KiB, and the memory that it has.
fn pool<P: Pool>() -> (P, FrameRun) {
    let run = frames::allocate_run(16, 0x1_0000).expect("boot leaves 64 KiB in a row");
    let start = NonNull::new(run.range().start.as_ptr::<u8>()).expect("no frame is at 0");
    let mut pool = P::EMPTY;
    // SAFETY: the frames are ours, and live as long as the pool.
    unsafe { pool.extend(start, 0x1_0000) };
    (pool, run)
}

fn layout_of(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).expect("the alignment is a power of two")
}

/// A list that puts as much before each block as a pool may.
struct Headed(List);

impl Pool for Headed {
    const EMPTY: Self = Self(List::EMPTY);

    unsafe fn extend(&mut self, start: NonNull<u8>, bytes: usize) {
        // SAFETY: as the caller promises.
        unsafe { self.0.extend(start, bytes) };
    }

    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        let front = OVERHEAD.next_multiple_of(layout.align());
        let block = self.0.allocate(layout_of(front + layout.size(), layout.align()))?;
        // SAFETY: the block was asked for with so many bytes more.
        Some(unsafe { block.add(front) })
    }

    unsafe fn free(&mut self, _block: NonNull<u8>, _layout: Layout) {}

    fn largest_hole(&mut self) -> usize {
        self.0.largest_hole()
    }
}

/// Blocks of `P` are aligned, do not overlap, and lie in its memory.
fn blocks_are_apart<P: Pool>() {
    let (mut pool, run) = pool::<P>();
    let (start, end) = (run.range().start.as_ptr::<u8>() as usize, 0x1_0000);
    let mut last = start;
    for align in [1, 8, 64, 512, 4096] {
        let block = pool.allocate(layout_of(24, align)).expect("there is room");
        let address = block.addr().get();
        assert!(address.is_multiple_of(align), "{address:#x} is not aligned to {align}");
        assert!(address >= last && address + 24 <= start + end);
        last = address + 24;
    }
    assert_eq!(pool.allocate(layout_of(0x1_0000, 1)), None);
}

ktest::test! {
    /// The bump allocator gives out blocks that are apart.
    fn bump_blocks_are_apart() {
        blocks_are_apart::<Bump>();
    }

    /// So does the list.
    fn list_blocks_are_apart() {
        blocks_are_apart::<List>();
    }

    /// The bump allocator never gives a byte out again.
    fn bump_never_reuses() {
        let (mut pool, _run) = pool::<Bump>();
        let before = pool.largest_hole();
        let block = pool.allocate(layout_of(64, 8)).expect("there is room");
        // SAFETY: it was allocated a line above.
        unsafe { pool.free(block, layout_of(64, 8)) };
        assert_eq!(pool.largest_hole(), before - 64);
    }

    /// The list makes one hole of neighbours that are freed, in whatever order.
    fn list_merges_holes() {
        let (mut pool, _run) = pool::<List>();
        let before = pool.largest_hole();
        let blocks = [0; 4].map(|_| pool.allocate(layout_of(1024, 16)).expect("there is room"));
        assert!(pool.largest_hole() <= before - 4096);
        for index in [2, 0, 3, 1] {
            // SAFETY: it was allocated above, and is freed once.
            unsafe { pool.free(blocks[index], layout_of(1024, 16)) };
        }
        assert_eq!(pool.largest_hole(), before);
    }

    /// What is on the heap keeps what is written, and dropping it gives it back.
    fn dropped_box_is_given_back() {
        let before = statistics();
        let boxed = Box::new([7_u64; 100]);
        assert_eq!(statistics().used, before.used + 800);
        assert!(boxed.iter().all(|word| *word == 7));
        drop(boxed);
        assert_eq!(statistics().used, before.used);
        assert_eq!(statistics().allocations, before.allocations + 1);
    }

    /// A heap maps memory when it must, and not before; and not beyond its limit.
    fn heap_grows_when_it_must() {
        let frames_before = frames::statistics();
        let mut heap = State::<List>::new(PLACE, 4 * STEP);
        let allocate = |heap: &mut State<List>, size| heap.allocate(layout_of(size, 8)).is_some();
        assert!(allocate(&mut heap, 64));
        assert_eq!(heap.counts.mapped, STEP);
        assert!(allocate(&mut heap, 64));
        assert_eq!(heap.counts.mapped, STEP);
        assert!(allocate(&mut heap, 2 * STEP));
        assert_eq!(heap.counts.mapped, 4 * STEP);
        assert!(!allocate(&mut heap, 2 * STEP));
        assert_eq!(heap.counts.mapped, 4 * STEP);
        assert_eq!(heap.counts.used, 128 + 2 * STEP);
        // SAFETY: nobody has the blocks, and the heap is not asked any more.
        unsafe { pages::unmap(PLACE..PLACE + heap.counts.mapped as u64) };
        assert_eq!(frames::statistics(), frames_before);
    }

    /// Growing once is enough for a block, however it is aligned and whatever a pool puts before.
    fn growing_once_is_enough() {
        for align in [8, 4096, 2 * STEP] {
            let mut heap = State::<Headed>::new(PLACE, 16 * STEP);
            assert!(heap.allocate(layout_of(STEP / 2, 8)).is_some());
            assert!(heap.allocate(layout_of(8, align)).is_some(), "aligned to {align:#x}");
            // SAFETY: nobody has the blocks, and the heap is not asked any more.
            unsafe { pages::unmap(PLACE..PLACE + heap.counts.mapped as u64) };
        }
    }

    /// Where there are too few frames, nothing stays mapped.
    fn growing_is_all_or_nothing() {
        let taken = take_all();
        let mut heap = State::<List>::new(PLACE, 4 * STEP);
        assert_eq!(heap.allocate(layout_of(64, 8)), None);
        assert_eq!(heap.counts.mapped, 0);
        drop(taken);
        assert!(heap.allocate(layout_of(64, 8)).is_some());
        // SAFETY: nobody has the blocks, and the heap is not asked any more.
        unsafe { pages::unmap(PLACE..PLACE + heap.counts.mapped as u64) };
    }

    /// What is given back is given out again, however often.
    fn heap_reuses_what_is_given_back() {
        for _ in 0..2 * HEAP_BYTES / (1 << 20) {
            let mut block = Vec::<u8>::new();
            assert!(block.try_reserve_exact(1 << 20).is_ok(), "{}", statistics());
        }
    }

    /// Blocks are aligned up to a page.
    fn blocks_are_aligned_up_to_a_page() {
        #[repr(align(4096))]
        struct Page([u8; 4096]);
        let page = Box::new(Page([1; 4096]));
        assert!((&raw const *page as usize).is_multiple_of(4096));
        assert_eq!(page.0[4095], 1);
    }

    /// What can never fit is refused, and all goes on as before.
    fn too_much_is_refused() {
        let before = statistics();
        for bytes in [HEAP_BYTES + 1, isize::MAX as usize] {
            assert!(Vec::<u8>::new().try_reserve_exact(bytes).is_err());
        }
        assert_eq!(statistics().mapped, before.mapped);
        assert_eq!(*Box::new(5), 5);
    }

    /// Who insists on memory that there is not dies of it.
    #[must_die("memory allocation of 17179869184 bytes failed")]
    fn insisting_is_fatal() {
        drop(Vec::<u8>::with_capacity(16 << 30));
    }
}
