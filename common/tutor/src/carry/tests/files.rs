//! Files that come, go, or are no text.

use std::os::unix::fs::PermissionsExt;

use super::*;

#[test]
fn new_file_is_added_to_every_later_chapter() {
    let trial = Trial::of_three(TEXT);
    trial.write("01-one/src/deep/new.rs", "new\n");
    let path = trial.path("01-one/src/deep/new.rs");
    let permissions = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(path, permissions).expect("it is ours");
    assert_eq!(trial.outcomes("src/deep/new.rs"), [Outcome::Added; 2]);
    assert_eq!(trial.read("03-three/src/deep/new.rs"), "new\n");
    let about = std::fs::metadata(trial.path("03-three/src/deep/new.rs")).expect("it is there");
    assert_eq!(about.permissions().mode() & 0o777, 0o755);
}

#[test]
fn new_file_that_a_later_chapter_has_already_is_merged_or_a_conflict() {
    let trial = Trial::of_three(TEXT);
    trial.write("01-one/src/new.rs", "new\n");
    trial.write("02-two/src/new.rs", "new\n");
    assert_eq!(trial.outcomes("src/new.rs"), [Outcome::Same, Outcome::Added]);
    trial.write("02-two/src/new.rs", "other\n");
    assert!(is_stopped(trial.carry()));
    assert!(trial.read("02-two/src/new.rs").contains("other\n|||||||"));
}

#[test]
fn deleted_file_is_deleted_where_it_is_unchanged() {
    let trial = Trial::of_three(TEXT);
    for chapter in ["01-one", "02-two", "03-three"] {
        trial.write(&format!("{chapter}/src/deep/old.rs"), "old\n");
    }
    trial.commit();
    trial.remove("01-one/src/deep/old.rs");
    assert_eq!(trial.outcomes("src/deep/old.rs"), [Outcome::Deleted; 2]);
    assert!(!trial.path("02-two/src/deep").exists());
    assert!(!trial.path("03-three/src/deep").exists());
    assert_eq!(trial.read("03-three/src/main.rs"), TEXT);
}

#[test]
fn renamed_file_is_deleted_and_added() {
    let trial = Trial::of_three(TEXT);
    trial.remove("01-one/src/main.rs");
    trial.write("01-one/src/start.rs", TEXT);
    trial.git(&["add", "--all"]);
    assert_eq!(trial.outcomes("src/main.rs"), [Outcome::Deleted; 2]);
    assert_eq!(trial.read("03-three/src/start.rs"), TEXT);
}

#[test]
fn file_that_a_later_chapter_removed_stays_removed_and_ends_the_way() {
    let trial = Trial::of_three(TEXT);
    trial.remove("02-two/src/main.rs");
    trial.commit();
    trial.write("01-one/src/main.rs", with(TEXT, "2", "two"));
    assert_eq!(trial.outcomes("src/main.rs"), [Outcome::Absent]);
    assert_eq!(trial.read("02-two/src/main.rs"), "-");
    assert_eq!(trial.read("03-three/src/main.rs"), TEXT);
}

#[test]
fn removal_that_is_not_committed_ends_the_way_as_well() {
    let trial = Trial::of_three(TEXT);
    trial.remove("02-two/src/main.rs");
    trial.write("01-one/src/main.rs", with(TEXT, "2", "two"));
    assert_eq!(trial.outcomes("src/main.rs"), [Outcome::Absent]);
    assert_eq!(trial.read("03-three/src/main.rs"), TEXT);
}

#[test]
fn binary_file_is_copied_where_it_is_unchanged() {
    let trial = Trial::of_three(TEXT);
    for chapter in ["01-one", "02-two", "03-three"] {
        trial.write(&format!("{chapter}/src/font.bin"), b"\0\xff");
    }
    trial.commit();
    trial.write("01-one/src/font.bin", b"\0\xfe");
    assert_eq!(trial.outcomes("src/font.bin"), [Outcome::Copied; 2]);
    assert_eq!(trial.all()["03-three/src/font.bin"], b"\0\xfe");
}

#[test]
fn manifest_keeps_its_package_name() {
    let manifest = |name: &str, more: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"1\"\n\n[dependencies]\n{more}")
    };
    let trial = Trial::new(&[
        ("01-one/Cargo.toml", &manifest("one", "")),
        ("02-two/Cargo.toml", &manifest("two", "")),
        ("03-three/Cargo.toml", &manifest("three", "")),
    ]);
    trial.write("01-one/Cargo.toml", manifest("one", "spin = \"1\"\n"));
    assert_eq!(trial.outcomes("Cargo.toml"), [Outcome::Copied; 2]);
    assert_eq!(trial.read("02-two/Cargo.toml"), manifest("two", "spin = \"1\"\n"));
    assert_eq!(trial.read("03-three/Cargo.toml"), manifest("three", "spin = \"1\"\n"));
}

#[test]
fn only_what_is_inherited_is_carried() {
    let trial = Trial::of_three(TEXT);
    trial.write(".gitignore", "*.swp\n");
    trial.commit();
    for name in ["README.md", "exercises/1.rs", "src/main.rs.swp", "build.rs"] {
        trial.write(&format!("01-one/{name}"), "new\n");
    }
    assert_eq!(trial.outcomes("build.rs"), [Outcome::Added; 2]);
    let names: Vec<String> = trial.all().into_keys().collect();
    let second: Vec<&String> = names.iter().filter(|name| name.starts_with("02-two")).collect();
    assert_eq!(second, ["02-two/build.rs", "02-two/src/main.rs"]);
}

#[test]
fn programs_are_carried_and_keep_their_package_names() {
    let manifest = |name: &str, more: &str| format!("[package]\nname = \"{name}\"\n{more}");
    let trial = Trial::new(&[
        ("01-one/user/Cargo.toml", &manifest("one-user", "")),
        ("02-two/user/Cargo.toml", &manifest("two-user", "")),
        ("03-three/user/Cargo.toml", &manifest("three-user", "")),
    ]);
    trial.write("01-one/user/Cargo.toml", manifest("one-user", "edition = \"2024\"\n"));
    trial.write("01-one/user/src/bin/hello.rs", "new\n");
    assert_eq!(trial.outcomes("user/src/bin/hello.rs"), [Outcome::Added; 2]);
    let second = manifest("two-user", "edition = \"2024\"\n");
    assert_eq!(trial.read("02-two/user/Cargo.toml"), second);
    assert_eq!(trial.read("03-three/user/src/bin/hello.rs"), "new\n");
}
