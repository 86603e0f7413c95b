//! Chapters 8 and 9: how calls are shown, and what a process may make of its rights.
//!
//! What chapter 8 has for that is unchanged in chapter 9, which describes more calls.
#![cfg(not(miri))]

#[path = "../../../../chapters/09-files/src/syscall"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod syscall {
    pub mod flags;
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
        pub mod structures;
    }

    pub use kind::Kind;
}

/// The kernel's own descriptors of its calls.
#[allow(unused, reason = "what else the files import")]
mod table {
    use crate::syscall::Kind;

    /// What is told of a call.
    pub struct Call {
        pub number: u32,
        pub name: &'static str,
        pub kinds: &'static [Kind],
    }

    mod prelude {
        pub(super) use super::ioctl::REQUESTS;
        pub use super::{Call, arch, clocks};
        pub use crate::syscall::{Kind, flags};
    }

    /// Makes a list of calls of that of descriptors, without their handlers.
    macro_rules! calls {
        (&[$(
            Descriptor::new($number:expr, $name:expr, $kinds:expr, $handler:expr $(,)?)
            $(.needs($right:expr))?
        ),* $(,)?];) => {
            pub const CALLS: &[Call] =
                &[$(Call { number: $number, name: $name, kinds: $kinds }),*];
        };
    }

    include!(concat!(env!("OUT_DIR"), "/calls.rs"));

    /// The call of this name.
    pub fn find(name: &str) -> &'static Call {
        let mut all = LISTS.iter().copied().flatten();
        all.find(|call| call.name == name).unwrap_or_else(|| panic!("no call is named {name}"))
    }
}

mod beside_linux;
mod lines;
mod of_files;
mod rights;
