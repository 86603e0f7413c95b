//! Tests of the tree: what becomes of counts and of the way up when names move, and of what nobody
//! has any more.

use super::change::{Occupied, Removed, copy};
use super::node::Content;
use super::tree::{Place, Tree};
use super::tree_tests::{NOW, find, links, lookup, make, remove, rename, sample};
use super::walk::{LastLink, walk};
use super::{FileError, status::Kind};

/// How many nodes there are.
fn count(tree: &Tree) -> usize {
    tree.nodes().count()
}

ktest::test! {
    /// A link that does not begin at the root begins where it is itself.
    fn links_begin_in_their_folder() {
        let mut tree = sample();
        for (path, target) in [("/a/near", "b/file"), ("/a/b/up", "../../empty")] {
            let target = copy(target.as_bytes()).expect("there is memory");
            make(&mut tree, path, Content::Link(target));
        }
        assert_eq!(lookup(&tree, "/a/near"), lookup(&tree, "/a/b/file"));
        assert_eq!(lookup(&tree, "/to-b/up"), lookup(&tree, "/empty"));
    }

    /// Whoever exchanges a file and a folder finds each counted, and the way up, where they are.
    fn exchanged_names_are_counted() {
        let mut tree = sample();
        assert_eq!((links(&tree, "/"), links(&tree, "/a")), (4, 3));
        rename(&mut tree, "/a/b", "/to-b", Occupied::Exchange).expect("both are there");
        assert_eq!((links(&tree, "/"), links(&tree, "/a")), (5, 2));
        assert_eq!((links(&tree, "/to-b"), links(&tree, "/a/b")), (2, 1));
        rename(&mut tree, "/to-b", "/empty", Occupied::Exchange).expect("both are there");
        rename(&mut tree, "/empty/file", "/a", Occupied::Exchange).expect("both are there");
        assert_eq!((links(&tree, "/"), links(&tree, "/empty")), (4, 3));
        assert_eq!(lookup(&tree, "/empty/file/../.."), Ok(Place::ROOT));
        assert_eq!(lookup(&tree, "/a").map(|place| tree.kind(place)), Ok(Kind::Regular));
    }

    /// Of two names of one file none goes when one is to become the other.
    fn a_file_is_not_moved_onto_itself() {
        let mut tree = sample();
        let (old, new) = (find(&tree, "/a/b/file"), find(&tree, "/other"));
        let place = old.expect("it is there").place.expect("it is there");
        tree.link(place, &new.expect("its folder is there"), NOW).expect("there is memory");
        for (old, new) in [("/a/b/file", "/other"), ("/other", "/other"), ("/a", "/a")] {
            for how in [Occupied::Replace, Occupied::Exchange] {
                assert_eq!(rename(&mut tree, old, new, how), Ok(()), "{old} to {new}");
            }
        }
        assert_eq!((links(&tree, "/other"), links(&tree, "/a/b/file")), (2, 2));
        assert_eq!(links(&tree, "/a"), 3);
    }

    /// Nothing comes into a folder that has lost its name.
    fn nothing_moves_to_where_nobody_is() {
        let mut tree = sample();
        let gone = lookup(&tree, "/empty").expect("it is there");
        tree.hold(gone);
        remove(&mut tree, "/empty", Removed::Folder).expect("it may go");
        for old in ["/a/b/file", "/a"] {
            let old = find(&tree, old).expect("it is there");
            let new = walk(&tree, gone, b"new", LastLink::Keep).expect("it is a folder");
            let moved = tree.rename(&old, &new, Occupied::Replace, NOW);
            assert_eq!(moved, Err(FileError::NotFound));
        }
        tree.release(gone);
    }

    /// A folder that has moved holds the one that it is in now, and not the one before.
    fn moved_folders_hold_where_they_are() {
        let mut tree = sample();
        let all = count(&tree);
        remove(&mut tree, "/a/b/file", Removed::File).expect("it may go");
        rename(&mut tree, "/a/b", "/empty/b", Occupied::Fail).expect("it is free");
        let place = lookup(&tree, "/empty/b").expect("it is there");
        tree.hold(place);
        for path in ["/empty/b", "/empty", "/a"] {
            remove(&mut tree, path, Removed::Folder).expect("it may go");
        }
        assert_eq!(count(&tree), all - 2, "the file has gone, and the folder of before");
        let up = walk(&tree, place, b"../..", LastLink::Follow).expect("the way up is there");
        assert_eq!(up.place, Some(Place::ROOT));
        tree.release(place);
        assert_eq!(count(&tree), all - 4, "with the last who was there all has gone");
    }

    /// What has lost its last name goes, when nobody holds it.
    fn what_nobody_has_goes() {
        let mut tree = sample();
        let all = count(&tree);
        remove(&mut tree, "/loop", Removed::File).expect("it may go");
        rename(&mut tree, "/a/b/file", "/none", Occupied::Replace).expect("it may be replaced");
        assert_eq!(count(&tree), all - 2);
        let place = lookup(&tree, "/none").expect("it is there");
        tree.hold(place);
        remove(&mut tree, "/none", Removed::File).expect("it may go");
        assert_eq!((count(&tree), tree.status(place).links), (all - 2, 0));
        tree.release(place);
        assert_eq!(count(&tree), all - 3);
    }
}
