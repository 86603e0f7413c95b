//! The exercise in the kernel: the file that is written, and the tests of it.

#[allow(dead_code, reason = "only tests use it, and a starter uses little")]
#[forbid(unsafe_code)]
mod numbers;

#[cfg(feature = "ktest")]
mod tests;
