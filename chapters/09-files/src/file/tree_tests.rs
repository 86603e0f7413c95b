//! Tests of the tree: to find, to make, to take away, to move.

use core::time::Duration;

use super::change::{Occupied, Removed, copy};
use super::contents::Contents;
use super::node::Content;
use super::tree::{Place, TREE, Tree};
use super::walk::{Found, LastLink, walk};
use super::{FileError, status::Kind};

/// When all of it happens.
pub const NOW: Duration = Duration::from_secs(1);

/// A tree with `/a/b/file`, `/empty`, and links: `/to-b` to `a/b`, `/loop` to itself, `/none` to
/// nothing, `/up` to `/a/..`.
pub fn sample() -> Tree {
    let mut tree = Tree::new();
    tree.add_root(0o755, NOW).expect("there is memory");
    for folder in ["/a", "/a/b", "/empty"] {
        let found = find(&tree, folder).expect("its folder is there");
        tree.create_folder(&found, 0o755, NOW).expect("there is memory");
    }
    make(&mut tree, "/a/b/file", Content::Regular(Contents::new(b"bytes")));
    for (path, target) in
        [("/to-b", "a/b"), ("/loop", "loop"), ("/none", "nothing"), ("/up", "/a/..")]
    {
        make(&mut tree, path, Content::Link(copy(target.as_bytes()).expect("there is memory")));
    }
    tree
}

/// Makes `content` at `path`.
pub fn make(tree: &mut Tree, path: &str, content: Content) {
    let found = find(tree, path).expect("its folder is there");
    tree.create(&found, content, 0o644, NOW).expect("there is memory");
}

/// Walks `path`, and keeps a link that is the last.
pub fn find(tree: &Tree, path: &str) -> Result<Found, FileError> {
    walk(tree, Place::ROOT, path.as_bytes(), LastLink::Keep)
}

/// What is at `path`, links followed.
pub fn lookup(tree: &Tree, path: &str) -> Result<Place, FileError> {
    walk(tree, Place::ROOT, path.as_bytes(), LastLink::Follow)?.existing(tree)
}

/// Gives what is at `old` the name `new`.
pub fn rename(tree: &mut Tree, old: &str, new: &str, how: Occupied) -> Result<(), FileError> {
    let (old, new) = (find(tree, old)?, find(tree, new)?);
    tree.rename(&old, &new, how, NOW)
}

/// Takes the name `path` away.
pub fn remove(tree: &mut Tree, path: &str, what: Removed) -> Result<(), FileError> {
    let found = find(tree, path)?;
    tree.remove(&found, what, NOW)
}

/// How many names the node at `path` has.
pub fn links(tree: &Tree, path: &str) -> u32 {
    tree.status(find(tree, path).ok().and_then(|found| found.place).expect("it is there")).links
}

/// Takes away all names of what came after the node with this number: what somebody has made by
/// chance.
pub fn remove_from(number: u64) {
    let mut tree = TREE.lock();
    while let Some((found, what)) = made_since(&tree, number) {
        tree.remove(&found, what, NOW).expect("nobody uses it");
    }
}

/// A name of something that came after the node with this number, and has nothing in it.
fn made_since(tree: &Tree, number: u64) -> Option<(Found, Removed)> {
    tree.folders().find_map(|id| {
        let folder = Place::Tree(id);
        let mut next = 2;
        while let Some(listed) = tree.listed(folder, next).ok()? {
            next = listed.next;
            let place = listed.place;
            let what = if tree.is_folder(place) { Removed::Folder } else { Removed::File };
            let is_empty = |place| tree.listed(place, 2).is_ok_and(|first| first.is_none());
            let is_new = matches!(place, Place::Tree(_)) && tree.status(place).number >= number;
            if is_new && (what == Removed::File || is_empty(place)) {
                let (name, place) = (listed.name, Some(place));
                return Some((Found { folder, name, place, wants_folder: false }, what));
            }
        }
        None
    })
}

