//! What a check looks at: the whole repository, or one chapter of it.

use crate::check::finding::Finding;
use crate::check::place;
use crate::workspace::Workspace;
use chapter_diff::folder::{self, Files};

/// A repository, and which part of it is looked at.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The repository.
    pub workspace: &'a Workspace,
    /// The index of the only chapter that is looked at, if it is only one.
    pub chapter: Option<usize>,
}

impl Scope<'_> {
    /// The indices of the chapters that are looked at.
    pub fn chapters(&self) -> Vec<usize> {
        match self.chapter {
            Some(index) => vec![index],
            None => (0..self.workspace.config.chapters.len()).collect(),
        }
    }

    /// The folder of chapter `index` below `chapters/`.
    pub fn folder(&self, index: usize) -> &str {
        &self.workspace.config.chapters[index].folder
    }

    /// The files of chapter `index` that can be declared, by the names that declare them.
    pub fn sources(&self, index: usize) -> Result<Files, Vec<Finding>> {
        let folder = self.workspace.chapter_folder(self.folder(index));
        let files = folder::read(&folder).map_err(|failure| vec![failure.into()])?;
        let named = |(path, bytes): (String, Vec<u8>)| Some((place::name(&path)?.into(), bytes));
        Ok(files.into_iter().filter_map(named).collect())
    }

    /// All files that are looked at, named from the root of the repository.
    pub fn files(&self) -> Result<Files, Vec<Finding>> {
        let prefix = self.chapter.map(|index| format!("chapters/{}/", self.folder(index)));
        let prefix = prefix.unwrap_or_default();
        let generated = generated(self.workspace);
        let files = folder::read(&self.workspace.root.join(&prefix));
        let files = files.map_err(|failure| vec![failure.into()])?;
        let files = files.into_iter().map(|(name, bytes)| (format!("{prefix}{name}"), bytes));
        Ok(files.filter(|(name, _)| !generated.iter().any(|g| name.starts_with(g))).collect())
    }
}

/// The folders that `.gitignore` names by their place, such as `/book/book/`: a build makes them.
fn generated(workspace: &Workspace) -> Vec<String> {
    let list = std::fs::read_to_string(workspace.root.join(".gitignore")).unwrap_or_default();
    let is_folder = |line: &&str| line.starts_with('/') && line.ends_with('/');
    list.lines().filter(is_folder).map(|line| line[1..].to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sandbox::Sandbox;

    #[test]
    fn generated_files_and_other_chapters_are_left_out() {
        let sandbox = Sandbox::new(&[
            (".gitignore", "/out/\n"),
            ("out/x.md", ""),
            ("chapters/01-one/src/main.rs", ""),
            ("chapters/02-two/src/main.rs", ""),
        ]);
        let workspace = sandbox.workspace();
        let names = |chapter| {
            let files = Scope { workspace: &workspace, chapter }.files().expect("all can be read");
            files
                .into_keys()
                .filter(|name| name.ends_with(".md") || name.ends_with(".rs"))
                .collect::<Vec<_>>()
        };
        assert_eq!(names(None), ["chapters/01-one/src/main.rs", "chapters/02-two/src/main.rs"]);
        assert_eq!(names(Some(1)), ["chapters/02-two/src/main.rs"]);
    }
}
