//! Which proofs have passed with what is here now, and need not run again.
//!
//! Whether each wrong solution gets its hint, and whether each experiment of the book still ends as
//! the page says, takes kernels built and booted by the hundred: half an hour and more. What comes
//! of it hangs on nothing but the files of its chapter, our tools, the compiler and the emulator.
//! So a digest of these is kept of what has passed, as `go test` and Bazel keep one, and where it
//! is still the same, nothing is run. It is kept in a file of the repository, so that a proof that
//! was made here holds in a fresh clone: `make test record=1` writes it, and `make test fresh=1`
//! does not believe it.
//!
//! Where one byte of it is another, or one program another version, all of it is run as if there
//! were no such file. (`book/src/decisions/0022-what-has-passed-before.md`)

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use serde::Deserialize;

use super::outcome::Tested;
use crate::doctor;
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

/// The file, from the root of the repository.
const FILE: &str = "proved.toml";

const HEADER: &str = "# What has passed, how many tests that were, and a digest of all that took \
                      part in it: `make test record=1` writes\n# this file, and `make test` runs \
                      again what a digest does not fit any more. `make test fresh=1` runs all.\n";

/// Where experiments and what became of them are.
const EXPERIMENTS: &[&str] = &["book/src/broken", "book/src/recorded/broken"];

/// What has passed, by the titles of groups of tests.
pub struct Proved {
    path: PathBuf,
    known: BTreeMap<String, Passed>,
    /// Of each chapter, what takes part in its proofs now.
    digests: Vec<String>,
}

/// A group of tests that has passed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Passed {
    passed: usize,
    digest: String,
}

