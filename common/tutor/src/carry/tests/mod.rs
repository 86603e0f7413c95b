//! Carries in made-up repositories, by real Git.

mod conflicts;
mod files;
mod refusals;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::outcome::Outcome;
use super::*;
use crate::check::sandbox::Sandbox;
use chapter_diff::folder::{self, Files};

/// A text with room for two changes that do not meet.
const TEXT: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

/// A repository with a commit.
struct Trial {
    sandbox: Sandbox,
    workspace: Workspace,
}

impl Trial {
    /// A repository whose files are named from `chapters/`, all of them committed.
    fn new(files: &[(&str, &str)]) -> Self {
        let names: Vec<_> = files.iter().map(|(name, _)| format!("chapters/{name}")).collect();
        let files: Vec<_> =
            names.iter().zip(files).map(|(name, (_, text))| (name.as_str(), *text)).collect();
        let sandbox = Sandbox::new(&files);
        let workspace = sandbox.workspace();
        let trial = Self { sandbox, workspace };
        trial.git(&["init", "--quiet"]);
        trial.commit();
        trial
    }

    /// Three chapters with the same `src/main.rs`.
    fn of_three(text: &str) -> Self {
        let names = ["01-one/src/main.rs", "02-two/src/main.rs", "03-three/src/main.rs"];
        Self::new(&names.map(|name| (name, text)))
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=x"]);
    }

    /// Runs Git, free of this computer's own configuration.
    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.current_dir(self.sandbox.root()).stdin(Stdio::null());
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        git.args(["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]);
        let status = git.args(arguments).status().expect("git is installed");
        assert!(status.success(), "git {arguments:?}");
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        self.sandbox.write(&format!("chapters/{name}"), text.as_ref());
    }

    fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).expect("it is there");
    }

    /// The text of a file; `-` if there is none.
    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|_| "-".into())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.sandbox.root().join("chapters").join(name)
    }

    /// Every file of every chapter.
    fn all(&self) -> Files {
        folder::read(&self.sandbox.root().join("chapters")).expect("all can be read")
    }

    fn fulfil(&self, wish: Wish) -> Result<()> {
        fulfil(&self.workspace, wish)
    }

    /// Carries from the first chapter.
    fn carry(&self) -> Result<()> {
        self.fulfil(Wish::From(0))
    }

    /// Carries from the first chapter; what became of `name` in the later ones.
    fn outcomes(&self, name: &str) -> Vec<Outcome> {
        let git = Git::open(&self.workspace.root).expect("it is a repository");
        let journal = start::start(&self.workspace, &git, 0).expect("nothing is in the way");
        let state = go_on(&self.workspace, &git, journal).expect("there is no conflict");
        state.table[name].clone()
    }

    /// Goes on; what became of `name`.
    fn outcomes_of_rest(&self, name: &str) -> Vec<Outcome> {
        let git = Git::open(&self.workspace.root).expect("it is a repository");
        resume(&self.workspace, &git).expect("all is resolved").table[name].clone()
    }

    fn is_going_on(&self) -> bool {
        self.sandbox.root().join(".git/strata-carry").exists()
    }
}

/// `text` with one line replaced.
fn with(text: &str, old: &str, new: &str) -> String {
    text.replace(&format!("{old}\n"), &format!("{new}\n"))
}

fn is_stopped(result: Result<()>) -> bool {
    result == Err(Failure::silent(1))
}

#[test]
fn fix_reaches_every_later_chapter_and_its_lesson_stays() {
    let trial = Trial::new(&[
        ("01-one/src/main.rs", TEXT),
        ("02-two/src/main.rs", &with(TEXT, "5", "5\nsecond lesson")),
        ("03-three/src/main.rs", &with(&with(TEXT, "5", "5\nsecond lesson"), "9", "9\nthird")),
    ]);
    // Two fixes, and what the second chapter inserts lies between them.
    trial.write("01-one/src/main.rs", with(&with(TEXT, "2", "two"), "8", "eight"));
    assert_eq!(trial.outcomes("src/main.rs"), [Outcome::Merged; 2]);
    let second = "1\ntwo\n3\n4\n5\nsecond lesson\n6\n7\neight\n9\n";
    assert_eq!(trial.read("02-two/src/main.rs"), second);
    assert_eq!(trial.read("03-three/src/main.rs"), format!("{second}third\n"));
    assert!(!trial.is_going_on());
}

#[test]
fn equal_files_are_copied_and_earlier_chapters_are_left_alone() {
    let trial = Trial::of_three(TEXT);
    trial.write("02-two/src/main.rs", "fixed\n");
    assert_eq!(trial.fulfil(Wish::From(1)), Ok(()));
    assert_eq!(trial.read("01-one/src/main.rs"), TEXT);
    assert_eq!(trial.read("03-three/src/main.rs"), "fixed\n");
}

