//! Where patterns are looked for: in the folders that there are.

use alloc::ffi::CString;
use alloc::vec::Vec;

use user::{folder, status};

use crate::glob::Folders;

/// The files that the kernel has.
pub struct Disk;

impl Folders for Disk {
    fn names(&self, path: &[u8]) -> Vec<Vec<u8>> {
        let names = CString::new(path).ok().and_then(|path| folder::names(&path).ok());
        names.unwrap_or_default().into_iter().map(CString::into_bytes).collect()
    }

    fn has(&self, path: &[u8]) -> bool {
        CString::new(path).is_ok_and(|path| status::lstat(&path).is_ok())
    }
}
