//! Any request to run a program, with any obstacles on its way.

extern crate alloc;

use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

#[allow(dead_code, unused_imports, reason = "unused until the holes are filled")]
mod refuse;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    any_path_has_its_error,
    any_part_is_measured,
    any_strange_name_is_nobodys,
    any_file_has_its_error,
    any_list_has_its_error,
    any_program_has_its_error,
    any_first_obstacle_is_told,
    any_arguments_arrive,
];

// What `refuse.rs` uses of the kernel's own: errors by their numbers. (Linux,
// `include/uapi/asm-generic/errno-base.h` and `errno.h`.)
pub const ENOENT: u32 = 2;
pub const EINTR: u32 = 4;
pub const E2BIG: u32 = 7;
pub const ENOEXEC: u32 = 8;
pub const ENOMEM: u32 = 12;
pub const EACCES: u32 = 13;
pub const EFAULT: u32 = 14;
pub const ENOTDIR: u32 = 20;
pub const ENAMETOOLONG: u32 = 36;

/// The longest name between two slashes, likewise.
pub const NAME_MAX: usize = 255;

/// The longest path that a request reads.
const LONGEST_PATH: usize = 4095;

/// Why a call fails, likewise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Errno(pub u32);

/// Why a text cannot be had, likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    BadAddress,
    TooLong,
    NoMemory,
}

/// Why a program cannot be loaded, likewise: what more is known of it does not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadError {
    NotFound,
    NotAFolder,
    NotExecutable,
    Elf(()),
    Arguments(()),
    Memory(()),
    Interrupted,
}

/// What of a request is met, and what was asked of it.
#[derive(Clone, Debug)]
#[allow(dead_code, reason = "unused until the holes are filled")]
pub struct Request {
    path: Result<Vec<u8>, TextError>,
    file: Result<(), LoadError>,
    arguments: Result<Vec<Vec<u8>>, TextError>,
    environment: Result<Vec<Vec<u8>>, TextError>,
    program: Result<(), LoadError>,
    asked: Vec<&'static str>,
    ran: Option<[Vec<Vec<u8>>; 2]>,
}

impl core::fmt::Debug for Errno {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        let names = [
            (ENOENT, "ENOENT"),
            (EINTR, "EINTR"),
            (E2BIG, "E2BIG"),
            (ENOEXEC, "ENOEXEC"),
            (ENOMEM, "ENOMEM"),
            (EACCES, "EACCES"),
            (EFAULT, "EFAULT"),
            (ENOTDIR, "ENOTDIR"),
            (ENAMETOOLONG, "ENAMETOOLONG"),
        ];
        match names.iter().find(|(number, _)| *number == self.0) {
            Some((_, name)) => f.write_str(name),
            None => write!(f, "errno {}", self.0),
        }
    }
}

#[allow(dead_code, reason = "unused until the holes are filled")]
impl Request {
    /// One that is met.
    fn good() -> Self {
        Self {
            path: Ok(b"bin/true".to_vec()),
            file: Ok(()),
            arguments: Ok(vec![b"true".to_vec()]),
            environment: Ok(vec![]),
            program: Ok(()),
            asked: vec![],
            ran: None,
        }
    }

    pub fn path(&mut self) -> Result<Vec<u8>, TextError> {
        self.asked.push("path");
        self.path.clone()
    }

    pub fn find(&mut self, _: &str) -> Result<(), LoadError> {
        self.asked.push("find");
        self.file
    }

    pub fn arguments(&mut self) -> Result<Vec<Vec<u8>>, TextError> {
        self.asked.push("arguments");
        self.arguments.clone()
    }

    pub fn environment(&mut self) -> Result<Vec<Vec<u8>>, TextError> {
        self.asked.push("environment");
        self.environment.clone()
    }

    pub fn run(
        &mut self,
        _: &str,
        arguments: &[Vec<u8>],
        environment: &[Vec<u8>],
    ) -> Result<(), LoadError> {
        self.asked.push("run");
        self.program?;
        self.ran = Some([arguments.to_vec(), environment.to_vec()]);
        Ok(())
    }
}

/// What is told of a text that cannot be had, where `too_long` is what a long one is.
fn text_errors(too_long: u32) -> impl Strategy<Value = (TextError, Errno)> {
    select(vec![
        (TextError::BadAddress, Errno(EFAULT)),
        (TextError::TooLong, Errno(too_long)),
        (TextError::NoMemory, Errno(ENOMEM)),
    ])
}

/// What is told of a file that cannot be run.
fn file_errors() -> impl Strategy<Value = (LoadError, Errno)> {
    select(vec![
        (LoadError::NotFound, Errno(ENOENT)),
        (LoadError::NotAFolder, Errno(ENOTDIR)),
        (LoadError::NotExecutable, Errno(EACCES)),
    ])
}

/// What is told of a program that cannot be loaded.
fn program_errors() -> impl Strategy<Value = (LoadError, Errno)> {
    select(vec![
        (LoadError::Elf(()), Errno(ENOEXEC)),
        (LoadError::Arguments(()), Errno(E2BIG)),
        (LoadError::Memory(()), Errno(ENOMEM)),
        (LoadError::Interrupted, Errno(EINTR)),
    ])
}

