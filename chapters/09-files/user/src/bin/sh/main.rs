//! The shell: reads lines, and runs the programs that they name.
//!
//! ```text
//!  line ── history ──> text ── token ──> tokens ── grammar ──> tree ── run ──> status
//!          !! and !3           quotes,             what belongs        │
//!                              operators           together            ├─> words, glob
//!                                                                      ├─> redirect
//!                                                                      ├─> builtin
//!                                                                      └─> fork, execve, wait
//! ```
//!
//! A person at a terminal gets a prompt and is told what becomes of programs in the background;
//! from a file or a pipe the shell reads in silence. The keys `^C` and `^\` are signals to all who
//! use the terminal, and meant for the program that the shell waits for: the shell ignores them,
//! and so does what it has put into the background. It ends with the status of the last command.
//!
//! A loop of built-in commands alone cannot be interrupted: that takes a handler for signals. There
//! are no functions, no `case`, no arithmetic, no `$(…)`, no `${NAME:-…}` and no `<<`, and blanks
//! are all that words are split at. (POSIX.1-2017, Shell Command Language.)

#![no_std]
#![no_main]

extern crate alloc;

/// Prints a line to the standard output, or says why not: a shell goes on then.
macro_rules! println {
    ($($argument:tt)*) => {
        $crate::say(::alloc::format!("{}\n", ::core::format_args!($($argument)*)).as_bytes())
    };
}

mod builtin;
mod describe;
mod disk;
mod flow;
mod glob;
mod grammar;
mod history;
mod jobs;
mod redirect;
mod run;
mod simple;
mod source;
mod token;
mod tree;
mod variables;
mod words;

use alloc::vec::Vec;
use core::ffi::CStr;
use core::fmt;

use disk::Disk;
use flow::Flow;
use history::History;
use jobs::Jobs;
use run::Ground;
use source::Source;
use user::file::write_all;
use user::input::{self, STDIN};
use user::signal::{self, Action, Signal};
use user::{Start, command, folder, syscall};
use variables::Variables;

/// The status of a line or a built-in command that makes no sense.
const WRONG_USE: u8 = 2;

/// The status of what was not possible.
const FAILED: u8 = 1;

/// Who dies of a signal has the status of this and the signal's number.
const SIGNAL_STATUS: u32 = 128;

/// The signals that keys of a terminal send.
const KEYS: [Signal; 2] = [Signal::INT, Signal::QUIT];

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let mut shell = Shell::new(start);
    let words: Vec<&[u8]> = start.arguments().skip(1).map(CStr::to_bytes).collect();
    let source = match words.as_slice() {
        [] => Ok(Source::Input),
        [b"-c"] => Err(WRONG_USE),
        [b"-c", text, names @ ..] => {
            shell.set_arguments(names);
            Ok(Source::text(text))
        }
        [file, ..] => {
            shell.set_arguments(&words);
            Source::file(file).map_err(|error| {
                complain(format_args!("{}: {error}", alloc::string::String::from_utf8_lossy(file)));
                command::NOT_FOUND
            })
        }
    };
    match source {
        Ok(mut source) => shell.run_all(&mut source).into(),
        Err(status) => status.into(),
    }
}

/// All that the shell knows.
struct Shell {
    variables: Variables,
    history: History,
    jobs: Jobs,
    /// Whether somebody types.
    is_interactive: bool,
    /// Whether to go on.
    flow: Flow,
}

impl Shell {
    fn new(start: &Start) -> Self {
        let mut shell = Self {
            variables: Variables::new(start.environment()),
            history: History::default(),
            jobs: Jobs::default(),
            is_interactive: false,
            flow: Flow::On,
        };
        if let Ok(here) = folder::getcwd() {
            shell.variables.set(b"PWD", here.to_bytes());
        }
        shell
    }

    /// Makes `words` the shell's name and its arguments, if there are any.
    fn set_arguments(&mut self, words: &[&[u8]]) {
        if let Some((name, arguments)) = words.split_first() {
            self.variables.name = (*name).into();
            self.variables.arguments = arguments.iter().map(|it| (*it).into()).collect();
        }
    }

