//! Shows translation at work: a walk, a page that comes and goes, and all that is mapped.

use super::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use super::paging::{Access, MapError, index};
use super::walker::Walker;
use super::{frames, kernel_space, layout};

/// Shows all of it.
pub fn show_translation() {
    show_walk(VirtAddr(show_translation as *const () as u64));
    if let Err(error) = show_page() {
        println!("page: {error}");
    }
    show_mappings();
}

/// Shows everything that is mapped.
pub fn show_mappings() {
    println!("mapped:");
    kernel_space::for_each_span(|span| println!("  {span}"));
}

/// Shows each table on the way to `address`.
fn show_walk(address: VirtAddr) {
    println!("walk to {address:?}:");
    kernel_space::look(|walker| {
        walker.steps(address, |table, level, meaning| {
            println!(
                "  level {level}: table {table:?}, entry {:3}: {meaning}",
                index(address, level)
            );
        });
    });
}

/// Maps a page where the heap will be, takes the right to write away from it, and unmaps it.
fn show_page() -> Result<(), MapError> {
    let Ok(frame) = frames::allocate() else { return Err(MapError::OutOfFrames) };
    let page = VirtAddr(layout::HEAP);
    let pages = page..page + FRAME_SIZE;
    let come_and_go = |walker: &mut Walker<_>| {
        walker.map(pages.clone(), frame.start(), Access::WRITE)?;
        show(page, walker.translate(page));
        walker.protect(pages.clone(), Access::empty())?;
        show(page, walker.translate(page));
        walker.unmap(pages.clone())?;
        show(page, walker.translate(page));
        Ok(())
    };
    // SAFETY: where the heap will be, nobody has anything yet.
    unsafe { kernel_space::change(come_and_go) }
}

fn show(page: VirtAddr, translation: Option<(PhysAddr, Access)>) {
    match translation {
        Some((frame, access)) => println!("page: {page:?} maps {frame:?} {access}"),
        None => println!("page: {page:?} maps nothing"),
    }
}
