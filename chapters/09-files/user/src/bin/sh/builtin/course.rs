//! What changes where the shell goes next.

use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::CStr;

use user::command;
use user::status::{R_OK, access};

use super::{misused, number};
use crate::source::Source;
use crate::words::Values;
use crate::{Flow, Shell, WRONG_USE, complain};

pub fn exit(shell: &mut Shell, arguments: &[Vec<u8>]) -> u8 {
    let status = match arguments {
        [] => Some(shell.variables.status),
        [word] => number(word).map(|number| number as u8),
        _ => None,
    };
    match status {
        Some(status) => {
            shell.flow = Flow::Over;
            status
        }
        None => misused("exit", "takes one number"),
    }
}

pub fn leave_loop(shell: &mut Shell, arguments: &[Vec<u8>]) -> u8 {
    go(shell, "break", arguments, Flow::Break)
}

pub fn continue_loop(shell: &mut Shell, arguments: &[Vec<u8>]) -> u8 {
    go(shell, "continue", arguments, Flow::Continue)
}

fn go(shell: &mut Shell, name: &str, arguments: &[Vec<u8>], flow: fn(usize) -> Flow) -> u8 {
    let count = match arguments {
        [] => Some(1),
        [word] => number(word).and_then(|count| count.try_into().ok()).filter(|count| *count > 0),
        _ => None,
    };
    match count {
        Some(count) => {
            shell.flow = flow(count);
            0
        }
        None => misused(name, "takes the number of loops"),
    }
}

/// Runs the commands in a file, with the arguments that are given, if there are any.
pub fn source(shell: &mut Shell, arguments: &[Vec<u8>]) -> u8 {
    let Some((name, arguments)) = arguments.split_first() else {
        return misused(".", "takes a file");
    };
    let path = shell.variables.get(b"PATH");
    let mut file = name.clone();
    file.push(0);
    let places = CStr::from_bytes_until_nul(&file).map(|name| command::places(name, &path));
    let places = places.unwrap_or_default();
    let found = places.iter().find(|place| access(place, R_OK).is_ok());
    let place = found.map_or(name.as_slice(), |place| place.to_bytes());
    match Source::file(place) {
        Ok(mut source) => {
            let before = shell.variables.arguments.clone();
            if !arguments.is_empty() {
                shell.variables.arguments = arguments.into();
            }
            shell.variables.status = 0;
            shell.run_source(&mut source);
            shell.variables.arguments = before;
            shell.variables.status
        }
        Err(error) => {
            complain(format_args!("{}: {error}", String::from_utf8_lossy(name)));
            WRONG_USE
        }
    }
}
