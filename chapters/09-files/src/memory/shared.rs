//! Values with several owners, none of which knows who is the last.
//!
//! That is what `Arc` of the standard library is, but one of which to make another may fail. `Arc`
//! ends the kernel when there is no memory for it; here that is an error like any other.

use alloc::alloc::alloc;
use alloc::boxed::Box;
use core::alloc::Layout;
use core::fmt;
use core::ops::Deref;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering, fence};

use super::paging::MapError;

/// One of the owners of a value.
pub struct Shared<T> {
    block: NonNull<Block<T>>,
}

struct Block<T> {
    owners: AtomicUsize,
    value: T,
}

// SAFETY: an owner gives others a reference to the value, and the last one drops it, wherever that
// is: so both must be allowed.
unsafe impl<T: Send + Sync> Send for Shared<T> {}
// SAFETY: as above; from a reference to an owner another one can be made.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// Makes `value` one that has an owner.
    pub fn new(value: T) -> Result<Self, MapError> {
        // SAFETY: a block has at least the number of its owners.
        let place = unsafe { alloc(Layout::new::<Block<T>>()) };
        let block = NonNull::new(place.cast::<Block<T>>()).ok_or(MapError::OutOfFrames)?;
        // SAFETY: it is ours, as large as a block and aligned for one.
        unsafe { block.write(Block { owners: AtomicUsize::new(1), value }) };
        Ok(Self { block })
    }

    /// The value, to change it, if it has no other owner.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        if self.block().owners.load(Ordering::Acquire) > 1 {
            return None;
        }
        // SAFETY: the block stays as long as it has owners; this is the only one, and is borrowed.
        Some(unsafe { &mut self.block.as_mut().value })
    }

    fn block(&self) -> &Block<T> {
        // SAFETY: the block stays as long as it has owners, and this is one.
        unsafe { self.block.as_ref() }
    }
}

impl<T> Clone for Shared<T> {
    /// Makes one owner more.
    fn clone(&self) -> Self {
        // Nothing is handed over: whoever gets the new owner gets it by other means.
        let owners = self.block().owners.fetch_add(1, Ordering::Relaxed);
        assert!(owners < usize::MAX / 2, "a value has {owners} owners");
        Self { block: self.block }
    }
}

impl<T> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.block().value
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        // What each owner did with the value comes before the end of the value.
        if self.block().owners.fetch_sub(1, Ordering::Release) > 1 {
            return;
        }
        fence(Ordering::Acquire);
        // SAFETY: `new` asked the heap for a block of this type, and this was the last owner.
        drop(unsafe { Box::from_raw(self.block.as_ptr()) });
    }
}

#[cfg(feature = "ktest")]
mod tests {
    use core::cell::Cell;

    use super::{MapError, Shared};
    use crate::memory::{faults, heap};

    /// Says when it is dropped.
    struct Noted<'a>(&'a Cell<bool>);

    impl Drop for Noted<'_> {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }

    ktest::test! {
        /// The value stays until the last owner is gone, and then it goes, once.
        fn last_owner_drops_the_value() {
            let (before, is_gone) = (heap::statistics().used, Cell::new(false));
            let first = Shared::new(Noted(&is_gone)).expect("there is memory");
            let second = first.clone();
            drop(first);
            assert!(!second.0.get(), "it is gone, and has an owner");
            drop(second);
            assert!(is_gone.get(), "it has no owner, and is there");
            assert_eq!(heap::statistics().used, before);
        }

        /// That there is no memory for it is an error, and the value is dropped.
        fn no_memory_for_a_value_is_an_error() {
            let is_gone = Cell::new(false);
            let (shared, _) = faults::fail_at(0, || Shared::new(Noted(&is_gone)));
            assert_eq!(shared.map(drop), Err(MapError::OutOfFrames));
            assert!(is_gone.get(), "nobody has it, and it is there");
        }
    }
}
