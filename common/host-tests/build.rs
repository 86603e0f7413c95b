//! Tells the compiler of what the kernels' files ask for: `ktest`, a feature, and which exercise is
//! taken.
//!
//! Neither is set for this package: what they switch on belongs into a kernel.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(feature, values(\"ktest\"))");
    println!("cargo::rustc-check-cfg=cfg(exercise, values(any()))");
    println!("cargo::rerun-if-changed=build.rs");
}
