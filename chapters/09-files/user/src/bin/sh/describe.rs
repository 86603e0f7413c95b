//! What a command is called when the person is told of it: the first words, without what follows.

use alloc::string::String;
use alloc::vec::Vec;

use crate::tree::{Command, Item, Kind, Part, Word};

/// What `item` is called.
pub fn item(item: &Item) -> String {
    let first = commands(&item.first.commands);
    if item.rest.is_empty() { first } else { first + " …" }
}

/// What a pipeline is called.
pub fn commands(commands: &[Command]) -> String {
    commands.iter().map(command).collect::<Vec<_>>().join(" | ")
}

fn command(command: &Command) -> String {
    match &command.kind {
        Kind::Simple { words, .. } => words.first().map(word).unwrap_or_else(|| "=".into()),
        Kind::Subshell(_) => "(…)".into(),
        Kind::Group(_) => "{…}".into(),
        Kind::If { .. } => "if …".into(),
        Kind::Loop { goes_on_when_true: true, .. } => "while …".into(),
        Kind::Loop { .. } => "until …".into(),
        Kind::For { .. } => "for …".into(),
    }
}

fn word(word: &Word) -> String {
    let part = |part: &Part| match part {
        Part::Plain(bytes) | Part::Quoted(bytes) => bytes.clone(),
        Part::Variable { name, .. } => [b"$", &name[..]].concat(),
    };
    let bytes: Vec<u8> = word.parts.iter().flat_map(part).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
