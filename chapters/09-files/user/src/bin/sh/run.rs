//! Running a tree: lists, pipelines, and commands that have others in them.
//!
//! The members of a pipeline are copies of the shell, all at once, each with one end of two pipes.
//! Whoever has the end of a pipe that it does not need closes it: a reader waits until nobody can
//! write any more.
//!
//! ```text
//!          a           b           c
//!  0 ──> [   ] ─1─0─> [   ] ─1─0─> [   ] ──> 1
//! ```

use alloc::vec::Vec;

use user::descriptor::close;
use user::file::{O_CLOEXEC, O_RDONLY, open};
use user::input::STDIN;
use user::pipe::pipe2;
use user::process::{self, End, Pid};
use user::signal::Signal;
use user::syscall::STDOUT;

use crate::redirect::{Redirections, connect};
use crate::simple::Way;
use crate::tree::{Command, Item, Join, Kind, Pipeline};
use crate::{FAILED, Flow, SIGNAL_STATUS, Shell, WRONG_USE, complain, describe, words};

/// Who waits for a copy of the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The shell.
    Fore,
    /// Nobody, for now.
    Back,
}

impl Shell {
    /// Runs `list` up to its end, or to what ends it before.
    pub fn run_list(&mut self, list: &[Item]) {
        for item in list {
            if self.flow != Flow::On {
                return;
            }
            if item.is_background { self.run_in_background(item) } else { self.run_item(item) }
        }
    }

    fn run_item(&mut self, item: &Item) {
        self.run_pipeline(&item.first);
        for (join, pipeline) in &item.rest {
            let is_true = self.variables.status == 0;
            if self.flow == Flow::On && is_true == (*join == Join::IfTrue) {
                self.run_pipeline(pipeline);
            }
        }
    }

    fn run_in_background(&mut self, item: &Item) {
        let started = self.start(Ground::Back, |shell| {
            // Two readers of one terminal would take each other's lines.
            if let Ok(nothing) = open(c"/dev/null", O_RDONLY | O_CLOEXEC, 0) {
                let _ = connect(nothing, STDIN);
            }
            match (item.rest.as_slice(), item.first.commands.as_slice()) {
                ([], [command]) if !item.first.is_negated => {
                    shell.variables.status = shell.run_command(command, Way::Become);
                }
                _ => shell.run_item(item),
            }
        });
        if let Some(pid) = started {
            self.variables.background = Some(pid);
            self.jobs.add(pid, describe::item(item), self.is_interactive);
            self.variables.status = 0;
        }
    }

    fn run_pipeline(&mut self, pipeline: &Pipeline) {
        let status = match pipeline.commands.as_slice() {
            [command] => self.run_command(command, Way::Start),
            commands => self.run_connected(commands),
        };
        let is_turned = pipeline.is_negated && self.flow == Flow::On;
        self.variables.status = if is_turned { u8::from(status == 0) } else { status };
    }

    /// Runs `commands` with pipes between them; the status of the last.
    fn run_connected(&mut self, commands: &[Command]) -> u8 {
        let mut pids = Vec::new();
        let mut input = None;
        for (index, command) in commands.iter().enumerate() {
            let is_last = index + 1 == commands.len();
            let pipe = if is_last { Ok(None) } else { pipe2(O_CLOEXEC).map(Some) };
            let Ok(pipe) = pipe.inspect_err(|error| complain(format_args!("no pipe: {error}")))
            else {
                break;
            };
            pids.push(self.start_member(command, input, pipe));
            let (reader, writer) = pipe.unzip();
            [input, writer].into_iter().flatten().for_each(|end| _ = close(end));
            input = reader;
        }
        let is_whole = pids.len() == commands.len();
        input.map(close);
        let ends: Vec<_> = pids.into_iter().map(|pid| self.end_of(pid)).collect();
        let last = ends.last().copied().flatten().filter(|_| is_whole);
        last.map_or(FAILED, |end| self.status_of(&describe::commands(commands), end))
    }

    /// Starts `command`, which reads from `input` and writes to the end of `pipe`, if they are
    /// given.
    fn start_member(
        &mut self,
        command: &Command,
        input: Option<usize>,
        pipe: Option<(usize, usize)>,
    ) -> Option<Pid> {
        self.start(Ground::Fore, |shell| {
            let (reader, writer) = pipe.unzip();
            // It belongs to the next member.
            reader.map(close);
            let ends = [(input, STDIN), (writer, STDOUT)];
            for (end, descriptor) in ends.into_iter().filter_map(|(end, to)| Some((end?, to))) {
                if let Err(error) = connect(end, descriptor) {
                    complain(format_args!("no pipe: {error}"));
                }
            }
            shell.variables.status = shell.run_command(command, Way::Become);
        })
    }

