//! What all languages have in common, and all that the kernels have in them.

mod assembly;
mod kernels;
mod linker;
mod rust;

use super::*;

/// The text of the item `name`, and only that.
fn shown(file_name: &str, text: &str, name: &str) -> String {
    let found = find(file_name, text, name).unwrap_or_else(|message| panic!("{message}"));
    cut(text, &found.lines)
}

fn cut(text: &str, lines: &Range<usize>) -> String {
    let lines = text.lines().take(lines.end - 1).skip(lines.start - 1);
    lines.map(|line| format!("{line}\n")).collect()
}

fn failure(file_name: &str, text: &str, name: &str) -> String {
    find(file_name, text, name).expect_err("there is no such item, or more than one")
}

/// The names and the lines of the parts.
fn told(file_name: &str, text: &str) -> Vec<(String, Range<usize>)> {
    let parts = parts(file_name, text).unwrap_or_else(|message| panic!("{message}"));
    parts.into_iter().map(|part| (part.name, part.lines)).collect()
}

#[test]
fn other_files_have_no_items_and_are_one_part() {
    let text = "\n[package]\nname = \"x\"\n\n";
    let message = failure("Cargo.toml", text, "package");
    assert_eq!(message, "Cargo.toml has no items: only .rs, .s and .ld files have");
    assert_eq!(told("a/Cargo.toml", text), [("Cargo.toml".to_string(), 2..4)]);
    assert_eq!(told("a/Cargo.toml", "\n\n"), []);
    assert_eq!(scope("Cargo.toml", text, 2), "");
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let message = failure("a.rs", "fn f() {}\nfn {", "f");
    assert!(message.starts_with("a.rs is not Rust: line 2: "), "{message}");
    assert!(parts("a.rs", "fn {").is_err());
    assert_eq!(scope("a.rs", "fn {", 1), "");
}

#[test]
fn paragraph_is_found_by_its_words() {
    let text = "fn f() {\n    one();\n    two();\n\n    three();\n    one(3);\n}\n\nfn g() {}\n";
    assert_eq!(shown("a.rs", text, "f > two"), "fn f() {\n    one();\n    two();\n");
    assert_eq!(shown("a.rs", text, "f > three"), "    three();\n    one(3);\n}\n");
    assert_eq!(
        failure("a.rs", text, "f > one"),
        "a.rs has 2 paragraphs with `one` in `f`, not one"
    );
    assert_eq!(failure("a.rs", text, "f > g"), "a.rs has 0 paragraphs with `g` in `f`, not one");
}

#[test]
fn nearest_names_are_told() {
    let methods = "    fn map(&self) {}\n    fn unmap(&self) {}\n";
    let text = &format!("struct Walker;\nimpl Walker {{\n{methods}}}\nfn far() {{}}\n");
    let message = failure("a.rs", text, "Walker::mapp");
    let near = "near it are `Walker::map`, `Walker::unmap`, ";
    assert!(message.starts_with(&format!("a.rs has no item `Walker::mapp`; {near}")), "{message}");
    assert!(failure("a.rs", text, "map").contains("near it are `Walker::map`"));
    assert_eq!(failure("a.rs", "", "map"), "a.rs has no item `map`; it has none at all");
}
