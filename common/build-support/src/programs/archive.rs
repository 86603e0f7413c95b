//! The archive: "newc" cpio, the format in which Linux takes its first files.
//!
//! The same files always give the same bytes: in the order of their names, with no times, nobody's
//! identity, and inode numbers that count. What was packed can be unpacked, and packed again with
//! more in it: that is how a reader's own program gets in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use cpio::newc;

use super::cannot;
use super::compile::Program;
use super::table::Link;

/// The folder of programs.
const PROGRAMS: &str = "bin";

/// The rights and the kind of a program, of a file, of a folder and of a symbolic link. (Linux,
/// `stat.h`.)
const PROGRAM: u32 = 0o100_755;
const FILE: u32 = 0o100_644;
const DIRECTORY: u32 = 0o040_755;
const LINK: u32 = 0o120_777;

/// How a script begins. The rights of a file are not the same on all computers that build this, so
/// it is this that makes a file one that may be run.
const SCRIPT: &[u8] = b"#!";

/// What stands in an archive under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its kind and its rights, as Linux has them.
    pub mode: u32,
    /// What is in it, if it is a file; where it leads, if it is a symbolic link.
    pub bytes: Vec<u8>,
}

impl Entry {
    /// A program.
    pub fn program(bytes: Vec<u8>) -> Self {
        Self { mode: PROGRAM, bytes }
    }

    /// A file that is no program.
    pub fn file(bytes: Vec<u8>) -> Self {
        Self { mode: FILE, bytes }
    }

    /// A symbolic link to `target`.
    pub fn link(target: &str) -> Self {
        Self { mode: LINK, bytes: target.into() }
    }

    /// Whether it is a symbolic link.
    pub fn is_link(&self) -> bool {
        self.mode == LINK
    }

    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.mode == DIRECTORY
    }
}

/// An archive of `programs`, of `links`, and of all that is below the folder `files`, if there is
/// one.
pub fn pack(programs: &[Program], links: &[Link], files: &Path) -> Result<Vec<u8>, String> {
    let mut entries = BTreeMap::new();
    for program in programs {
        let entry = Entry::program(read(&program.file)?);
        add(&mut entries, &format!("{PROGRAMS}/{}", program.name), entry, &program.file)?;
    }
    for Link { name, target } in links {
        add(&mut entries, name, Entry::link(target), Path::new("the link"))?;
    }
    if files.is_dir() {
        gather(&mut entries, files, "")?;
    }
    pack_entries(entries)
}

/// An archive of `entries` by their names, and of the folders that they are in.
pub fn pack_entries(mut entries: BTreeMap<String, Entry>) -> Result<Vec<u8>, String> {
    entries.retain(|_, entry| !entry.is_folder());
    add_folders(&mut entries)?;
    write(&entries).map_err(|error| format!("cannot write the archive: {error}"))
}

/// All that is in `archive`, by its name.
pub fn unpack(archive: &[u8]) -> std::io::Result<BTreeMap<String, Entry>> {
    let mut entries = BTreeMap::new();
    let mut rest = Cursor::new(archive);
    loop {
        let mut reader = newc::Reader::new(rest)?;
        if reader.entry().is_trailer() {
            return Ok(entries);
        }
        let (name, mode) = (reader.entry().name().to_string(), reader.entry().mode());
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        entries.insert(name, Entry { mode, bytes });
        rest = reader.finish()?;
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| cannot("read", path, &error))
}

/// Adds `entry`, which comes from `path`, as `name`.
fn add(
    entries: &mut BTreeMap<String, Entry>,
    name: &str,
    entry: Entry,
    path: &Path,
) -> Result<(), String> {
    match entries.insert(name.into(), entry) {
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
            let bytes = read(&path)?;
            let is_script = bytes.starts_with(SCRIPT);
            let entry = if is_script { Entry::program(bytes) } else { Entry::file(bytes) };
            add(entries, &name, entry, &path)?;
        }
    }
    Ok(())
}

