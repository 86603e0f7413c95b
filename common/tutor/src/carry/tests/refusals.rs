//! What a carry refuses, before it touches anything.

use super::*;

/// Refuses `wish`, touches nothing, and says `words`.
fn refused(trial: &Trial, wish: Wish, status: u8, words: &str) {
    let all = trial.all();
    let failure = trial.fulfil(wish).expect_err("it cannot be done");
    assert!(failure.message.contains(words), "{}", failure.message);
    assert_eq!(failure.status, status);
    assert!(!failure.message.contains('\n'));
    assert_eq!(trial.all(), all);
}

#[test]
fn nothing_changed_is_nothing_to_do() {
    let trial = Trial::of_three(TEXT);
    trial.write("01-one/README.md", "not inherited\n");
    trial.write("02-two/src/main.rs", "another chapter's\n");
    refused(&trial, Wish::From(0), 2, "chapters/01-one is as in the last commit");
    assert!(!trial.is_going_on());
}

#[test]
fn package_name_is_no_change() {
    let trial = Trial::new(&[
        ("01-one/Cargo.toml", "name = \"one\"\n"),
        ("02-two/Cargo.toml", "name = \"two\"\n"),
    ]);
    trial.write("01-one/Cargo.toml", "name = \"uno\"\n");
    refused(&trial, Wish::From(0), 2, "is as in the last commit");
}

#[test]
fn last_chapter_has_no_later_one() {
    let trial = Trial::of_three(TEXT);
    trial.write("03-three/src/main.rs", "fixed\n");
    refused(&trial, Wish::From(2), 2, "from=03-three: it is the last chapter");
}

#[test]
fn what_git_does_not_know_has_no_fix() {
    let trial = Trial::of_three(TEXT);
    trial.git(&["rm", "-r", "--cached", "--quiet", "chapters/01-one"]);
    trial.git(&["commit", "--quiet", "--message=x"]);
    refused(&trial, Wish::From(0), 2, "the last commit has no such chapter");
    std::fs::remove_dir_all(trial.sandbox.root().join(".git")).expect("it is there");
    refused(&trial, Wish::From(0), 2, "not a git repository");
    trial.git(&["init", "--quiet"]);
    refused(&trial, Wish::From(0), 2, "there is none yet");
}

#[test]
fn one_carry_at_a_time() {
    let trial = Trial::of_three(TEXT);
    trial.write("02-two/src/main.rs", "other\n");
    trial.commit();
    trial.write("01-one/src/main.rs", "fixed\n");
    refused(&trial, Wish::Continue, 2, "continue=1: no carry is going on");
    refused(&trial, Wish::Abort, 2, "abort=1: no carry is going on");
    assert!(is_stopped(trial.carry()));
    refused(&trial, Wish::From(0), 2, "another carry is going on");
    refused(&trial, Wish::From(1), 2, "another carry is going on");
    assert_eq!(trial.fulfil(Wish::Abort), Ok(()));
    refused(&trial, Wish::Abort, 2, "abort=1: no carry is going on");
}

#[test]
fn marks_of_a_conflict_are_not_carried() {
    for chapter in ["01-one", "03-three"] {
        let trial = Trial::of_three(TEXT);
        trial.write("01-one/src/main.rs", "fixed\n");
        trial.write(&format!("{chapter}/src/main.rs"), "1\n<<<<<<< HEAD\n");
        let words = format!("chapters/{chapter}/src/main.rs:2: has the marks of a conflict");
        refused(&trial, Wish::From(0), 1, &words);
        assert!(!trial.is_going_on());
    }
}

#[test]
fn links_are_not_followed() {
    let trial = Trial::of_three(TEXT);
    trial.write("01-one/src/main.rs", "fixed\n");
    trial.remove("03-three/src/main.rs");
    let target = trial.path("02-two/src/main.rs");
    std::os::unix::fs::symlink(target, trial.path("03-three/src/main.rs")).expect("room");
    refused(&trial, Wish::From(0), 1, "03-three/src/main.rs is a link");
}

#[test]
fn settings_name_one_wish() {
    let config = Trial::of_three(TEXT).workspace.config;
    let wish = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
        super::super::wish(&Settings::read(&words, SETTINGS)?, &config)
    };
    for from in ["2", "02", "two", "02-two"] {
        assert_eq!(wish(&[&format!("from={from}")]), Ok(Wish::From(1)));
    }
    assert_eq!(wish(&["continue=1"]), Ok(Wish::Continue));
    assert_eq!(wish(&["abort=1"]), Ok(Wish::Abort));
    for (words, message) in [
        (&[][..], "one of from="),
        (&["from=1", "abort=1"], "one of from="),
        (&["continue=1", "abort=1"], "one of from="),
        (&["abort=yes"], "abort=yes: there is none; choose from 1"),
        (&["from=7"], "from=7: there is none; choose from 01-one, 02-two, 03-three"),
    ] {
        let failure = wish(words).expect_err("it is wrong");
        assert_eq!(failure.status, 2);
        assert!(failure.message.contains(message), "{}", failure.message);
    }
}
