//! Builds the programs, by a Cargo inside Cargo.
//!
//! The inner one has a target folder of its own: in the outer one's it would wait for a lock that
//! the outer one holds until we are done. And it must not see what the outer one tells build
//! scripts through the environment, or it would take a kernel's flags for its own.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Order, cannot};
use crate::{exercises, sources};

/// The profile of programs, in the workspace's `Cargo.toml`.
const PROFILE: &str = "user";

/// What the inner Cargo is told of what the outer one was: where its own files are, whether it may
/// use the network and colours.
const INHERITED: &[&str] = &["CARGO_HOME", "CARGO_NET_OFFLINE", "CARGO_TERM_COLOR"];

/// The variable of the environment with more words for the inner Cargo: whoever builds kernels in a
/// special way, such as with a core library from source, needs the same for programs.
pub const CARGO_WORDS: &str = "STRATA_CARGO_WORDS";

/// The variable in which the build script of programs finds the exercises that they take.
pub const EXERCISES: &str = "STRATA_PROGRAM_EXERCISES";

/// A program that was built.
pub struct Program {
    /// Its name.
    pub name: String,
    /// Its ELF file.
    pub file: PathBuf,
}

/// Builds the programs of the package in `folder`; they come sorted by name.
pub fn programs(folder: &Path, order: &Order) -> Result<Vec<Program>, String> {
    let names = names(folder)?;
    // Those that have no hook here would only have everything built again.
    let is_taken = |name: &&String| exercises::is_taken(&folder.join("src"), name);
    let taken: Vec<&str> = order.exercises.iter().filter(is_taken).map(String::as_str).collect();
    let room = workplace(folder, order, &taken);
    let mut cargo = inner_cargo();
    cargo.current_dir(folder).args(["build", "--bins", "--locked", "--profile", PROFILE]);
    cargo.args(["--target", order.target]).arg("--target-dir").arg(&room);
    let more = std::env::var(CARGO_WORDS).unwrap_or_default();
    cargo.args(more.split_ascii_whitespace());
    cargo.env(EXERCISES, taken.join(" "));
    let output = cargo.stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("cannot start cargo for programs: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let folder = folder.strip_prefix(order.root).unwrap_or(folder).display();
        let said = said.trim_end();
        return Err(format!("{said}\n\nthe programs in {folder} do not compile, see above"));
    }
    let built = room.join(order.target).join(PROFILE);
    if !taken.is_empty() {
        names.iter().try_for_each(|name| check_sources(&built.join(name), order))?;
    }
    let program = |name: String| Program { file: built.join(&name), name };
    Ok(names.into_iter().map(program).collect())
}

/// Where the programs in `folder` are built: a folder for each chapter, and, so that nobody finds
/// another's, for each choice of the exercises that are `taken`.
fn workplace(folder: &Path, order: &Order, taken: &[&str]) -> PathBuf {
    let chapter = folder.parent().and_then(Path::file_name).unwrap_or_default();
    let mut name = chapter.to_os_string();
    for exercise in taken {
        name.push("+");
        name.push(exercise);
    }
    order.workplace.join(name)
}

/// Refuses a program that takes in a file from outside of the repository, as one that takes a file
/// of a student could.
fn check_sources(program: &Path, order: &Order) -> Result<(), String> {
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let folders = [whole(order.root), whole(order.workplace)];
    let list = program.with_added_extension("d");
    match sources::stranger(&list, &[&folders[0], &folders[1]]) {
        None => Ok(()),
        Some(file) => {
            Err(format!("error: it takes in a file that is not part of the tree: {file}"))
        }
    }
}

/// The names of the programs of the package in `folder`: each is a file in `src/bin`, or a folder
/// there.
fn names(folder: &Path) -> Result<Vec<String>, String> {
    let folder = folder.join("src/bin");
    let entries = std::fs::read_dir(&folder).map_err(|error| cannot("read", &folder, &error))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let sources = paths.filter(|path| {
        path.join("main.rs").is_file() || path.extension().is_some_and(|it| it == "rs")
    });
    let name = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_string());
    let mut names: Vec<String> = sources.filter_map(name).collect();
    names.sort();
    Ok(names)
}

/// Cargo, free of what the outer one has set.
fn inner_cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_outer(name)) {
        command.env_remove(name);
    }
    command
}

