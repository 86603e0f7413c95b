//! `make clean`: removes what was built.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Stdio;

use crate::book;
use crate::failure::{Failure, Result};
use crate::ui;
use crate::workspace::Workspace;

/// Removes everything that was built, and says how much room that makes.
pub fn clean(workspace: &Workspace) -> Result<()> {
    remove_book(workspace)?;
    let folder = workspace.target_folder();
    let bytes = size(&folder);
    // Cargo and not this program removes the folder: it knows whether it is one of its own.
    let done = workspace.cargo().args(["clean", "--quiet"]).stdin(Stdio::null()).status();
    match done {
        Ok(status) if status.success() => {}
        Ok(_) => return Err(Failure::silent(1)),
        Err(error) => return Err(Failure::failed(format!("cannot start cargo: {error}"))),
    }
    let freed = bytes.saturating_sub(size(&folder));
    ui::step("Removed", format_args!("{} ({} freed)", folder.display(), readable(freed)));
    Ok(())
}

/// Removes the book that `make book` has built, if it has.
fn remove_book(workspace: &Workspace) -> Result<()> {
    let folder = workspace.root.join(book::FOLDER);
    match std::fs::remove_dir_all(&folder) {
        Ok(()) => ui::step("Removed", book::FOLDER),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(Failure::io("remove", &folder, &error)),
    }
    Ok(())
}

/// The bytes of all files below `folder`. What cannot be read counts nothing.
fn size(folder: &Path) -> u64 {
    size_of_new(folder, &mut HashSet::new())
}

/// The bytes of the files that are not in `seen` yet: Cargo gives many files a second name, which
/// takes no room.
fn size_of_new(folder: &Path, seen: &mut HashSet<(u64, u64)>) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(about) if about.is_dir() => size_of_new(&entry.path(), seen),
        Ok(about) if seen.insert((about.dev(), about.ino())) => about.len(),
        _ => 0,
    });
    sizes.sum()
}

/// `bytes` in a unit that leaves few digits.
fn readable(bytes: u64) -> String {
    const UNITS: [&str; 3] = ["KiB", "MiB", "GiB"];
    if bytes < 1024 {
        return format!("{bytes} bytes");
    }
    let unit = (bytes.ilog2() / 10).clamp(1, 3);
    let amount = bytes as f64 / (1u64 << (10 * unit)) as f64;
    format!("{amount:.1} {}", UNITS[unit as usize - 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sandbox::Sandbox;

    #[test]
    fn the_built_book_goes_and_its_sources_stay() {
        let sandbox = Sandbox::new(&[
            ("chapters/01-one/README.md", ""),
            ("book/book/index.html", ""),
            ("book/src/a.md", ""),
        ]);
        let workspace = sandbox.workspace();
        for _ in 0..2 {
            assert_eq!(remove_book(&workspace), Ok(()));
            assert!(!sandbox.root().join(book::FOLDER).exists());
            assert!(sandbox.root().join("book/src/a.md").exists());
        }
    }

    #[test]
    fn sizes_are_readable() {
        assert_eq!(readable(0), "0 bytes");
        assert_eq!(readable(1023), "1023 bytes");
        assert_eq!(readable(1024), "1.0 KiB");
        assert_eq!(readable(1536 * 1024), "1.5 MiB");
        assert_eq!(readable(3 << 40), "3072.0 GiB");
    }

    #[test]
    fn files_are_counted_once() {
        let folder = tempfile::tempdir().expect("there is room");
        std::fs::create_dir(folder.path().join("inner")).expect("there is room");
        std::fs::write(folder.path().join("one"), "12").expect("there is room");
        let two = folder.path().join("inner/two");
        std::fs::write(&two, "345").expect("there is room");
        std::fs::hard_link(&two, folder.path().join("again")).expect("there is room");
        assert_eq!(size(folder.path()), 5);
        assert_eq!(size(&folder.path().join("none")), 0);
    }
}
