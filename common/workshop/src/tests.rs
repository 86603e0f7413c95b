//! Tests of the copy, in made-up repositories.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::*;

const MAIN: &str = "chapters/01-boot/src/main.rs";

/// A repository with a few files; the target folder is below it, as it usually is.
fn repository() -> TempDir {
    let root = tempfile::tempdir().expect("there is room");
    for (name, text) in [
        ("Cargo.toml", "[workspace]\n"),
        ("build-config.toml", "memory = \"128M\"\n"),
        (MAIN, "one\ntwo\ntwo\nthree\n"),
        ("chapters/01-boot/README.md", "# Boot\n"),
        ("common/tool/src/lib.rs", "\n"),
        ("common/tool/target/debug/tool", "built\n"),
        ("common/tool/out/CACHEDIR.TAG", "built\n"),
        ("book/src/01-boot.md", "# Boot\n"),
    ] {
        write(&root.path().join(name), text);
    }
    root
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("it has one")).expect("there is room");
    fs::write(path, text).expect("there is room");
}

fn open(root: &TempDir) -> Workshop {
    Workshop::open(root.path(), &root.path().join("target"), "test").expect("it opens")
}

fn read(workshop: &Workshop, name: &str) -> String {
    fs::read_to_string(workshop.path().join(name)).expect("it is there")
}

fn edit(find: &str, replace: &str) -> Edit {
    Edit { file: MAIN.into(), find: find.into(), replace: replace.into() }
}

#[test]
fn what_builds_need_is_copied_and_no_more() {
    let root = repository();
    let workshop = open(&root);
    assert_eq!(read(&workshop, MAIN), "one\ntwo\ntwo\nthree\n");
    assert_eq!(read(&workshop, "build-config.toml"), "memory = \"128M\"\n");
    for name in ["book", "common/tool/target", "common/tool/out", "target"] {
        assert!(!workshop.path().join(name).exists(), "{name}");
    }
}

#[test]
fn edits_are_made_in_their_order() {
    let root = repository();
    let workshop = open(&root);
    workshop.apply(&[edit("one\n", "four\n"), edit("four\n", "five\n")]).expect("both fit");
    assert_eq!(read(&workshop, MAIN), "five\ntwo\ntwo\nthree\n");
    let theirs = fs::read_to_string(root.path().join(MAIN)).expect("it is there");
    assert_eq!(theirs, "one\ntwo\ntwo\nthree\n");
}

#[test]
fn an_edit_that_does_not_fit_names_file_and_text() {
    let root = repository();
    let workshop = open(&root);
    for (find, why) in [("four", "no such text"), ("two", "not 2 times"), ("", "changes nothing")] {
        let edits = [edit("one\n", "four\n"), edit(find, "x")];
        // The first of them makes a `four` to find.
        let edits = if find == "four" { &edits[1..] } else { &edits };
        let refusal = workshop.apply(edits).expect_err(find);
        assert!(refusal.starts_with(MAIN) && refusal.contains(why), "{refusal}");
        assert!(refusal.contains(&format!("`{find}`")), "{refusal}");
    }
    assert_eq!(read(&workshop, MAIN), "one\ntwo\ntwo\nthree\n", "none is made");
    let missing = Edit { file: "chapters/none.rs".into(), ..edit("one", "x") };
    let refusal = workshop.apply(&[missing]).expect_err("there is no such file");
    assert!(refusal.contains("chapters/none.rs"), "{refusal}");
}

#[test]
fn overlapping_occurrences_are_several() {
    let root = repository();
    let workshop = open(&root);
    workshop.place(MAIN, b"aaa").expect("there is room");
    assert!(workshop.apply(&[edit("aa", "b")]).is_err());
}

#[test]
fn files_outside_the_copy_are_refused() {
    let root = repository();
    let workshop = open(&root);
    for name in ["../lock", "/etc/hostname", "chapters/../../lock", ""] {
        assert!(workshop.place(name, b"x").is_err(), "{name}");
        assert!(workshop.apply(&[Edit { file: name.into(), ..edit("a", "b") }]).is_err(), "{name}");
    }
}

#[test]
fn the_next_one_finds_nothing_of_it() {
    let root = repository();
    let workshop = open(&root);
    workshop.apply(&[edit("one\n", "four\n")]).expect("it fits");
    workshop.place("chapters/09-new/src/main.rs", b"new").expect("there is room");
    workshop.place("build-config.toml", b"").expect("there is room");
    drop(workshop);
    let workshop = open(&root);
    assert_eq!(read(&workshop, MAIN), "one\ntwo\ntwo\nthree\n");
    assert_eq!(read(&workshop, "build-config.toml"), "memory = \"128M\"\n");
    assert!(!workshop.path().join("chapters/09-new").exists());
}