/// Whether the outer Cargo has set the variable `name`, or it would change how programs are built.
fn is_outer(name: &OsString) -> bool {
    const OTHERS: &[&str] = &[
        "DEBUG",
        "HOST",
        "MAKEFLAGS",
        "MFLAGS",
        "NUM_JOBS",
        "OPT_LEVEL",
        "OUT_DIR",
        "PROFILE",
        "RUSTFLAGS",
        "RUSTC_LINKER",
        "RUSTC_WORKSPACE_WRAPPER",
        "TARGET",
    ];
    let Some(name) = name.to_str() else {
        return false;
    };
    let ends = ["_LINKER", "_RUSTFLAGS"];
    let is_of_target =
        name.starts_with("CARGO_TARGET_") && ends.iter().any(|end| name.ends_with(end));
    (name.starts_with("CARGO") || OTHERS.contains(&name))
        && !INHERITED.contains(&name)
        && !is_of_target
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A package of its own with one program, whose `_start` is `body`.
    fn package(body: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("there is room");
        let source = format!(
            "#![no_std]\n#![no_main]\n#[unsafe(no_mangle)]\n\
             extern \"C\" fn _start() -> ! {{ {body} }}\n\
             #[panic_handler]\nfn panic(_: &core::panic::PanicInfo) -> ! {{ loop {{}} }}\n"
        );
        let manifest = "[package]\nname = \"p\"\nedition = \"2024\"\n[workspace]\n\
                        [profile.user]\ninherits = \"release\"\n";
        let lock = "version = 4\n[[package]]\nname = \"p\"\nversion = \"0.0.0\"\n";
        let files =
            [("Cargo.toml", manifest), ("Cargo.lock", lock), ("src/bin/one.rs", source.as_str())];
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("it has one")).expect("there is room");
            fs::write(path, text).expect("there is room");
        }
        folder
    }

    fn built(folder: &Path) -> Result<Vec<Program>, String> {
        let target = "x86_64-unknown-none";
        let room = folder.join("room");
        programs(
            folder,
            &Order {
                root: folder,
                arch: "x86_64",
                target,
                room: &room,
                workplace: &room,
                exercises: &[],
            },
        )
    }

    #[test]
    fn programs_are_built_for_the_machine() {
        let folder = package("loop {}");
        let programs = built(folder.path()).expect("it compiles");
        assert_eq!(programs.len(), 1);
        assert_eq!(programs[0].name, "one");
        let elf = fs::read(&programs[0].file).expect("it was built");
        assert_eq!((&elf[..4], elf[18]), (&b"\x7fELF"[..], 62), "it is for x86_64");
    }

    #[test]
    fn what_does_not_compile_is_told_in_the_compilers_words() {
        let folder = package("\"never\"");
        let refusal = built(folder.path()).err().expect("it does not compile");
        assert!(refusal.contains("error[E0308]: mismatched types"), "{refusal}");
        assert!(refusal.contains("src/bin/one.rs:4"), "{refusal}");
        let last = refusal.lines().last().unwrap_or_default();
        assert!(last.contains("do not compile"), "{refusal}");
    }

    #[test]
    fn files_and_folders_are_programs() {
        let folder = package("loop {}");
        for name in ["two/main.rs", "three/other.rs", "notes.txt"] {
            let path = folder.path().join("src/bin").join(name);
            fs::create_dir_all(path.parent().expect("it has one")).expect("there is room");
            fs::write(path, "").expect("there is room");
        }
        assert_eq!(names(folder.path()), Ok(vec!["one".into(), "two".into()]));
    }

    #[test]
    fn what_belongs_to_the_kernel_is_not_passed_on() {
        let is_outer = |name: &str| is_outer(&name.into());
        for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_CFG_TARGET_ARCH", "OUT_DIR"] {
            assert!(is_outer(name), "{name}");
        }
        for name in ["CARGO_BUILD_TARGET", "CARGO_TARGET_DIR", "CARGO_FEATURE_KTEST", "TARGET"] {
            assert!(is_outer(name), "{name}");
        }
        for name in ["PATH", "HOME", "CARGO_HOME", "CARGO_NET_OFFLINE", "RUSTC_BOOTSTRAP"] {
            assert!(!is_outer(name), "{name}");
        }
        for what in ["LINKER", "RUSTFLAGS"] {
            let name = format!("CARGO_TARGET_X86_64_UNKNOWN_NONE_{what}");
            assert!(!is_outer(&name), "{name}: the tutor has set it");
        }
    }
}
