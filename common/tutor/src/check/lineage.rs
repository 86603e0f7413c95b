//! Each chapter is its predecessor and what it declares, so that what a reader sees in a diff is
//! the lesson and all of it.

use super::declared::{Declarations, line};
use super::finding::{Finding, Verdict, verdict};
use super::place;
use super::scope::Scope;
use chapter_diff::folder::{self, Files};

/// The build script takes part in the lineage; no chapter may change it.
const BUILD_SCRIPT: &str = "build.rs";

/// Whether the file `name`, from the chapter's folder, takes part in the lineage.
pub fn is_lineal(name: &str) -> bool {
    place::name(name).is_some() || name == BUILD_SCRIPT
}

/// A file that a chapter does not declare is byte for byte its predecessor's.
pub fn lineage(scope: Scope) -> Verdict {
    let mut findings = Vec::new();
    for index in scope.chapters().into_iter().filter(|index| *index > 0) {
        findings.extend(generation(scope, index)?);
    }
    verdict(findings)
}

fn generation(scope: Scope, index: usize) -> Result<Vec<Finding>, Vec<Finding>> {
    let declares = Declarations::of(scope, index);
    let (old, new) = (lineal(scope, index - 1)?, lineal(scope, index)?);
    let mut findings = Vec::new();
    for (name, bytes) in &old {
        let is_declared = place::name(name).is_some_and(|name| declares.has(name));
        match new.get(name) {
            Some(other) if is_declared && bytes == other => {
                findings.extend(in_vain(scope, index, &declares, name));
            }
            Some(other) if !is_declared && bytes != other => {
                findings.push(differs(scope, index, name, first_difference(bytes, other)));
            }
            None if !is_declared => findings.push(lost(scope, index, name)),
            _ => {}
        }
    }
    Ok(findings)
}

/// The files of chapter `index` that take part in the lineage.
fn lineal(scope: Scope, index: usize) -> Result<Files, Vec<Finding>> {
    let folder = scope.workspace.chapter_folder(scope.folder(index));
    folder::read_if(&folder, is_lineal).map_err(|failure| vec![failure.into()])
}

fn differs(scope: Scope, index: usize, name: &str, line: usize) -> Finding {
    let (earlier, later) = (scope.folder(index - 1), scope.folder(index));
    let what = format!("differs from chapters/{earlier}/{name}, and {later} does not declare it");
    let declare = match place::name(name) {
        Some(name) => format!("; or list `{name}` in `changed` of {later} in build-config.toml"),
        None => String::new(),
    };
    let advice =
        format!("fix the earliest chapter that has the fault, and `make carry from=` it{declare}");
    Finding::new(format!("chapters/{later}/{name}"), what, advice).at(line)
}

fn lost(scope: Scope, index: usize, name: &str) -> Finding {
    let (earlier, later) = (scope.folder(index - 1), scope.folder(index));
    let what = format!("is missing, but chapters/{earlier}/{name} exists");
    let advice = "copy it: a chapter adds files and removes none";
    Finding::new(format!("chapters/{later}/{name}"), what, advice)
}

fn in_vain(scope: Scope, index: usize, declares: &Declarations, name: &str) -> Option<Finding> {
    let name = place::name(name).filter(|name| declares.has_changed(name))?;
    let folder = scope.folder(index);
    let what = format!("{folder} declares `{name}` as changed, but it is its predecessor's");
    let finding = Finding::new("build-config.toml", what, "take the name out of `changed`");
    Some(finding.at(line(scope, index, name)))
}

/// The first line, counted from 1, in which two files differ.
fn first_difference(one: &[u8], other: &[u8]) -> usize {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b);
    same.filter(|(byte, _)| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sandbox::Sandbox;

    fn sandbox() -> Sandbox {
        Sandbox::new(&[
            ("chapters/01-one/build.rs", "b\n"),
            ("chapters/01-one/src/main.rs", "1\n2\n3\n"),
            ("chapters/02-two/build.rs", "b\n"),
            ("chapters/02-two/src/main.rs", "1\n2\n3\n"),
            ("chapters/02-two/src/new.rs", "n\n"),
        ])
    }

    fn check(sandbox: &Sandbox, chapter: Option<usize>) -> Vec<Finding> {
        let workspace = sandbox.workspace();
        lineage(Scope { workspace: &workspace, chapter }).err().unwrap_or_default()
    }

    #[test]
    fn same_files_are_right() {
        assert_eq!(check(&sandbox(), None), []);
    }

    #[test]
    fn undeclared_difference_is_found_at_its_line() {
        let sandbox = sandbox();
        sandbox.write("chapters/02-two/src/main.rs", b"1\n2\nthree\n");
        let findings = check(&sandbox, None);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "chapters/02-two/src/main.rs");
        assert_eq!(findings[0].line, Some(3));
        assert_eq!(check(&sandbox, Some(0)), []);
        assert_eq!(check(&sandbox.declare(1, &[], &["main.rs"]), None), []);
    }

    #[test]
    fn declared_file_without_a_difference_is_found() {
        let findings = check(&sandbox().declare(1, &[], &["main.rs"]), None);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].line.is_some());
    }

    #[test]
    fn programs_descend_like_kernels() {
        let with_programs = || {
            let sandbox = sandbox();
            for chapter in ["01-one", "02-two"] {
                sandbox.write(&format!("chapters/{chapter}/user/src/lib.rs"), b"1\n2\n");
                let manifest = format!("name = \"{chapter}-user\"\n");
                let name = format!("chapters/{chapter}/user/Cargo.toml");
                sandbox.write(&name, manifest.as_bytes());
            }
            sandbox
        };
        let sandbox = with_programs();
        assert_eq!(check(&sandbox, None), []);
        sandbox.write("chapters/02-two/user/src/lib.rs", b"1\ntwo\n");
        let findings = check(&sandbox, None);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "chapters/02-two/user/src/lib.rs");
        assert_eq!(findings[0].line, Some(2));
        assert!(findings[0].advice.contains("`user/src/lib.rs`"), "{}", findings[0].advice);
        assert_eq!(check(&sandbox.declare(1, &[], &["user/src/lib.rs"]), None), []);
        let findings = check(&with_programs().declare(1, &[], &["user/src/lib.rs"]), None);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].line.is_some());
    }

    #[test]
    fn lost_files_and_build_scripts_are_found() {
        let sandbox = sandbox();
        sandbox.write("chapters/01-one/src/extra.rs", b"");
        sandbox.write("chapters/02-two/build.rs", b"c\n");
        let findings = check(&sandbox, None);
        let files: Vec<&str> = findings.iter().map(|finding| finding.file.as_str()).collect();
        assert_eq!(files, ["chapters/02-two/build.rs", "chapters/02-two/src/extra.rs"]);
    }
}
