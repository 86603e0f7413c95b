//! The shell's variables. Those that are exported go to the programs that it starts.

use alloc::ffi::CString;
use alloc::format;
use alloc::vec::Vec;
use core::ffi::CStr;

use user::command;
use user::process::{self, Pid};

use crate::words::Word;

/// A variable.
struct Variable {
    name: Vec<u8>,
    value: Vec<u8>,
    is_exported: bool,
}

/// All of them, and what `$?` and `$!` stand for.
pub struct Variables {
    all: Vec<Variable>,
    /// The status of the last command.
    pub status: u8,
    /// The last process in the background.
    pub background: Option<Pid>,
}

impl Variables {
    /// Those of the `environment`.
    pub fn new(environment: impl Iterator<Item = &'static CStr>) -> Self {
        let mut variables = Self { all: Vec::new(), status: 0, background: None };
        let given: Vec<_> = environment.collect();
        for text in command::usual_environment(&given) {
            let mut parts = text.to_bytes().splitn(2, |byte| *byte == b'=');
            let (name, value) = (parts.next().unwrap_or(b""), parts.next());
            if let Some(value) = value {
                variables.set(name, value);
                variables.export(name);
            }
        }
        if variables.find(b"PATH").is_none() {
            variables.set(b"PATH", command::USUAL_PATH);
        }
        variables
    }

    /// What `name` stands for; nothing, if there is no such variable.
    pub fn get(&self, name: &[u8]) -> Vec<u8> {
        match name {
            b"?" => format!("{}", self.status).into(),
            b"$" => format!("{}", process::getpid()).into(),
            b"!" => self.background.map(|pid| format!("{pid}").into()).unwrap_or_default(),
            name => self.find(name).map(|it| it.value.clone()).unwrap_or_default(),
        }
    }

    /// Makes `name` stand for `value`.
    pub fn set(&mut self, name: &[u8], value: &[u8]) {
        match self.all.iter_mut().find(|it| it.name == name) {
            Some(variable) => variable.value = value.into(),
            None => {
                let (name, value) = (name.into(), value.into());
                self.all.push(Variable { name, value, is_exported: false });
            }
        }
    }

    /// Gives the variable `name` to programs from now on.
    pub fn export(&mut self, name: &[u8]) {
        if self.find(name).is_none() {
            self.set(name, b"");
        }
        self.all.iter_mut().filter(|it| it.name == name).for_each(|it| it.is_exported = true);
    }

    /// The environment of a program, with `assignments` on top.
    pub fn environment(&self, assignments: &[Word]) -> Vec<CString> {
        let over: Vec<_> = assignments.iter().filter_map(Word::assignment).collect();
        let is_kept =
            |it: &&Variable| it.is_exported && over.iter().all(|(name, _)| *name != it.name);
        let own = self.all.iter().filter(is_kept).map(|it| (&it.name[..], &it.value[..]));
        let texts = own.chain(over.iter().copied());
        texts.filter_map(|(name, value)| CString::new([name, b"=", value].concat()).ok()).collect()
    }

    fn find(&self, name: &[u8]) -> Option<&Variable> {
        self.all.iter().find(|it| it.name == name)
    }
}

/// Whether a variable may be called `name`: letters, digits and `_`, no digit first.
pub fn is_name(name: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    name.first().is_some_and(|first| !first.is_ascii_digit()) && name.iter().all(is_part)
}
