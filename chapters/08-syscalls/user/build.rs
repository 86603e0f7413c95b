//! Says how each program is linked.
//!
//! A program lies at the linker's usual address, and knows it: no address in it needs mending when
//! it starts. Only those in [`ANYWHERE`] may be put anywhere, and mend theirs themselves.
//!
//! Every segment begins on a page of its own, in memory and in the file, so that a page has the
//! rights of one segment.

/// The programs that are linked as static position-independent executables.
const ANYWHERE: &[&str] = &["pie"];

/// The variable in which a kernel's build script names the exercises whose files programs take.
const EXERCISES: &str = "STRATA_PROGRAM_EXERCISES";

fn main() {
    println!("cargo:rerun-if-changed=src/bin");
    println!("cargo:rerun-if-env-changed={EXERCISES}");
    println!("cargo:rustc-check-cfg=cfg(exercise, values(any()))");
    for name in std::env::var(EXERCISES).unwrap_or_default().split_ascii_whitespace() {
        println!("cargo:rustc-cfg=exercise=\"{name}\"");
    }
    for argument in ["-zmax-page-size=4096", "-zseparate-loadable-segments", "-znorelro"] {
        println!("cargo:rustc-link-arg-bins={argument}");
    }
    for program in programs() {
        let kind = if ANYWHERE.contains(&program.as_str()) {
            ["-pie", "--no-dynamic-linker"]
        } else {
            ["-no-pie", "-static"]
        };
        for argument in kind {
            println!("cargo:rustc-link-arg-bin={program}={argument}");
        }
    }
}

/// The names of the programs: each file in `src/bin` is one.
fn programs() -> Vec<String> {
    let files = std::fs::read_dir("src/bin").expect("there are programs");
    let names = files.flatten().map(|file| file.path().with_extension(""));
    names.filter_map(|path| Some(path.file_name()?.to_str()?.to_string())).collect()
}
