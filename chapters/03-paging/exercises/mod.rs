//! What the exercises add to this kernel: nothing, unless one of them is being tested.

#[cfg(exercise = "03-guard-page")]
#[path = "3-guard-page/mod.rs"]
mod guard_page;
