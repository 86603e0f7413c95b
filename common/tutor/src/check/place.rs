//! Where a file that `build-config.toml` declares is.
//!
//! Most are the kernel's, and are named from its `src/`. From chapter 6 on there are programs
//! beside it; their files are named from the chapter's folder, by which they begin with `user/`.

/// Where the kernel's files are.
const KERNEL: &str = "src/";

/// Where the programs' files are.
const PROGRAMS: &str = "user/";

/// The path, from the chapter's folder, of the file that is declared as `name`.
pub fn path(name: &str) -> String {
    if name.starts_with(PROGRAMS) { name.into() } else { format!("{KERNEL}{name}") }
}

/// The name by which the file at `path`, from the chapter's folder, is declared, if it can be.
pub fn name(path: &str) -> Option<&str> {
    if path.starts_with(PROGRAMS) && !chapter_diff::is_manifest(path) {
        return Some(path);
    }
    path.strip_prefix(KERNEL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_paths_lead_to_each_other() {
        for (file, declared) in [
            ("src/main.rs", "main.rs"),
            ("src/process/user.rs", "process/user.rs"),
            ("user/src/lib.rs", "user/src/lib.rs"),
            ("user/programs.toml", "user/programs.toml"),
        ] {
            assert_eq!(name(file), Some(declared));
            assert_eq!(path(declared), file);
        }
    }

    #[test]
    fn manifests_and_what_is_a_chapters_own_are_not_declared() {
        for file in ["Cargo.toml", "user/Cargo.toml", "build.rs", "README.md", "exercises/a.rs"] {
            assert_eq!(name(file), None, "{file}");
        }
    }
}