#[test]
fn second_carry_of_the_same_fix_finds_nothing_to_do() {
    let trial = Trial::of_three(TEXT);
    trial.write("01-one/src/main.rs", with(TEXT, "2", "two"));
    assert_eq!(trial.outcomes("src/main.rs"), [Outcome::Copied; 2]);
    let all = trial.all();
    assert_eq!(trial.outcomes("src/main.rs"), [Outcome::Same; 2]);
    assert_eq!(trial.all(), all);
}

#[test]
fn uncommitted_work_in_a_later_chapter_is_merged_with() {
    let trial = Trial::of_three(TEXT);
    trial.write("01-one/src/main.rs", with(TEXT, "2", "two"));
    trial.write("02-two/src/main.rs", with(TEXT, "8", "my work"));
    trial.write("02-two/src/other.rs", "untouched\n");
    assert_eq!(trial.outcomes("src/main.rs"), [Outcome::Merged, Outcome::Copied]);
    let merged = with(&with(TEXT, "2", "two"), "8", "my work");
    assert_eq!(trial.read("02-two/src/main.rs"), merged);
    // It is as much a difference to the commit as the fix is.
    assert_eq!(trial.read("03-three/src/main.rs"), merged);
    assert_eq!(trial.read("02-two/src/other.rs"), "untouched\n");
    assert_eq!(trial.read("03-three/src/other.rs"), "-");
}

#[test]
fn uncommitted_work_is_named_where_it_takes_part() {
    let trial = Trial::of_three(TEXT);
    trial.write("01-one/src/main.rs", "fixed\n");
    trial.write("02-two/src/other.rs", "takes no part\n");
    trial.write("03-three/src/main.rs", "work\n");
    let git = Git::open(&trial.workspace.root).expect("it is a repository");
    let chapters = ["01-one", "02-two", "03-three"].map(String::from).to_vec();
    let files = vec!["src/main.rs".into(), "src/new.rs".into()];
    let mut state = State::new(git.head().expect("there is a commit"), chapters, files);
    let expected = ["chapters/03-three/src/main.rs"];
    assert_eq!(start::uncommitted(&git, &state).expect("git answers"), expected);
    // A new file is as much in the way as a changed one.
    trial.write("02-two/src/new.rs", "work\n");
    state.table.remove("src/main.rs");
    let expected = ["chapters/02-two/src/new.rs"];
    assert_eq!(start::uncommitted(&git, &state).expect("git answers"), expected);
}

#[test]
fn chapter_that_is_not_committed_yet_hands_on_the_fix_alone() {
    let trial = Trial::new(&[("01-one/src/main.rs", TEXT)]);
    let draft = with(TEXT, "5", "5\nlesson");
    let sandbox = Sandbox::new(&[
        ("chapters/01-one/src/main.rs", ""),
        ("chapters/02-two/src/main.rs", ""),
        ("chapters/03-three/src/main.rs", ""),
    ]);
    let config = sandbox.workspace().config;
    trial.write("01-one/src/main.rs", with(TEXT, "2", "two"));
    trial.write("02-two/src/main.rs", &draft);
    trial.write("03-three/src/main.rs", with(&draft, "9", "9\nmore"));
    let trial = Trial { workspace: Workspace { config, ..trial.workspace }, ..trial };
    assert_eq!(trial.outcomes("src/main.rs"), [Outcome::Merged; 2]);
    let expected = with(&with(&draft, "9", "9\nmore"), "2", "two");
    assert_eq!(trial.read("03-three/src/main.rs"), expected);
}

#[test]
fn tutorial_may_be_a_folder_of_a_repository() {
    let trial = Trial::of_three(TEXT);
    // What was the root is now a folder of a repository around it.
    let inner = trial.sandbox.root().join("inner");
    std::fs::create_dir(&inner).expect("there is room");
    let chapters = trial.sandbox.root().join("chapters");
    std::fs::rename(chapters, inner.join("chapters")).expect("there is room");
    trial.commit();
    let fixed = with(TEXT, "2", "two");
    trial.sandbox.write("inner/chapters/01-one/src/main.rs", fixed.as_bytes());
    trial.sandbox.write("inner/chapters/01-one/src/new.rs", b"new\n");
    let workspace = Workspace { root: inner.clone(), ..trial.workspace.clone() };
    assert_eq!(fulfil(&workspace, Wish::From(0)), Ok(()));
    let read = |name| std::fs::read_to_string(inner.join("chapters/03-three/src").join(name));
    assert_eq!(read("main.rs").expect("it is there"), fixed);
    assert_eq!(read("new.rs").expect("it is there"), "new\n");
}
