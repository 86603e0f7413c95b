//! Any archive: reading it ends, and files are found that are listed.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../chapters/06-processes/src/process"]
mod process {
    pub mod initramfs;
}

use process::initramfs::{Initramfs, find};

fuzz_target!(|data: &[u8]| {
    let archive = Initramfs::new(data);
    let mut end = 0;
    for file in archive.files() {
        let Ok(file) = file else { return };
        // A part without bytes may be anywhere.
        for part in [file.name.as_bytes(), file.bytes].into_iter().filter(|part| !part.is_empty()) {
            let place = part.as_ptr().addr() - data.as_ptr().addr();
            assert!(place > end, "parts overlap, or are out of order");
            end = place + part.len();
            assert!(end <= data.len());
        }
    }
    let files: Vec<_> = archive.files().flatten().collect();
    for file in &files {
        let last = files.iter().rfind(|other| other.name == file.name);
        assert_eq!(find(&files, file.name), last.copied());
    }
});
