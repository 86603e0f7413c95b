//! `test` and `[`: whether something is so, by the status: 0 if it is, 1 if not, 2 if nobody knows
//! what was asked.
//!
//! - Of a path: `-e` there is something, `-f` a file, `-d` a folder, `-p` a pipe, `-c` a terminal
//!   or the like, `-L` a symbolic link, `-s` something that is not empty; `-r`, `-w`, `-x` that we
//!   may read, write, run it.
//! - Of texts: `-n` and `-z`, whether something is in one; `=` and `!=`.
//! - Of numbers: `-eq`, `-ne`, `-lt`, `-le`, `-gt`, `-ge`.
//! - `!` turns the rest round.

use alloc::vec::Vec;
use core::ffi::CStr;

use user::status::{Kind, R_OK, W_OK, X_OK, access, lstat, stat};

use crate::report::complain;
use crate::{FAILED, WRONG_USE, Words};

/// `[`, whose last word is `]`.
pub fn bracket(words: Words) -> u8 {
    match words.split_last() {
        Some((last, words)) if *last == c"]" => run(words),
        _ => {
            complain("[", b"]", "missing");
            WRONG_USE
        }
    }
}

pub fn run(words: Words) -> u8 {
    match is_so(words) {
        Some(true) => 0,
        Some(false) => FAILED,
        None => {
            let texts: Vec<&[u8]> = words.iter().map(|word| word.to_bytes()).collect();
            complain("test", &texts.join(&b' '), "nobody knows what this asks");
            WRONG_USE
        }
    }
}

/// Whether it is so, if somebody knows what is asked.
fn is_so(words: Words) -> Option<bool> {
    match words {
        [] => Some(false),
        [word] => Some(!word.is_empty()),
        [not, word] if *not == c"!" => Some(word.is_empty()),
        [operator, operand] => is_so_of(operator.to_bytes(), operand),
        [left, operator, right] if is_between(operator.to_bytes()) => {
            compare(left, operator.to_bytes(), right)
        }
        [not, words @ ..] if *not == c"!" => is_so(words).map(|is_so| !is_so),
        _ => None,
    }
}

/// What is asked of one `operand`.
fn is_so_of(operator: &[u8], operand: &CStr) -> Option<bool> {
    let is = |kind| stat(operand).is_ok_and(|status| status.kind() == Some(kind));
    Some(match operator {
        b"-n" => !operand.is_empty(),
        b"-z" => operand.is_empty(),
        b"-e" => stat(operand).is_ok(),
        b"-f" => is(Kind::File),
        b"-d" => is(Kind::Folder),
        b"-p" => is(Kind::Pipe),
        b"-c" => is(Kind::Characters),
        b"-L" | b"-h" => lstat(operand).is_ok_and(|status| status.kind() == Some(Kind::Link)),
        b"-s" => stat(operand).is_ok_and(|status| status.size > 0),
        b"-r" => access(operand, R_OK).is_ok(),
        b"-w" => access(operand, W_OK).is_ok(),
        b"-x" => access(operand, X_OK).is_ok(),
        _ => return None,
    })
}

/// Whether `operator` stands between two words.
fn is_between(operator: &[u8]) -> bool {
    matches!(operator, b"=" | b"!=" | b"-eq" | b"-ne" | b"-lt" | b"-le" | b"-gt" | b"-ge")
}

fn compare(left: &CStr, operator: &[u8], right: &CStr) -> Option<bool> {
    let numbers = || Some(number(left)?.cmp(&number(right)?));
    Some(match operator {
        b"=" => left == right,
        b"!=" => left != right,
        b"-eq" => numbers()?.is_eq(),
        b"-ne" => numbers()?.is_ne(),
        b"-lt" => numbers()?.is_lt(),
        b"-le" => numbers()?.is_le(),
        b"-gt" => numbers()?.is_gt(),
        _ => numbers()?.is_ge(),
    })
}

fn number(word: &CStr) -> Option<i64> {
    str::from_utf8(word.to_bytes().trim_ascii()).ok()?.parse().ok()
}
