//! The exercise in the kernel: the file that is written, the memory that it is written for, and the
//! tests of both.

#[cfg_attr(not(feature = "ktest"), allow(dead_code, reason = "only tests use it"))]
#[forbid(unsafe_code)]
mod canary;
#[cfg_attr(not(feature = "ktest"), allow(dead_code, reason = "only tests use it"))]
mod memory;
#[cfg(feature = "ktest")]
mod stack;

#[cfg(feature = "ktest")]
mod tests;
