//! The exercise in the kernel: the file that is written, what it stands on, and the tests of it.

#[cfg_attr(not(feature = "ktest"), allow(unused_imports, reason = "only tests use it"))]
use crate::memory::address;

#[allow(dead_code, reason = "only tests use it, and a starter uses little")]
mod complaint;
#[allow(dead_code, reason = "only tests use it, and a starter uses little")]
#[forbid(unsafe_code)]
mod ledger;

#[cfg(feature = "ktest")]
mod tests;
