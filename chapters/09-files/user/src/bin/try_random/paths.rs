//! Random calls about paths.

use alloc::format;
use alloc::string::String;
use core::ffi::CStr;

use linux_raw_sys::general::{self, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, AT_SYMLINK_NOFOLLOW};
use user::raw::{self, HERE, KIND, here};
use user::scratch::make;

use super::Random;
use super::things::{shown, told};

/// The paths. What is behind them changes: a file, a folder, a link, nothing.
const PATHS: [&CStr; 12] =
    [c"a", c"b", c"c", c"d", c"d/a", c"d/b", c"d/e", c"d/e/a", c"l", c"l/a", c"k", c"d/../b"];

/// What links say.
const TARGETS: [&CStr; 7] = [c"a", c"d", c"d/e", c"nothing", c"../a", c"l", c"."];

/// The flags of an opening of which there is one at most.
const SPECIAL: [(u32, &str); 6] = [
    (0, ""),
    (general::O_CREAT, "|O_CREAT"),
    (general::O_CREAT, "|O_CREAT"),
    (general::O_CREAT | general::O_EXCL, "|O_CREAT|O_EXCL"),
    (general::O_DIRECTORY, "|O_DIRECTORY"),
    (general::O_NOFOLLOW, "|O_NOFOLLOW"),
];

/// The ways to open.
const WAYS: [(u32, &str); 4] = [
    (general::O_RDONLY, "O_RDONLY"),
    (general::O_WRONLY, "O_WRONLY"),
    (general::O_RDWR, "O_RDWR"),
    (general::O_RDWR, "O_RDWR"),
];

/// Makes something for the first calls to find, in a folder in which links to what is one up from
/// the first names still lead to what is ours.
pub fn begin() {
    let _ = raw::mkdir(c"room").and(raw::chdir(c"room"));
    make(c"a", b"contents of a");
    // Where that is not possible, the calls will show it.
    let _ = raw::mkdir(c"d").and(raw::mkdir(c"d/e")).and(raw::symlink(c"d", c"l"));
    make(c"d/b", b"contents of d/b");
}

/// What is at `path`, not behind a link there.
fn kind(path: &CStr) -> Option<u32> {
    let stat = raw::newfstatat(here(path), AT_SYMLINK_NOFOLLOW);
    stat.ok().map(|stat| stat.st_mode & KIND)
}

/// Whether a name can be made at `path`, or is there.
fn has_place(path: &CStr) -> bool {
    let bytes = path.to_bytes();
    let Some(end) = bytes.iter().rposition(|byte| *byte == b'/') else { return true };
    let folder = alloc::ffi::CString::new(&bytes[..end]).unwrap_or_default();
    raw::stat(&folder).is_ok_and(|stat| stat.st_mode & KIND == general::S_IFDIR)
}

/// Whether one path begins with the other, so that one may be in the other.
fn are_nested(one: &CStr, other: &CStr) -> bool {
    let (one, other) = (one.to_bytes(), other.to_bytes());
    one != other && (one.starts_with(other) || other.starts_with(one))
}

/// Whether at most one of `reasons` is so.
fn is_one_at_most(reasons: &[bool]) -> bool {
    reasons.iter().filter(|reason| **reason).count() <= 1
}

/// `path` for people.
fn text(path: &CStr) -> String {
    format!("{:?}", path.to_string_lossy())
}

