//! `tee` as a program among others, on this kernel.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use ktest::expect;
use linux_raw_sys::general::O_RDONLY;

use crate::file::{Buffer, Held, open};
use crate::process::{Exit, Process};

/// What is copied: a file of many pieces.
const LONG: &str = "/bin/tools";

/// How the shell ends that runs `script`.
fn run(script: &str) -> Exit {
    let words: Vec<&[u8]> = ["sh", "-c", script].iter().map(|word| word.as_bytes()).collect();
    let process = Process::new("bin/sh", &words, &[b"PATH=/bin"]);
    process.unwrap_or_else(|error| panic!("sh: {error}")).run()
}

/// What is in the file at `path`; nothing, if there is none.
fn contents(path: &str) -> Vec<u8> {
    let Ok(file) = open::open(&Held::root(), path.as_bytes(), O_RDONLY, 0) else {
        return Vec::new();
    };
    let (mut all, mut bytes) = (Vec::new(), vec![0; 4096]);
    loop {
        match file.read(&mut Buffer::Kernel(&mut bytes)) {
            Ok(0) | Err(_) => return all,
            Ok(count) => all.extend_from_slice(&bytes[..count]),
        }
    }
}

/// Expects that all of `paths` are what [`LONG`] is.
fn expect_long(script: &str, paths: &[&str]) {
    let whole = contents(LONG);
    for path in paths {
        let seen = contents(path);
        expect((script, "bytes in", path), seen.len(), whole.len());
        expect((script, path, "is the same"), seen == whole, true);
    }
}

ktest::test! {
    /// All that comes in arrives, in each file and at the output.
    fn all_of_it_arrives() {
        let script = "cat /bin/tools | tee /tmp/one /tmp/two | cat > /tmp/three";
        expect(script, run(script), Exit::Exited(0));
        expect_long(script, &["/tmp/one", "/tmp/two", "/tmp/three"]);
        expect("tee without files", run("echo ab | tee | grep -q ab"), Exit::Exited(0));
    }

    /// What was in a file goes, or stays with `-a`.
    fn files_are_replaced_or_appended_to() {
        run("echo longer > /tmp/old; echo longer > /tmp/kept");
        let script = "echo new | tee /tmp/old > /dev/null; echo new | tee -a /tmp/kept > /dev/null";
        expect(script, run(script), Exit::Exited(0));
        expect((script, "/tmp/old"), contents("/tmp/old"), b"new\n".to_vec());
        expect((script, "/tmp/kept"), contents("/tmp/kept"), b"longer\nnew\n".to_vec());
    }

    /// One who cannot be opened, and one who is full, are a status; the others get all.
    fn others_get_all() {
        for bad in ["/no/such/file", "/dev/full", "/tmp"] {
            let tee = format!("tee {bad} /tmp/good > /tmp/out 2> /dev/null");
            let script = format!("cat /bin/tools | {tee}");
            expect((&script, "the status"), run(&script), Exit::Exited(1));
            expect_long(&script, &["/tmp/good", "/tmp/out"]);
        }
    }
}
