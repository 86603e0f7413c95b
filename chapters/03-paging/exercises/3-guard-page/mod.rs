//! The exercise in the kernel: the file that is written, the pages that it is given, the tests.

use crate::memory::address;

mod area;
#[cfg_attr(not(feature = "ktest"), allow(dead_code, reason = "only tests use it"))]
#[forbid(unsafe_code)]
mod guarded;
#[cfg_attr(not(feature = "ktest"), allow(dead_code, reason = "only tests use it"))]
mod kernel_area;

#[cfg(feature = "ktest")]
mod tests;
