//! The archive: "newc" cpio, the format in which Linux takes its first files.
//!
//! The same files always give the same bytes: in the order of their names, with no times, nobody's
//! identity, and inode numbers that count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;

use cpio::newc;

use super::cannot;
use super::compile::Program;

/// The folder of programs.
const PROGRAMS: &str = "bin";

/// The rights and the kind of a program, of a file and of a folder. (Linux, `stat.h`.)
const PROGRAM: u32 = 0o100_755;
const FILE: u32 = 0o100_644;
const DIRECTORY: u32 = 0o040_755;

/// What stands in an archive.
struct Entry {
    mode: u32,
    bytes: Vec<u8>,
}

/// An archive of `programs`, and of all that is below the folder `files`, if there is one.
pub fn pack(programs: &[Program], files: &Path) -> Result<Vec<u8>, String> {
    let mut entries = BTreeMap::new();
    for program in programs {
        add(&mut entries, &format!("{PROGRAMS}/{}", program.name), &program.file, PROGRAM)?;
    }
    if files.is_dir() {
        gather(&mut entries, files, "")?;
    }
    add_folders(&mut entries);
    write(&entries).map_err(|error| format!("cannot write the archive: {error}"))
}

/// Adds the file at `path` as `name`.
fn add(
    entries: &mut BTreeMap<String, Entry>,
    name: &str,
    path: &Path,
    mode: u32,
) -> Result<(), String> {
    let bytes = fs::read(path).map_err(|error| cannot("read", path, &error))?;
    match entries.insert(name.into(), Entry { mode, bytes }) {
        None => Ok(()),
        Some(_) => Err(format!("{}: there is a program `{name}` already", path.display())),
    }
}

/// Adds all files below `folder`, whose names start with `prefix`.
fn gather(
    entries: &mut BTreeMap<String, Entry>,
    folder: &Path,
    prefix: &str,
) -> Result<(), String> {
    for entry in fs::read_dir(folder).map_err(|error| cannot("read", folder, &error))?.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_str().ok_or_else(|| format!("{}: not UTF-8", path.display()))?;
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            gather(entries, &path, &format!("{name}/"))?;
        } else {
            add(entries, &name, &path, FILE)?;
        }
    }
    Ok(())
}

/// Adds the folders that the files are in. By their names they come before them.
fn add_folders(entries: &mut BTreeMap<String, Entry>) {
    let parents = |name: &String| {
        let ends = name.match_indices('/').map(|(end, _)| name[..end].to_string());
        ends.collect::<Vec<_>>()
    };
    let folders: BTreeSet<String> = entries.keys().flat_map(parents).collect();
    for folder in folders {
        entries.insert(folder, Entry { mode: DIRECTORY, bytes: Vec::new() });
    }
}

fn write(entries: &BTreeMap<String, Entry>) -> std::io::Result<Vec<u8>> {
    let mut archive = Vec::new();
    for (inode, (name, entry)) in (1..).zip(entries) {
        let size = u32::try_from(entry.bytes.len()).map_err(std::io::Error::other)?;
        let links = if entry.mode == DIRECTORY { 2 } else { 1 };
        let header = newc::Builder::new(name).ino(inode).mode(entry.mode).nlink(links);
        let mut writer = header.write(&mut archive, size);
        writer.write_all(&entry.bytes)?;
        writer.finish()?;
    }
    newc::trailer(&mut archive)?;
    Ok(archive)
}
