//! The first files: the tree as the archive has it.
//!
//! The bytes stay where the loader has put them; a node of the tree means them. Folders that the
//! archive does not name are made, and so are those that the kernel puts something into: `/dev`,
//! `/proc` and `/tmp`.

use core::time::Duration;

use linux_raw_sys::general::{S_IFDIR, S_IFLNK, S_IFMT, S_IFREG};

use super::FileError;
use super::change::{Removed, copy};
use super::contents::{self, Contents};
use super::device;
use super::node::Content;
use super::tree::{Place, TREE, Tree};
use super::walk::{LastLink, walk};
use crate::process::initramfs::{File, Initramfs};

/// Who may do what with folders that nobody has said anything about.
const FOLDER_MODE: u32 = 0o755;

/// Anybody may make files there, and remove only their own.
const TMP_MODE: u32 = 0o1777;

/// Nobody asks the mode of a link.
const LINK_MODE: u32 = 0o777;

/// Who may do what with a device.
const DEVICE_MODE: u32 = 0o666;

/// Makes the tree, of `archive`. The result is how many files it has. Whatever cannot be had of it
/// is told, and the rest is there.
pub fn init(archive: Option<&'static [u8]>) -> usize {
    contents::init();
    let mut tree = TREE.lock();
    tree.add_root(FOLDER_MODE, Duration::ZERO).expect("a kernel that boots has memory for a node");
    let mut count = 0;
    for file in Initramfs::new(archive.unwrap_or_default()).files() {
        match file {
            Ok(file) => {
                count += 1;
                if let Err(error) = add(&mut tree, &file) {
                    println!("initramfs: {}: {error}", file.name);
                }
            }
            Err(error) => println!("initramfs: {error}"),
        }
    }
    if let Err(error) = add_own(&mut tree) {
        println!("files: {error}");
    }
    count
}

/// Adds a file of the archive. Where a name comes twice, the last one counts.
fn add(tree: &mut Tree, file: &File<'static>) -> Result<(), FileError> {
    let path = file.name.trim_end_matches('/').as_bytes();
    let (kind, mode) = (file.mode & S_IFMT, file.mode & !S_IFMT);
    if kind == S_IFDIR {
        return add_folder(tree, path, mode);
    }
    let content = match kind {
        S_IFREG => Content::Regular(Contents::new(file.bytes)),
        S_IFLNK => Content::Link(copy(file.bytes)?),
        _ => return Ok(()),
    };
    add_parents(tree, path)?;
    let found = walk(tree, Place::ROOT, path, LastLink::Keep)?;
    if found.place.is_some() {
        tree.remove(&found, Removed::File, Duration::ZERO)?;
    }
    let found = walk(tree, Place::ROOT, path, LastLink::Keep)?;
    tree.create(&found, content, mode, Duration::ZERO).map(|_| ())
}

/// Adds those folders that are missing on the way to `path`.
fn add_parents(tree: &mut Tree, path: &[u8]) -> Result<(), FileError> {
    for (index, byte) in path.iter().enumerate() {
        if *byte == b'/' && index > 0 {
            let found = walk(tree, Place::ROOT, &path[..index], LastLink::Follow)?;
            if found.place.is_none() {
                tree.create_folder(&found, FOLDER_MODE, Duration::ZERO)?;
            }
        }
    }
    Ok(())
}

/// Adds a folder, if it is not there; it has `mode` in any case.
fn add_folder(tree: &mut Tree, path: &[u8], mode: u32) -> Result<(), FileError> {
    if path.is_empty() || path == b"." {
        return Ok(());
    }
    add_parents(tree, path)?;
    let found = walk(tree, Place::ROOT, path, LastLink::Follow)?;
    match found.place {
        None => tree.create_folder(&found, mode, Duration::ZERO).map(|_| ()),
        Some(Place::Tree(id)) => {
            tree.node_mut(id).mode = mode;
            Ok(())
        }
        Some(Place::Proc(_)) => Ok(()),
    }
}

/// Adds what is the kernel's.
fn add_own(tree: &mut Tree) -> Result<(), FileError> {
    add_folder(tree, b"tmp", TMP_MODE)?;
    add_folder(tree, b"dev", FOLDER_MODE)?;
    for (name, device) in device::ALL {
        let mut path = [0; 32];
        let path = joined(&mut path, b"dev/", name.as_bytes());
        let found = walk(tree, Place::ROOT, path, LastLink::Keep)?;
        if found.place.is_none() {
            tree.create(&found, Content::Device(*device), DEVICE_MODE, Duration::ZERO)?;
        }
    }
    for (name, target) in device::LINKS {
        let mut path = [0; 32];
        let path = joined(&mut path, b"dev/", name.as_bytes());
        let found = walk(tree, Place::ROOT, path, LastLink::Keep)?;
        if found.place.is_none() {
            let content = Content::Link(copy(target.as_bytes())?);
            tree.create(&found, content, LINK_MODE, Duration::ZERO)?;
        }
    }
    add_folder(tree, b"proc", FOLDER_MODE)?;
    if let Some(Place::Tree(id)) = walk(tree, Place::ROOT, b"proc", LastLink::Keep)?.place {
        tree.cover(id);
    }
    Ok(())
}

/// `first` and `second` behind each other, in `room`.
fn joined<'a>(room: &'a mut [u8], first: &[u8], second: &[u8]) -> &'a [u8] {
    let length = first.len() + second.len();
    room[..first.len()].copy_from_slice(first);
    room[first.len()..length].copy_from_slice(second);
    &room[..length]
}
