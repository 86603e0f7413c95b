//! Both machines have the same files, so that a reader who knows one finds the way in the other.

use std::collections::BTreeSet;

use super::declared::Declarations;
use super::finding::{Finding, Verdict, verdict};
use super::place;
use super::scope::Scope;

/// Folders with a folder for each machine, by the names that declare files: the kernel's, and the
/// programs'.
const ARCH: &[&str] = &["arch/", "user/src/arch/"];

/// Below each of [`ARCH`], each machine's folder has the files of every other.
///
/// A file that only one machine needs is declared by its full name in `build-config.toml`, which
/// says that it is meant.
pub fn parity(scope: Scope) -> Verdict {
    let mut findings = Vec::new();
    for index in scope.chapters() {
        findings.extend(chapter(scope, index)?);
    }
    verdict(findings)
}

fn chapter(scope: Scope, index: usize) -> Result<Vec<Finding>, Vec<Finding>> {
    let files = scope.sources(index)?;
    let declared: Vec<_> = (0..=index).map(|index| Declarations::of(scope, index)).collect();
    let machines: Vec<&String> = scope.workspace.config.machines.keys().collect();
    let folder = format!("chapters/{}", scope.folder(index));
    let mut findings = Vec::new();
    for (parent, (arch, other)) in ARCH.iter().flat_map(|parent| pairs(&machines, parent)) {
        let names = |arch: &str| -> BTreeSet<&str> {
            let prefix = format!("{parent}{arch}/");
            files.keys().filter_map(|name| name.strip_prefix(&prefix)).collect()
        };
        for name in names(arch).difference(&names(other)) {
            let file = format!("{parent}{arch}/{name}");
            if !declared.iter().any(|chapter| chapter.is_for_one_machine(&file)) {
                let twin = place::path(&format!("{parent}{other}/{name}"));
                let advice = format!(
                    "add {folder}/{twin}; or, if {other} needs none, declare `{file}` by this name \
                     in build-config.toml"
                );
                let what = format!("{other} has no such file");
                findings.push(Finding::new(
                    format!("{folder}/{}", place::path(&file)),
                    what,
                    advice,
                ));
            }
        }
    }
    Ok(findings)
}

/// Each machine with each other one, below `parent`.
fn pairs<'a>(
    machines: &'a [&'a String],
    parent: &'a str,
) -> impl Iterator<Item = (&'a str, (&'a String, &'a String))> {
    let others = |arch: &'a String| machines.iter().filter(move |other| **other != arch);
    machines.iter().flat_map(move |arch| others(arch).map(move |other| (parent, (*arch, *other))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sandbox::Sandbox;

    fn sandbox() -> Sandbox {
        Sandbox::new(&[
            ("chapters/01-one/src/arch/mod.rs", ""),
            ("chapters/01-one/src/arch/aarch64/cpu.rs", ""),
            ("chapters/01-one/src/arch/x86_64/cpu.rs", ""),
        ])
    }

    fn check(sandbox: &Sandbox) -> Vec<Finding> {
        let workspace = sandbox.workspace();
        parity(Scope { workspace: &workspace, chapter: None }).err().unwrap_or_default()
    }

    #[test]
    fn same_names_are_right() {
        assert_eq!(check(&sandbox()), []);
    }

    #[test]
    fn a_file_of_one_machine_is_found() {
        let sandbox = sandbox();
        sandbox.write("chapters/01-one/src/arch/x86_64/gdt.rs", b"");
        let findings = check(&sandbox);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "chapters/01-one/src/arch/x86_64/gdt.rs");
        assert_eq!(findings[0].what, "aarch64 has no such file");
    }

    #[test]
    fn programs_have_machines_too() {
        let sandbox = sandbox();
        sandbox.write("chapters/01-one/user/src/arch/aarch64/start.s", b"");
        let findings = check(&sandbox);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "chapters/01-one/user/src/arch/aarch64/start.s");
        assert!(findings[0].advice.contains("add chapters/01-one/user/src/arch/x86_64/start.s"));
        sandbox.write("chapters/01-one/user/src/arch/x86_64/start.s", b"");
        assert_eq!(check(&sandbox), []);
    }

    #[test]
    fn a_file_of_one_machine_may_be_declared() {
        let sandbox = sandbox().declare(0, &["arch/x86_64/gdt.rs"], &[]);
        sandbox.write("chapters/01-one/src/arch/x86_64/gdt.rs", b"");
        assert_eq!(check(&sandbox), []);
        let sandbox = sandbox.declare(0, &["arch/{arch}/gdt.rs"], &[]);
        assert_eq!(check(&sandbox).len(), 1);
    }
}
