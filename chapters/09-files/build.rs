//! Hands the linker the script of the machine, and the code its numbers from `build-config.toml`.

fn main() {
    build_support::kernel();
}
