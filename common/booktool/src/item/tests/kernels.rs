//! Every file of every chapter can be read, and nothing in it is lost or told twice.

use std::path::{Path, PathBuf};

use super::*;

fn sources() -> Vec<(String, String)> {
    let mut folders = vec![PathBuf::from("../../chapters")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the chapters are there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(text) = text_of(&path) {
                sources.push((path.display().to_string(), text));
            }
        }
    }
    assert!(sources.len() > 100, "there are {} files", sources.len());
    sources
}

fn text_of(path: &Path) -> Option<String> {
    let extension = path.extension()?.to_str()?;
    let is_source = ["rs", "s", "ld", "toml"].contains(&extension);
    is_source.then(|| std::fs::read_to_string(path).expect("it is text"))
}

#[test]
fn every_line_is_in_one_part() {
    for (name, text) in sources() {
        let parts = parts(&name, &text).unwrap_or_else(|message| panic!("{message}"));
        for (index, line) in text.lines().enumerate() {
            let count = parts.iter().filter(|part| part.lines.contains(&(index + 1))).count();
            let is_empty = line.trim().is_empty();
            assert!(count == 1 || (is_empty && count == 0), "{name}:{}: {count}", index + 1);
        }
        let unnamed: Vec<_> = parts.iter().filter(|part| part.name.is_empty()).collect();
        assert!(unnamed.is_empty(), "{name}: {unnamed:?}");
    }
}

#[test]
fn every_item_is_found_by_its_name_or_by_the_one_that_the_error_tells() {
    for (file, text) in sources() {
        let nodes = nodes(&file, &text).unwrap_or_default();
        for (_, node) in tree::walk(&nodes).iter().filter(|(_, node)| !node.names.is_empty()) {
            if let Err(message) = search::find(&nodes, &text, node.name()) {
                let place = format!("(line {})", node.lines.start);
                let before = message.split(&place).next().expect("never empty");
                let name = before.rsplit('`').nth(1).expect("a name is quoted");
                let found =
                    search::find(&nodes, &text, name).unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(found.lines, node.lines, "{file}: {name}");
            }
        }
    }
}
