//! The shell's variables. Those that are exported go to the programs that it starts.

use alloc::ffi::CString;
use alloc::format;
use alloc::vec::Vec;
use core::ffi::CStr;

use user::command;
use user::process::{self, Pid};

use crate::words::Values;

/// A variable.
struct Variable {
    name: Vec<u8>,
    value: Vec<u8>,
    is_exported: bool,
}

/// All of them, and what `$?`, `$!`, `$0`, `$1` and others stand for.
pub struct Variables {
    all: Vec<Variable>,
    /// Our own number, which is that of a copy of us as well.
    pid: Pid,
    /// What the shell or its script is called.
    pub name: Vec<u8>,
    /// The arguments, from `$1` on.
    pub arguments: Vec<Vec<u8>>,
    /// The status of the last command.
    pub status: u8,
    /// The last process in the background.
    pub background: Option<Pid>,
}

impl Variables {
    /// Those of the `environment`.
    pub fn new(environment: impl Iterator<Item = &'static CStr>) -> Self {
        let mut variables = Self {
            all: Vec::new(),
            pid: process::getpid(),
            name: b"sh".into(),
            arguments: Vec::new(),
            status: 0,
            background: None,
        };
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

    /// Forgets the variable `name`.
    pub fn unset(&mut self, name: &[u8]) {
        self.all.retain(|it| it.name != name);
    }

    /// Those that are exported, as texts like `NAME=value`, sorted.
    pub fn exported(&self) -> Vec<Vec<u8>> {
        let exported = self.all.iter().filter(|it| it.is_exported);
        let mut texts: Vec<_> =
            exported.map(|it| [&it.name[..], b"=", &it.value[..]].concat()).collect();
        texts.sort();
        texts
    }

    /// The environment of a program, with `over` on top: names and values.
    pub fn environment(&self, over: &[(Vec<u8>, Vec<u8>)]) -> Vec<CString> {
        let is_kept =
            |it: &&Variable| it.is_exported && over.iter().all(|(name, _)| *name != it.name);
        let own = self.all.iter().filter(is_kept).map(|it| (&it.name, &it.value));
        let texts = own.chain(over.iter().map(|(name, value)| (name, value)));
        let text =
            |(name, value): (&Vec<u8>, &Vec<u8>)| CString::new([name, &b"="[..], value].concat());
        texts.filter_map(|pair| text(pair).ok()).collect()
    }

    /// The argument whose number `digits` are.
    fn argument(&self, digits: &[u8]) -> Option<Vec<u8>> {
        let number: usize = str::from_utf8(digits).ok()?.parse().ok()?;
        self.arguments.get(number.checked_sub(1)?).cloned()
    }

    fn find(&self, name: &[u8]) -> Option<&Variable> {
        self.all.iter().find(|it| it.name == name)
    }
}

impl Values for Variables {
    fn get(&self, name: &[u8]) -> Vec<u8> {
        match name {
            b"?" => format!("{}", self.status).into(),
            b"$" => format!("{}", self.pid).into(),
            b"!" => self.background.map(|pid| format!("{pid}").into()).unwrap_or_default(),
            b"#" => format!("{}", self.arguments.len()).into(),
            b"0" => self.name.clone(),
            [b'1'..=b'9', ..] => self.argument(name).unwrap_or_default(),
            name => self.find(name).map(|it| it.value.clone()).unwrap_or_default(),
        }
    }

    fn arguments(&self) -> &[Vec<u8>] {
        &self.arguments
    }
}
