//! Calls about files.
//!
//! Most come in two forms. The older takes a path, and exists on x86_64 only; the newer takes a
//! descriptor as well, of the folder in which a path begins that does not begin at the root. The
//! number AT_FDCWD stands for the working directory, and so the newer one can do all that the older
//! could.

pub mod attributes;
pub mod change;
#[cfg_attr(exercise = "09-cloexec", path = "../../../../09-files/exercises/2-cloexec/calls.rs")]
pub mod descriptors;
pub mod errors;
pub mod folders;
#[allow(dead_code, reason = "aarch64 has their successors only")]
pub mod old;
pub mod open;
pub mod path;
pub mod pipes;
pub mod requests;
pub mod status;
pub mod transfer;
