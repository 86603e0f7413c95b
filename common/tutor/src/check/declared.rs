//! What chapters declare in `build-config.toml`, held against what they have.

use super::finding::{Finding, Verdict, verdict};
use super::place;
use super::scope::Scope;
use crate::workspace::Workspace;

/// The file that declares.
const CONFIG: &str = "build-config.toml";

/// Stands for the name of every architecture.
const EVERY_ARCH: &str = "{arch}";

/// Every declared file exists, every file is declared, and none is declared in vain.
pub fn declared(scope: Scope) -> Verdict {
    let mut findings = Vec::new();
    for index in scope.chapters() {
        let declares = Declarations::of(scope, index);
        findings.extend(missing(scope, &declares)?);
        findings.extend(undeclared(scope, &declares)?);
        findings.extend(misplaced(scope, &declares));
    }
    verdict(findings)
}

/// Whether chapter `index` declares `file`, by this name.
pub fn is_declared(workspace: &Workspace, index: usize, file: &str) -> bool {
    Declarations::of(Scope { workspace, chapter: None }, index).has(file)
}

/// The files that a chapter declares, each with the words that declare it.
pub struct Declarations {
    index: usize,
    new: Vec<(String, String)>,
    changed: Vec<(String, String)>,
}

impl Declarations {
    /// What chapter `index` declares.
    pub fn of(scope: Scope, index: usize) -> Self {
        let chapter = &scope.workspace.config.chapters[index];
        let expand = |words: &[String]| {
            words.iter().flat_map(|word| expand(scope, word)).collect::<Vec<_>>()
        };
        Self { index, new: expand(&chapter.new), changed: expand(&chapter.changed) }
    }

    /// Whether the chapter declares `file`, as new or as changed.
    pub fn has(&self, file: &str) -> bool {
        self.all().any(|(name, _)| name == file)
    }

    /// Whether the chapter declares `file` as changed.
    pub fn has_changed(&self, file: &str) -> bool {
        self.changed.iter().any(|(name, _)| name == file)
    }

    fn has_new(&self, file: &str) -> bool {
        self.new.iter().any(|(name, _)| name == file)
    }

    /// Whether `file` is declared by its full name, for this machine and no other.
    pub fn is_for_one_machine(&self, file: &str) -> bool {
        self.all().any(|(name, words)| name == file && words == file)
    }

    fn all(&self) -> impl Iterator<Item = &(String, String)> {
        self.new.iter().chain(&self.changed)
    }
}

/// The files that `words` declare.
fn expand(scope: Scope, words: &str) -> Vec<(String, String)> {
    if !words.contains(EVERY_ARCH) {
        return vec![(words.into(), words.into())];
    }
    let machines = scope.workspace.config.machines.keys();
    machines.map(|arch| (words.replace(EVERY_ARCH, arch), words.into())).collect()
}

fn missing(scope: Scope, declares: &Declarations) -> Result<Vec<Finding>, Vec<Finding>> {
    let files = scope.sources(declares.index)?;
    let folder = scope.folder(declares.index);
    let missing = declares.all().filter(|(name, _)| !files.contains_key(name));
    let finding = |(name, words): &(String, String)| {
        let what = format!(
            "{folder} declares `{words}`, but chapters/{folder}/{} is missing",
            place::path(name)
        );
        let advice = "add the file, or take the name out";
        Finding::new(CONFIG, what, advice).at(line(scope, declares.index, words))
    };
    Ok(missing.map(finding).collect())
}

fn undeclared(scope: Scope, declares: &Declarations) -> Result<Vec<Finding>, Vec<Finding>> {
    let files = scope.sources(declares.index)?;
    let folder = scope.folder(declares.index);
    let earlier: Vec<_> = (0..declares.index).map(|index| Declarations::of(scope, index)).collect();
    let is_known = |name: &str| declares.has(name) || earlier.iter().any(|e| e.has(name));
    let unknown = files.into_keys().filter(|name| !is_known(name));
    let finding = |name: String| {
        let what = "no chapter declares this file";
        let advice = format!("name it in `new` of {folder} in {CONFIG}, or remove it");
        Finding::new(format!("chapters/{folder}/{}", place::path(&name)), what, advice)
    };
    Ok(unknown.map(finding).collect())
}

