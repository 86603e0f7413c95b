//! Tells the compiler of `ktest`, a feature of the kernels that their files ask for.
//!
//! It is no feature of this package: what it switches on runs inside a kernel only.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(feature, values(\"ktest\"))");
    println!("cargo::rerun-if-changed=build.rs");
}