impl Proved {
    /// Reads what has passed, and looks at what is here now.
    pub fn read(workspace: &Workspace) -> Result<Self> {
        let path = workspace.root.join(FILE);
        let known = match std::fs::read_to_string(&path) {
            Ok(text) => parse(&text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(Failure::usage(format!("{FILE}: {error}"))),
        };
        Ok(Self { path, known, digests: digests(workspace)? })
    }

    /// How many tests of the group `title`, a proof of the chapter with `index`, have passed with
    /// what is here now.
    pub fn passed(&self, title: &str, index: usize) -> Option<usize> {
        let known = self.known.get(title).filter(|known| known.digest == self.digests[index])?;
        Some(known.passed)
    }

    /// Keeps what the group `title`, a proof of the chapter with `index`, has come to, and writes
    /// it: who interrupts the next group loses nothing. What changed meanwhile has not passed.
    pub fn keep(
        &mut self,
        workspace: &Workspace,
        (title, index): (&str, usize),
        tests: &[Tested],
    ) -> Result<()> {
        let is_same = digests(workspace)?[index] == self.digests[index];
        if is_same && !tests.is_empty() && tests.iter().all(Tested::has_passed) {
            let digest = self.digests[index].clone();
            self.known.insert(title.into(), Passed { passed: tests.len(), digest });
        } else {
            self.known.remove(title);
        }
        std::fs::write(&self.path, self.text())
            .map_err(|error| Failure::failed(format!("cannot write {FILE}: {error}")))
    }

    fn text(&self) -> String {
        self.known.iter().fold(HEADER.into(), |mut text, (title, Passed { passed, digest })| {
            let entry = format!("\n[{title:?}]\npassed = {passed}\ndigest = {digest:?}\n");
            text.write_str(&entry).expect("a string takes all");
            text
        })
    }
}

fn parse(text: &str) -> Result<BTreeMap<String, Passed>> {
    toml::from_str(text).map_err(|error| Failure::usage(format!("{FILE}: {error}")))
}

/// Of each chapter, a digest of all that takes part in its proofs: what a workshop copies, but for
/// other chapters, its experiments, and which programs build and boot it.
fn digests(workspace: &Workspace) -> Result<Vec<String>> {
    let programs = programs(workspace);
    let digest = |folder: &str| {
        let wanted = |name: &str| takes_part(name, folder);
        let files = workshop::digest(&workspace.root, EXPERIMENTS, wanted);
        Ok(format!("{} {programs}", files.map_err(Failure::failed)?))
    };
    workspace.config.chapters.iter().map(|chapter| digest(&chapter.folder)).collect()
}

/// Whether the file `name` takes part in proofs of the chapter in `folder`, such as `01-boot`.
fn takes_part(name: &str, folder: &str) -> bool {
    let number = folder.split('-').next().unwrap_or_default();
    match name.rsplit_once('/') {
        Some((place, file)) if EXPERIMENTS.contains(&place) => {
            file.split('-').next() == Some(number)
        }
        _ => match name.strip_prefix("chapters/").and_then(|name| name.split_once('/')) {
            Some((other, _)) => other == folder || !other.starts_with(|c: char| c.is_ascii_digit()),
            None => true,
        },
    }
}

/// The versions of the programs that build and boot kernels, and what computer that is.
fn programs(workspace: &Workspace) -> String {
    let machines = workspace.config.machines.values();
    let emulators = machines.map(|machine| doctor::version(&machine.qemu));
    let compiler = doctor::toolchain(workspace).version(workspace);
    let versions = std::iter::once(compiler).chain(emulators);
    let versions: Vec<String> =
        versions.map(|it| it.map_or("none".into(), |it| it.to_string())).collect();
    format!("{} {}", versions.join(" "), std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLE: &str = "the exercises of 01-boot";

    fn workspace() -> (tempfile::TempDir, Workspace) {
        let root = tempfile::tempdir().expect("there is room");
        let own = Workspace::open().expect("it is ours");
        for name in ["Cargo.toml", "chapters/01-boot/a.rs", "book/src/broken/02-x.toml"] {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("there is room");
            std::fs::write(path, "1").expect("there is room");
        }
        let workspace = Workspace { root: root.path().into(), ..own };
        (root, workspace)
    }

    fn write(workspace: &Workspace, name: &str, text: &str) {
        std::fs::write(workspace.root.join(name), text).expect("there is room");
    }

    fn passed(workspace: &Workspace) -> Option<usize> {
        Proved::read(workspace).expect("it can be read").passed(TITLE, 0)
    }

    #[test]
    fn what_took_part_is_looked_at() {
        for (name, others) in [
            ("chapters/01-boot/src/main.rs", false),
            ("chapters/.cargo/config.toml", true),
            ("common/tutor/src/main.rs", true),
            ("build-config.toml", true),
            ("book/src/broken/01-never-end.toml", false),
            ("book/src/recorded/broken/01-never-end-x86_64.txt", false),
        ] {
            assert!(takes_part(name, "01-boot"), "{name}");
            assert_eq!(takes_part(name, "02-frames"), others, "{name}");
        }
    }

    #[test]
    fn what_has_passed_has_until_something_changes() {
        let (_root, workspace) = workspace();
        assert_eq!(passed(&workspace), None);
        let tests = [Tested::passed("a"), Tested::passed("b")];
        let mut proved = Proved::read(&workspace).expect("there is nothing");
        proved.keep(&workspace, (TITLE, 0), &tests).expect("there is room");
        assert_eq!(passed(&workspace), Some(2));
        write(&workspace, "book/src/broken/02-x.toml", "2");
        assert_eq!(passed(&workspace), Some(2), "that is another chapter's");
        write(&workspace, "chapters/01-boot/a.rs", "2");
        assert_eq!(passed(&workspace), None);
    }

    #[test]
    fn what_failed_or_was_changed_meanwhile_has_not_passed() {
        let (_root, workspace) = workspace();
        let good = [Tested::passed("a")];
        let bad = [Tested::passed("a"), Tested::failed("b", "why")];
        let mut proved = Proved::read(&workspace).expect("there is nothing");
        for tests in [&bad[..], &[]] {
            proved.keep(&workspace, (TITLE, 0), &good).expect("there is room");
            assert_eq!(passed(&workspace), Some(1));
            proved.keep(&workspace, (TITLE, 0), tests).expect("there is room");
            assert_eq!(passed(&workspace), None);
        }
        write(&workspace, "Cargo.toml", "2");
        proved.keep(&workspace, (TITLE, 0), &good).expect("there is room");
        write(&workspace, "Cargo.toml", "1");
        assert_eq!(passed(&workspace), None);
    }

    #[test]
    fn a_wrong_file_is_told() {
        let (_root, workspace) = workspace();
        write(&workspace, FILE, "[x]\npassed = \"all\"\n");
        let failure = Proved::read(&workspace).err().expect("that is no number");
        assert_eq!(failure.status, 2);
        assert!(failure.message.starts_with("proved.toml: "), "{}", failure.message);
    }
}
