//! Chapter 8: how calls are shown, and what a process may make of its rights.
#![cfg(not(miri))]

#[path = "../../../../chapters/08-syscalls/src/syscall"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod syscall {
    pub mod kind;
    #[path = "capability/rules.rs"]
    pub mod rules;

    pub mod strace {
        pub use super::kind::Kind;

        pub mod errors;
        pub mod line;
        pub mod names;
        pub mod quote;
        pub mod show;
    }
}

mod beside_linux;
mod lines;
mod rights;
