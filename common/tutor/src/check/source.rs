//! Source files, as the house rules see them.

use super::finding::Finding;
use super::scan::{self, Line};
use super::scope::Scope;
use chapter_diff::folder;

/// A language that the rules are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Rust.
    Rust,
    /// Assembly.
    Assembly,
    /// A linker script.
    LinkerScript,
}

/// A source file.
pub struct Source {
    /// Its name, from the root of the repository.
    pub name: String,
    /// What it is written in.
    pub language: Language,
    /// All of it.
    pub text: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

impl Source {
    /// The file `name` with `text` in it; `None` if the rules are not about it.
    pub fn new(name: &str, text: &str) -> Option<Self> {
        let language = match name.rsplit_once('.')?.1 {
            "rs" => Language::Rust,
            "s" => Language::Assembly,
            "ld" => Language::LinkerScript,
            _ => return None,
        };
        let lines = scan::lines(text);
        Some(Self { name: name.into(), language, text: text.into(), lines })
    }

    /// Whether it is part of a kernel.
    pub fn is_kernel(&self) -> bool {
        let others = ["common/bench-kernel/src/", "common/broken-kernel/src/"];
        self.is_chapter() || others.iter().any(|folder| self.name.starts_with(folder))
    }

    /// Whether it is part of a chapter's kernel.
    pub fn is_chapter(&self) -> bool {
        self.name.starts_with("chapters/") && self.name.contains("/src/")
    }
}

/// All source files that are looked at.
pub fn sources(scope: Scope) -> Result<Vec<Source>, Vec<Finding>> {
    let files = scope.files()?;
    let texts = files.iter().filter_map(|(name, bytes)| Some((name, folder::text(bytes)?)));
    Ok(texts.filter_map(|(name, text)| Source::new(name, text)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_go_by_the_ending() {
        let language = |name| Source::new(name, "").map(|source| source.language);
        assert_eq!(language("a/b.rs"), Some(Language::Rust));
        assert_eq!(language("a/b.s"), Some(Language::Assembly));
        assert_eq!(language("a/b.ld"), Some(Language::LinkerScript));
        assert_eq!(language("a/b.md"), None);
        assert_eq!(language("Makefile"), None);
    }

    #[test]
    fn kernels_are_told_from_tools() {
        let is_kernel = |name| Source::new(name, "").is_some_and(|source| source.is_kernel());
        assert!(is_kernel("chapters/01-boot/src/main.rs"));
        assert!(is_kernel("common/broken-kernel/src/main.rs"));
        assert!(
            !Source::new("common/broken-kernel/src/main.rs", "").is_some_and(|s| s.is_chapter())
        );
        assert!(!is_kernel("chapters/01-boot/build.rs"));
        assert!(!is_kernel("common/tutor/src/main.rs"));
    }
}
