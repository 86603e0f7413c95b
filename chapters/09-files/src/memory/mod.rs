//! Memory: what there is, and who may have it.
//!
//! ```text
//!  firmware ── read_memory_map ──> map ── usable ──> bitmap ──> frames ──> whoever asks
//! ```

pub mod address;
#[cfg_attr(exercise = "02-buddy", path = "../../../02-frames/exercises/1-buddy/bitmap.rs")]
#[cfg_attr(exercise = "02-runs", path = "../../../02-frames/exercises/2-runs/bitmap.rs")]
pub mod bitmap;
pub mod bump;
pub mod devices;
#[cfg(feature = "ktest")]
pub mod faults;
pub mod frames;
pub mod heap;
pub mod kernel_space;
pub mod layout;
pub mod lazy;
#[cfg_attr(exercise = "04-size-classes", path = "../../../04-heap/exercises/1-size-classes/mod.rs")]
#[cfg_attr(exercise = "04-red-zones", path = "../../../04-heap/exercises/2-red-zones/mod.rs")]
#[cfg_attr(exercise = "04-try-reserve", path = "../../../04-heap/exercises/3-try-reserve/mod.rs")]
pub mod list;
pub mod map;
pub mod pages;
pub mod paging;
pub mod pool;
pub mod shared;
pub mod show;
pub mod show_heap;
pub mod stack;
pub mod walker;

use core::ops::Range;

use crate::{arch, image};
use address::{FRAME_SIZE, PhysAddr, VirtAddr};
use bitmap::Statistics;
use frames::FrameRun;
use map::{Kind, MemoryMap};

/// Finds out what memory there is and makes what nobody needs available as frames. `boot` is the
/// address that the loader passed.
///
/// # Panics
///
/// When the map has no room, or there is no memory to give out: there is no going on then.
///
/// # Safety
///
/// `boot` must be what the loader passed. This must be called once.
pub unsafe fn init(boot: usize) -> MemoryMap {
    let mut map = MemoryMap::new();
    // SAFETY: the caller promises it; and what lies there stays, since it is painted, too.
    let read = unsafe { arch::read_memory_map(boot, &mut map) };
    let painted = read
        .and_then(|()| map.paint(image_part(image::range()), Kind::Kernel))
        .and_then(|()| map.paint(image_part(image::boot_tables()), Kind::BootTables));
    if let Err(error) = painted {
        panic!("cannot read the memory map: {error}");
    }
    // SAFETY: the map has what firmware and loader say of memory, and the image; nothing else is
    // in use, and the caller promises that this is the only call.
    if let Err(error) = unsafe { frames::init(&mut map) } {
        panic!("cannot give out frames: {error}");
    }
    map
}

/// Moves the kernel into an address space of its own.
///
/// # Panics
///
/// When there is no memory for the tables, or the map contradicts itself: there is no going on
/// then.
///
/// # Safety
///
/// `map` must come from [`init`]. This must be called once.
pub unsafe fn init_translation(map: &MemoryMap) {
    // SAFETY: the caller promises the same.
    if let Err(error) = unsafe { kernel_space::init(map) } {
        panic!("cannot map the kernel: {error}");
    }
}

/// Where a part of the image lies in memory.
pub fn image_part(part: Range<usize>) -> Range<PhysAddr> {
    VirtAddr(part.start as u64).of_image()..VirtAddr(part.end as u64).of_image()
}

/// Shows what can be done with frames: have some, give them back, take all there are.
pub fn show_frames() {
    show_count();
    if let (Ok(one), Ok(other)) = (frames::allocate(), frames::allocate()) {
        println!("frames: took {:?} and {:?}", one.start(), other.start());
    }
    if let Ok(run) = frames::allocate_run(512, 512 * FRAME_SIZE) {
        println!("frames: took 2 MiB in a row at {:?}", run.range().start);
    }
    run_out();
    show_count();
}

/// Takes all frames there are, asks for one more, and gives all back.
fn run_out() {
    let runs = take_all();
    let owned: u64 = runs.iter().flatten().map(|run| run.range().end - run.range().start).sum();
    match frames::allocate() {
        Err(error) => println!("frames: took {}, then: {error}", owned / FRAME_SIZE),
        Ok(frame) => println!("frames: took {}, then {:?}", owned / FRAME_SIZE, frame.start()),
    }
}

/// All frames there are, in the largest runs first.
pub fn take_all() -> [Option<FrameRun>; 64] {
    let mut runs = [const { None }; 64];
    for run in &mut runs {
        let count = frames::statistics().largest_run;
        if count == 0 {
            break;
        }
        *run = frames::allocate_run(count, FRAME_SIZE).ok();
    }
    runs
}

fn show_count() {
    let Statistics { total, free, largest_run } = frames::statistics();
    println!("frames: {free}/{total} free");
    println!("frames: {} used, {largest_run} in a row", total - free);
}

#[cfg(feature = "ktest")]
mod tests {
    use super::{frames, image_part, take_all};
    use crate::image;

    ktest::test! {
        /// No frame is part of the kernel, and all of them can be had and given back.
        fn frames_are_nobodys() {
            let before = frames::statistics();
            let [image, tables] = [image::range(), image::boot_tables()].map(image_part);
            let runs = take_all();
            assert_eq!(frames::statistics().free, 0);
            for part in [image.start..tables.start, tables.end..image.end] {
                for run in runs.iter().flatten().map(frames::FrameRun::range) {
                    assert!(run.end <= part.start || run.start >= part.end, "{run:?} is used");
                }
            }
            drop(runs);
            assert_eq!(frames::statistics(), before);
        }
    }
}
