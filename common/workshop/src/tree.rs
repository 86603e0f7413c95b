//! The copy, file by file.
//!
//! A file whose bytes are right is not touched, so that it keeps its time of modification: by that
//! Cargo tells what to build again. Permissions are copied, since one file of the repository is a
//! script.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::{Result, cannot};

/// What is copied: all that Cargo needs to build a kernel, and the host tool to run it.
const PARTS: &[&str] =
    &["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "build-config.toml", "chapters", "common"];

/// Folders that hold no source.
const SKIPPED: &[&str] = &[".git", "target", "node_modules"];

/// What Cargo puts into its target folder, whatever that is called.
const CACHE_MARK: &str = "CACHEDIR.TAG";

/// Makes `copy` equal to `root`, as far as there is something to copy, without files whose names
/// are `secret`.
pub fn mirror(root: &Path, copy: &Path, secret: impl Fn(&str) -> bool) -> Result<()> {
    let mut wanted = files(root, PARTS)?;
    wanted.retain(|name| !name.to_str().is_some_and(&secret));
    for name in &wanted {
        let (from, to) = (root.join(name), copy.join(name));
        bring(&from, &to).map_err(|error| cannot("copy", &from, &error))?;
    }
    for name in files(copy, PARTS)?.difference(&wanted) {
        let path = copy.join(name);
        std::fs::remove_file(&path).map_err(|error| cannot("remove", &path, &error))?;
    }
    remove_empty_folders(copy).map_err(|error| cannot("clear", copy, &error))?;
    Ok(())
}

/// A digest of files of `root`: those that are copied and those below `others`, as far as their
/// names are `wanted`. It takes in what Git keeps: names, contents, and what can be executed.
pub fn digest(root: &Path, others: &[&str], wanted: impl Fn(&str) -> bool) -> Result<String> {
    let mut digest = Sha256::new();
    let names = files(root, &[PARTS, others].concat())?;
    for name in names.iter().filter_map(|name| name.to_str()).filter(|name| wanted(name)) {
        let path = root.join(name);
        let read = || Ok((std::fs::read(&path)?, std::fs::metadata(&path)?.permissions()));
        let (bytes, permissions) = read().map_err(|error| cannot("read", &path, &error))?;
        let is_program = permissions.mode() & 0o100 != 0;
        // With its length, no file looks like the end of one and the beginning of another.
        digest.update(format!("{name}\0{} {is_program}\0", bytes.len()));
        digest.update(&bytes);
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Makes `to` what `from` is, unless it is already.
fn bring(from: &Path, to: &Path) -> io::Result<()> {
    let bytes = std::fs::read(from)?;
    let permissions = std::fs::metadata(from)?.permissions();
    if std::fs::read(to).is_ok_and(|there| there == bytes)
        && std::fs::metadata(to)?.permissions() == permissions
    {
        return Ok(());
    }
    write(to, &bytes)?;
    std::fs::set_permissions(to, permissions)
}

/// Writes `bytes` to `path`, whatever is there now.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    // A new file and not new contents: the old one may be read-only.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => std::fs::write(path, bytes),
    }
}

/// The files that are `parts` of `folder` or below them, by their name from there.
fn files(folder: &Path, parts: &[&str]) -> Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    for part in parts {
        let path = folder.join(part);
        if path.is_dir() {
            gather(&path, Path::new(part), &mut files)
                .map_err(|error| cannot("read", &path, &error))?;
        } else if path.is_file() {
            files.insert(part.into());
        }
    }
    Ok(files)
}

fn gather(folder: &Path, name: &Path, files: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    if folder.join(CACHE_MARK).exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let name = name.join(entry.file_name());
        if kind.is_dir() && !SKIPPED.iter().any(|skipped| entry.file_name() == *skipped) {
            gather(&entry.path(), &name, files)?;
        } else if kind.is_file() {
            files.insert(name);
        }
    }
    Ok(())
}

/// Removes what folders are left of files that are gone: Cargo would take one for a package.
fn remove_empty_folders(folder: &Path) -> io::Result<bool> {
    let mut is_empty = true;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        is_empty &= entry.file_type()?.is_dir() && remove_empty_folders(&entry.path())?;
    }
    if is_empty {
        std::fs::remove_dir(folder)?;
    }
    Ok(is_empty)
}

/// `name`, if it is that of a file in the copy and of none beside it.
pub fn checked(name: &str) -> Result<&Path> {
    let path = Path::new(name);
    let is_below = path.components().all(|part| matches!(part, Component::Normal(_)));
    if name.is_empty() || !is_below {
        return Err(format!("`{name}`: must be a file's name from the root of the repository"));
    }
    Ok(path)
}
