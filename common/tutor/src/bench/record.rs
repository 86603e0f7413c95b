//! The record: the numbers in a file of the book's, with what made them.

use std::fmt::Write;

use build_support::Config;

use super::names;
use super::table::{Column, Row};
use crate::failure::{Failure, Result};
use crate::kernel;
use crate::workspace::Workspace;

/// Where it is.
pub const FILE: &str = "book/src/bench/instructions.toml";

/// Writes `rows` of `columns`.
pub fn write(workspace: &Workspace, columns: &[Column], rows: &[Row]) -> Result<()> {
    let file = workspace.root.join(FILE);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Failure::io("create", folder, &error))?;
    }
    kernel::write(&file, text(&workspace.config, columns, rows).as_bytes())
}

fn text(config: &Config, columns: &[Column], rows: &[Row]) -> String {
    let mut text = String::from("# Instructions per operation, as counted by QEMU.\n\n");
    text += "command = \"make bench record=1\"\n";
    for Column { arch, qemu, .. } in columns {
        let machine = &config.machines[arch];
        let (board, cpu, memory) = (&machine.machine, &machine.cpu, &machine.memory);
        let _ = write!(text, "\n[machine.{arch}]\nqemu = {qemu:?}\nmachine = {board:?}\n");
        let _ = writeln!(text, "cpu = {cpu:?}\nmemory = {memory:?}");
    }
    for Row { like, cells } in rows {
        let (operation, by, count) = (&like.operation, &like.by, like.count);
        let (group, does, who) =
            (names::group(operation), names::operation(operation), names::peer(by));
        let _ = write!(text, "\n[[cost]]\ngroup = {group:?}\noperation = {operation:?}\n");
        let _ = write!(text, "does = {does:?}\nby = {by:?}\nwho = {who:?}\n");
        let _ = writeln!(text, "repetitions = {count}");
        for (column, cell) in columns.iter().zip(cells) {
            if let Some(cell) = cell {
                let _ = writeln!(text, "{} = {}", column.arch, cell.per_operation());
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::measurement::parse;
    use super::super::table;
    use super::*;

    #[test]
    fn the_record_is_toml_with_every_number() {
        let config = Config::read(Path::new("../..")).expect("the repository's own is right");
        let measurements = parse("bench frame/kernel 10 273\nbench heap/talc 10 900");
        let measurements = measurements.expect("both lines are right");
        let (arch, qemu) = ("x86_64".into(), "7.2.22".into());
        let columns = [Column { arch, qemu, measurements }];
        let text = text(&config, &columns, &table::rows(&columns, ""));
        let record: toml::Table = toml::from_str(&text).expect("it is TOML");
        assert_eq!(record["machine"]["x86_64"]["qemu"].as_str(), Some("7.2.22"));
        let costs = record["cost"].as_array().expect("it is a list");
        assert_eq!(costs.len(), 2);
        let words = ["group", "operation", "does", "by", "who"].map(|key| costs[0][key].as_str());
        let does = "take a frame and give it back";
        assert_eq!(words, ["frames", "frame", does, "kernel", "this kernel"].map(Some));
        assert_eq!(costs[0]["x86_64"].as_float(), Some(27.3));
    }
}
