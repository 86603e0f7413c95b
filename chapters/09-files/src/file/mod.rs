//! Files: what has a name in the one tree, and what is open without one.
//!
//! Three things are kept apart that all are called "file". A *node* is what is stored: bytes, or a
//! folder of names, or a door to a device. It has any number of names. A *description* is a node
//! that somebody has opened: it knows how far it was read, and what its opener may do. A
//! *descriptor* is the small number by which a process means a description. Several numbers, also
//! of several processes, may mean the same one: `dup` and `fork` make them, and then a read by one
//! moves all.
//!
//! ```text
//!  process A   0 1 2 3 ─────┐
//!                    4 ───┐ ├──> description: offset 5, to read ───┐
//!  process B   0 1 2 3 ───┼─┘                                      ├──> node ──> bytes
//!                    4    └────> description: offset 0, to append ─┘
//! ```
//!
//! (Linux calls them `inode`, `file` and `fd`.)

pub mod buffer;
pub mod change;
pub mod console;
pub mod contents;
pub mod description;
#[cfg_attr(exercise = "09-cloexec", path = "../../../09-files/exercises/2-cloexec/mod.rs")]
pub mod descriptors;
pub mod device;
pub mod error;
pub mod folder;
pub mod held;
pub mod name;
pub mod news;
pub mod node;
pub mod open;
pub mod path;
pub mod pipe;
pub mod proc;
pub mod status;
pub mod surroundings;
pub mod tree;
pub mod unpack;
pub mod walk;

#[cfg(feature = "ktest")]
mod move_tests;
#[cfg(feature = "ktest")]
mod scarce_tests;
#[cfg(feature = "ktest")]
pub mod tree_tests;

pub use buffer::Buffer;
pub use description::Description;
pub use error::FileError;
pub use held::Held;
pub use name::Name;
pub use tree::TREE;
