//! Shows the heap at work: boxes, vectors, texts and maps, numbers before and after, and the end of
//! memory, which is met and survived.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use core::alloc::Layout;
use core::ptr::NonNull;

use super::address::FRAME_SIZE;
use super::bump::Bump;
use super::heap::{self, Pool};
use super::list::List;
use super::{frames, show};

/// Shows all of it.
pub fn show_heap() {
    show_pool::<Bump>("bump");
    show_pool::<List>("list");
    println!("heap: {}", heap::statistics());
    show_collections();
    println!("heap: {}", heap::statistics());
    run_out();
    println!("heap: {}", heap::statistics());
    show::show_mappings();
}

/// Gives out three blocks of a pool of 64 KiB, takes them back, and says what is left.
fn show_pool<P: Pool>(name: &str) {
    let Ok(run) = frames::allocate_run(16, FRAME_SIZE) else { return };
    let Some(start) = NonNull::new(run.range().start.as_ptr::<u8>()) else { return };
    let mut pool = P::EMPTY;
    // SAFETY: the frames are ours, and outlive the pool.
    unsafe { pool.extend(start, 16 * FRAME_SIZE as usize) };
    let before = pool.largest_hole();
    let layout = Layout::new::<[u64; 100]>();
    let blocks = [0; 3].map(|_| pool.allocate(layout));
    let between = pool.largest_hole();
    for block in blocks.into_iter().flatten() {
        // SAFETY: it was given out above, and is taken back once.
        unsafe { pool.free(block, layout) };
    }
    println!(
        "{name}: largest hole {before}, then {between}, after all is freed {}",
        pool.largest_hole()
    );
}

/// Uses what `alloc` has, and says what it came to.
fn show_collections() {
    let boxed = Box::new(42);
    let numbers: Vec<u32> = (1..=1000).collect();
    let text: String = ["a text ", "made of ", "pieces"].concat();
    let squares: BTreeMap<u32, u32> = (1..=100).map(|number| (number, number * number)).collect();
    println!("heap: a box of {boxed}, at {:p}", &raw const *boxed);
    println!("heap: a vector of {}, their sum {}", numbers.len(), numbers.iter().sum::<u32>());
    println!("heap: {text}");
    println!("heap: a map of {} squares, the last {:?}", squares.len(), squares.last_key_value());
    println!("heap: {}", heap::statistics());
}

/// Fills the heap to its limit. A collection that may not get its memory is asked to try.
fn run_out() {
    let mut blocks: Vec<Vec<u8>> = Vec::new();
    let error = loop {
        let mut block = Vec::new();
        if let Err(error) = blocks.try_reserve(1).and_then(|()| block.try_reserve_exact(1 << 20)) {
            break error;
        }
        blocks.push(block);
    };
    println!("heap: {} MiB, then: {error}", blocks.len());
}
