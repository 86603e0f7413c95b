//! A chapter changes no more of the kernel than its reader can take in.
//!
//! A chapter that must do so says by how much and why, in `exceeds` of its entry in
//! `build-config.toml`. An allowance that a chapter does not need would hide its next growth, so it
//! is wrong as well.

use build_support::{Allowance, Amount};

use super::declared::line;
use super::finding::{Finding, Verdict, verdict};
use super::scope::Scope;
use chapter_diff::{self as diff, Item};

/// The file that grants allowances.
const CONFIG: &str = "build-config.toml";

/// Each chapter keeps to its budget, and needs every allowance from it.
pub fn budgets(scope: Scope) -> Verdict {
    let mut findings = Vec::new();
    for index in scope.chapters() {
        findings.extend(match index {
            0 => allowances_of_the_first(scope),
            _ => chapter(scope, index)?,
        });
    }
    verdict(findings)
}

fn chapter(scope: Scope, index: usize) -> Result<Vec<Finding>, Vec<Finding>> {
    let folders = [index - 1, index].map(|i| scope.workspace.chapter_folder(scope.folder(i)));
    let changes = diff::chapters(&folders[0], &folders[1]);
    let spent = diff::spent(&changes.map_err(|failure| vec![failure.into()])?);
    let allowances = &scope.workspace.config.chapters[index].exceeds;
    let items = spent.items(allowances);
    let exceeded = items.iter().filter(|item| item.is_exceeded());
    let in_vain = items.iter().filter(|item| item.is_allowance_in_vain());
    let exceeded = exceeded.map(|item| exceeds(scope, index, item));
    Ok(exceeded.chain(in_vain.map(|item| needless(scope, index, item))).collect())
}

fn exceeds(scope: Scope, index: usize, item: &Item) -> Finding {
    let Item { amount, name, spent, .. } = item;
    let folder = scope.folder(index);
    let what = format!("{name}: {spent}, the limit is {}", item.limit());
    let advice = format!(
        "`make diff` lists them; move a part to another chapter, or grant it in {CONFIG}: \
         exceeds = [{{ what = \"{amount}\", limit = {spent}, reason = \"…\" }}]"
    );
    Finding::new(format!("chapters/{folder}"), what, advice)
}

fn needless(scope: Scope, index: usize, item: &Item) -> Finding {
    let Item { amount, name, spent, usual_limit, .. } = item;
    let folder = scope.folder(index);
    let what = format!(
        "{folder} needs no allowance for {amount}: {name}: {spent}, the limit is {usual_limit}"
    );
    withdraw(scope, index, *amount, what)
}

/// Nothing comes before the first chapter, so it has no budget to exceed.
fn allowances_of_the_first(scope: Scope) -> Vec<Finding> {
    let finding = |allowance: &Allowance| {
        let amount = allowance.what;
        let what = format!("{} needs no allowance for {amount}: it is the first", scope.folder(0));
        withdraw(scope, 0, amount, what)
    };
    scope.workspace.config.chapters[0].exceeds.iter().map(finding).collect()
}

fn withdraw(scope: Scope, index: usize, amount: Amount, what: String) -> Finding {
    let finding = Finding::new(CONFIG, what, "take it out of `exceeds`");
    finding.at(line(scope, index, &amount.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sandbox::Sandbox;
    use crate::workspace::Workspace;

    /// Two chapters; the second adds `lines` lines.
    fn sandbox(lines: usize) -> Sandbox {
        Sandbox::new(&[
            ("chapters/01-one/src/main.rs", "1\n"),
            ("chapters/02-two/src/main.rs", "1\n"),
            ("chapters/02-two/src/new.rs", &"// n\n".repeat(lines)),
        ])
    }

    fn allowance(limit: usize) -> Allowance {
        Allowance { what: Amount::NewLines, limit, reason: "because".into() }
    }

    fn check(workspace: &Workspace) -> Vec<Finding> {
        budgets(Scope { workspace, chapter: None }).err().unwrap_or_default()
    }

    #[test]
    fn exceeded_budget_is_found() {
        assert_eq!(check(&sandbox(900).workspace()), []);
        let findings = check(&sandbox(901).workspace());
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].what, "lines in new files: 901, the limit is 900");
        assert!(findings[0].advice.contains("what = \"new lines\", limit = 901"));
    }

    #[test]
    fn first_chapter_has_no_budget_and_no_allowance() {
        let sandbox = Sandbox::new(&[("chapters/01-one/src/main.rs", &"1\n".repeat(2000))]);
        let mut workspace = sandbox.workspace();
        assert_eq!(check(&workspace), []);
        workspace.config.chapters[0].exceeds = vec![allowance(3000)];
        assert!(check(&workspace)[0].what.ends_with("it is the first"));
    }

    #[test]
    fn allowance_is_a_limit_as_well() {
        let sandbox = sandbox(1000);
        let mut workspace = sandbox.workspace();
        workspace.config.chapters[1].exceeds = vec![allowance(1000)];
        assert_eq!(check(&workspace), []);
        workspace.config.chapters[1].exceeds = vec![allowance(999)];
        assert_eq!(check(&workspace)[0].what, "lines in new files: 1000, the limit is 999");
    }

    #[test]
    fn allowance_without_need_is_found_at_its_line() {
        let sandbox = sandbox(900);
        let mut workspace = sandbox.workspace();
        let path = sandbox.root().join(CONFIG);
        let text = std::fs::read_to_string(&path).expect("it is there");
        let exceeds = "exceeds = [{ what = \"new lines\", limit = 1000, reason = \"because\" }]";
        std::fs::write(&path, format!("{text}{exceeds}\n")).expect("there is room");
        workspace.config.chapters[1].exceeds = vec![allowance(1000)];
        let findings = check(&workspace);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].what.starts_with("02-two needs no allowance for new lines"));
        assert_eq!(findings[0].line, Some(text.lines().count() + 1));
    }
}
