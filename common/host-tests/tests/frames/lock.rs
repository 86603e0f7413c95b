//! The lock, whose unsafe code is for Miri to look at. One thread each: it knows of one processor.

use std::mem::forget;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::sync::Lock;

#[test]
fn values_outlive_guards() {
    let lock = Lock::new(vec![1]);
    lock.lock().push(2);
    assert_eq!(*lock.lock(), [1, 2]);
}

#[test]
fn a_taken_lock_is_a_deadlock_until_it_is_forced() {
    let lock = Lock::new(());
    forget(lock.lock());
    let again = catch_unwind(AssertUnwindSafe(|| drop(lock.lock())));
    let words = again.expect_err("it is taken").downcast::<&str>().expect("it says why");
    assert!(words.starts_with("deadlock"));
    // SAFETY: the only guard is forgotten, and the value is `()`.
    unsafe { lock.force_unlock() };
    drop(lock.lock());
}
