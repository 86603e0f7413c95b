//! Paths, as texts.

use alloc::ffi::CString;
use core::ffi::CStr;

use user::status::{Status, stat};

/// The last name in `path`, whatever `/` are behind it.
pub fn last_name(path: &[u8]) -> &[u8] {
    let path = without_slashes(path);
    path.rsplit(|byte| *byte == b'/').next().unwrap_or(path)
}

/// `path` without the `/` at its end, unless there is nothing else.
pub fn without_slashes(path: &[u8]) -> &[u8] {
    let end =
        path.iter().rposition(|byte| *byte != b'/').map_or(path.len().min(1), |last| last + 1);
    &path[..end]
}

/// The path of what is called `name` in `folder`.
pub fn join(folder: &CStr, name: &[u8]) -> CString {
    let folder = folder.to_bytes();
    let slash: &[u8] = if folder.ends_with(b"/") || folder.is_empty() { b"" } else { b"/" };
    CString::new([folder, slash, name].concat()).expect("neither has a zero in it")
}

/// Whether there is a folder at `path`, or a symbolic link to one.
pub fn is_folder(path: &CStr) -> bool {
    stat(path).as_ref().is_ok_and(Status::is_folder)
}

/// Where what comes from `source` goes if it is to go to `target`: into it, if that is a folder.
pub fn destination(source: &CStr, target: &CStr) -> CString {
    if is_folder(target) { join(target, last_name(source.to_bytes())) } else { target.into() }
}
