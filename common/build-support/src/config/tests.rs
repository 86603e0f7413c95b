//! What `build-config.toml` may say and what it may not, on a small text with two chapters.

use super::*;

/// A good file with two chapters; `more` is added to the second.
fn text(more: &str) -> String {
    format!(
        r#"
[kernel]
stack_bytes = 0x1000
heap_bytes = 0x2000
tick_hertz = 100
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
fn an_allowance_has_a_reason_and_a_known_name() {
    let allowance = r#"exceeds = [{ what = "new lines", limit = 1200, reason = "because" }]"#;
    let config = Config::parse(&text(allowance)).expect("a good text");
    let reason = "because".into();
    let expected = Allowance { what: Amount::NewLines, limit: 1200, reason };
    assert_eq!(config.chapters[1].exceeds, [expected]);
    assert_eq!(config.chapters[0].exceeds, []);
    for (from, to, words) in [
        ("because", " ", "02-second exceeds the limit of new lines without a reason"),
        (", reason = \"because\"", "", "missing field `reason`"),
        ("new lines", "lines", "`older files`, `inserted lines`, `deleted lines`, `new lines`"),
        ("1200", "-1", "invalid value"),
    ] {
        let (line, message) = error(&text(&allowance.replace(from, to)));
        assert!(message.contains(words), "{message}");
        assert_eq!(line, Some(35), "{message}");
    }
}

#[test]
fn a_limit_is_exceeded_once() {
    let allowance = r#"{ what = "new lines", limit = 1200, reason = "because" }"#;
    let (line, message) = error(&text(&format!("exceeds = [{allowance}, {allowance}]")));
    assert!(message.contains("02-second exceeds the limit of new lines twice"), "{message}");
    assert_eq!(line, Some(35));
}

#[test]
fn misspelt_keys_are_refused_at_their_line() {
    let (line, message) = error(&text("").replace("stack_bytes", "stack_bites"));
    assert_eq!(line, Some(3));
    assert!(message.contains("stack_bites") && message.contains("stack_bytes"), "{message}");
    assert!(!message.contains('\n'));
}

#[test]
fn stack_and_heap_are_whole_pages() {
    for (right, line) in [("stack_bytes = 0x1000", 3), ("heap_bytes = 0x2000", 4)] {
        let (name, _) = right.split_once(' ').expect("there is a blank");
        for wrong in ["0", "4095", "5000"] {
            let (at, message) = error(&text("").replace(right, &format!("{name} = {wrong}")));
            assert_eq!(at, Some(line));
            assert!(message.contains(name) && message.contains("multiple of 4096"), "{message}");
        }
    }
}

#[test]
fn ticks_are_neither_never_nor_always() {
    for wrong in ["0", "1001"] {
        let (line, message) = error(&text("").replace("hertz = 100", &format!("hertz = {wrong}")));
        assert_eq!(line, Some(5));
        assert!(message.contains("1 to 1000"), "{message}");
    }
}

#[test]
fn a_load_address_is_page_aligned() {
    let (line, message) =
        error(&text("").replace("load_address = 0x1000", "load_address = 0x1001"));
    assert!(message.contains("load_address of one"), "{message}");
    // The line of the machine: each has a load address.
    assert_eq!(line, Some(10));
}

#[test]
fn folders_are_numbered_in_order() {
    let (line, message) = error(&text("").replace("02-second", "03-second"));
    assert_eq!(line, Some(28));
    assert!(message.contains("`03-second`") && message.contains("`02-`"), "{message}");
}

#[test]
fn an_error_names_the_file() {
    let error = Config::read(Path::new("/nowhere")).expect_err("there is no such folder");
    assert!(error.to_string().starts_with("build-config.toml: "), "{error}");
}

#[test]
fn what_sleeps_once_sleeps_in_every_later_chapter() {
    let sleeps = |text: &str| {
        let config = Config::parse(text).expect("the text is right");
        [config.sleeps(0), config.sleeps(1)]
    };
    let first = text("").replace("folder = \"01-first\"", "folder = \"01-first\"\nsleeps = true");
    assert_eq!(sleeps(&text("")), [false, false]);
    assert_eq!(sleeps(&text("sleeps = true")), [false, true]);
    assert_eq!(sleeps(&first), [true, true]);
    let (line, message) = error(&(first + "\nsleeps = true"));
    assert!(line.is_some());
    assert_eq!(message, "02-second sleeps already, since an earlier chapter does");
}

#[test]
fn what_has_a_timeline_once_has_it_in_every_later_chapter() {
    let has = |text: &str| {
        let config = Config::parse(text).expect("the text is right");
        [config.has_timeline(0), config.has_timeline(1)]
    };
    let start = "folder = \"01-first\"";
    let first = text("").replace(start, &format!("{start}\ntimeline = true"));
    assert_eq!(has(&text("")), [false, false]);
    assert_eq!(has(&text("timeline = true")), [false, true]);
    assert_eq!(has(&first), [true, true]);
    let (line, message) = error(&(first + "\ntimeline = true"));
    assert!(line.is_some());
    assert_eq!(message, "02-second has a timeline already, since an earlier chapter does");
}

#[test]
fn what_has_a_shell_once_has_it_in_every_later_chapter() {
    let has = |text: &str| {
        let config = Config::parse(text).expect("the text is right");
        [config.has_shell(0), config.has_shell(1)]
    };
    let start = "folder = \"01-first\"";
    let first = text("").replace(start, &format!("{start}\nshell = true"));
    assert_eq!(has(&text("")), [false, false]);
    assert_eq!(has(&text("shell = true")), [false, true]);
    assert_eq!(has(&first), [true, true]);
    let (_, message) = error(&(first + "\nshell = true"));
    assert_eq!(message, "02-second has a shell already, since an earlier chapter does");
}
