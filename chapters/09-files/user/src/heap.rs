//! The heap of a program: what `Box`, `Vec` and `String` take their memory from.
//!
//! Blocks have the sizes 16, 32, 64 … 32768, and a list of free ones for each size. Whoever wants
//! memory gets the first of the smallest size that does; if there is none, a new one is cut off at
//! the end, which `brk` moves up in large steps. A freed block goes to the front of its list. So
//! both take a few instructions, whatever happened before. The price: up to half of a block is not
//! used, and a block never becomes part of a larger one. Our programs are short and small.
//!
//! Larger pieces than that are pages of their own, which go back to the kernel when they are freed.
//!
//! ```text
//!  program's data │ 32 │ 32 │ 4096      │ 16 │ never used yet  │
//!                 ^ first end of heap        ^ next            ^ end
//! ```

use core::alloc::{GlobalAlloc, Layout};
use core::ptr;

use crate::futex::Mutex;
use crate::memory::{self, PAGE, READ, WRITE};

/// Bytes in the smallest block: room for a pointer to the next free one, and well aligned.
const SMALLEST: usize = 16;

/// How many sizes of blocks there are; the largest has 32 KiB.
const SIZES: usize = 12;

/// The heap grows by this many bytes.
const STEP: usize = 16 * PAGE;

/// The heap of this program.
struct Heap {
    inner: Mutex<Inner>,
}

#[global_allocator]
static HEAP: Heap = Heap { inner: Mutex::new(Inner { free: [0; SIZES], next: 0, end: 0 }) };

/// Addresses, where 0 is none.
struct Inner {
    /// The first free block of each size; its first word is the address of the next.
    free: [usize; SIZES],
    /// What was never used begins here,
    next: usize,
    /// and ends here.
    end: usize,
}

// SAFETY: a block is either in one of the lists or with one owner, and as large and as aligned as
// the layout says; `realloc` and `alloc_zeroed` are the usual ones.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let address = match size_index(layout) {
            Some(index) => self.inner.lock().take(index),
            None if layout.align() > PAGE => None,
            None => memory::map(layout.size(), READ | WRITE).ok(),
        };
        address.map_or(ptr::null_mut(), |address| address as *mut u8)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match size_index(layout) {
            Some(index) => self.inner.lock().give_back(index, block as usize),
            None => {
                // SAFETY: the pages belong to this block alone, and its owner is done with it.
                let outcome = unsafe { memory::unmap(block as usize, layout.size()) };
                assert_eq!(outcome, Ok(()), "pages of the heap do not go back");
            }
        }
    }
}

/// Which size of block does for `layout`; none if it is to have pages of its own.
fn size_index(layout: Layout) -> Option<usize> {
    let bytes = layout.size().max(layout.align()).max(SMALLEST).next_power_of_two();
    let index = (bytes / SMALLEST).trailing_zeros() as usize;
    (index < SIZES).then_some(index)
}

impl Inner {
    /// A block of the size number `index`.
    fn take(&mut self, index: usize) -> Option<usize> {
        match self.free[index] {
            0 => self.cut_off(SMALLEST << index),
            block => {
                // SAFETY: a free block's first word is the address of the next.
                self.free[index] = unsafe { (block as *const usize).read() };
                Some(block)
            }
        }
    }

    /// Puts `block` to the front of the free ones of its size.
    fn give_back(&mut self, index: usize, block: usize) {
        // SAFETY: nobody uses the block, and its first word is ours now.
        unsafe { (block as *mut usize).write(self.free[index]) };
        self.free[index] = block;
    }

    /// A new block of `bytes` bytes, at a multiple of its size.
    fn cut_off(&mut self, bytes: usize) -> Option<usize> {
        if self.end == 0 {
            // SAFETY: this only asks.
            self.end = unsafe { memory::brk(0) };
            self.next = self.end;
        }
        let block = self.next.next_multiple_of(bytes);
        if block + bytes > self.end {
            let end = (block + bytes).next_multiple_of(STEP);
            // SAFETY: the heap grows; nothing goes.
            if unsafe { memory::brk(end) } != end {
                return None;
            }
            self.end = end;
        }
        self.next = block + bytes;
        Some(block)
    }
}
