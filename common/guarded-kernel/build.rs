//! Hands the linker the scripts of the chapter on whose machine this kernel runs.

fn main() {
    // The chapter's files have tests, which are left out here.
    println!("cargo:rustc-check-cfg=cfg(feature, values(\"ktest\"))");
    build_support::kernel_with_scripts_of("../../chapters/05-interrupts");
}
