//! What an experiment's file may say, and what not.

use super::*;

const TEXT: &str = r#"
title = "Lose the stack"
runs = ["run", "test arch=aarch64 only=stack", "run mem=6G"]

[[edit]]
arch = "aarch64"
file = "a.s"
find = "one"
replace = "two"

[[edit]]
file = "b.rs"
find = "three"
replace = ""
"#;

fn config() -> Config {
    Config::read(&crate::root()).expect("the repository's own is right")
}

fn read(file: &str, text: &str) -> Result<Experiment> {
    Experiment::read(file, text, &config())
}

fn experiment() -> Experiment {
    read("01-lose-the-stack.toml", TEXT).expect("it is right")
}

#[test]
fn chapter_and_name_are_the_files() {
    let Experiment { chapter, name, title, is_refused, .. } = experiment();
    assert_eq!((chapter, name.as_str()), (1, "lose-the-stack"));
    assert_eq!((title.as_str(), is_refused), ("Lose the stack", false));
    assert_eq!(experiment().recording("x86_64"), "broken/01-lose-the-stack-x86_64");
}

#[test]
fn edits_are_those_of_the_machine() {
    let experiment = experiment();
    let files = |arch| -> Vec<String> {
        experiment.edits(arch).into_iter().map(|edit| edit.file).collect()
    };
    assert_eq!(files("aarch64"), ["a.s", "b.rs"]);
    assert_eq!(files("x86_64"), ["b.rs"]);
    assert!(experiment.differs_by_machine());
    let same = TEXT.replace("arch = \"aarch64\"\n", "");
    assert!(!read("01-x.toml", &same).expect("it is right").differs_by_machine());
}

#[test]
fn nothing_need_be_changed() {
    let text = "title = \"Overflow\"\nruns = [\"run args=overflow\"]\n";
    let experiment = read("01-x.toml", text).expect("the kernel as it is can be run");
    assert!(experiment.edits("aarch64").is_empty() && !experiment.differs_by_machine());
    assert_eq!(experiment.machines.len(), config().machines.len());
}

#[test]
fn commands_are_what_a_reader_types() {
    let experiment = experiment();
    let typed = |arch| -> Vec<String> {
        experiment.runs(arch).map(|run| experiment.typed(run, arch)).collect()
    };
    assert_eq!(
        typed("aarch64"),
        [
            "make chapter=1 arch=aarch64 run",
            "make chapter=1 arch=aarch64 only=stack test",
            "make chapter=1 arch=aarch64 mem=6G run"
        ]
    );
    assert_eq!(typed("x86_64").len(), 2);
}

#[test]
fn what_is_wrong_is_told_with_its_file() {
    let runs = r#"runs = ["run", "test arch=aarch64 only=stack", "run mem=6G"]"#;
    for (file, was, is, why) in [
        ("99-x.toml", "", "", "begin with a chapter's number"),
        ("x.toml", "", "", "begin with a chapter's number"),
        ("01-x.toml", "title", "tittle", "unknown field `tittle`"),
        ("01-x.toml", runs, r#"runs = ["walk"]"#, "`walk`: must begin with run or test"),
        ("01-x.toml", runs, r#"runs = ["run fast"]"#, "name=value"),
        ("01-x.toml", runs, r#"runs = ["run arch=aarch64"]"#, "runs nothing on x86_64"),
        ("01-x.toml", "arch = \"aarch64\"", "arch = \"arm\"", "`arm`: no such machine"),
        ("01-x.toml", runs, r#"runs = ["run arch=arm"]"#, "`arm`: no such machine"),
        ("01-x.toml", "[[edit]]\nfile", "[[edit]]\narch = \"aarch64\"\nfile", "nothing on x86_64"),
        ("01-x.toml", "\n[[edit]]\narch", "machines = []\n[[edit]]\narch", "it has no machine"),
    ] {
        let text = TEXT.replace(was, is);
        let refusal = read(file, if was.is_empty() { TEXT } else { &text }).expect_err(why);
        assert!(refusal.contains(why), "{refusal}");
        assert!(refusal.starts_with(&format!("book/src/broken/{file}: ")), "{refusal}");
    }
}

#[test]
fn all_there_are_can_be_read_and_made() {
    let root = crate::root();
    let all = all(&root, &config()).expect("they are right");
    for chapter in 1..=config().chapters.len() {
        let count = all.iter().filter(|experiment| experiment.chapter == chapter).count();
        assert!(count >= 3, "chapter {chapter} has {count}");
    }
    for experiment in &all {
        for arch in &experiment.machines {
            let read =
                |file: &str| std::fs::read_to_string(root.join(file)).map_err(|e| e.to_string());
            let edited = workshop::edited(&experiment.edits(arch), read);
            assert!(edited.is_ok(), "{} on {arch}: {edited:?}", experiment.name);
        }
    }
}
