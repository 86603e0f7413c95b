//! The exercise in the kernel: the file that is written, and the tests of it.

#[cfg_attr(not(feature = "ktest"), allow(dead_code, reason = "only tests use it"))]
#[forbid(unsafe_code)]
mod boot_arguments;

#[cfg(feature = "ktest")]
mod tests;
