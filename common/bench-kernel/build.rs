//! Hands the linker the newest chapter's scripts, since this kernel runs on its machine.

fn main() {
    // The chapter's files have tests, which are left out here.
    println!("cargo:rustc-check-cfg=cfg(feature, values(\"ktest\"))");
    build_support::kernel_with_scripts_of("../../chapters/07-scheduler");
}
