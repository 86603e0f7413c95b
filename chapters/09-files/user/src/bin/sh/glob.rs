//! Patterns, and the names of files that are like them.
//!
//! - `*` is like any bytes, `?` like any one, `[a-z]` like one of these, `[!a-z]` like any other.
//! - `\` makes the next byte stand for itself.
//! - A `.` at the start of a name is only like a `.`: files are hidden so.
//!
//! (POSIX.1-2017, Shell Command Language, 2.13.)

use alloc::vec::Vec;

/// Where names are looked for.
pub trait Folders {
    /// The names in the folder at `path`, in any order; none if there is no such folder.
    fn names(&self, path: &[u8]) -> Vec<Vec<u8>>;
    /// Whether there is something at `path`.
    fn has(&self, path: &[u8]) -> bool;
}

/// Whether `byte` may mean more than itself in a pattern.
pub fn is_special(byte: u8) -> bool {
    matches!(byte, b'*' | b'?' | b'[' | b']' | b'!' | b'-' | b'\\')
}

/// The paths that are like `pattern`, sorted; if there are none, the pattern's own text.
pub fn names(pattern: &[u8], folders: &dyn Folders) -> Vec<Vec<u8>> {
    if !is_pattern(pattern) {
        return [plain(pattern)].into();
    }
    let mut paths = Vec::from([Vec::new()]);
    for part in pattern.split_inclusive(|byte| *byte == b'/') {
        let (name, slash) = match part.split_last() {
            Some((b'/', name)) => (name, &b"/"[..]),
            _ => (part, &b""[..]),
        };
        paths = paths.iter().flat_map(|path| continued(path, name, slash, folders)).collect();
    }
    paths.retain(|path| folders.has(path));
    paths.sort();
    if paths.is_empty() { [plain(pattern)].into() } else { paths }
}

/// The paths that begin with `path`, go on with a name like `pattern` and end with `slash`.
fn continued(path: &[u8], pattern: &[u8], slash: &[u8], folders: &dyn Folders) -> Vec<Vec<u8>> {
    if !is_pattern(pattern) {
        return [[path, &plain(pattern), slash].concat()].into();
    }
    let is_hidden_meant = pattern.first() == Some(&b'.');
    let folder = if path.is_empty() { b"." } else { path };
    let mut names = folders.names(folder);
    names.retain(|name| (is_hidden_meant || name.first() != Some(&b'.')) && is_like(name, pattern));
    names.iter().map(|name| [path, name, slash].concat()).collect()
}

/// Whether `pattern` may be like something that is not its own text.
fn is_pattern(pattern: &[u8]) -> bool {
    let mut rest = pattern;
    while let [byte, others @ ..] = rest {
        rest = match byte {
            b'*' | b'?' => return true,
            b'[' if others.contains(&b']') => return true,
            b'\\' => others.get(1..).unwrap_or_default(),
            _ => others,
        };
    }
    false
}

/// The text of `pattern`, which means nothing more.
fn plain(pattern: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut rest = pattern.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' => text.extend(rest.next()),
            byte => text.push(*byte),
        }
    }
    text
}

/// Whether `name` is like `pattern`.
///
/// Where a `*` could stand for more or fewer bytes, only the last `*` is tried again: what one
/// before it has taken would not help, since the last one may take any bytes.
pub fn is_like(name: &[u8], pattern: &[u8]) -> bool {
    let (mut name, mut pattern) = (name, pattern);
    // What is left of both behind the last `*`.
    let mut last: Option<(&[u8], &[u8])> = None;
    loop {
        if let Some(rest) = pattern.strip_prefix(b"*") {
            (last, pattern) = (Some((name, rest)), rest);
        } else if let Some((rest_of_name, rest)) = next_is_like(name, pattern) {
            (name, pattern) = (rest_of_name, rest);
        } else if name.is_empty() && pattern.is_empty() {
            return true;
        } else if let Some(([_, rest_of_name @ ..], rest)) = last {
            last = Some((rest_of_name, rest));
            (name, pattern) = (rest_of_name, rest);
        } else {
            return false;
        }
    }
}

/// If the first byte of `name` is like the beginning of `pattern`: what is left of both.
fn next_is_like<'a>(name: &'a [u8], pattern: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    let (byte, rest_of_name) = name.split_first()?;
    let (is_like, rest) = match pattern {
        [b'?', rest @ ..] => (true, rest),
        [b'[', rest @ ..] => choice(*byte, rest).unwrap_or((*byte == b'[', rest)),
        [b'\\', wanted, rest @ ..] => (byte == wanted, rest),
        [wanted, rest @ ..] => (byte == wanted, rest),
        [] => return None,
    };
    is_like.then_some((rest_of_name, rest))
}

/// Whether `byte` is one of those that `pattern` lists up to a `]`, and what is left behind that;
/// `None` if there is no `]`.
fn choice(byte: u8, pattern: &[u8]) -> Option<(bool, &[u8])> {
    let (is_wanted, mut rest) = match pattern.strip_prefix(b"!") {
        Some(rest) => (false, rest),
        None => (true, pattern),
    };
    let mut is_found = false;
    let mut is_first = true;
    loop {
        if let Some(behind) = rest.strip_prefix(b"]").filter(|_| !is_first) {
            return Some((is_found == is_wanted, behind));
        }
        let (low, behind) = letter(rest)?;
        let (high, behind) = match behind.strip_prefix(b"-").filter(|it| it.first() != Some(&b']'))
        {
            Some(behind) => letter(behind)?,
            None => (low, behind),
        };
        is_found |= (low..=high).contains(&byte);
        (rest, is_first) = (behind, false);
    }
}

/// The byte with which a list goes on, and what is left.
fn letter(pattern: &[u8]) -> Option<(u8, &[u8])> {
    match pattern {
        [b'\\', byte, rest @ ..] | [byte, rest @ ..] => Some((*byte, rest)),
        [] => None,
    }
}
