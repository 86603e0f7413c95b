//! Simple commands: assignments, what is built in, and programs.

use alloc::ffi::CString;
use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::CStr;

use user::command::{self, Command};
use user::status::{X_OK, access};
use user::syscall::Errno;

use crate::redirect::Redirections;
use crate::run::Ground;
use crate::source::Source;
use crate::tree::{Assignment, Redirect, Word};
use crate::words::{self, Values};
use crate::{Disk, FAILED, Flow, Shell, WRONG_USE, builtin, complain};

/// How to run a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In a new process.
    Start,
    /// In this one, which is a copy of the shell and has nothing else to do.
    Become,
}

/// Names and values, for one command.
type Assigned = Vec<(Vec<u8>, Vec<u8>)>;

impl Shell {
    /// Runs a command that consists of `words`; its status.
    pub fn run_simple(
        &mut self,
        assignments: &[Assignment],
        words: &[Word],
        redirects: &[Redirect],
        way: Way,
    ) -> u8 {
        let words = words::expand(words, &self.variables, &Disk);
        let Some((name, arguments)) = words.split_first() else {
            return self.with(redirects, |shell| shell.assign(assignments));
        };
        let value = |it: &Assignment| (it.name.clone(), words::text(&it.value, &self.variables));
        let assigned = assignments.iter().map(value).collect();
        match builtin::find(name) {
            Some(_) if name == b"exec" => self.run_exec(arguments, assigned, redirects),
            Some(builtin) => self.with(redirects, |shell| builtin::run(builtin, shell, arguments)),
            None => self.run_program(&words, assigned, redirects, way),
        }
    }

    /// Sets variables. Each value may use the ones before it.
    fn assign(&mut self, assignments: &[Assignment]) -> u8 {
        for it in assignments {
            let value = words::text(&it.value, &self.variables);
            self.variables.set(&it.name, &value);
        }
        0
    }

    /// Does `work` while `redirects` hold; its status, or the one for redirections that are not
    /// possible.
    fn with(&mut self, redirects: &[Redirect], work: impl FnOnce(&mut Self) -> u8) -> u8 {
        match self.redirections(redirects) {
            Ok(_until_the_end) => work(self),
            Err(status) => status,
        }
    }

    /// Makes `redirects`; the error is a status.
    fn redirections(&self, redirects: &[Redirect]) -> Result<Redirections, u8> {
        Redirections::make(redirects, &self.variables).map_err(|why| {
            complain(format_args!("{why}"));
            WRONG_USE
        })
    }

    /// Runs the program that `words` name, with `assigned` in its environment; its status.
    fn run_program(
        &mut self,
        words: &[Vec<u8>],
        assigned: Assigned,
        redirects: &[Redirect],
        way: Way,
    ) -> u8 {
        if way == Way::Become {
            return self.with(redirects, |shell| shell.become_program(words, assigned));
        }
        let pid = self.start(Ground::Fore, |shell| {
            shell.variables.status =
                shell.with(redirects, |shell| shell.become_program(words, assigned));
        });
        let name = words.first().map(|name| String::from_utf8_lossy(name)).unwrap_or_default();
        let end = self.end_of(pid);
        end.map_or(FAILED, |end| self.status_of(&name, end))
    }

    /// `exec`: makes `redirects` for ever, and becomes the program that `words` name, if there are
    /// any.
    fn run_exec(&mut self, words: &[Vec<u8>], assigned: Assigned, redirects: &[Redirect]) -> u8 {
        match self.redirections(redirects) {
            Ok(made) => made.keep(),
            Err(status) => return status,
        }
        if words.is_empty() {
            return 0;
        }
        let status = self.become_program(words, assigned);
        if !self.is_interactive {
            self.flow = Flow::Over;
        }
        status
    }

    /// Becomes the program that `words` name. It comes back only with a status for what went wrong,
    /// or of a script that this shell has run itself.
    fn become_program(&mut self, words: &[Vec<u8>], assigned: Assigned) -> u8 {
        let texts: Option<Vec<CString>> =
            words.iter().map(|word| CString::new(word.as_slice()).ok()).collect();
        let Some(texts) = texts else {
            complain(format_args!("a word has a zero in it"));
            return WRONG_USE;
        };
        let words: Vec<&CStr> = texts.iter().map(CString::as_c_str).collect();
        let environment = self.variables.environment(&assigned);
        let environment: Vec<&CStr> = environment.iter().map(CString::as_c_str).collect();
        let path = self.variables.get(b"PATH");
        let command = Command { words: &words, environment: &environment, path: &path, heeds: &[] };
        match command.execute() {
            Errno::ENOEXEC => self.become_script(&words, assigned),
            error => refuse(words[0], error),
        }
    }

    /// Runs the file that `words` name, which is no program, as a script.
    fn become_script(&mut self, words: &[&CStr], assigned: Assigned) -> u8 {
        let path = self.variables.get(b"PATH");
        let mut places = command::places(words[0], &path).into_iter();
        let found = places.find(|place| access(place, X_OK).is_ok());
        let file = found.as_deref().unwrap_or(words[0]).to_bytes();
        let mut source = match Source::file(file) {
            Ok(source) => source,
            Err(error) => return refuse(words[0], error),
        };
        for (name, value) in assigned {
            self.variables.set(&name, &value);
            self.variables.export(&name);
        }
        self.variables.name = file.into();
        self.variables.arguments = words[1..].iter().map(|word| word.to_bytes().into()).collect();
        self.run_source(&mut source);
        self.variables.status
    }
}

/// Says why `name` cannot be run; the status for that.
fn refuse(name: &CStr, error: Errno) -> u8 {
    let is_missing = matches!(error, Errno::ENOENT | Errno::ENOTDIR);
    let text = name.to_string_lossy();
    if is_missing && !name.to_bytes().contains(&b'/') {
        complain(format_args!("{text}: not found"));
    } else {
        complain(format_args!("{text}: {error}"));
    }
    if is_missing { command::NOT_FOUND } else { command::NOT_RUN }
}
