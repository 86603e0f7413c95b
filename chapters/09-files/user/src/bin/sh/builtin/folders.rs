//! Where the shell is.
//!
//! `$PWD` is what the kernel answers, with all symbolic links followed: this shell does not
//! remember by which of them it has come.

use alloc::ffi::CString;
use alloc::string::String;
use alloc::vec::Vec;

use user::folder::{chdir, getcwd};

use super::misused;
use crate::words::Values;
use crate::{FAILED, Shell, complain, say};

pub fn cd(shell: &mut Shell, arguments: &[Vec<u8>]) -> u8 {
    let old = shell.variables.get(b"OLDPWD");
    let target = match arguments {
        [] => shell.variables.get(b"HOME"),
        [word] if word == b"-" => old,
        [word] => word.clone(),
        _ => return misused("cd", "takes one folder"),
    };
    if target.is_empty() {
        return misused("cd", "does not know where to: a variable is not set");
    }
    let status = go_to(shell, target);
    if status == 0 && arguments.first().is_some_and(|word| word == b"-") {
        return pwd(shell, &[]);
    }
    status
}

fn go_to(shell: &mut Shell, target: Vec<u8>) -> u8 {
    let before = shell.variables.get(b"PWD");
    let text = String::from_utf8_lossy(&target).into_owned();
    let Ok(path) = CString::new(target) else { return FAILED };
    if let Err(error) = chdir(&path) {
        complain(format_args!("cd: {text}: {error}"));
        return FAILED;
    }
    shell.variables.set(b"OLDPWD", &before);
    if let Ok(here) = getcwd() {
        shell.variables.set(b"PWD", here.to_bytes());
    }
    0
}

pub fn pwd(_: &mut Shell, _: &[Vec<u8>]) -> u8 {
    match getcwd() {
        Ok(here) => {
            say(&[here.to_bytes(), b"\n"].concat());
            0
        }
        Err(error) => {
            complain(format_args!("pwd: {error}"));
            FAILED
        }
    }
}
