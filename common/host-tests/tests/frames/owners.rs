//! Frames and their owners, on memory of this process that is made out to be physical.
//!
//! An address is a physical address as long as nothing translates, here as in the kernel, so a
//! frame can be written to. Each owner signs what it owns, and finds its signature again.

use std::alloc::{Layout, alloc_zeroed};
use std::iter::once;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use host_tests::holds_for;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestCaseResult;

use crate::memory::address::{FRAME_SIZE, PhysAddr, whole_frames};
use crate::memory::bitmap::{FrameError, Statistics};
use crate::memory::frames::{self, Frame, FrameRun, InitError};
use crate::memory::map::{Kind, MapIsFull, MemoryMap};

/// Frames of made-up memory.
const FRAMES: u64 = 256;

/// The address of memory that is aligned to its own size and never given back. Whoever has it
/// locked has the frame allocator, which there is one of.
static MEMORY: LazyLock<Mutex<PhysAddr>> = LazyLock::new(|| {
    let bytes = (FRAMES * FRAME_SIZE) as usize;
    let layout = Layout::from_size_align(bytes, bytes).expect("its size is a power of two");
    // SAFETY: the size is not zero.
    let memory = unsafe { alloc_zeroed(layout) };
    assert!(!memory.is_null());
    Mutex::new(PhysAddr(memory.expose_provenance() as u64))
});

fn memory() -> MutexGuard<'static, PhysAddr> {
    MEMORY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A map of the memory at `base`, all of it usable but for what `kept` has, in bytes from `base`.
fn map(base: PhysAddr, kept: impl IntoIterator<Item = Range<u64>>) -> MemoryMap {
    let mut map = MemoryMap::new();
    map.paint(base..base + FRAMES * FRAME_SIZE, Kind::Usable).expect("it has room");
    for Range { start, end } in kept {
        map.paint(base + start..base + end, Kind::Firmware).expect("it has room");
    }
    map
}

/// Sets up the frame allocator with what `map` has, which is memory of this process.
fn init(map: &mut MemoryMap) -> Result<(), InitError> {
    // SAFETY: the map has nothing but the memory that `MEMORY` protects, which the caller has
    // locked; nobody writes to a frame of an earlier call any more.
    unsafe { frames::init(map) }
}

fn usable(map: &MemoryMap) -> Vec<Range<PhysAddr>> {
    let usable = map.regions().iter().filter(|region| region.kind == Kind::Usable);
    usable.map(|region| whole_frames(&region.range)).collect()
}

/// Whoever owns frames.
struct Owner {
    run: Owned,
    signature: u64,
}

enum Owned {
    One(Frame),
    Run(FrameRun),
}

impl Owner {
    /// Signs every frame of `run` at both ends.
    fn new(run: Owned, signature: u64) -> Self {
        let owner = Self { run, signature };
        for word in owner.words() {
            // SAFETY: the frame is part of `MEMORY`, and of this owner.
            unsafe { word.write(signature) };
        }
        owner
    }

    fn is_undisturbed(&self) -> bool {
        // SAFETY: as in `new`, which wrote all of them.
        self.words().all(|word| unsafe { word.read() } == self.signature)
    }

    fn range(&self) -> Range<PhysAddr> {
        match &self.run {
            Owned::One(frame) => frame.start()..frame.start() + FRAME_SIZE,
            Owned::Run(run) => run.range(),
        }
    }

    /// The first and the last word of each frame.
    fn words(&self) -> impl Iterator<Item = *mut u64> {
        let Range { start, end } = self.range();
        let starts = (start.0..end.0).step_by(FRAME_SIZE as usize);
        starts.flat_map(|at| [at, at + FRAME_SIZE - 8]).map(|at| PhysAddr(at).as_ptr())
    }
}

/// What happens to owners.
#[derive(Clone, Debug)]
enum Step {
    One,
    Run { count: usize, alignment: u64 },
    Drop { which: Index },
}

fn step() -> impl Strategy<Value = Step> {
    let run = (1..20_usize, 12..18_u32)
        .prop_map(|(count, shift)| Step::Run { count, alignment: 1 << shift });
    prop_oneof![
        2 => Just(Step::One),
        2 => run,
        3 => any::<Index>().prop_map(|which| Step::Drop { which }),
    ]
}

fn take(step: &Step, owners: &mut Vec<Owner>, signature: u64) -> TestCaseResult {
    match *step {
        Step::One => {
            let frame = frames::allocate().map(Owned::One).ok();
            owners.extend(frame.map(|frame| Owner::new(frame, signature)));
        }
        Step::Run { count, alignment } => {
            if let Ok(run) = frames::allocate_run(count, alignment) {
                prop_assert!(run.range().start.is_aligned(alignment));
                prop_assert_eq!(run.range().end - run.range().start, count as u64 * FRAME_SIZE);
                owners.push(Owner::new(Owned::Run(run), signature));
            }
        }
        Step::Drop { which } if !owners.is_empty() => {
            prop_assert!(owners.swap_remove(which.index(owners.len())).is_undisturbed());
        }
        Step::Drop { .. } => (),
    }
    Ok(())
}

