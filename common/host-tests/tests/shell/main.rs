//! Chapter 9: what the shell makes of a text, before anything runs.
//!
//! The parts of the shell that read a text and that expand words need no kernel. Texts made up of
//! what means something to a shell must be read without a panic, and patterns must be like the same
//! names as in a [`model`] of them.

// Miri looks for undefined behaviour, which takes unsafe code, and there is none.
#![cfg(not(miri))]

extern crate alloc;

#[path = "../../../../chapters/09-files/user/src/bin/sh/glob.rs"]
mod glob;
#[path = "../../../../chapters/09-files/user/src/bin/sh/grammar.rs"]
mod grammar;
#[path = "../../../../chapters/09-files/user/src/bin/sh/token.rs"]
mod token;
#[path = "../../../../chapters/09-files/user/src/bin/sh/tree.rs"]
mod tree;
#[path = "../../../../chapters/09-files/user/src/bin/sh/words.rs"]
mod words;

mod expansions;
mod model;
mod patterns;
mod texts;
