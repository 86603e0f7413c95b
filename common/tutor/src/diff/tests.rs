//! `make diff` on made-up chapters.

use super::*;
use crate::check::sandbox::Sandbox;

fn sandbox() -> Sandbox {
    Sandbox::new(&[
        ("chapters/01-one/src/main.rs", "//! One.\nmod a;\n"),
        ("chapters/01-one/Cargo.toml", "name = \"strata-01-one\"\n"),
        ("chapters/02-two/src/main.rs", "//! One.\nmod a;\nmod b;\n"),
        ("chapters/02-two/src/b.rs", "//! Two.\n"),
        ("chapters/02-two/Cargo.toml", "name = \"strata-02-two\"\n"),
    ])
}

fn plain(text: Result<String>) -> String {
    anstream::adapter::strip_str(&text.expect("there is something to show")).to_string()
}

#[test]
fn summary_comes_first_and_the_diff_after_it() {
    let text = plain(between(&sandbox().workspace(), 0, 1, None));
    let summary = text.find("2 files").expect("there is a summary");
    let diff = text.find("+++ b/02-two/src/main.rs").expect("there is a diff");
    assert!(summary < diff, "{text}");
    assert!(text.contains("older files touched 1 of 8"), "{text}");
    assert!(!text.contains("Cargo.toml"), "{text}");
}

#[test]
fn first_chapter_is_a_tree() {
    let text = plain(first(&sandbox().workspace(), None));
    assert!(text.starts_with("01-one is the first chapter"), "{text}");
    assert!(text.contains("src/main.rs") && !text.contains("@@"), "{text}");
}

#[test]
fn one_file_can_be_chosen_and_a_wrong_one_is_refused() {
    let sandbox = sandbox();
    let workspace = sandbox.workspace();
    let text = plain(between(&workspace, 0, 1, Some("b.rs")));
    assert!(text.contains("b/02-two/src/b.rs") && !text.contains("main.rs"), "{text}");
    let failure = between(&workspace, 0, 1, Some("c.rs")).expect_err("there is no such file");
    assert_eq!(failure.status, 2);
    assert!(failure.message.contains("src/b.rs, src/main.rs"), "{}", failure.message);
}

#[test]
fn file_names_are_matched_by_whole_parts() {
    assert_eq!(wanted(&["src/a.rs", "src/aa.rs"], Some("a.rs")), Ok(vec!["src/a.rs"]));
}
