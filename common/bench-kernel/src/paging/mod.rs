//! What it costs to map a page and unmap it, and to find out what it maps.
//!
//! The pages lie above the heap, under an entry of the root table that nobody else uses. The table
//! that it points to is kept by one page, which lies far behind the others, since not everybody
//! gives that table back. With nothing else mapped, the first page needs two new tables, and
//! unmapping it gives them back.
//!
//! To keep those as well, another page is mapped in the middle of each: whoever looks whether a
//! table has become empty finds it neither first nor last.

#[cfg(target_arch = "x86_64")]
mod offset;

use core::hint::black_box;
use core::ops::Range;

use crate::bench::Bench;
use crate::memory::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use crate::memory::frames;
use crate::memory::kernel_space::{change, look};
use crate::memory::layout;
use crate::memory::paging::{Access, reach};

/// The page of a table that keeps it in use.
const MIDDLE: u64 = 256;

/// Small pages that are mapped at once: too few for a large one.
const MANY: usize = 511;

/// Bytes in a large page.
const LARGE: u64 = reach(2);

/// What maps pages.
trait Mapper {
    /// Maps `pages`, one large one or as many small ones, to the memory from `frame` on.
    fn map(&mut self, pages: Range<VirtAddr>, frame: PhysAddr);

    /// Unmaps the same again.
    fn unmap(&mut self, pages: Range<VirtAddr>);

    /// What `address` is translated to.
    fn translate(&mut self, address: VirtAddr) -> Option<PhysAddr>;
}

/// The kernel's own.
struct Kernel;

impl Mapper for Kernel {
    fn map(&mut self, pages: Range<VirtAddr>, frame: PhysAddr) {
        // SAFETY: nobody else has anything there.
        let mapped = unsafe { change(|walker| walker.map(pages, frame, Access::WRITE)) };
        mapped.expect("it is not mapped");
    }

    fn unmap(&mut self, pages: Range<VirtAddr>) {
        // SAFETY: nobody uses what is mapped there.
        unsafe { change(|walker| walker.unmap(pages)) }.expect("it is mapped");
    }

    fn translate(&mut self, address: VirtAddr) -> Option<PhysAddr> {
        look(|walker| walker.translate(address)).map(|(memory, _)| memory)
    }
}

/// Measures the kernel, and the other where there is one.
pub fn measure(bench: &mut Bench) {
    measure_one(bench, "kernel", &mut Kernel);
    #[cfg(target_arch = "x86_64")]
    measure_one(bench, "x86_64-crate", &mut offset::Mapper::new());
}

fn measure_one(bench: &mut Bench, by: &'static str, mapper: &mut impl Mapper) {
    let run = frames::allocate_run(512, LARGE).expect("boot leaves 2 MiB in a row");
    let frame = run.range().start;
    let small = |index| page(index, FRAME_SIZE);
    let large = |index| page(index, LARGE);
    let empty = bench.cost(|| {});

    let far = page(1, reach(1)).start;
    let far = far..far + FRAME_SIZE;
    mapper.map(far.clone(), frame);
    let alone = map_unmap(bench, mapper, small(0), frame);
    mapper.map(small(MIDDLE), frame);
    let beside = map_unmap(bench, mapper, small(0), frame);
    let inside = small(MIDDLE).start + 8;
    let translate = bench.cost(|| {
        black_box(mapper.translate(black_box(inside)));
    });
    mapper.unmap(small(MIDDLE));
    mapper.map(large(MIDDLE), frame);
    let beside_large = map_unmap(bench, mapper, large(0), frame);
    mapper.unmap(large(MIDDLE));

    bench.note("map-unmap", by, beside, empty);
    bench.note("map-unmap-tables", by, alone, empty);
    bench.note("map-unmap-2m", by, beside_large, empty);
    bench.note("translate", by, translate, empty);

    let pages = small(0).start..small(MANY as u64).start;
    bench.batch("map-unmap-many", by, MANY, || {
        mapper.map(black_box(pages.clone()), frame);
        mapper.unmap(black_box(pages.clone()));
    });
    mapper.unmap(far);
}

/// The cost of mapping `pages` and unmapping them.
fn map_unmap(
    bench: &Bench,
    mapper: &mut impl Mapper,
    pages: Range<VirtAddr>,
    frame: PhysAddr,
) -> u64 {
    bench.cost(|| {
        mapper.map(black_box(pages.clone()), frame);
        mapper.unmap(black_box(pages.clone()));
    })
}

/// Page number `index` of those with `bytes` under the entry that nobody else uses.
fn page(index: u64, bytes: u64) -> Range<VirtAddr> {
    let start = VirtAddr(layout::HEAP) + reach(0) + index * bytes;
    start..start + bytes
}
