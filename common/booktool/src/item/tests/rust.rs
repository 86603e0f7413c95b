//! Rust.

use super::*;

const TEXT: &str = r#"//! A header.
//!
//! More.

#![no_std]

use core::fmt;
mod other;

/// What it is.
#[derive(Clone)]
pub struct Thing<T>(T);

// SAFETY: a fact.
unsafe impl<T: Send> Sync for Thing<T> {}

impl<T> Thing<T> {
    /// Makes one.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    const LIMIT: usize = 3; // at most
}

impl<T> fmt::Display for Thing<T> {
    fn fmt(&self) {}
}

impl<T> fmt::Debug for Thing<T> {
    fn fmt(&self) {}
}

// Boot.
const _: () = {
    let _: fn() = privilege;
    const fn is_error<T>() {}
};

// Memory.
const _: () = {
    let _: fn() = flush_page;
};

/// A face.
pub trait Face {
    /// Empty.
    const EMPTY: Self;
    type Entry;

    /// Adds.
    fn extend(&mut self);
}

/// Prints.
macro_rules! println {
    () => {};
}

unsafe extern "C" {
    static __end: [u8; 0];
}

#[cfg(feature = "ktest")]
mod tests {
    use super::Thing;

    /// Zeroes.
    static ZEROES: [u8; 8] = [0; 8];

    ktest::test! {
        /// It works.
        fn it_works() {
            assert!(true);
        }

        /// It dies.
        #[must_die("deadlock")]
        fn it_dies() {}
    }

    impl Face for Thing<u8> {
        fn extend(&mut self) {}
    }
}
"#;

fn item(name: &str) -> String {
    shown("a.rs", TEXT, name)
}

#[test]
fn comments_and_attributes_belong_to_the_item() {
    let thing = "/// What it is.\n#[derive(Clone)]\npub struct Thing<T>(T);\n";
    assert_eq!(item("Thing"), thing);
    assert_eq!(item("struct Thing"), thing);
    let sync = "// SAFETY: a fact.\nunsafe impl<T: Send> Sync for Thing<T> {}\n";
    assert_eq!(item("impl Sync for Thing"), sync);
    assert_eq!(item("header"), "//! A header.\n//!\n//! More.\n\n#![no_std]\n");
}

#[test]
fn what_is_in_an_impl_or_a_trait_is_found_by_both_names() {
    let new =
        "    /// Makes one.\n    pub fn new(value: T) -> Self {\n        Self(value)\n    }\n";
    assert_eq!(item("Thing::new"), new);
    assert_eq!(item("Thing::LIMIT"), "    const LIMIT: usize = 3; // at most\n");
    assert_eq!(item("Face::extend"), "    /// Adds.\n    fn extend(&mut self);\n");
    assert_eq!(item("Face::EMPTY"), "    /// Empty.\n    const EMPTY: Self;\n");
    assert_eq!(item("Face::Entry"), "    type Entry;\n");
}

#[test]
fn impl_is_found_by_its_short_and_its_full_name() {
    let display = "impl<T> fmt::Display for Thing<T> {\n    fn fmt(&self) {}\n}\n";
    assert_eq!(item("impl Display for Thing"), display);
    assert_eq!(item("impl<T> fmt::Display for Thing<T>"), display);
    assert!(item("impl Thing").starts_with("impl<T> Thing<T> {\n"));
}

#[test]
fn unnamed_constants_are_found_by_what_they_mention() {
    let memory = "// Memory.\nconst _: () = {\n    let _: fn() = flush_page;\n};\n";
    assert_eq!(item("const _ flush_page"), memory);
    assert_eq!(item("const _#2"), memory);
    assert_eq!(item("is_error"), "    const fn is_error<T>() {}\n");
}

#[test]
fn macros_and_foreign_items_are_found() {
    assert_eq!(item("println!"), "/// Prints.\nmacro_rules! println {\n    () => {};\n}\n");
    assert_eq!(item("__end"), "    static __end: [u8; 0];\n");
    assert!(item("extern \"C\"").starts_with("unsafe extern"));
    assert_eq!(item("extern"), item("extern \"C\""));
}

#[test]
fn modules_and_tests_are_found() {
    assert!(item("tests").starts_with("#[cfg(feature = \"ktest\")]\nmod tests {\n"));
    assert_eq!(item("other"), "mod other;\n");
    let works =
        "        /// It works.\n        fn it_works() {\n            assert!(true);\n        }\n";
    assert_eq!(item("tests::it_works"), works);
    let dies = "        /// It dies.\n        #[must_die(\"deadlock\")]\n        fn it_dies() {}\n";
    assert_eq!(item("tests::it_dies"), dies);
    assert_eq!(item("tests::Thing::extend"), "        fn extend(&mut self) {}\n");
    assert!(item("tests::ZEROES").starts_with("    /// Zeroes.\n"));
}