/// A file is new in one chapter, and changed in later ones.
fn misplaced(scope: Scope, declares: &Declarations) -> Vec<Finding> {
    let folder = scope.folder(declares.index);
    let earlier: Vec<_> = (0..declares.index).map(|index| Declarations::of(scope, index)).collect();
    let is_older = |name: &str| earlier.iter().any(|chapter| chapter.has_new(name));
    let finding = |words: &str, what: String, advice: &str| {
        Finding::new(CONFIG, what, advice).at(line(scope, declares.index, words))
    };
    let twice = declares.new.iter().filter(|(name, _)| is_older(name)).map(|(_, words)| {
        let what = format!("`{words}` is new in {folder}, but an earlier chapter has it");
        finding(words, what, "list it in `changed`")
    });
    let never = declares.changed.iter().filter(|(name, _)| !is_older(name)).map(|(_, words)| {
        let what = format!("`{words}` is changed in {folder}, but no earlier chapter has it");
        finding(words, what, "list it in `new`")
    });
    twice.chain(never).collect()
}

/// The line of `build-config.toml` in which chapter `index` names `words`.
pub fn line(scope: Scope, index: usize, words: &str) -> Option<usize> {
    let text = std::fs::read_to_string(scope.workspace.root.join(CONFIG)).ok()?;
    let folder = format!("\"{}\"", scope.folder(index));
    let words = format!("\"{words}\"");
    let lines = text.lines().enumerate();
    let mut lines = lines.skip_while(|(_, line)| !line.contains(&folder));
    lines.find(|(_, line)| line.contains(&words)).map(|(index, _)| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sandbox::Sandbox;

    fn sandbox() -> Sandbox {
        Sandbox::new(&[
            ("chapters/01-one/src/main.rs", "1"),
            ("chapters/01-one/src/arch/aarch64/cpu.rs", "1"),
            ("chapters/01-one/src/arch/x86_64/cpu.rs", "1"),
            ("chapters/02-two/src/main.rs", "2"),
            ("chapters/02-two/src/arch/aarch64/cpu.rs", "1"),
            ("chapters/02-two/src/arch/x86_64/cpu.rs", "1"),
        ])
    }

    fn check(sandbox: &Sandbox) -> Vec<Finding> {
        let workspace = sandbox.workspace();
        declared(Scope { workspace: &workspace, chapter: None }).err().unwrap_or_default()
    }

    #[test]
    fn what_is_declared_and_there_is_right() {
        let sandbox = sandbox().declare(0, &["main.rs", "arch/{arch}/cpu.rs"], &[]);
        assert_eq!(check(&sandbox.declare(1, &[], &["main.rs"])), []);
    }

    #[test]
    fn missing_file_is_found_with_its_line() {
        let sandbox =
            sandbox().declare(0, &["main.rs", "arch/{arch}/cpu.rs", "arch/{arch}/x.rs"], &[]);
        let findings = check(&sandbox);
        let machines = findings.iter().filter(|finding| finding.what.contains("is missing"));
        assert_eq!(machines.count(), 2);
        let text = std::fs::read_to_string(sandbox.root().join(CONFIG)).expect("it is there");
        let line = findings[0].line.expect("it has one");
        assert!(text.lines().nth(line - 1).is_some_and(|line| line.contains("{arch}/x.rs")));
    }

    #[test]
    fn programs_are_declared_by_names_of_their_own() {
        let sandbox = || {
            Sandbox::new(&[("chapters/01-one/src/main.rs", "1"), ("chapters/01-one/user/a.rs", "")])
        };
        let findings = check(&sandbox().declare(0, &["main.rs"], &[]));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "chapters/01-one/user/a.rs");
        assert!(findings[0].advice.contains("01-one"), "{}", findings[0].advice);
        assert_eq!(check(&sandbox().declare(0, &["main.rs", "user/a.rs"], &[])), []);
        let findings = check(&sandbox().declare(0, &["main.rs", "user/a.rs", "user/b.rs"], &[]));
        assert_eq!(findings.len(), 1);
        assert!(findings[0].what.contains("chapters/01-one/user/b.rs is missing"));
    }

    #[test]
    fn undeclared_file_is_found_in_each_chapter() {
        let findings = check(&sandbox().declare(0, &["arch/{arch}/cpu.rs"], &[]));
        let files: Vec<&str> = findings.iter().map(|finding| finding.file.as_str()).collect();
        assert_eq!(files, ["chapters/01-one/src/main.rs", "chapters/02-two/src/main.rs"]);
    }

    #[test]
    fn new_twice_and_changed_without_being_there_are_found() {
        let sandbox = sandbox().declare(0, &["main.rs"], &["arch/{arch}/cpu.rs"]);
        let findings = check(&sandbox.declare(1, &["main.rs"], &[]));
        let has = |words: &str| findings.iter().filter(|f| f.what.contains(words)).count();
        assert_eq!(has("but an earlier chapter has it"), 1);
        assert_eq!(has("but no earlier chapter has it"), 2);
    }
}
