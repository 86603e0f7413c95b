//! What changes variables and arguments.

use alloc::vec::Vec;

use user::input::{self, STDIN};

use super::{misused, number};
use crate::tree::is_name;
use crate::{FAILED, Shell, say};

/// What is wrong with a name that is none.
const NO_NAME: &str = "takes names of letters, digits and _";

pub fn export(shell: &mut Shell, arguments: &[Vec<u8>]) -> u8 {
    if arguments.is_empty() {
        let all = shell.variables.exported();
        all.iter().for_each(|text| say(&[b"export ", &text[..], b"\n"].concat()));
    }
    let mut status = 0;
    for word in arguments {
        let mut parts = word.splitn(2, |byte| *byte == b'=');
        let (name, value) = (parts.next().unwrap_or_default(), parts.next());
        if !is_name(name) {
            status = misused("export", NO_NAME);
            continue;
        }
        if let Some(value) = value {
            shell.variables.set(name, value);
        }
        shell.variables.export(name);
    }
    status
}

pub fn unset(shell: &mut Shell, arguments: &[Vec<u8>]) -> u8 {
    if !arguments.iter().all(|name| is_name(name)) {
        return misused("unset", NO_NAME);
    }
    arguments.iter().for_each(|name| shell.variables.unset(name));
    0
}

pub fn set(shell: &mut Shell, arguments: &[Vec<u8>]) -> u8 {
    match arguments {
        [] => {
            let all = shell.variables.exported();
            all.iter().for_each(|text| say(&[&text[..], b"\n"].concat()));
        }
        [first, words @ ..] if first == b"--" => shell.variables.arguments = words.into(),
        [first, ..] if first.first() != Some(&b'-') => {
            shell.variables.arguments = arguments.into();
        }
        _ => return misused("set", "has no options: set -- WORD…"),
    }
    0
}

pub fn shift(shell: &mut Shell, arguments: &[Vec<u8>]) -> u8 {
    let count = match arguments {
        [] => Some(1),
        [word] => number(word).and_then(|count| usize::try_from(count).ok()),
        _ => None,
    };
    match count {
        Some(count) if count <= shell.variables.arguments.len() => {
            shell.variables.arguments.drain(..count);
            0
        }
        _ => misused("shift", "takes a number, and there must be as many arguments"),
    }
}

/// Reads a line. Each name gets a word of it, and the last one all that is left.
pub fn read(shell: &mut Shell, arguments: &[Vec<u8>]) -> u8 {
    let names = arguments.strip_prefix(&[b"-r".to_vec()]).unwrap_or(arguments);
    if names.is_empty() || !names.iter().all(|name| is_name(name)) {
        return misused("read", NO_NAME);
    }
    let line = input::line(STDIN).ok().flatten();
    let status = if line.is_some() { 0 } else { FAILED };
    let line = line.unwrap_or_default();
    let mut rest = line.trim_ascii();
    for (index, name) in names.iter().enumerate() {
        let is_last = index + 1 == names.len();
        let end = rest.iter().position(|byte| byte.is_ascii_whitespace()).filter(|_| !is_last);
        let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
        shell.variables.set(name, word);
        rest = behind.trim_ascii_start();
    }
    status
}
