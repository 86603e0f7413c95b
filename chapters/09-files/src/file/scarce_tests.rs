//! Tests of files when memory is refused: whichever allocation fails, all is as it was before.

use alloc::string::String;
use alloc::vec::Vec;

use linux_raw_sys::general::{O_CREAT, O_RDWR, O_TRUNC};

use super::change::{Occupied, Removed};
use super::contents::Contents;
use super::node::Content;
use super::open::open;
use super::tree::{Place, TREE, Tree};
use super::tree_tests::{NOW, find, remove, rename, sample};
use super::walk::{LastLink, walk};
use super::{Buffer, FileError, Held};
use crate::memory::faults;
use crate::process::tests::left;

/// A name that is long enough to be moved elsewhere.
const PATH: &str = "/a/the name of something new";

/// All names in `tree`: in which folder, what they are, and what they stand for.
fn seen(tree: &Tree) -> Vec<(Place, String, Place, u32)> {
    let mut all = Vec::new();
    for folder in tree.folders().map(Place::Tree) {
        let mut next = 0;
        while let Some(listed) = tree.listed(folder, next).expect("it is a folder") {
            let name = String::from_utf8_lossy(listed.name.bytes()).into_owned();
            all.push((folder, name, listed.place, tree.status(listed.place).links));
            next = listed.next;
        }
    }
    all
}

/// Lets `act` change a tree, with each of its allocations refused in turn. The result is how many
/// there are.
fn refuse_each(act: impl Fn(&mut Tree) -> Result<(), FileError>) -> usize {
    let before = left();
    let mut tree = sample();
    let names = seen(&tree);
    let mut count = 0;
    loop {
        let (result, has_failed) = faults::fail_at(count, || act(&mut tree));
        if !has_failed {
            assert_eq!(result, Ok(()), "at {count}: memory there was");
            assert_ne!(seen(&tree), names);
            break;
        }
        assert_eq!(result, Err(FileError::NoMemory), "at {count}");
        assert_eq!(seen(&tree), names, "at {count}");
        count += 1;
    }
    drop((tree, names));
    assert_eq!(left(), before);
    count
}

/// What is at `path` in the tree that programs have: how long it is, if it is there.
fn size(path: &[u8]) -> Option<u64> {
    let tree = TREE.lock();
    let found = walk(&tree, Place::ROOT, path, LastLink::Keep).expect("its folder is there");
    found.place.map(|place| tree.status(place).size)
}

fn unlink(path: &[u8]) {
    let mut tree = TREE.lock();
    let found = walk(&tree, Place::ROOT, path, LastLink::Keep).expect("its folder is there");
    tree.remove(&found, Removed::File, NOW).expect("it may go");
}

/// Opens `path` with `flags`, with each allocation refused in turn; whenever that is an error, the
/// file is as long as `before`, if it is there at all.
fn open_scarcely(path: &[u8], flags: u32, before: Option<u64>) {
    let root = Held::root();
    let mut count = 0;
    loop {
        let (result, has_failed) = faults::fail_at(count, || open(&root, path, flags, 0o666));
        match result {
            Ok(_) => {
                assert!(!has_failed, "at {count}: nobody noticed");
                break;
            }
            Err(error) => assert_eq!((error, has_failed), (FileError::NoMemory, true)),
        }
        assert_eq!(size(path), before, "at {count}");
        count += 1;
    }
    assert!(count > 0, "it takes no memory at all");
}

ktest::test! {
    /// To make something, or to give it a name, is done whole or not at all.
    fn names_come_whole_or_not_at_all() {
        let file = refuse_each(|tree| {
            let found = find(tree, PATH)?;
            let content = Content::Regular(Contents::new(&[]));
            tree.create(&found, content, 0o644, NOW).map(|_| ())
        });
        let folder = refuse_each(|tree| {
            let found = find(tree, PATH)?;
            tree.create_folder(&found, 0o755, NOW).map(|_| ())
        });
        let link = refuse_each(|tree| {
            let (old, new) = (find(tree, "/a/b/file")?, find(tree, PATH)?);
            tree.link(old.place.expect("it is there"), &new, NOW)
        });
        assert!(file > 0 && folder > 0 && link > 0);
    }

    /// So is a move. To put something in the place of another takes no memory.
    fn moves_take_no_memory_for_an_error() {
        for old in ["/a/b/file", "/a/b", "/to-b"] {
            assert!(refuse_each(|tree| rename(tree, old, "/empty/new", Occupied::Fail)) > 0);
        }
        for (old, new, how) in [
            ("/a/b/file", "/to-b", Occupied::Replace),
            ("/a/b", "/empty", Occupied::Replace),
            ("/a/b", "/to-b", Occupied::Exchange),
        ] {
            assert_eq!(refuse_each(|tree| rename(tree, old, new, how)), 0, "{old}");
        }
        assert_eq!(refuse_each(|tree| remove(tree, "/empty", Removed::Folder)), 0);
    }

    /// A file that cannot be opened for want of memory is not made, and not emptied.
    fn opening_takes_no_memory_for_an_error() {
        const PATH: &[u8] = b"/tmp/scarce";
        let act = || {
            open_scarcely(PATH, O_RDWR | O_CREAT, None);
            let file = open(&Held::root(), PATH, O_RDWR, 0).expect("there is memory");
            assert_eq!(file.write(&Buffer::Kernel(&mut [b'x'; 5])), Ok(5));
            drop(file);
            open_scarcely(PATH, O_RDWR | O_TRUNC, Some(5));
            assert_eq!(size(PATH), Some(0));
            unlink(PATH);
        };
        act();
        let before = left();
        act();
        assert_eq!(left(), before);
    }
}
