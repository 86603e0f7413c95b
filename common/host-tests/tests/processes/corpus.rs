//! Files made by code: good ones that must be loaded, bad ones that must be refused.

use std::collections::BTreeSet;

use elf_corpus::{bad, good};

use crate::loaders::{Answer, LOADER, Loader, MISTAKES, WITHOUT_CHECK, ask};

#[test]
fn good_files_are_accepted() {
    for file in good() {
        let answer = ask(LOADER, &file.program.bytes(), file.machine);
        assert!(matches!(answer, Answer::Good(_)), "{}: {answer:?}", file.name);
    }
}

#[test]
fn bad_files_are_refused_each_with_its_own_error() {
    for file in bad() {
        let answer = ask(LOADER, &file.file, file.machine);
        let Answer::Bad(error, words) = &answer else { panic!("{}: {answer:?}", file.name) };
        let kind = error.split(' ').next();
        assert_eq!(kind, Some(file.kind), "{}: {words}", file.name);
        assert!(words.contains(file.words), "{}: {words}", file.name);
        assert!(words.starts_with(|first: char| !first.is_uppercase()), "{words}");
        assert!(!words.ends_with('.'), "{words}");
    }
}

#[test]
fn there_are_many_bad_files_and_no_two_are_alike() {
    let files = bad();
    let names: BTreeSet<_> = files.iter().map(|file| &file.name).collect();
    assert_eq!(names.len(), files.len());
    for machine in [elf_corpus::program::AARCH64, elf_corpus::program::X86_64] {
        let files = files.iter().filter(|file| file.machine == machine);
        let contents: BTreeSet<_> = files.map(|file| &file.file).collect();
        assert!(contents.len() >= 200, "{}", contents.len());
    }
}

/// Every check is needed: without it, a bad file would be loaded.
#[test]
fn each_check_has_a_file_that_only_it_refuses() {
    let files = bad();
    let is_needed = |loader: &&Loader| {
        let mut answers = files.iter().map(|file| ask(**loader, &file.file, file.machine));
        answers.any(|answer| !matches!(answer, Answer::Bad(..)))
    };
    let needless: Vec<_> =
        WITHOUT_CHECK.iter().filter(|it| !is_needed(it)).map(|it| it.0).collect();
    assert!(WITHOUT_CHECK.len() > 20, "{} checks were found", WITHOUT_CHECK.len());
    assert!(needless.is_empty(), "no file is refused only by {needless:#?}");
}

/// A loader that is wrong by little is wrong about some file.
#[test]
fn each_mistake_shows() {
    let good = good().into_iter().map(|file| (file.program.bytes(), file.machine));
    let files: Vec<_> =
        good.chain(bad().into_iter().map(|file| (file.file, file.machine))).collect();
    let shows = |loader: &&Loader| {
        let mut files = files.iter();
        files.any(|(file, machine)| ask(**loader, file, *machine) != ask(LOADER, file, *machine))
    };
    let unseen: Vec<_> = MISTAKES.iter().filter(|it| !shows(it)).map(|it| it.0).collect();
    assert!(unseen.is_empty(), "no file shows {unseen:#?}");
}
