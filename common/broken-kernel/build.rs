//! Hands the linker the first chapter's scripts, since this kernel runs on its machine.

fn main() {
    build_support::kernel_with_scripts_of("../../chapters/01-boot");
}