ktest::test! {
    /// Many paths lead to the same file.
    fn many_paths_lead_to_one_file() {
        let tree = sample();
        let file = lookup(&tree, "/a/b/file").expect("it is there");
        for path in [
            "a/b/file", "//a///b//file", "/a/./b/../b/file", "/../a/b/file", "/to-b/file",
            "/up/a/b/file", "/to-b/../b/file", "/up/up/to-b/./file",
        ] {
            assert_eq!(lookup(&tree, path), Ok(file), "{path}");
        }
    }

    /// A path that leads nowhere says why.
    fn a_path_that_leads_nowhere_says_why() {
        let tree = sample();
        let long = "x".repeat(256);
        for (path, error) in [
            ("", FileError::NotFound),
            ("/nothing", FileError::NotFound),
            ("/nothing/a", FileError::NotFound),
            ("/none", FileError::NotFound),
            ("/a/b/file/", FileError::NotAFolder),
            ("/a/b/file/.", FileError::NotAFolder),
            ("/a/b/file/..", FileError::NotAFolder),
            ("/loop", FileError::TooManyLinks),
            ("/loop/a", FileError::TooManyLinks),
            (&long, FileError::NameTooLong),
        ] {
            assert_eq!(lookup(&tree, path), Err(error), "{path}");
        }
    }

    /// The last link is what is meant, if it is to be kept and no slash is behind it.
    fn last_link_is_kept() {
        let tree = sample();
        let kind = |path| find(&tree, path).map(|found| found.place.map(|place| tree.kind(place)));
        assert_eq!(kind("/to-b"), Ok(Some(Kind::Link)));
        assert_eq!(kind("/loop"), Ok(Some(Kind::Link)));
        assert_eq!(kind("/to-b/"), Ok(Some(Kind::Folder)));
    }

    /// A name may be taken from a link, whatever slashes are behind it; but it is no folder's.
    fn a_name_is_the_links() {
        let mut tree = sample();
        let found = walk(&tree, Place::ROOT, b"/to-b/", LastLink::Name).expect("it is there");
        assert_eq!(found.place.map(|place| tree.kind(place)), Some(Kind::Link));
        assert_eq!(tree.remove(&found, Removed::File, NOW), Err(FileError::NotAFolder));
        let inside = walk(&tree, Place::ROOT, b"/to-b/file", LastLink::Name);
        assert_eq!(inside.map(|found| found.place), Ok(lookup(&tree, "/a/b/file").ok()));
    }

    /// Forty links may be on a way, and not one more.
    fn forty_links_are_enough() {
        let mut tree = sample();
        make(&mut tree, "/l0", Content::Regular(Contents::new(b"")));
        for number in 1..=41 {
            let target = alloc::format!("l{}", number - 1);
            let target = copy(target.as_bytes()).expect("there is memory");
            make(&mut tree, &alloc::format!("/l{number}"), Content::Link(target));
        }
        assert!(lookup(&tree, "/l40").is_ok());
        assert_eq!(lookup(&tree, "/l41"), Err(FileError::TooManyLinks));
    }

    /// A name comes once, and only into a folder that is there.
    fn names_come_once() {
        let mut tree = sample();
        let mut create = |path: &str| {
            let found = find(&tree, path)?;
            tree.create_folder(&found, 0o755, NOW).map(|_| ())
        };
        assert_eq!(create("/a"), Err(FileError::Exists));
        assert_eq!(create("/none"), Err(FileError::Exists));
        assert_eq!(create("/"), Err(FileError::Exists));
        assert_eq!(create("/x/y"), Err(FileError::NotFound));
        assert_eq!(create("/a/b/file/x"), Err(FileError::NotAFolder));
        assert_eq!(create("/new/"), Ok(()));
    }

    /// Only what may go goes.
    fn only_what_may_go_goes() {
        let mut tree = sample();
        for (path, what, result) in [
            ("/a", Removed::File, Err(FileError::IsAFolder)),
            ("/a", Removed::Folder, Err(FileError::NotEmpty)),
            ("/a/b/.", Removed::Folder, Err(FileError::Invalid)),
            ("/a/b/..", Removed::Folder, Err(FileError::NotEmpty)),
            ("/", Removed::Folder, Err(FileError::Busy)),
            ("/a/b/file", Removed::Folder, Err(FileError::NotAFolder)),
            ("/to-b", Removed::Folder, Err(FileError::NotAFolder)),
            ("/nothing", Removed::File, Err(FileError::NotFound)),
            ("/a/b/file", Removed::File, Ok(())),
            ("/a/b", Removed::Folder, Ok(())),
            ("/loop", Removed::File, Ok(())),
        ] {
            assert_eq!(remove(&mut tree, path, what), result, "{path}");
        }
        assert_eq!(lookup(&tree, "/a/b"), Err(FileError::NotFound));
    }

    /// A folder is known by its name, by itself, and by those in it.
    fn links_are_counted() {
        let mut tree = sample();
        assert_eq!(links(&tree, "/a"), 3);
        assert_eq!(links(&tree, "/a/b/file"), 1);
        let (old, new) = (find(&tree, "/a/b/file"), find(&tree, "/second"));
        let (old, new) = (old.expect("there"), new.expect("its folder is there"));
        tree.link(old.place.expect("there"), &new, NOW).expect("there is memory");
        assert_eq!(links(&tree, "/second"), 2);
        remove(&mut tree, "/a/b/file", Removed::File).expect("it may go");
        assert_eq!(links(&tree, "/second"), 1);
        rename(&mut tree, "/a/b", "/b", Occupied::Fail).expect("it is free");
        assert_eq!((links(&tree, "/a"), links(&tree, "/b")), (2, 2));
    }

    /// Moves do what they say, or nothing.
    fn moves_are_whole() {
        let mut tree = sample();
        let file = lookup(&tree, "/a/b/file");
        for (old, new, how, result) in [
            ("/a", "/a/b/c", Occupied::Replace, Err(FileError::Invalid)),
            ("/a/b/file", "/empty", Occupied::Replace, Err(FileError::IsAFolder)),
            ("/empty", "/a/b/file", Occupied::Replace, Err(FileError::NotAFolder)),
            ("/empty", "/a", Occupied::Replace, Err(FileError::NotEmpty)),
            ("/a/b/file", "/empty", Occupied::Fail, Err(FileError::Exists)),
            ("/a/b/file", "/new/", Occupied::Fail, Err(FileError::NotAFolder)),
            ("/nothing", "/new", Occupied::Replace, Err(FileError::NotFound)),
            ("/a/b/file", "/new", Occupied::Exchange, Err(FileError::NotFound)),
            ("/a", "/a/b/file", Occupied::Exchange, Err(FileError::Invalid)),
            ("/a/b/file", "/a", Occupied::Exchange, Err(FileError::Invalid)),
            ("/a/b/file", "/a", Occupied::Replace, Err(FileError::NotEmpty)),
            ("/a", "/a/b/file", Occupied::Fail, Err(FileError::Exists)),
            ("/a/b/.", "/new", Occupied::Replace, Err(FileError::Busy)),
            ("/a/b", "/empty", Occupied::Replace, Ok(())),
            ("/empty/file", "/loop", Occupied::Exchange, Ok(())),
        ] {
            assert_eq!(rename(&mut tree, old, new, how), result, "{old} to {new}");
        }
        assert_eq!(lookup(&tree, "/loop"), file);
        assert_eq!(find(&tree, "/empty/file").map(|found| found.place.is_some()), Ok(true));
        assert_eq!(lookup(&tree, "/empty/.."), Ok(Place::ROOT));
    }

    /// A folder that somebody holds stays when its name goes, and so does the way up from it;
    /// nothing can be put into it.
    fn a_held_folder_stays() {
        let mut tree = sample();
        let place = lookup(&tree, "/empty").expect("it is there");
        tree.hold(place);
        remove(&mut tree, "/empty", Removed::Folder).expect("it may go");
        let found = walk(&tree, place, b"new", LastLink::Keep).expect("it is a folder");
        assert_eq!(tree.create_folder(&found, 0o755, NOW).map(|_| ()), Err(FileError::NotFound));
        let up = walk(&tree, place, b"..", LastLink::Follow).expect("it is a folder");
        assert_eq!(up.place, Some(Place::ROOT));
        tree.release(place);
    }

    /// A listing goes on behind what it has seen, whatever comes and goes meanwhile.
    fn a_listing_goes_on() {
        let mut tree = sample();
        let mut seen = alloc::vec::Vec::new();
        let mut number = 0;
        while let Some(listed) = tree.listed(Place::ROOT, number).expect("a folder") {
            number = listed.next;
            seen.push(alloc::string::String::from_utf8_lossy(listed.name.bytes()).into_owned());
            if seen.len() == 3 {
                remove(&mut tree, "/empty", Removed::Folder).expect("it may go");
            }
        }
        assert_eq!(seen, [".", "..", "a", "to-b", "loop", "none", "up"]);
    }
}