#[test]
fn owners_are_alone_and_give_back() {
    let memory = memory();
    let byte = 0..FRAMES * FRAME_SIZE;
    let kept = vec((byte, 1..40 * FRAME_SIZE), 0..6).prop_map(|kept| {
        let end = |start: u64, size: u64| (start + size).min(FRAMES * FRAME_SIZE);
        kept.into_iter().map(|(start, size)| start..end(start, size)).collect::<Vec<_>>()
    });
    holds_for((kept, vec(step(), 0..120)), |(kept, steps)| {
        let mut map = map(*memory, kept);
        prop_assert_eq!(init(&mut map), Ok(()));
        let before = frames::statistics();
        let mut owners = Vec::new();
        for (signature, step) in (1..).zip(&steps) {
            take(step, &mut owners, signature)?;
            let owned: u64 = owners.iter().map(|one| one.range().end - one.range().start).sum();
            prop_assert_eq!(
                frames::statistics().free as u64,
                before.free as u64 - owned / FRAME_SIZE
            );
        }
        let usable = usable(&map);
        let is_usable =
            |one: &Range<PhysAddr>| usable.iter().any(|r| r.start <= one.start && one.end <= r.end);
        prop_assert!(owners.iter().all(|owner| is_usable(&owner.range())));
        prop_assert!(owners.iter().all(Owner::is_undisturbed));
        drop(owners);
        prop_assert_eq!(frames::statistics(), before);
        Ok(())
    });
}

#[test]
fn the_bitmap_is_in_the_map_and_is_not_given_out() {
    let memory = memory();
    let mut map = map(*memory, [0x10..0x1001, 0x5_0000..0x5_0008]);
    assert_eq!(init(&mut map), Ok(()));
    let bitmap: Vec<_> = map.regions().iter().filter(|one| one.kind == Kind::Bitmap).collect();
    assert_eq!(bitmap.len(), 1);
    assert_eq!(bitmap[0].range, *memory + 0x2000..*memory + 0x3000);
    let total = usize::try_from(FRAMES).expect("it is small") - 4;
    let largest_run = total - (0x50 - 3);
    assert_eq!(frames::statistics(), Statistics { total, free: total, largest_run });
    let all: Vec<Frame> = (0..total).map(|_| frames::allocate().expect("one is left")).collect();
    assert!(all.iter().all(|frame| !bitmap[0].range.contains(&frame.start())));
    assert_eq!(frames::allocate(), Err(FrameError::OutOfFrames { count: 1 }));
}

#[test]
fn a_map_without_a_frame_is_an_error() {
    let memory = memory();
    let mut empty = MemoryMap::new();
    assert_eq!(init(&mut empty), Err(InitError::NoMemory));
    let mut crumbs = map(*memory, once(0x800..FRAMES * FRAME_SIZE - 0x800));
    assert_eq!(init(&mut crumbs), Err(InitError::NoMemory));
    let mut firmware = map(*memory, once(0..FRAMES * FRAME_SIZE));
    assert_eq!(init(&mut firmware), Err(InitError::NoMemory));
}

/// Whoever writes there writes through the null pointer.
#[test]
fn the_frame_at_0_is_not_given_out() {
    let memory = memory();
    let mut lowest = MemoryMap::new();
    lowest.paint(PhysAddr(0)..PhysAddr(FRAME_SIZE), Kind::Usable).expect("it has room");
    assert_eq!(init(&mut lowest), Err(InitError::NoMemory));
    let mut both = map(*memory, []);
    both.paint(PhysAddr(0)..PhysAddr(FRAME_SIZE), Kind::Usable).expect("it has room");
    assert_eq!(init(&mut both), Ok(()));
    assert_eq!(frames::statistics().total, FRAMES as usize - 1);
}

#[test]
fn the_only_frame_is_for_the_bitmap() {
    let memory = memory();
    let mut map = map(*memory, once(FRAME_SIZE..FRAMES * FRAME_SIZE));
    assert_eq!(init(&mut map), Ok(()));
    assert_eq!(frames::statistics(), Statistics { total: 0, free: 0, largest_run: 0 });
    assert_eq!(frames::allocate(), Err(FrameError::OutOfFrames { count: 1 }));
}

#[test]
#[cfg_attr(miri, ignore = "it takes long, and no unsafe code is reached")]
fn a_full_map_is_an_error_and_stays_as_it_was() {
    let memory = memory();
    let kept = (1..128).map(|index| 0x1800 * index..0x1800 * index + 8);
    let mut map = map(*memory, kept);
    map.paint(*memory..*memory + 8, Kind::Firmware).expect("it has room");
    let before = map.regions().to_vec();
    assert_eq!(before.len(), 256);
    assert_eq!(init(&mut map), Err(InitError::Map(MapIsFull)));
    assert!(map.regions() == before);
}

/// What `act` panics with.
fn last_words(act: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(act)).expect_err("it panics");
    *payload.downcast::<String>().expect("it says why")
}

#[test]
fn a_frame_that_is_freed_twice_is_found() {
    let memory = memory();
    assert_eq!(init(&mut map(*memory, [])), Ok(()));
    let frame = frames::allocate().expect("one is left");
    // SAFETY: this is the bug that is to be found; a `Frame` is a number, so nothing else breaks.
    let forged = unsafe { core::ptr::read(&raw const frame) };
    drop(frame);
    assert!(last_words(|| drop(forged)).contains("is free already"));
    frames::allocate().expect("the allocator works on");
}

#[test]
fn a_frame_from_elsewhere_is_found() {
    let memory = memory();
    assert_eq!(init(&mut map(*memory, [])), Ok(()));
    let frame = frames::allocate().expect("one is left");
    assert_eq!(init(&mut map(*memory, once(0x1000..0x8000))), Ok(()));
    assert!(last_words(|| drop(frame)).contains("is no frame of ours"));
}
