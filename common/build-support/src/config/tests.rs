//! What `build-config.toml` may say and what it may not, on a small text with two chapters.

use super::*;

/// A good file with two chapters; `more` is added to the second.
fn text(more: &str) -> String {
    format!(
        r#"
[kernel]
stack_bytes = 0x1000
[tests]
instructions = 1
processor_seconds = 1
seconds = 1
[machine.one]
target = "one-none"
qemu = "qemu-one"
machine = "m"
cpu = "c"
memory = "64M"
cpus = 1
load_address = 0x1000
uart = 1
[[chapter]]
folder = "01-first"
title = "First"
summary = "begins"
time_limit_seconds = 1
new = ["main.rs"]
changed = []
expect = [{{ name = "hello", line = "hello" }}, {{ name = "bye", line = "bye" }}]
[[chapter]]
folder = "02-second"
title = "Second"
summary = "goes on"
time_limit_seconds = 1
new = []
changed = ["main.rs"]
expect = [{{ name = "more", line = "more" }}]
{more}"#
    )
}

fn names(config: &Config, chapter: usize) -> Vec<&str> {
    config.expectations(chapter).into_iter().flatten().map(|line| line.name.as_str()).collect()
}

/// The line and the message of the error in `text`.
fn error(text: &str) -> (Option<usize>, String) {
    Config::parse(text).expect_err("the text is wrong")
}

#[test]
fn the_real_file_is_good() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Config::read(&root).expect("the repository's own file can be read");
}

#[test]
fn later_chapters_keep_their_predecessors_lines() {
    let config = Config::parse(&text("")).expect("a good text");
    assert_eq!(names(&config, 0), ["hello", "bye"]);
    assert_eq!(names(&config, 1), ["hello", "bye", "more"]);
}

#[test]
fn a_line_may_belong_to_one_machine() {
    let wrong = text("").replace("line = \"bye\"", "line = \"bye\", arch = \"two\"");
    let (_, message) = error(&wrong);
    assert!(message.contains("`bye`") && message.contains("two"), "{message}");
    let config = Config::parse(&wrong.replace("\"two\"", "\"one\"")).expect("a good text");
    assert_eq!(config.chapters[0].expect[1].arch.as_deref(), Some("one"));
}

#[test]
fn lines_can_be_retired() {
    let config = Config::parse(&text("retired = [\"bye\"]")).expect("a good text");
    assert_eq!(names(&config, 0), ["hello", "bye"]);
    assert_eq!(names(&config, 1), ["hello", "more"]);
}

#[test]
fn only_an_earlier_line_can_be_retired() {
    let (line, message) = error(&text("retired = [\"more\"]"));
    assert!(message.contains("`more`") && message.contains("hello, bye"), "{message}");
    assert!(line.is_some());
}

#[test]
fn misspelt_keys_are_refused_at_their_line() {
    let (line, message) = error(&text("").replace("stack_bytes", "stack_bites"));
    assert_eq!(line, Some(3));
    assert!(message.contains("stack_bites") && message.contains("stack_bytes"), "{message}");
    assert!(!message.contains('\n'));
}

#[test]
fn a_stack_is_whole_pages() {
    for wrong in ["0", "4095", "5000"] {
        let (line, message) =
            error(&text("").replace("0x1000\n[tests", &format!("{wrong}\n[tests")));
        assert_eq!(line, Some(3));
        assert!(message.contains("multiple of 4096"), "{message}");
    }
}

#[test]
fn a_load_address_is_page_aligned() {
    let (_, message) = error(&text("").replace("load_address = 0x1000", "load_address = 0x1001"));
    assert!(message.contains("load_address of one"), "{message}");
}

#[test]
fn folders_are_numbered_in_order() {
    let (line, message) = error(&text("").replace("02-second", "03-second"));
    assert_eq!(line, Some(26));
    assert!(message.contains("`03-second`") && message.contains("`02-`"), "{message}");
}

#[test]
fn an_error_names_the_file() {
    let error = Config::read(Path::new("/nowhere")).expect_err("there is no such folder");
    assert!(error.to_string().starts_with("build-config.toml: "), "{error}");
}
