//! The commands that the shell does itself, since they are about the shell: a program of its own
//! could not end it, nor change its variables.

use core::fmt::Display;

use user::println;
use user::process::Pid;

use crate::variables::is_name;
use crate::words::Word;
use crate::{SIGNAL_STATUS, Shell, WRONG_USE, complain};

/// How to call a command, what it does, and how.
struct Builtin {
    name: &'static str,
    usage: &'static str,
    what: &'static str,
    run: fn(&mut Shell, &[Word]) -> u8,
}

static BUILTINS: [Builtin; 5] = [
    Builtin { name: "exit", usage: "exit [STATUS]", what: "ends the shell", run: exit },
    Builtin {
        name: "export",
        usage: "export NAME[=VALUE]…",
        what: "gives variables to programs",
        run: export,
    },
    Builtin { name: "help", usage: "help", what: "shows this", run: help },
    Builtin { name: "history", usage: "history", what: "shows the lines typed", run: history },
    Builtin {
        name: "wait",
        usage: "wait [PID]",
        what: "waits for programs in the background",
        run: wait,
    },
];

/// Runs the command that `words` name, if it is one of these; its status.
pub fn run(shell: &mut Shell, words: &[Word]) -> Option<u8> {
    let (name, arguments) = words.split_first()?;
    let builtin = BUILTINS.iter().find(|it| it.name.as_bytes() == name.bytes)?;
    Some((builtin.run)(shell, arguments))
}

fn exit(shell: &mut Shell, arguments: &[Word]) -> u8 {
    let status = match arguments {
        [] => Some(shell.variables.status),
        [word] => number(word).map(|number| number as u8),
        _ => None,
    };
    match status {
        Some(status) => {
            shell.is_over = true;
            status
        }
        None => misused("exit", "takes one number"),
    }
}

fn export(shell: &mut Shell, arguments: &[Word]) -> u8 {
    let mut status = 0;
    for word in arguments {
        match word.assignment() {
            Some((name, value)) => {
                shell.variables.set(name, value);
                shell.variables.export(name);
            }
            None if is_name(&word.bytes) => shell.variables.export(&word.bytes),
            None => status = misused("export", "takes names of letters, digits and _"),
        }
    }
    status
}

fn help(_: &mut Shell, _: &[Word]) -> u8 {
    for Builtin { usage, what, .. } in &BUILTINS {
        println!("{usage:22} {what}");
    }
    println!("{:22} runs a program, of $PATH or with a / in its name", "NAME [WORD]…");
    println!("{:22} runs it in the background", "NAME [WORD]… &");
    println!("{:22} sets a variable", "NAME=VALUE");
    println!("{:22} a variable, the last status, our number", "$NAME $? $$");
    println!("{:22} the last line, line 3", "!! !3");
    0
}

fn history(shell: &mut Shell, _: &[Word]) -> u8 {
    shell.history.show();
    0
}

fn wait(shell: &mut Shell, arguments: &[Word]) -> u8 {
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

fn number(word: &Word) -> Option<i32> {
    str::from_utf8(&word.bytes).ok()?.parse().ok()
}

/// Says how a command is to be used.
fn misused(name: &str, how: impl Display) -> u8 {
    complain(format_args!("{name} {how}"));
    WRONG_USE
}
