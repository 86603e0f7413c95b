//! The shell: reads lines, and runs the programs that they name.
//!
//! ```text
//!  line ── history ──> line ── words ──> commands ──┬─> built in: what changes the shell itself
//!          !! and !3           quotes, $NAME, &     └─> a program: fork, execve, wait
//! ```
//!
//! A person at a terminal gets a prompt and is told what becomes of programs in the background;
//! from a file or a pipe the shell reads in silence. The keys `^C` and `^\` are signals to all who
//! use the terminal, and meant for the program that the shell waits for: the shell ignores them,
//! and so does what it has put into the background. It ends with the status of the last command.
//! Pipes, redirection, `;` and loops need files, and are not here. Nor do words split or grow when
//! a variable is put into them: what is one word stays one. (POSIX.1-2017, Shell Command Language.)

#![no_std]
#![no_main]

extern crate alloc;

mod builtin;
mod history;
mod jobs;
mod variables;
mod words;

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;
use core::fmt;

use history::History;
use jobs::Jobs;
use user::command::Command;
use user::input::{self, STDIN};
use user::process::{self, End};
use user::signal::{self, Action, Signal};
use user::{Start, print, println, syscall};
use variables::Variables;
use words::{Line, Order, Word};

/// The status of a line or a built-in command that makes no sense.
const WRONG_USE: u8 = 2;

/// Who dies of a signal has the status of this and the signal's number.
const SIGNAL_STATUS: u32 = 128;

/// The signals that keys of a terminal send.
const KEYS: [Signal; 2] = [Signal::INT, Signal::QUIT];

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let mut shell = Shell::new(start);
    if shell.is_interactive {
        // Where they cannot be ignored they end the shell, which is what it can live with.
        KEYS.iter().for_each(|signal| _ = signal::set_action(*signal, Action::Ignore));
    }
    while let Some(line) = shell.next_line() {
        shell.run_line(line);
        if shell.is_over {
            break;
        }
    }
    shell.variables.status.into()
}

/// All that the shell knows.
struct Shell {
    variables: Variables,
    history: History,
    jobs: Jobs,
    /// Whether somebody types.
    is_interactive: bool,
    /// Whether `exit` was asked for.
    is_over: bool,
}

impl Shell {
    fn new(start: &Start) -> Self {
        Self {
            variables: Variables::new(start.environment()),
            history: History::default(),
            jobs: Jobs::default(),
            is_interactive: input::is_terminal(STDIN),
            is_over: false,
        }
    }

    /// The next line, after a prompt; `None` at the end of input.
    fn next_line(&mut self) -> Option<Vec<u8>> {
        self.jobs.look(self.is_interactive);
        if self.is_interactive {
            print!("$ ");
        }
        let line = input::line(STDIN).unwrap_or_else(|error| {
            complain(format_args!("cannot read: {error}"));
            None
        });
        if line.is_none() && self.is_interactive {
            println!();
        }
        line
    }

    /// Runs the commands of `line`, and remembers it.
    fn run_line(&mut self, line: Vec<u8>) {
        let line = match self.history.expand(line) {
            Ok(line) => line,
            Err(why) => return self.refuse(format_args!("{why}")),
        };
        match words::split(&line, &self.variables) {
            Ok(Line { orders }) => orders.into_iter().for_each(|order| self.run(order)),
            Err(why) => self.refuse(format_args!("{why}")),
        }
    }

    /// Says what is wrong with a line.
    fn refuse(&mut self, why: fmt::Arguments) {
        complain(why);
        self.variables.status = WRONG_USE;
    }

    /// Runs one command.
    fn run(&mut self, order: Order) {
        if self.is_over {
            return;
        }
        let count = order.words.iter().take_while(|word| word.assignment().is_some()).count();
        let (assignments, words) = order.words.split_at(count);
        if words.is_empty() {
            for (name, value) in assignments.iter().filter_map(Word::assignment) {
                self.variables.set(name, value);
            }
            self.variables.status = 0;
        } else if let Some(status) = builtin::run(self, words) {
            self.variables.status = status;
        } else {
            self.variables.status = self.run_program(assignments, words, order.is_background);
        }
    }

    /// Runs the program that `words` name, with `assignments` in its environment; its status.
    fn run_program(&mut self, assignments: &[Word], words: &[Word], is_background: bool) -> u8 {
        let Some(texts) = texts(words) else {
            complain(format_args!("a word has a zero in it"));
            return WRONG_USE;
        };
        let words: Vec<&CStr> = texts.iter().map(CString::as_c_str).collect();
        let environment = self.variables.environment(assignments);
        let environment: Vec<&CStr> = environment.iter().map(CString::as_c_str).collect();
        let path = self.variables.get(b"PATH");
        let heeds: &[Signal] = if self.is_interactive && !is_background { &KEYS } else { &[] };
        let command = Command { words: &words, environment: &environment, path: &path, heeds };
        let spawned = command.spawn(|name, error| match error {
            syscall::Errno::ENOENT if !name.to_bytes().contains(&b'/') => {
                complain(format_args!("{}: not found", name.to_string_lossy()));
            }
            error => complain(format_args!("{}: {error}", name.to_string_lossy())),
        });
        match spawned {
            Ok(pid) if is_background => {
                self.variables.background = Some(pid);
                self.jobs.add(pid, words[0], self.is_interactive);
                0
            }
            Ok(pid) => process::wait(pid).map_or(1, |(_, end)| status_of(words[0], end)),
            Err(error) => {
                complain(format_args!("cannot make a process: {error}"));
                1
            }
        }
    }
}

/// The words as C has them; none if there is a zero in one.
fn texts(words: &[Word]) -> Option<Vec<CString>> {
    words.iter().map(|word| CString::new(word.bytes.as_slice()).ok()).collect()
}

/// The status of the program `name` that ended so. Says by what it was killed.
fn status_of(name: &CStr, end: End) -> u8 {
    match end {
        End::Exited(status) => status,
        End::Killed(signal) => {
            complain(format_args!("{}: killed by {signal}", name.to_string_lossy()));
            (SIGNAL_STATUS + signal.0) as u8
        }
    }
}

/// Tells the person that something did not work.
fn complain(why: fmt::Arguments) {
    user::print(syscall::STDERR, format_args!("sh: {why}\n"));
}