/// Adds the folders that the files are in. By their names they come before them.
fn add_folders(entries: &mut BTreeMap<String, Entry>) -> Result<(), String> {
    let parents = |name: &String| {
        let ends = name.match_indices('/').map(|(end, _)| name[..end].to_string());
        ends.collect::<Vec<_>>()
    };
    let folders: BTreeSet<String> = entries.keys().flat_map(parents).collect();
    for folder in folders {
        if entries.contains_key(&folder) {
            return Err(format!("`{folder}` cannot be a file: it is the folder of others"));
        }
        entries.insert(folder, Entry { mode: DIRECTORY, bytes: Vec::new() });
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with programs `b` and `a`, and files beside them.
    fn room() -> tempfile::TempDir {
        let room = tempfile::tempdir().expect("there is room");
        for (name, text) in
            [("b", "the program b"), ("a", "a!"), ("files/etc/motd", "hello\n"), ("files/x", "")]
        {
            let path = room.path().join(name);
            fs::create_dir_all(path.parent().expect("it has one")).expect("there is room");
            fs::write(path, text).expect("there is room");
        }
        room
    }

    fn archive_of(room: &Path) -> Result<Vec<u8>, String> {
        let program = |name: &str| Program { name: name.into(), file: room.join(name) };
        pack(&[program("b"), program("a")], &[], &room.join("files"))
    }

    #[test]
    fn another_reader_finds_all_of_it_in_order() {
        let room = room();
        let archive = archive_of(room.path()).expect("all can be read");
        let entries: Vec<_> = cpio_reader::iter_files(&archive)
            .map(|entry| (entry.name().to_string(), entry.mode().bits(), entry.file().to_vec()))
            .collect();
        let expected: [(&str, u32, &[u8]); 6] = [
            ("bin", DIRECTORY, b""),
            ("bin/a", PROGRAM, b"a!"),
            ("bin/b", PROGRAM, b"the program b"),
            ("etc", DIRECTORY, b""),
            ("etc/motd", FILE, b"hello\n"),
            ("x", FILE, b""),
        ];
        let expected = expected.map(|(name, mode, bytes)| (name.into(), mode, bytes.to_vec()));
        assert_eq!(entries, expected);
    }

    #[test]
    fn links_and_scripts_are_what_they_are() {
        let room = room();
        fs::write(room.path().join("files/etc/rc"), "#!/bin/sh\n").expect("there is room");
        let link = |name: &str| Link { name: name.into(), target: "a".into() };
        let pack = |links: &[Link]| pack(&[], links, &room.path().join("files"));
        let archive = pack(&[link("bin/z"), link("bin/c")]).expect("all can be read");
        let found: Vec<_> = cpio_reader::iter_files(&archive)
            .map(|entry| (entry.name(), entry.mode().bits(), entry.file()))
            .collect();
        let target = &b"a"[..];
        assert_eq!(found[1..3], [("bin/c", LINK, target), ("bin/z", LINK, target)]);
        assert_eq!(
            found[4..6],
            [("etc/motd", FILE, &b"hello\n"[..]), ("etc/rc", PROGRAM, b"#!/bin/sh\n")]
        );
        let entries = unpack(&archive).expect("it is an archive");
        assert!(entries["bin/c"].is_link() && !entries["etc/rc"].is_link());
        assert_eq!(pack_entries(entries).as_ref(), Ok(&archive));
        let refusal = pack(&[link("x")]).expect_err("there is a file");
        assert!(refusal.ends_with("files/x: there is a program `x` already"), "{refusal}");
    }

    #[test]
    fn same_files_give_same_bytes() {
        let (one, other) = (room(), room());
        let later = fs::File::options().write(true).open(other.path().join("a"));
        later.and_then(|file| file.set_modified(std::time::UNIX_EPOCH)).expect("it is ours");
        assert_eq!(archive_of(one.path()), archive_of(other.path()));
        assert!(archive_of(one.path()).is_ok());
    }

    #[test]
    fn what_was_packed_can_be_unpacked_and_packed_again_with_more() {
        let archive = archive_of(room().path()).expect("all can be read");
        let mut entries = unpack(&archive).expect("it is an archive");
        assert_eq!(pack_entries(entries.clone()).as_ref(), Ok(&archive));
        assert_eq!(entries["bin/a"], Entry::program(b"a!".to_vec()));
        entries.insert("lib/deep/x".into(), Entry::file(b"more".to_vec()));
        let more = unpack(&pack_entries(entries).expect("there is room")).expect("it is one");
        assert_eq!(more["lib/deep/x"], Entry::file(b"more".to_vec()));
        assert!(more["lib"].is_folder() && more["lib/deep"].is_folder());
        assert!(more.contains_key("bin/b"));
    }

    #[test]
    fn what_is_no_archive_is_an_error() {
        assert!(unpack(b"").is_err());
        assert!(unpack(&[7; 200]).is_err());
    }

    #[test]
    fn two_files_of_one_name_are_refused() {
        let room = room();
        fs::create_dir_all(room.path().join("files/bin")).expect("there is room");
        fs::write(room.path().join("files/bin/a"), "another a").expect("there is room");
        let refusal = archive_of(room.path()).expect_err("there are two");
        assert!(refusal.ends_with("files/bin/a: there is a program `bin/a` already"), "{refusal}");
    }

    #[test]
    fn file_in_the_place_of_a_folder_is_refused() {
        let room = room();
        fs::write(room.path().join("files/bin"), "no folder").expect("there is room");
        let refusal = archive_of(room.path()).expect_err("bin is a folder");
        assert!(refusal.contains("`bin`"), "{refusal}");
    }

    #[test]
    fn missing_program_is_named() {
        let room = room();
        fs::remove_file(room.path().join("b")).expect("it is there");
        assert!(archive_of(room.path()).expect_err("it is missing").contains("/b: "));
    }
}