/// Expects that `request` is answered by `expected`.
fn expect_answer(what: impl core::fmt::Debug, mut request: Request, expected: Result<(), Errno>) {
    expect(what, refuse::execve(&mut request), expected);
}

fn any_path_has_its_error() {
    holds_for(text_errors(ENAMETOOLONG), |(error, expected)| {
        let request = Request { path: Err(error), ..Request::good() };
        expect_answer(("a path", error), request, Err(expected));
    });
}

/// Lengths of names, most of them at the edge.
fn lengths() -> impl Strategy<Value = Vec<usize>> {
    let length = prop_oneof![2 => 0..20_usize, 3 => NAME_MAX - 2..NAME_MAX + 3];
    vec(length, 1..20)
}

fn any_part_is_measured() {
    holds_for(lengths(), |lengths| {
        let parts: Vec<Vec<u8>> = lengths.iter().map(|length| vec![b'a'; *length]).collect();
        let path = parts.join(&b'/');
        if path.len() > LONGEST_PATH {
            return;
        }
        let is_long = lengths.iter().any(|length| *length > NAME_MAX);
        let expected = if is_long { Err(Errno(ENAMETOOLONG)) } else { Ok(()) };
        let request = Request { path: Ok(path), ..Request::good() };
        expect_answer(("a path whose names have so many bytes", lengths), request, expected);
    });
}

fn any_strange_name_is_nobodys() {
    let byte = select(vec![0x80_u8, 0xbf, 0xc0, 0xff]);
    holds_for(("[a-z/]{0,5}", byte), |(start, byte)| {
        let path = [start.as_bytes(), &[byte]].concat();
        let request = Request { path: Ok(path.clone()), ..Request::good() };
        expect_answer(("the path of bytes", path), request, Err(Errno(ENOENT)));
    });
}

fn any_file_has_its_error() {
    holds_for(file_errors(), |(error, expected)| {
        let request = Request { file: Err(error), ..Request::good() };
        expect_answer(("a file", error), request, Err(expected));
    });
}

fn any_list_has_its_error() {
    holds_for((text_errors(E2BIG), any::<bool>()), |((error, expected), is_environment)| {
        let good = Request::good();
        let (what, request) = match is_environment {
            false => ("arguments", Request { arguments: Err(error), ..good }),
            true => ("an environment", Request { environment: Err(error), ..good }),
        };
        expect_answer((what, error), request, Err(expected));
    });
}

fn any_program_has_its_error() {
    holds_for(program_errors(), |(error, expected)| {
        let request = Request { program: Err(error), ..Request::good() };
        expect_answer(("a program", error), request, Err(expected));
    });
}

/// Only the first obstacle is told, and what comes behind it is not looked at.
fn any_first_obstacle_is_told() {
    let is_there = || prop_oneof![2 => Just(false), 1 => Just(true)];
    let obstacles = [is_there(), is_there(), is_there(), is_there(), is_there()];
    holds_for(obstacles, |[path, file, arguments, environment, program]| {
        let good = Request::good();
        let error = TextError::BadAddress;
        let mut request = Request {
            path: if path { Err(error) } else { good.path.clone() },
            file: if file { Err(LoadError::NotFound) } else { Ok(()) },
            arguments: if arguments { Err(error) } else { good.arguments.clone() },
            environment: if environment { Err(error) } else { good.environment.clone() },
            program: if program { Err(LoadError::Elf(())) } else { Ok(()) },
            ..good
        };
        let steps = ["path", "find", "arguments", "environment", "run"];
        let obstacles = [path, file, arguments, environment, program];
        let errors = [EFAULT, ENOENT, EFAULT, EFAULT, ENOEXEC];
        let first = obstacles.iter().position(|is_there| *is_there);
        let expected = first.map_or(Ok(()), |first| Err(Errno(errors[first])));
        let asked = &steps[..first.map_or(steps.len(), |first| first + 1)];
        let bad: Vec<&str> =
            steps.iter().zip(obstacles).filter(|(_, is)| *is).map(|(step, _)| *step).collect();
        let answer = refuse::execve(&mut request);
        let input = ("a request with these obstacles:", bad, "the answer, and what was asked");
        expect(input, (answer, &request.asked[..]), (expected, asked));
    });
}

fn any_arguments_arrive() {
    let list = || vec(vec(any::<u8>(), 0..3), 0..3);
    holds_for((list(), list()), |(arguments, environment)| {
        let mut request = Request {
            arguments: Ok(arguments.clone()),
            environment: Ok(environment.clone()),
            ..Request::good()
        };
        let answer = refuse::execve(&mut request);
        let input = ("arguments", &arguments, "and the environment", &environment);
        expect((&input, "are refused"), answer.err(), None);
        let whole = if arguments.is_empty() { vec![vec![]] } else { arguments.clone() };
        expect((&input, "arrive as"), request.ran, Some([whole, environment.clone()]));
    });
}
