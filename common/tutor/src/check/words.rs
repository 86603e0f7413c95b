//! What may not stand in a line of source: the house rules that a program can tell.
//!
//! Each rule is a row of [`RULES`]. Rules look at code or at comments, never at strings.

use super::finding::{Finding, Verdict, verdict};
use super::scan::Line;
use super::scope::Scope;
use super::source::{Language, Source, sources};

/// Something that may not stand in a line.
struct Rule {
    /// Which files it is about.
    is_about: fn(&Source) -> bool,
    /// Whether a line of them breaks it.
    is_broken: fn(&Line) -> bool,
    /// What is wrong then.
    what: &'static str,
    /// What to do.
    advice: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        is_about: |source| source.is_kernel() && is_rust(source),
        is_broken: |line| line.code.contains(".unwrap()"),
        what: "unwrap in a kernel",
        advice: "return an error, or `expect(\"the reason it cannot fail\")`",
    },
    Rule {
        is_about: is_rust,
        is_broken: |line| has_words(&line.code, "static mut"),
        what: "static mut",
        advice: "put the value into a `sync::Lock`, an atomic, or an `UnsafeCell` of its own type",
    },
    Rule {
        is_about: |source| source.is_chapter() && is_rust(source) && !picks_the_machine(source),
        is_broken: |line| has_words(&line.code, "target_arch"),
        what: "target_arch outside src/arch/mod.rs",
        advice: "add what differs to the contract in src/arch/mod.rs, and to both machines",
    },
    Rule {
        is_about: |source| source.language == Language::Assembly,
        is_broken: |line| line.code.split_whitespace().any(|word| word == ".align"),
        what: "`.align` means bytes on one machine and a power of two on the other",
        advice: "use `.balign`",
    },
    Rule {
        is_about: |_| true,
        is_broken: |line| is_banner(&line.comment),
        what: "a banner divides the file",
        advice: "leave a blank line, or split the file: one concept a file",
    },
    Rule {
        is_about: |_| true,
        is_broken: |line| UNFINISHED.iter().any(|word| has_words(&line.comment, word)),
        what: "a note about unfinished work",
        advice: "finish it, or open an issue",
    },
];

/// Words that mark what is not done.
const UNFINISHED: &[&str] = &["TODO", "FIXME", "XXX"];

/// Characters that banners are made of.
const BANNER: &str = "-=*#/~_+";

/// No line of source holds what the house rules forbid.
pub fn words(scope: Scope) -> Verdict {
    verdict(sources(scope)?.iter().flat_map(broken).collect())
}

fn broken(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let rules: Vec<&Rule> = RULES.iter().filter(|rule| (rule.is_about)(source)).collect();
    for (index, line) in source.lines.iter().enumerate() {
        let found = rules.iter().filter(|rule| (rule.is_broken)(line));
        let finding =
            |rule: &&Rule| Finding::new(&source.name, rule.what, rule.advice).at(index + 1);
        findings.extend(found.map(finding));
    }
    findings
}

fn is_rust(source: &Source) -> bool {
    source.language == Language::Rust
}

/// Whether it is the one file of a kernel that knows there are two machines.
fn picks_the_machine(source: &Source) -> bool {
    source.name.ends_with("/src/arch/mod.rs")
}

/// Whether `words` stand in `text`, and not as a part of longer words. (`'static` is another word
/// than `static`.)
fn has_words(text: &str, words: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || "_'".contains(character);
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// Whether `comment` starts with a row of one character. (In documentation that is a drawing.)
fn is_banner(comment: &str) -> bool {
    if comment.starts_with("///") && !comment.starts_with("////") || comment.starts_with("//!") {
        return false;
    }
    let text = match comment.strip_prefix("/*") {
        Some(text) => text,
        None => comment.strip_prefix("//").unwrap_or_default(),
    };
    let text = text.trim_start();
    let Some(first) = text.chars().next().filter(|first| BANNER.contains(*first)) else {
        return false;
    };
    text.chars().take_while(|character| *character == first).count() >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    const KERNEL: &str = "chapters/01-boot/src/main.rs";

    /// What is wrong with `text` in the file `name`.
    fn found(name: &str, text: &str) -> Vec<&'static str> {
        let source = Source::new(name, text).expect("its language is known");
        let findings = broken(&source);
        let what = |finding: &Finding| {
            RULES.iter().map(|rule| rule.what).find(|what| **what == finding.what)
        };
        findings.iter().filter_map(what).collect()
    }

    #[test]
    fn each_rule_finds_what_it_forbids_and_nothing_else() {
        for (name, bad, good) in [
            (KERNEL, "x.unwrap();", "x.unwrap_or(1); // unlike .unwrap()"),
            (KERNEL, "static mut X: u8 = 0;", "fn f(x: &'static mut u8) { \"static mut\" }"),
            (KERNEL, "#[cfg(target_arch = \"x86_64\")]", "// cfg(target_arch) is elsewhere"),
            ("chapters/01-boot/src/a.s", "    .align 4", "    .balign 4 // not .align"),
            (KERNEL, "// ---- helpers ----", "// -- helpers --"),
            (KERNEL, "////////////////////", "/// A type."),
            (KERNEL, "/*****", "/* text */"),
            (KERNEL, "// TODO: think", "// TODOS \n f(\"TODO\")"),
        ] {
            assert_eq!(found(name, bad).len(), 1, "{bad}");
            assert!(found(name, good).is_empty(), "{good}");
        }
    }

    #[test]
    fn rules_for_kernels_leave_tools_alone() {
        let text = "x.unwrap(); #[cfg(target_arch = \"x86_64\")] fn f() {}";
        assert!(found("common/tutor/src/main.rs", text).is_empty());
        assert!(
            found("chapters/01-boot/src/arch/mod.rs", "#[cfg(target_arch = \"x\")]").is_empty()
        );
    }

    #[test]
    fn drawings_in_documentation_are_no_banners() {
        assert!(found(KERNEL, "//! -----+-----\n/// ======").is_empty());
    }

    #[test]
    fn line_numbers_count_from_one() {
        let source = Source::new(KERNEL, "//! X.\n\nx.unwrap();\n").expect("it is Rust");
        assert_eq!(broken(&source)[0].line, Some(3));
    }
}
