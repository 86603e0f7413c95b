//! The programs that a kernel runs, in the kernel's own file.
//!
//! From chapter 6 on, a kernel needs programs in memory before it has a disk. They are a package
//! beside it, `user`. The kernel's build script builds them, packs them into an archive and gives
//! that to the linker as a section that is not loaded. So the file of a kernel has all that a boot
//! of it needs, whichever way it was built, and none of it can be older than the rest. Whoever
//! boots it takes the archive out again, by [`archive_in`].
//!
//! ```text
//!  user/src/bin/NAME.rs ── cargo ──> bin/NAME ─┐
//!                                              ├─> cpio archive ──> .initramfs in the kernel
//!  user/files/PATH ────────────────> PATH ─────┤
//!  user/programs.toml, [[link]] ───> bin/NAME ─┘
//! ```

mod archive;
mod carrier;
mod compile;
mod table;

use std::path::Path;

use crate::exercises;

pub use archive::{Entry, pack_entries, unpack};
pub use carrier::{SECTION, archive_in};
pub use compile::CARGO_WORDS;
pub use table::{End, Link, Run, links, runs, signal};

/// The folder of the programs, in a chapter's.
const FOLDER: &str = "user";

/// The machine and the place that programs are built for.
pub(crate) struct Order<'a> {
    /// The root of the repository.
    pub root: &'a Path,
    /// The architecture's name.
    pub arch: &'a str,
    /// The Rust target.
    pub target: &'a str,
    /// Where there is room for what this kernel alone needs.
    pub room: &'a Path,
    /// Where programs are built, for all kernels: with and without tests, optimised or not, they
    /// carry the same ones.
    pub workplace: &'a Path,
    /// The exercises that are taken.
    pub exercises: &'a [String],
}

/// Whether `chapter`, a folder, has programs.
pub fn has_programs(chapter: &Path) -> bool {
    chapter.join(FOLDER).join("Cargo.toml").is_file()
}

/// Builds the programs of `chapter`, if it has any, and gives them to the linker. A kernel that
/// includes `$OUT_DIR/programs.rs` knows how each of them ends.
pub(crate) fn carry(chapter: &Path, order: &Order) -> Result<(), String> {
    if !has_programs(chapter) {
        return Ok(());
    }
    let folder = chapter.join(FOLDER);
    let runs = table::code(&runs(chapter, order.arch)?);
    let programs = compile::programs(&folder, order)?;
    let links = table::links(chapter, order.exercises)?;
    let archive = archive::pack(&programs, &links, &folder.join("files"))?;
    let object = carrier::object(&archive, order.arch)?;
    let file = order.room.join("initramfs.o");
    for (file, bytes) in [(&file, &object[..]), (&order.room.join("programs.rs"), runs.as_bytes())]
    {
        std::fs::write(file, bytes).map_err(|error| cannot("write", file, &error))?;
    }
    println!("cargo:rustc-link-arg-bins={}", file.display());
    println!("cargo:rerun-if-env-changed={CARGO_WORDS}");
    let mut sources =
        vec![folder.clone(), order.root.join("Cargo.toml"), order.root.join("Cargo.lock")];
    // Programs take files of exercises from beside them, of which the outer Cargo knows nothing.
    let all = exercises::exercises(&order.root.join("chapters")).into_iter();
    let is_taken = |name: &String| order.exercises.contains(name);
    sources.extend(all.filter(|(name, _)| is_taken(name)).map(|(_, folder)| folder));
    for source in sources {
        println!("cargo:rerun-if-changed={}", source.display());
    }
    Ok(())
}

/// The file system refused `what`, a verb, on `path`.
fn cannot(what: &str, path: &Path, error: &std::io::Error) -> String {
    format!("cannot {what} {}: {error}", path.display())
}
