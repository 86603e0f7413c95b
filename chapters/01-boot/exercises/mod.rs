//! What the exercises add to this kernel: nothing, unless one of them is being tested.

#[cfg(exercise = "01-boot-arguments")]
#[path = "1-boot-arguments/mod.rs"]
mod exercise_1;

#[cfg(exercise = "01-numbers")]
#[path = "2-numbers/mod.rs"]
mod exercise_2;

#[cfg(exercise = "01-stack-canary")]
#[path = "3-stack-canary/mod.rs"]
mod exercise_3;