impl Random {
    fn path(&mut self) -> &'static CStr {
        self.dice.one_of(&PATHS)
    }

    /// A path, sometimes below a descriptor.
    fn at(&mut self) -> (raw::At<'static>, String) {
        let path = self.path();
        if !self.dice.one_in(8) {
            return (here(path), text(path));
        }
        let folder = self.things.choose(&mut self.dice);
        ((folder, path), format!("{folder}, {}", text(path)))
    }

    pub fn open(&mut self) -> String {
        if !self.things.has_room() {
            return self.close();
        }
        let (at, place) = self.at();
        let (way, way_name) = self.dice.one_of(&WAYS);
        let (special, special_name) = self.dice.one_of(&SPECIAL);
        let (more, more_name) = self.dice.one_of(&[
            (0, ""),
            (0, ""),
            (general::O_APPEND, "|O_APPEND"),
            (general::O_TRUNC, "|O_TRUNC"),
            (general::O_CLOEXEC, "|O_CLOEXEC"),
        ]);
        // Whether a file is cut that is opened to be read, POSIX leaves open.
        let is_cut = more == general::O_TRUNC && way == general::O_RDONLY;
        let more = if is_cut { (0, "") } else { (more, more_name) };
        let answer = raw::openat(at, way | special | more.0, 0o666);
        if let Ok(descriptor) = answer {
            self.things.opened(descriptor);
        }
        format!("openat({place}, {way_name}{special_name}{}) = {}", more.1, shown(answer))
    }

    pub fn make_folder(&mut self) -> String {
        let (at, place) = self.at();
        format!("mkdirat({place}) = {}", shown(raw::mkdirat(at, 0o777)))
    }

    pub fn unlink(&mut self) -> String {
        let (at, place) = self.at();
        format!("unlinkat({place}) = {}", shown(raw::unlinkat(at, 0)))
    }

    pub fn remove_folder(&mut self) -> String {
        let (at, place) = self.at();
        format!("unlinkat({place}, AT_REMOVEDIR) = {}", shown(raw::unlinkat(at, AT_REMOVEDIR)))
    }

    pub fn rename(&mut self) -> String {
        let (from, to) = (self.path(), self.path());
        let (flags, name) = self.dice.one_of(&[
            (0, "0"),
            (0, "0"),
            (general::RENAME_NOREPLACE, "RENAME_NOREPLACE"),
            (general::RENAME_EXCHANGE, "RENAME_EXCHANGE"),
        ]);
        let (there, target) = (kind(from), kind(to));
        let is_folder = |kind: Option<u32>| kind == Some(general::S_IFDIR);
        let are_unlike = target.is_some() && is_folder(there) != is_folder(target);
        let reasons = [
            there.is_none(),
            !has_place(to),
            flags == general::RENAME_NOREPLACE && target.is_some(),
            flags == general::RENAME_EXCHANGE && target.is_none(),
            flags == 0 && are_unlike,
            are_nested(from, to),
        ];
        if !is_one_at_most(&reasons) {
            return self.look(from);
        }
        let answer = raw::renameat2(here(from), here(to), flags);
        format!("renameat2({}, {}, {name}) = {}", text(from), text(to), shown(answer))
    }

    pub fn link(&mut self) -> String {
        let (from, to) = (self.path(), self.path());
        let (flags, name) = self.dice.one_of(&[(0, "0"), (AT_SYMLINK_FOLLOW, "AT_SYMLINK_FOLLOW")]);
        let found = raw::newfstatat(here(from), [AT_SYMLINK_NOFOLLOW, 0][usize::from(flags != 0)]);
        let is_folder = found.is_ok_and(|stat| stat.st_mode & KIND == general::S_IFDIR);
        let reasons = [found.is_err(), is_folder, kind(to).is_some(), !has_place(to)];
        if !is_one_at_most(&reasons) {
            return self.look(to);
        }
        let answer = raw::linkat(here(from), here(to), flags);
        format!("linkat({}, {}, {name}) = {}", text(from), text(to), shown(answer))
    }

    pub fn symlink(&mut self) -> String {
        let target = self.dice.one_of(&TARGETS);
        let (at, place) = self.at();
        format!("symlinkat({}, {place}) = {}", text(target), shown(raw::symlinkat(target, at)))
    }

    pub fn truncate(&mut self) -> String {
        let (path, length) = (self.path(), self.dice.below(9000));
        let answer = raw::truncate(path, length as i64);
        format!("truncate({}, {length}) = {}", text(path), shown(answer))
    }

    pub fn look_at_path(&mut self) -> String {
        let path = self.path();
        if self.dice.one_in(2) {
            return self.look(path);
        }
        let mut bytes = [0; 16];
        let answer = raw::readlinkat((HERE, path), &mut bytes);
        let found = bytes[..answer.unwrap_or(0)].escape_ascii();
        format!("readlinkat({}) = {} \"{found}\"", text(path), shown(answer))
    }

    /// Says what is at `path`, where another call would have had too many reasons to fail.
    fn look(&mut self, path: &CStr) -> String {
        let (flags, name) =
            self.dice.one_of(&[(0, "0"), (AT_SYMLINK_NOFOLLOW, "AT_SYMLINK_NOFOLLOW")]);
        let found = raw::newfstatat(here(path), flags);
        format!("newfstatat({}, {name}) = {}", text(path), told(found))
    }
}
