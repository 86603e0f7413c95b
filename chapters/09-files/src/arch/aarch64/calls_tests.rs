//! The order of `clone`'s arguments.

use super::clone_arguments;

ktest::test! {
    /// The fourth argument of `clone` is the thread pointer.
    fn clone_has_its_order() {
        let found = clone_arguments([1, 2, 3, 4, 5, 6]);
        assert_eq!((found.flags, found.stack, found.parent_tid), (1, 2, 3));
        assert_eq!((found.thread_pointer, found.child_tid), (4, 5));
    }
}
