//! What the workspace knows before anything is compiled.
//!
//! [`Config`] is `build-config.toml` as types: the host tool and every kernel's build script read
//! it here, so that a board's number or a chapter's title stands in one place. [`kernel`] is the
//! whole build script of a kernel.

mod config;
mod exercises;
mod kernel;
mod programs;
mod sources;

pub use config::{
    Allowance, Amount, Chapter, Config, ConfigError, Expectation, KernelNumbers, Machine,
    TestLimits,
};
pub use exercises::{EXERCISE, MINE, exercises, mine};
pub use kernel::{kernel, kernel_with_scripts_of};
pub use programs::{
    CARGO_WORDS, End, Entry, Link, Run, SECTION, archive_in, has_programs, links, pack_entries,
    runs, signal, unpack,
};
pub use sources::stranger;
