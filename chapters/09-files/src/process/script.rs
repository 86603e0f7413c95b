//! Scripts: files that name the program that is to read them.
//!
//! A file that begins with `#!` is no program. Its first line says which one is: a path and at most
//! one argument. That program is started in its place, and finds the path of the script among its
//! arguments:
//!
//! ```text
//!  first line   #!/bin/sh -e
//!  asked for    ./deploy   [deploy, now]
//!  started      /bin/sh    [/bin/sh, -e, ./deploy, now]
//! ```
//!
//! The program may be a script itself, and so on; five times is enough. Linux, `man 2 execve`,
//! "Interpreter scripts"; fs/binfmt_script.c.

use alloc::vec::Vec;

use super::elf::ElfError;
use super::exec::{Executable, executable};
use super::load::LoadError;
use crate::file::FileError;
use crate::file::change::copy;

/// How a script begins.
const SIGN: &[u8] = b"#!";

/// How much of a file is looked at. (Linux, BINPRM_BUF_SIZE.)
const LOOKED_AT: usize = 256;

/// How many scripts may name each other.
const MOST: usize = 5;

/// The arguments of a program, if it is not started by those that it was asked for with.
pub type Arguments = Vec<Vec<u8>>;

/// What is to be started when `path` is asked for with `arguments`, and by which arguments instead.
pub fn find(
    path: &[u8],
    arguments: &[&[u8]],
) -> Result<(Executable, Option<Arguments>), LoadError> {
    let mut found = executable(path)?;
    let mut own: Option<Arguments> = None;
    let mut script = copy(path)?;
    for _ in 0..MOST {
        let Some((interpreter, argument)) = first_line(&found.bytes)? else {
            return Ok((found, own));
        };
        let interpreter = copy(interpreter)?;
        let mut changed: Arguments = Vec::new();
        changed.try_reserve(arguments.len() + 2 + own.as_ref().map_or(0, Vec::len))?;
        changed.push(copy(&interpreter)?);
        if let Some(argument) = argument {
            changed.push(copy(argument)?);
        }
        changed.push(script);
        match own.take() {
            // Its first argument is the name by which it was asked for.
            Some(before) => changed.extend(before.into_iter().skip(1)),
            None => {
                for argument in arguments.iter().skip(1) {
                    changed.push(copy(argument)?);
                }
            }
        }
        found = executable(&interpreter)?;
        (own, script) = (Some(changed), interpreter);
    }
    match first_line(&found.bytes)? {
        None => Ok((found, own)),
        Some(_) => Err(FileError::TooManyLinks.into()),
    }
}

/// The first line of a script: the path of a program, and the argument for it.
type Line<'a> = (&'a [u8], Option<&'a [u8]>);

/// The first line of the script in `bytes`; nothing, if it is none.
fn first_line(bytes: &[u8]) -> Result<Option<Line<'_>>, LoadError> {
    let Some(line) = bytes.strip_prefix(SIGN) else { return Ok(None) };
    let looked_at = &line[..line.len().min(LOOKED_AT - SIGN.len())];
    let end = looked_at.iter().position(|byte| *byte == b'\n');
    let line = trimmed(&looked_at[..end.unwrap_or(looked_at.len())]);
    let name_end = line.iter().position(|byte| is_blank(byte) || *byte == 0);
    let (name, rest) = line.split_at(name_end.unwrap_or(line.len()));
    let is_whole = bytes.len() < LOOKED_AT;
    // Linux takes the end of a file for a zero, and so for a path, which leads nowhere else.
    if name.is_empty() && end.is_none() && is_whole {
        return Err(LoadError::NotExecutable);
    }
    // A path that goes on behind what is looked at would be another one.
    let is_cut = end.is_none() && name_end.is_none() && !is_whole;
    if name.is_empty() || is_cut {
        return Err(ElfError::NotElf.into());
    }
    let rest = if rest.starts_with(b"\0") { &[] } else { rest };
    let argument = trimmed(rest);
    Ok(Some((name, (!argument.is_empty()).then_some(argument))))
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// `bytes` without the blanks at both ends.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| !is_blank(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
    &bytes[start..end]
}

#[cfg(feature = "ktest")]
mod tests {
    use super::{Line, first_line};

    ktest::test! {
        /// The first line is taken apart as Linux does: one name, and at most one argument, in
        /// which blanks may be.
        fn first_line_is_a_name_and_an_argument() {
            let cases: &[(&[u8], Option<Line>)] = &[
                (b"#!/bin/sh\n", Some((b"/bin/sh", None))),
                (b"#! \t/bin/sh \t\n-x", Some((b"/bin/sh", None))),
                (b"#!/bin/sh -e -x \necho", Some((b"/bin/sh", Some(b"-e -x")))),
                (b"#!/bin/sh", Some((b"/bin/sh", None))),
                (b"#!/bin/sh\r\n", Some((b"/bin/sh\r", None))),
                (b"\x7fELF", None),
                (b"#", None),
                (b"", None),
            ];
            for (bytes, expected) in cases {
                assert_eq!(first_line(bytes), Ok(*expected), "{bytes:?}");
            }
        }

        /// A first line without a name, or with one that is cut off, is no program's.
        fn first_line_without_a_whole_name_is_refused() {
            let mut long = [b'x'; 300];
            long[..2].copy_from_slice(b"#!");
            for bytes in [b"#!".as_slice(), b"#!\n/bin/sh", b"#! \t \n", &long] {
                assert!(first_line(bytes).is_err(), "{bytes:?}");
            }
            long[100] = b' ';
            assert!(first_line(&long).is_ok_and(|line| line.is_some()));
        }
    }
}
