//! `ln` and `readlink`: second names for files, symbolic links, and where these lead.

use core::ffi::CStr;

use user::folder::{self, link, symlink, unlink};
use user::syscall::Errno;

use crate::options::Letters;
use crate::output::Output;
use crate::report::{complain, fail};
use crate::{FAILED, Words, paths};

const LN: Letters = Letters { tool: "ln", flags: "sf", valued: "" };

/// Gives a file another name, or several files names in a folder; with `-s` by symbolic links, with
/// `-f` in the place of what is there.
pub fn ln(words: Words) -> u8 {
    let options = match LN.parse(words) {
        Ok(options) => options,
        Err(_) => return FAILED,
    };
    let (target, files) = match options.operands.as_slice() {
        [] => {
            complain(LN.tool, b"missing operand", "say what");
            return FAILED;
        }
        [file] => (c".", core::slice::from_ref(file)),
        [files @ .., target] => (*target, files),
    };
    if files.len() > 1 && !paths::is_folder(target) {
        complain(LN.tool, target.to_bytes(), "Not a directory");
        return FAILED;
    }
    let mut status = 0;
    for file in files {
        let name = paths::destination(file, target);
        let make =
            |file: &CStr| if options.has(b's') { symlink(file, &name) } else { link(file, &name) };
        let outcome = match make(file) {
            Err(Errno::EEXIST) if options.has(b'f') => unlink(&name).and_then(|()| make(file)),
            outcome => outcome,
        };
        if let Err(error) = outcome {
            fail(LN.tool, name.to_bytes(), error);
            status = FAILED;
        }
    }
    status
}

/// Says where symbolic links lead.
pub fn readlink(words: Words) -> u8 {
    let mut output = Output::new("readlink");
    let mut status = 0;
    for path in words {
        match folder::readlink(path) {
            Ok(target) => output.line(target.to_bytes()),
            // It is no link, or is not there: that is an answer, not worth a word.
            Err(_) => status = FAILED,
        }
    }
    status
}
