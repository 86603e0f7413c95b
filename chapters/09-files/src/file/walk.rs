//! Paths: from names to nodes.
//!
//! A path is walked from folder to folder. Where a link is on the way, its own path is walked first
//! and then the rest; so the rests that are still to come are kept on a small stack. Links may lead
//! to links, in circles too: after [`MOST_LINKS`] of them it is enough.
//!
//! The walk ends one step before the last name has to be there. Who makes a file wants to know the
//! folder that it is to be in, and that its name is free.
//!
//! Linux, Documentation/filesystems/path-lookup.rst; `man 7 path_resolution`.

use super::name::LONGEST;
use super::node::Content;
use super::status::Kind;
use super::tree::{Place, Tree};
use super::{FileError, Name};

/// How many links may be on one way. (Linux, `include/linux/namei.h`, MAXSYMLINKS.)
pub const MOST_LINKS: usize = 40;

/// What is to become of a link that is the last on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastLink {
    /// It is followed, as all others are.
    Follow,
    /// It is what is meant, unless a slash behind it says that a folder is.
    Keep,
    /// Its name is what is meant: to give it, or to take it away.
    Name,
}

/// Where a path has led.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The folder of the last name.
    pub folder: Place,
    /// The last name.
    pub name: Name,
    /// What is called so.
    pub place: Option<Place>,
    /// Whether the path says that it is a folder: by a slash at its end.
    pub wants_folder: bool,
}

impl Found {
    /// What was found, which must be there.
    pub fn existing(&self, tree: &Tree) -> Result<Place, FileError> {
        let place = self.place.ok_or(FileError::NotFound)?;
        let is_good = !self.wants_folder || tree.is_folder(place);
        if is_good { Ok(place) } else { Err(FileError::NotAFolder) }
    }
}

/// Walks `path`, from `start` if it does not begin at the root.
pub fn walk(tree: &Tree, start: Place, path: &[u8], last: LastLink) -> Result<Found, FileError> {
    if path.is_empty() {
        return Err(FileError::NotFound);
    }
    let mut rests = Rests::new(path);
    let mut step = standing_at(if path[0] == b'/' { Place::ROOT } else { start });
    let mut links = 0;
    while let Some(name) = rests.next_name() {
        let folder = step.place.ok_or(FileError::NotFound)?;
        if !tree.is_folder(folder) {
            return Err(FileError::NotAFolder);
        }
        let place = find(tree, folder, name)?;
        step = Step { folder, name, place, wants_folder: rests.has_slash() };
        let Some(link) = place.filter(|place| tree.kind(*place) == Kind::Link) else { continue };
        let is_meant = match last {
            LastLink::Follow => false,
            LastLink::Keep => !rests.has_slash(),
            LastLink::Name => !rests.has_name(),
        };
        if is_meant {
            break;
        }
        links += 1;
        if links > MOST_LINKS {
            return Err(FileError::TooManyLinks);
        }
        match target(tree, link)? {
            Target::Place(place) => step.place = Some(place),
            Target::Path([]) => return Err(FileError::NotFound),
            Target::Path(path) => {
                rests.push(path);
                step = standing_at(if path[0] == b'/' { Place::ROOT } else { folder });
            }
        }
    }
    let Step { folder, name, place, wants_folder } = step;
    let mut found = Found { folder, name: Name::NONE, place, wants_folder };
    found.name.set(name)?;
    Ok(found)
}

/// What becomes [`Found`] if no more names come. The name is borrowed: it is copied at the end.
struct Step<'a> {
    folder: Place,
    name: &'a [u8],
    place: Option<Place>,
    wants_folder: bool,
}

/// Where one is who has not gone anywhere.
fn standing_at<'a>(place: Place) -> Step<'a> {
    Step { folder: place, name: b"", place: Some(place), wants_folder: true }
}

/// What is called `name` in `folder`.
fn find(tree: &Tree, folder: Place, name: &[u8]) -> Result<Option<Place>, FileError> {
    if name.len() > LONGEST {
        return Err(FileError::NameTooLong);
    }
    match (name, folder) {
        (b".", _) => Ok(Some(folder)),
        (b"..", _) => Ok(Some(parent(tree, folder)?)),
        (_, Place::Tree(id)) => {
            let found = tree.folder(id)?.find(name).map(Place::Tree);
            Ok(found.map(|place| tree.what_covers(place)))
        }
        (_, Place::Proc(entry)) => Ok(entry.find(name)),
    }
}

/// The folder that `folder` is in; the root is in itself.
fn parent(tree: &Tree, folder: Place) -> Result<Place, FileError> {
    Ok(match folder {
        Place::Tree(id) => Place::Tree(tree.folder(id)?.parent),
        Place::Proc(entry) => entry.parent().map_or(Place::ROOT, Place::Proc),
    })
}

/// Where a link leads.
enum Target<'a> {
    /// Along a path.
    Path(&'a [u8]),
    /// To a place, whatever it is called.
    Place(Place),
}

fn target(tree: &Tree, link: Place) -> Result<Target<'_>, FileError> {
    match link {
        Place::Proc(entry) => entry.target().map(Target::Place),
        Place::Tree(id) => match &tree.node(id).content {
            Content::Link(path) => Ok(Target::Path(path)),
            _ => Err(FileError::Invalid),
        },
    }
}

/// What is still to be walked: the rest of the path, below it that of the path that led there by a
/// link, and so on.
struct Rests<'a> {
    stack: [&'a [u8]; MOST_LINKS + 1],
    depth: usize,
}

impl<'a> Rests<'a> {
    fn new(path: &'a [u8]) -> Self {
        let mut stack: [&[u8]; MOST_LINKS + 1] = [b""; MOST_LINKS + 1];
        stack[0] = path;
        Self { stack, depth: 1 }
    }

    /// Lets `path` come before all else. Each link does so once, so there is room.
    fn push(&mut self, path: &'a [u8]) {
        self.stack[self.depth] = path;
        self.depth += 1;
    }

    /// Takes the next name.
    fn next_name(&mut self) -> Option<&'a [u8]> {
        while self.depth > 0 {
            let rest = self.stack[self.depth - 1];
            let slashes = rest.iter().take_while(|byte| **byte == b'/').count();
            let rest = &rest[slashes..];
            let end = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
            let (name, rest) = rest.split_at(end);
            self.stack[self.depth - 1] = rest;
            if rest.is_empty() {
                self.depth -= 1;
            }
            if !name.is_empty() {
                return Some(name);
            }
        }
        None
    }

    /// Whether a name comes.
    fn has_name(&self) -> bool {
        self.stack[..self.depth].iter().any(|rest| rest.iter().any(|byte| *byte != b'/'))
    }

    /// Whether a slash comes, with a name behind it or not.
    fn has_slash(&self) -> bool {
        self.depth > 0
    }
}
