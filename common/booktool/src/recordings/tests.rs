//! Where recordings are kept, which are wanted, and what becomes of them.

use super::*;

fn config() -> Config {
    Config::read(&crate::root()).expect("the repository's own is right")
}

fn all() -> Vec<Subject> {
    subjects(&crate::root(), &config()).expect("they are right")
}

fn wanted(kind: Option<Kind>, chapter: Option<usize>) -> Vec<String> {
    let arguments = Arguments { check: true, kind, chapter };
    let all = all();
    all.iter().filter(|subject| subject.is_wanted(&arguments)).map(Subject::name).collect()
}

#[test]
fn consoles_are_those_of_each_chapter_on_each_machine() {
    let names = wanted(Some(Kind::Consoles), None);
    assert_eq!(names.len(), 2 * config().chapters.len());
    assert_eq!(&names[..3], ["01-aarch64", "01-x86_64", "02-aarch64"]);
}

#[test]
fn kinds_and_chapters_can_be_chosen() {
    assert_eq!(wanted(Some(Kind::Consoles), Some(3)), ["03-aarch64", "03-x86_64"]);
    let experiments = wanted(Some(Kind::Experiments), Some(3));
    assert!(experiments.contains(&"broken/03-no-way-across-x86_64".into()));
    assert!(experiments.iter().all(|name| name.starts_with("broken/03-")), "{experiments:?}");
    assert_eq!(wanted(None, Some(3)).len(), 2 + experiments.len());
    assert_eq!(wanted(None, None).len(), all().len());
}

#[test]
fn every_recording_is_there() {
    for subject in all() {
        let kept = kept(&crate::root(), &subject.name());
        assert!(kept.is_ok_and(|text| !text.is_empty()), "{}", subject.name());
    }
}

#[test]
fn a_missing_recording_says_how_it_is_made() {
    let why = kept(&crate::root(), "99-aarch64").expect_err("there is none");
    assert!(why.contains("99-aarch64.txt") && why.contains("booktool -- record"), "{why}");
}

#[test]
fn a_recording_is_compared_by_its_essence() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("broken/01-x.txt");
    assert_eq!(outcome::write(&file, "at 0x1000\nring 0\n"), Ok(Outcome::Written));
    let compare = |text| outcome::compare(&file, text, pictures::masked).expect("it is there");
    assert_eq!(compare("at 0x2000\nring 0\n"), Outcome::Equal);
    let Outcome::Failed(why) = compare("at 0x2000\nring 3\n") else { panic!("they differ") };
    assert!(why.contains("`ring 0`") && why.contains("`ring 3`"), "{why}");
    assert!(compare("at 0x2000\n").is_failure(), "it is shorter");
    assert!(outcome::compare(&folder.path().join("none"), "", pictures::masked).is_err());
}

#[test]
fn only_errors_of_the_compiler_are_compared_by_their_codes() {
    for subject in all() {
        let is_refused =
            matches!(&subject, Subject::Experiment { experiment, .. } if experiment.is_refused);
        let essence = subject.essence()("error[E0204]: the trait");
        assert_eq!(essence == "error[E0204]", is_refused, "{}", subject.name());
    }
}

#[test]
fn what_nothing_makes_is_refused_or_removed() {
    let root = tempfile::tempdir().expect("there is room");
    let subjects =
        [Subject::Console(Console { chapter: 1, arch: "aarch64".into(), is_counted: false })];
    let (good, orphan) =
        (root.path().join(file_of("01-aarch64")), root.path().join(file_of("broken/x")));
    for file in [&good, &orphan] {
        outcome::write(file, "text").expect("there is room");
    }
    let why = remove_orphans(root.path(), &subjects, true).expect_err("one is an orphan");
    assert!(why.contains("broken/x.txt") && orphan.exists(), "{why}");
    assert_eq!(remove_orphans(root.path(), &subjects, false), Ok(()));
    assert!(good.exists() && !orphan.exists());
}