#[test]
fn one_name_for_two_is_an_error_that_tells_them_apart() {
    let message = failure("a.rs", TEXT, "Thing::fmt");
    let choice = "`<Thing as Display>::fmt` (line 27) or `<Thing as Debug>::fmt` (line 31)";
    assert_eq!(message, format!("a.rs has 2 items `Thing::fmt`: say {choice}"));
    assert_eq!(item("<Thing as Debug>::fmt"), "    fn fmt(&self) {}\n");
    assert!(failure("a.rs", TEXT, "Thing::fmt#3").contains("has 2 items `Thing::fmt`"));
    let twice = "#[cfg(a)]\nmod machine;\n#[cfg(b)]\nmod machine;\n";
    let message = failure("a.rs", twice, "machine");
    assert!(message.ends_with("say `machine#1` (line 1) or `machine#2` (line 3)"), "{message}");
    assert_eq!(shown("a.rs", twice, "machine#2"), "#[cfg(b)]\nmod machine;\n");
}

#[test]
fn what_stands_around_an_item_is_told() {
    let around = |name| {
        let found = find("a.rs", TEXT, name).expect("it is there");
        found.around.iter().map(|lines| cut(TEXT, lines)).collect::<Vec<_>>()
    };
    assert_eq!(around("Thing::new"), ["impl<T> Thing<T> {\n", "}\n"]);
    assert_eq!(around("Face::extend"), ["pub trait Face {\n", "}\n"]);
    let tests = "#[cfg(feature = \"ktest\")]\nmod tests {\n";
    assert_eq!(around("tests::it_dies"), [tests, "}\n", "    ktest::test! {\n", "    }\n"]);
    assert!(around("Thing").is_empty());
}

#[test]
fn definitions_in_macros_are_found() {
    let text = "bits! {\n    /// B.\n    #[derive(A)]\n    pub struct B: u8 { const C = 1; }\n}\n\
                regs! { u32,\n    /// F.\n    FR [ T OFFSET(1) [] ],\n    /// L.\n\x20   \
                LCR [ E ],\n}\n";
    assert_eq!(shown("a.rs", text, "B"), cut(text, &(1..6)));
    assert_eq!(shown("a.rs", text, "bits!"), cut(text, &(1..6)));
    assert_eq!(shown("a.rs", text, "FR"), "    /// F.\n    FR [ T OFFSET(1) [] ],\n");
    assert_eq!(shown("a.rs", text, "LCR"), "    /// L.\n    LCR [ E ],\n");
    assert_eq!(shown("a.rs", text, "regs!"), cut(text, &(6..12)));
}

#[test]
fn scope_is_the_innermost_item() {
    let scope = |line| scope("a.rs", TEXT, line);
    assert_eq!(scope(2), "header");
    assert_eq!(scope(4), "header");
    assert_eq!(scope(6), "");
    assert_eq!(scope(7), "");
    assert_eq!(scope(12), "struct Thing");
    assert_eq!(scope(17), "impl Thing");
    assert_eq!(scope(20), "fn Thing::new");
    assert_eq!(scope(28), "impl Display for Thing");
    assert_eq!(scope(29), "");
    assert_eq!(scope(9999), "");
}

#[test]
fn short_files_are_cut_into_items_and_long_items_into_those_within() {
    let short = told("a.rs", TEXT);
    let names: Vec<&str> = short.iter().map(|(name, _)| name.as_str()).collect();
    let start = ["header", "imports", "Thing", "impl Sync for Thing", "impl Thing"];
    assert_eq!(names[..5], start);
    assert_eq!(names.last(), Some(&"tests"));
    let method = |name: &str| {
        format!(
            "    /// Does {name}.\n    fn {name}() {{\n{}    }}\n\n",
            "        x();\n".repeat(25)
        )
    };
    let long = format!("/// Head.\nimpl A {{\n{}{}    // The end.\n}}\n", method("a"), method("b"));
    assert_eq!(told("a.rs", &long), [("A::a".into(), 1..31), ("A::b".into(), 32..63)]);
    let summaries: Vec<String> =
        parts("a.rs", &long).expect("it is Rust").into_iter().map(|part| part.summary).collect();
    assert_eq!(summaries, ["Does a.", "Does b."]);
}