    /// Runs `command`; its status.
    fn run_command(&mut self, command: &Command, way: Way) -> u8 {
        if let Kind::Simple { assignments, words } = &command.kind {
            return self.run_simple(assignments, words, &command.redirects, way);
        }
        match Redirections::make(&command.redirects, &self.variables) {
            Ok(_until_the_end) => {
                self.run_compound(&command.kind, way);
                self.variables.status
            }
            Err(why) => {
                complain(format_args!("{why}"));
                WRONG_USE
            }
        }
    }

    fn run_compound(&mut self, kind: &Kind, way: Way) {
        match kind {
            Kind::Subshell(list) if way == Way::Start => {
                let pid = self.start(Ground::Fore, |shell| shell.run_list(list));
                let end = self.end_of(pid);
                self.variables.status = end.map_or(FAILED, |end| self.status_of("(…)", end));
            }
            Kind::Subshell(list) | Kind::Group(list) => self.run_list(list),
            Kind::If { branches, otherwise } => {
                for (condition, list) in branches {
                    if self.is_true(condition) {
                        return self.run_list(list);
                    }
                }
                self.succeed();
                self.run_list(otherwise);
            }
            Kind::Loop { goes_on_when_true, condition, body } => {
                self.run_loop(|shell| shell.is_true(condition) == *goes_on_when_true, body);
            }
            Kind::For { name, words, body } => {
                let mut values = match words {
                    Some(words) => words::expand(words, &self.variables, &crate::Disk),
                    None => self.variables.arguments.clone(),
                }
                .into_iter();
                let next = |shell: &mut Self| {
                    values.next().map(|value| shell.variables.set(name, &value)).is_some()
                };
                self.run_loop(next, body);
            }
            Kind::Simple { .. } => unreachable!("that is run elsewhere"),
        }
    }

    /// Runs `body` while `goes_on` says so. The status is that of the last time, or 0.
    fn run_loop(&mut self, mut goes_on: impl FnMut(&mut Self) -> bool, body: &[Item]) {
        let mut status = 0;
        while goes_on(self) && self.flow == Flow::On {
            self.run_list(body);
            status = self.variables.status;
            if !self.flow.ends_round() {
                return;
            }
        }
        match self.flow {
            Flow::On => self.variables.status = status,
            // A `break` in the condition.
            _ => _ = self.flow.ends_round(),
        }
    }

    fn is_true(&mut self, condition: &[Item]) -> bool {
        self.run_list(condition);
        self.variables.status == 0 && self.flow == Flow::On
    }

    fn succeed(&mut self) {
        if self.flow == Flow::On {
            self.variables.status = 0;
        }
    }

    /// Makes a copy of the shell that does `work` and ends with its status.
    pub fn start(&mut self, ground: Ground, work: impl FnOnce(&mut Self)) -> Option<Pid> {
        match process::fork() {
            Ok(Some(pid)) => Some(pid),
            Ok(None) => {
                self.become_copy(ground);
                work(self);
                user::exit(self.variables.status.into())
            }
            Err(error) => {
                complain(format_args!("cannot make a process: {error}"));
                self.variables.status = FAILED;
                None
            }
        }
    }

    /// Waits for a copy, if there is one; how it ended.
    pub fn end_of(&mut self, pid: Option<Pid>) -> Option<End> {
        let end = process::wait(pid?).ok().map(|(_, end)| end)?;
        if self.is_interactive && end == End::Killed(Signal::INT) {
            // Whoever types `^C` means the whole line.
            self.flow = Flow::Interrupted;
        }
        Some(end)
    }

    /// The status of `name` that ended so. Says by what it was killed, unless it was for writing to
    /// nobody, which is how the first of a pipeline often ends.
    pub fn status_of(&self, name: &str, end: End) -> u8 {
        match end {
            End::Exited(status) => status,
            End::Killed(signal) => {
                if signal != Signal::PIPE {
                    complain(format_args!("{name}: killed by {signal}"));
                }
                (SIGNAL_STATUS + signal.0) as u8
            }
        }
    }
}
