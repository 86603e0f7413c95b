//! Carries that stop, and how they go on or are taken back.

use super::*;

/// Three chapters; the second has its own word for what the first puts right. Others of its files
/// are carried without a conflict.
fn trial() -> Trial {
    let trial = Trial::of_three(TEXT);
    trial.write("02-two/src/main.rs", with(TEXT, "5", "five"));
    trial.write("03-three/src/main.rs", with(&with(TEXT, "5", "five"), "9", "9\nthird"));
    for chapter in ["01-one", "02-two", "03-three"] {
        trial.write(&format!("{chapter}/src/easy.rs"), TEXT);
        trial.write(&format!("{chapter}/src/old/old.rs"), TEXT);
    }
    trial.commit();
    trial.write("01-one/src/main.rs", with(TEXT, "5", "V"));
    trial.write("01-one/src/easy.rs", "easy\n");
    trial.write("01-one/src/new/new.rs", "new\n");
    trial.remove("01-one/src/old/old.rs");
    trial
}

#[test]
fn conflict_stops_with_marks_and_later_chapters_wait() {
    let trial = trial();
    assert!(is_stopped(trial.carry()));
    let expected = "1\n2\n3\n4\n\
        <<<<<<< chapters/02-two/src/main.rs, before the carry\nfive\n\
        ||||||| chapters/01-one/src/main.rs, as committed\n5\n=======\nV\n\
        >>>>>>> chapters/01-one/src/main.rs, now\n6\n7\n8\n9\n";
    assert_eq!(trial.read("02-two/src/main.rs"), expected);
    assert_eq!(trial.read("02-two/src/easy.rs"), "easy\n");
    assert_eq!(trial.read("03-three/src/easy.rs"), TEXT);
    assert!(trial.is_going_on());
}

#[test]
fn resolved_conflict_goes_on_with_what_was_decided() {
    let trial = trial();
    assert!(is_stopped(trial.carry()));
    trial.write("02-two/src/main.rs", with(TEXT, "5", "V, five"));
    let outcomes = trial.outcomes_of_rest("src/main.rs");
    assert_eq!(outcomes, [Outcome::Resolved, Outcome::Merged]);
    assert_eq!(trial.read("02-two/src/main.rs"), with(TEXT, "5", "V, five"));
    let third = with(&with(TEXT, "5", "V, five"), "9", "9\nthird");
    assert_eq!(trial.read("03-three/src/main.rs"), third);
    assert_eq!(trial.read("03-three/src/easy.rs"), "easy\n");
    assert_eq!(trial.read("03-three/src/new/new.rs"), "new\n");
    assert_eq!(trial.read("03-three/src/old/old.rs"), "-");
    assert!(!trial.is_going_on());
}

#[test]
fn commit_on_the_way_does_not_end_the_way() {
    let trial = trial();
    assert!(is_stopped(trial.carry()));
    trial.write("02-two/src/main.rs", with(TEXT, "5", "V, five"));
    trial.commit();
    assert_eq!(trial.fulfil(Wish::Continue), Ok(()));
    assert_eq!(trial.read("03-three/src/easy.rs"), "easy\n");
}

#[test]
fn marks_that_are_left_are_named_and_nothing_goes_on() {
    let trial = trial();
    assert!(is_stopped(trial.carry()));
    let all = trial.all();
    let failure = trial.fulfil(Wish::Continue).expect_err("nothing is resolved");
    assert!(failure.message.contains("chapters/02-two/src/main.rs:5"), "{}", failure.message);
    trial.write("02-two/src/main.rs", "5\n=======\nV\n");
    let failure = trial.fulfil(Wish::Continue).expect_err("a mark is left");
    assert!(failure.message.contains("chapters/02-two/src/main.rs:2"), "{}", failure.message);
    trial.write("02-two/src/main.rs", &all["02-two/src/main.rs"]);
    assert_eq!(trial.all(), all);
}

#[test]
fn abort_makes_every_file_what_it_was() {
    let trial = trial();
    trial.write("02-two/src/easy.rs", with(TEXT, "9", "not committed"));
    trial.write("01-one/src/easy.rs", with(TEXT, "1", "easy"));
    let all = trial.all();
    assert!(is_stopped(trial.carry()));
    assert_ne!(trial.all(), all);
    // Edits made during the conflict go as well.
    trial.write("02-two/src/main.rs", "half resolved\n");
    assert_eq!(trial.fulfil(Wish::Abort), Ok(()));
    assert_eq!(trial.all(), all);
    assert!(!trial.path("02-two/src/new").exists());
    assert!(!trial.is_going_on());
}

