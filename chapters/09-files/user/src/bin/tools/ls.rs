//! `ls`: what is in folders, by name.
//!
//! - `-a` also shows names that begin with a `.`, `-d` folders themselves instead of what is in
//!   them, `-R` what is in all folders below.
//! - `-l` shows more of each, `-1` one name a line, which is usual where no person looks.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;

use user::folder;
use user::input::is_terminal;
use user::status::{Status, lstat};
use user::syscall::STDOUT;

use crate::options::{Letters, Options};
use crate::output::Output;
use crate::report::fail;
use crate::{WRONG_USE, Words, long, paths};

const LETTERS: Letters = Letters { tool: "ls", flags: "la1Rd", valued: "" };

/// Letters in a line of a terminal.
const COLUMNS: usize = 80;

/// Something to show.
pub struct Shown {
    /// What it is called here.
    pub name: CString,
    /// Where it is.
    pub path: CString,
    pub status: Status,
}

pub fn run(words: Words) -> u8 {
    let options = match LETTERS.parse(words) {
        Ok(options) => options,
        Err(status) => return status,
    };
    let operands: &[&CStr] = if options.operands.is_empty() { &[c"."] } else { &options.operands };
    let mut list = List { options: &options, output: Output::new("ls"), status: 0, is_first: true };
    let mut named = list.shown(operands.iter().map(|path| (CString::from(*path), (*path).into())));
    named.sort_by(|one, other| one.name.cmp(&other.name));
    let is_opened = |it: &Shown| !options.has(b'd') && list_follows(&options, it);
    let (folders, others): (Vec<_>, Vec<_>) = named.into_iter().partition(is_opened);
    list.show(&others, Total::No);
    list.is_first = others.is_empty();
    let has_title = operands.len() > 1 || options.has(b'R');
    folders.iter().for_each(|it| list.folder(&it.path, has_title));
    list.status
}

/// Whether what is in `it` is to be shown: it is a folder, or a symbolic link to one and short.
fn list_follows(options: &Options, it: &Shown) -> bool {
    it.status.is_folder() || (!options.has(b'l') && paths::is_folder(&it.path))
}

/// Whether to say how large all is together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Total {
    Yes,
    No,
}

/// A run of the tool.
struct List<'a> {
    options: &'a Options,
    output: Output,
    status: u8,
    /// Whether nothing was printed yet.
    is_first: bool,
}

impl List<'_> {
    /// What is to be shown of `all`, names and paths.
    fn shown(&mut self, all: impl Iterator<Item = (CString, CString)>) -> Vec<Shown> {
        let mut shown = Vec::new();
        for (name, path) in all {
            match lstat(&path) {
                Ok(status) => shown.push(Shown { name, path, status }),
                Err(error) => self.fail(&path, error),
            }
        }
        shown
    }

    fn fail(&mut self, path: &CStr, error: user::Errno) {
        self.output.flush();
        fail(LETTERS.tool, path.to_bytes(), error);
        self.status = WRONG_USE;
    }

    /// Shows what is in the folder at `path`.
    fn folder(&mut self, path: &CStr, has_title: bool) {
        let names = match folder::names(path) {
            Ok(names) => names,
            Err(error) => return self.fail(path, error),
        };
        if has_title {
            self.output.write(if self.is_first { b"" } else { b"\n" });
            self.output.line(&[path.to_bytes(), b":"].concat());
        }
        self.is_first = false;
        let has_hidden = self.options.has(b'a');
        let dots = [c".", c".."].into_iter().filter(|_| has_hidden).map(CString::from);
        let names = names.into_iter().filter(|it| has_hidden || !it.to_bytes().starts_with(b"."));
        let place = |name: CString| {
            let path = paths::join(path, name.to_bytes());
            (name, path)
        };
        let mut shown = self.shown(dots.chain(names).map(place));
        shown.sort_by(|one, other| one.name.cmp(&other.name));
        self.show(&shown, Total::Yes);
        if self.options.has(b'R') {
            let is_below = |it: &&Shown| it.status.is_folder() && !is_dots(&it.name);
            shown.iter().filter(is_below).for_each(|it| self.folder(&it.path, true));
        }
    }

    fn show(&mut self, all: &[Shown], total: Total) {
        if self.options.has(b'l') {
            if total == Total::Yes {
                self.output.line(&long::total(all));
            }
            long::lines(all).iter().for_each(|line| self.output.line(line));
        } else if !self.options.has(b'1') && is_terminal(STDOUT) {
            self.columns(all);
        } else {
            all.iter().for_each(|it| self.output.line(it.name.to_bytes()));
        }
    }

    /// Shows names beside each other, in columns that are read downwards.
    fn columns(&mut self, all: &[Shown]) {
        let width = all.iter().map(|it| it.name.count_bytes() + 2).max().unwrap_or(1);
        let rows = all.len().div_ceil((COLUMNS / width).max(1)).max(1);
        for row in 0..rows.min(all.len()) {
            let mut line = Vec::new();
            for it in all.iter().skip(row).step_by(rows) {
                line.resize(line.len().next_multiple_of(width), b' ');
                line.extend(it.name.to_bytes());
            }
            self.output.line(&line);
        }
    }
}

/// Whether `name` is that of the folder itself or of the one above.
fn is_dots(name: &CStr) -> bool {
    [c".", c".."].contains(&name)
}