    /// Runs all that comes from `source`; the status of the last command.
    fn run_all(&mut self, source: &mut Source) -> u8 {
        self.is_interactive = matches!(source, Source::Input) && input::is_terminal(STDIN);
        if self.is_interactive {
            // Where they cannot be ignored they end the shell, which is what it can live with.
            KEYS.iter().for_each(|signal| _ = signal::set_action(*signal, Action::Ignore));
        }
        self.run_source(source);
        self.variables.status
    }

    /// Makes this process, a copy of the shell, one that is no interactive shell.
    fn become_copy(&mut self, ground: Ground) {
        if self.is_interactive && ground == Ground::Fore {
            // A signal that there is not makes no difference.
            KEYS.iter().for_each(|signal| _ = signal::set_action(*signal, Action::Usual));
        }
        self.is_interactive = false;
        self.jobs = Jobs::default();
    }

    /// Runs what comes from `source`, command by command, until it ends or the shell does.
    fn run_source(&mut self, source: &mut Source) {
        let is_typed = self.is_interactive && matches!(source, Source::Input);
        let mut text = Vec::new();
        while self.flow != Flow::Over {
            if is_typed {
                self.prompt(text.is_empty());
            }
            match next_line(source) {
                Some(line) => match self.remembered(line, source, text.is_empty()) {
                    Ok(line) => {
                        text.extend(line);
                        text.push(b'\n');
                        self.run_text(&mut text);
                    }
                    Err(why) => self.refuse(format_args!("{why}")),
                },
                None => {
                    if is_typed {
                        println!("");
                    }
                    if self.finish(&mut text) || !is_typed {
                        return;
                    }
                }
            }
        }
    }

    /// The line that `line`, the first of a text or another, stands for.
    fn remembered(
        &mut self,
        line: Vec<u8>,
        source: &Source,
        is_first: bool,
    ) -> Result<Vec<u8>, history::NoSuchLine> {
        match source {
            Source::Input if is_first => return self.history.expand(line),
            Source::Input => self.history.go_on(&line),
            Source::Text(..) => {}
        }
        Ok(line)
    }

    /// Runs `text` and empties it, unless more must come before it means anything.
    fn run_text(&mut self, text: &mut Vec<u8>) {
        match grammar::parse(text) {
            Ok(list) => self.run_list(&list),
            Err(why) if why.wants_more() => return,
            Err(why) => self.refuse_text(&why),
        }
        text.clear();
        if self.flow != Flow::Over {
            self.flow = Flow::On;
        }
    }

    /// Comes to the end, where `text` must mean something; says whether nothing was left.
    fn finish(&mut self, text: &mut Vec<u8>) -> bool {
        let is_empty = text.is_empty();
        if let Err(why) = grammar::parse(text) {
            self.refuse_text(&why);
        }
        text.clear();
        is_empty
    }

    /// Tells the person what became of programs, and asks for a line.
    fn prompt(&mut self, is_first: bool) {
        self.jobs.look(true);
        say(if is_first { b"$ " } else { b"> " });
    }

    /// Says what is wrong with a text, after which a script does not go on.
    fn refuse_text(&mut self, why: &token::SyntaxError) {
        self.refuse(format_args!("{why}"));
        if !self.is_interactive {
            self.flow = Flow::Over;
        }
    }

    /// Says what is wrong with a line.
    fn refuse(&mut self, why: fmt::Arguments) {
        complain(why);
        self.variables.status = WRONG_USE;
    }
}

/// The next line of `source`; `None` at its end.
fn next_line(source: &mut Source) -> Option<Vec<u8>> {
    source.line().unwrap_or_else(|error| {
        complain(format_args!("cannot read: {error}"));
        None
    })
}

/// Prints `bytes` to the standard output.
fn say(bytes: &[u8]) {
    if let Err(error) = write_all(syscall::STDOUT, bytes) {
        complain(format_args!("cannot print: {error}"));
    }
}

/// Tells the person that something did not work. If that does not work either, nothing can be done.
fn complain(why: fmt::Arguments) {
    let _ = write_all(syscall::STDERR, alloc::format!("sh: {why}\n").as_bytes());
}