#[test]
fn conflict_in_the_last_chapter_can_be_aborted_too() {
    let trial = Trial::of_three(TEXT);
    trial.write("03-three/src/main.rs", with(TEXT, "5", "five"));
    trial.commit();
    trial.write("01-one/src/main.rs", with(TEXT, "5", "V"));
    let all = trial.all();
    assert!(is_stopped(trial.carry()));
    assert_eq!(trial.read("02-two/src/main.rs"), with(TEXT, "5", "V"));
    assert_eq!(trial.fulfil(Wish::Abort), Ok(()));
    assert_eq!(trial.all(), all);
}

#[test]
fn deletion_of_a_changed_file_is_for_a_person_to_decide() {
    for is_kept in [true, false] {
        let trial = Trial::of_three(TEXT);
        trial.write("01-one/src/old.rs", "old\n");
        trial.write("02-two/src/old.rs", "changed\n");
        trial.write("03-three/src/old.rs", "changed\n");
        trial.commit();
        trial.remove("01-one/src/old.rs");
        let all = trial.all();
        assert!(is_stopped(trial.carry()));
        assert_eq!(trial.read("02-two/src/old.rs"), "changed\n");
        if !is_kept {
            trial.remove("02-two/src/old.rs");
        }
        assert_eq!(trial.fulfil(Wish::Continue), Ok(()));
        let expected = if is_kept { "changed\n" } else { "-" };
        assert_eq!(trial.read("03-three/src/old.rs"), expected);
        assert_eq!(trial.all() == all, is_kept);
    }
}

#[test]
fn file_that_a_person_removed_in_a_conflict_comes_back() {
    let trial = trial();
    trial.write("02-two/src/old/old.rs", "changed\n");
    let all = trial.all();
    assert!(is_stopped(trial.carry()));
    trial.remove("02-two/src/old/old.rs");
    assert_eq!(trial.fulfil(Wish::Abort), Ok(()));
    assert_eq!(trial.all(), all);
}

#[test]
fn binary_file_that_both_changed_is_left_as_it_is() {
    let trial = Trial::of_three(TEXT);
    for (chapter, bytes) in [("01-one", b"\0\x01"), ("02-two", b"\0\x02"), ("03-three", b"\0\x02")]
    {
        trial.write(&format!("{chapter}/src/font.bin"), bytes);
    }
    trial.commit();
    trial.write("01-one/src/font.bin", b"\0\x03");
    assert!(is_stopped(trial.carry()));
    assert_eq!(trial.all()["02-two/src/font.bin"], b"\0\x02");
    trial.write("02-two/src/font.bin", b"\0\x03");
    assert_eq!(trial.fulfil(Wish::Continue), Ok(()));
    assert_eq!(trial.all()["03-three/src/font.bin"], b"\0\x03");
}

/// Breaks a carry off in the middle of its first step: the second chapter cannot have a
/// `src/zoo/new.rs`, since its `src/zoo` is a file.
fn broken_off() -> (Trial, Files) {
    let trial = Trial::of_three(TEXT);
    trial.write("01-one/src/main.rs", "fixed\n");
    trial.write("01-one/src/zoo/new.rs", "new\n");
    trial.write("02-two/src/zoo", "a file\n");
    let all = trial.all();
    let failure = trial.carry().expect_err("the folder cannot be made");
    assert!(failure.message.contains("`make carry abort=1`"), "{}", failure.message);
    assert_eq!(trial.read("02-two/src/main.rs"), "fixed\n");
    assert!(trial.is_going_on());
    (trial, all)
}

#[test]
fn carry_that_was_broken_off_can_be_aborted() {
    let (trial, all) = broken_off();
    // A second try, as vain as the first, must not take its work for what was there before.
    assert!(trial.fulfil(Wish::Continue).is_err());
    assert_eq!(trial.fulfil(Wish::Abort), Ok(()));
    assert_eq!(trial.all(), all);
}

#[test]
fn carry_that_was_broken_off_can_go_on() {
    let (trial, _) = broken_off();
    trial.remove("02-two/src/zoo");
    assert_eq!(trial.fulfil(Wish::Continue), Ok(()));
    for name in ["02-two", "03-three"] {
        assert_eq!(trial.read(&format!("{name}/src/main.rs")), "fixed\n");
        assert_eq!(trial.read(&format!("{name}/src/zoo/new.rs")), "new\n");
    }
}

#[test]
fn edits_after_a_carry_was_broken_off_are_not_overwritten() {
    let (trial, _) = broken_off();
    trial.remove("02-two/src/zoo");
    trial.write("02-two/src/main.rs", "edited\n");
    let failure = trial.fulfil(Wish::Continue).expect_err("somebody's edit is in the way");
    assert!(failure.message.contains("02-two/src/main.rs was edited"), "{}", failure.message);
    assert_eq!(trial.read("02-two/src/main.rs"), "edited\n");
}