#[test]
fn what_the_repository_changes_is_brought_and_the_rest_keeps_its_time() {
    let root = repository();
    let workshop = open(&root);
    let time = |name: &str| {
        let file = fs::metadata(workshop.path().join(name)).expect("it is there");
        file.modified().expect("the system knows times")
    };
    let (main, config) = (time(MAIN), time("build-config.toml"));
    thread::sleep(Duration::from_millis(20));
    write(&root.path().join(MAIN), "six\n");
    fs::remove_file(root.path().join("chapters/01-boot/README.md")).expect("it was there");
    workshop.restore().expect("nothing is in the way");
    assert_eq!(read(&workshop, MAIN), "six\n");
    assert!(!workshop.path().join("chapters/01-boot/README.md").exists());
    assert!(time(MAIN) > main);
    assert_eq!(time("build-config.toml"), config);
}

#[test]
fn what_is_secret_is_not_there_until_all_is_restored() {
    let root = repository();
    let workshop = open(&root);
    let secret = workshop.path().join(MAIN);
    for _ in 0..2 {
        workshop.restore_without(|name| name == MAIN).expect("nothing is in the way");
        assert!(!secret.exists() && workshop.path().join("build-config.toml").exists());
    }
    workshop.restore().expect("nothing is in the way");
    assert!(secret.exists());
}

#[test]
#[cfg(unix)]
fn scripts_stay_scripts_and_read_only_files_can_be_edited() {
    use std::os::unix::fs::PermissionsExt;
    let root = repository();
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours")
    };
    mode(&root.path().join("common/tool/src/lib.rs"), 0o755);
    mode(&root.path().join(MAIN), 0o444);
    let workshop = open(&root);
    let file = fs::metadata(workshop.path().join("common/tool/src/lib.rs")).expect("it is there");
    assert_eq!(file.permissions().mode() & 0o777, 0o755);
    workshop.apply(&[edit("one\n", "four\n")]).expect("it can be replaced");
    workshop.restore().expect("it can be put back");
    assert_eq!(read(&workshop, MAIN), "one\ntwo\ntwo\nthree\n");
}

#[test]
fn a_second_user_waits_for_the_first() {
    let root = repository();
    let first = open(&root);
    let (tell, told) = channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let second = open(&root);
            tell.send(read(&second, MAIN)).expect("somebody listens");
        });
        assert!(told.recv_timeout(Duration::from_millis(200)).is_err(), "it did not wait");
        first.place(MAIN, b"mine").expect("there is room");
        drop(first);
        let theirs = told.recv_timeout(Duration::from_secs(10)).expect("it goes on");
        assert_eq!(theirs, "one\ntwo\ntwo\nthree\n");
    });
}

#[test]
fn workshops_of_other_names_are_apart() {
    let root = repository();
    let (first, target) = (open(&root), root.path().join("target"));
    let second = Workshop::open(root.path(), &target, "other").expect("it does not wait");
    assert_ne!(first.path(), second.path());
    for name in ["", "..", "a/b"] {
        assert!(Workshop::open(root.path(), &target, name).is_err(), "{name}");
    }
}

#[test]
fn commands_run_in_the_copy_with_its_own_target_folder() {
    let root = repository();
    let workshop = open(&root);
    let cargo = workshop.cargo();
    assert_eq!(cargo.get_current_dir(), Some(workshop.path()));
    let value = |name: &str| cargo.get_envs().find(|(key, _)| *key == name).map(|(_, value)| value);
    assert_eq!(value("CARGO_TARGET_DIR"), Some(Some(workshop.target_folder().as_os_str())));
    assert_eq!(value("STRATA_ROOT"), Some(Some(workshop.path().as_os_str())));
    assert_eq!(value("RUSTFLAGS"), Some(None), "it is removed");
    assert!(!workshop.target_folder().starts_with(workshop.path()));
}

#[test]
fn a_digest_is_of_names_contents_and_rights() {
    let root = repository();
    let digest =
        || digest(root.path(), &["book"], |name| !name.ends_with(".lock")).expect("it can");
    let first = digest();
    assert_eq!(first.len(), 64);
    write(&root.path().join("target/debug/tutor"), "built\n");
    write(&root.path().join("common/tool/Cargo.lock"), "not wanted\n");
    assert_eq!(digest(), first, "none of it takes part");
    let page = root.path().join("book/src/01-boot.md");
    let main = root.path().join(MAIN);
    let moved = root.path().join("chapters/01-boot/src/lib.rs");
    let changes: [&dyn Fn(); 4] = [
        &|| write(&main, "one\ntwo\ntwo\nfour\n"),
        &|| write(&page, "# Bout\n"),
        &|| fs::set_permissions(&main, fs::Permissions::from_mode(0o755)).expect("it is ours"),
        &|| fs::rename(&main, &moved).expect("it is ours"),
    ];
    let mut known = vec![first];
    for change in changes {
        change();
        assert!(!known.contains(&digest()), "{known:?}");
        known.push(digest());
    }
}
