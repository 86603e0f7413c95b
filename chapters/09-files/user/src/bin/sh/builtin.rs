//! The commands that the shell does itself, since they are about the shell: a program of its own
//! could not end it, nor change its variables or its folder.

mod course;
mod folders;
mod settings;

use alloc::vec::Vec;
use core::fmt::Display;

use user::process::Pid;

use crate::{SIGNAL_STATUS, Shell, WRONG_USE, complain};

/// How to call a command, what it does, and how.
pub struct Builtin {
    name: &'static str,
    usage: &'static str,
    what: &'static str,
    run: fn(&mut Shell, &[Vec<u8>]) -> u8,
}

/// A line of the table.
const fn line(
    name: &'static str,
    usage: &'static str,
    what: &'static str,
    run: fn(&mut Shell, &[Vec<u8>]) -> u8,
) -> Builtin {
    Builtin { name, usage, what, run }
}

static BUILTINS: [Builtin; 18] = [
    line(".", ". FILE", "runs the commands in a file", course::source),
    line(":", ":", "does nothing, and well", |_, _| 0),
    line("break", "break [LOOPS]", "leaves a loop", course::leave_loop),
    line("cd", "cd [FOLDER | -]", "goes to a folder", folders::cd),
    line("continue", "continue [LOOPS]", "goes on with the next round", course::continue_loop),
    line("exec", "exec [NAME [WORD]…]", "becomes a program", |_, _| 0),
    line("exit", "exit [STATUS]", "ends the shell", course::exit),
    line("export", "export [NAME[=VALUE]…]", "gives variables to programs", settings::export),
    line("help", "help", "shows this", help),
    line("history", "history", "shows the lines typed", history),
    line("jobs", "jobs", "shows what is in the background", jobs),
    line("pwd", "pwd", "shows the folder", folders::pwd),
    line("read", "read NAME…", "reads a line into variables", settings::read),
    line("set", "set [-- [WORD]…]", "sets the arguments", settings::set),
    line("shift", "shift [COUNT]", "drops the first arguments", settings::shift),
    line("source", "source FILE", "runs the commands in a file", course::source),
    line("unset", "unset NAME…", "forgets variables", settings::unset),
    line("wait", "wait [PID]", "waits for programs in the background", wait),
];

/// The command called `name`, if it is one of these.
pub fn find(name: &[u8]) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|it| it.name.as_bytes() == name)
}

/// Runs `builtin`; its status.
pub fn run(builtin: &Builtin, shell: &mut Shell, arguments: &[Vec<u8>]) -> u8 {
    (builtin.run)(shell, arguments)
}

fn help(_: &mut Shell, _: &[Vec<u8>]) -> u8 {
    for Builtin { usage, what, .. } in &BUILTINS {
        println!("{usage:24} {what}");
    }
    for (usage, what) in HELP {
        println!("{usage:24} {what}");
    }
    0
}

/// What is no command.
const HELP: [(&str, &str); 11] = [
    ("NAME [WORD]…", "runs a program, of $PATH or with a / in its name"),
    ("A | B", "B reads what A writes"),
    ("A; B  A && B  A || B", "one after the other: always, if A is true, if it is not"),
    ("A &", "runs it in the background"),
    ("< F  > F  >> F  2>&1", "reads a file, writes it, adds to it; joins descriptors"),
    ("( A )", "runs it in a copy of the shell"),
    ("if A; then B; else C; fi", "and: while A; do B; done, for X in WORDS; do A; done"),
    ("NAME=VALUE", "sets a variable"),
    ("$NAME $? $$ $! $1 $@", "a variable, the last status, our number, the arguments"),
    ("* ? [a-z] [!a-z]", "the names of files"),
    ("!! !3", "the last line, line 3"),
];

fn history(shell: &mut Shell, _: &[Vec<u8>]) -> u8 {
    shell.history.show();
    0
}

fn jobs(shell: &mut Shell, _: &[Vec<u8>]) -> u8 {
    shell.jobs.look(shell.is_interactive);
    shell.jobs.show();
    0
}

fn wait(shell: &mut Shell, arguments: &[Vec<u8>]) -> u8 {
    match arguments {
        [] => {
            shell.jobs.wait_for_all(shell.is_interactive);
            0
        }
        [word] => match number(word).filter(|number| *number > 0) {
            Some(pid) => wait_for(shell, Pid(pid)),
            None => misused("wait", "takes the number of a process"),
        },
        _ => misused("wait", "takes one number, or none"),
    }
}

fn wait_for(shell: &mut Shell, pid: Pid) -> u8 {
    use user::process::End;
    match shell.jobs.wait_for(pid) {
        Ok(End::Exited(status)) => status,
        Ok(End::Killed(signal)) => (SIGNAL_STATUS + signal.0) as u8,
        Err(_) => {
            complain(format_args!("wait: {pid} is no child of this shell"));
            user::command::NOT_FOUND
        }
    }
}

fn number(word: &[u8]) -> Option<i32> {
    str::from_utf8(word).ok()?.parse().ok()
}

/// Says how a command is to be used.
fn misused(name: &str, how: impl Display) -> u8 {
    complain(format_args!("{name} {how}"));
    WRONG_USE
}
