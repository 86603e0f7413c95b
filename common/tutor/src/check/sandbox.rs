//! Made-up repositories for tests.

use std::path::Path;

use tempfile::TempDir;

use crate::workspace::Workspace;

/// What every made-up `build-config.toml` starts with.
const MACHINES: &str = r#"
[kernel]
stack_bytes = 0x10000
heap_bytes = 0x2000
tick_hertz = 100

[tests]
instructions = 1
processor_seconds = 1
seconds = 1

[machine.aarch64]
target = "aarch64-unknown-none-softfloat"
qemu = "qemu-system-aarch64"
machine = "virt"
cpu = "cortex-a76"
memory = "128M"
cpus = 1
load_address = 0x4020_0000
uart = 0x0900_0000

[machine.x86_64]
target = "x86_64-unknown-none"
qemu = "qemu-system-x86_64"
machine = "q35"
cpu = "max"
memory = "128M"
cpus = 1
load_address = 0x10_0000
uart = 0x3f8
"#;

/// A repository in a folder that goes with it.
pub struct Sandbox {
    folder: TempDir,
    chapters: Vec<Declared>,
}

/// A chapter's entry in `build-config.toml`.
struct Declared {
    folder: String,
    new: Vec<String>,
    changed: Vec<String>,
}

impl Sandbox {
    /// A repository with `files`; its chapters are the folders below `chapters/`, and declare
    /// nothing.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder has room");
        let mut sandbox = Self { folder, chapters: Vec::new() };
        for (name, text) in files {
            sandbox.write(name, text.as_bytes());
            if let Some((chapter, _)) =
                name.strip_prefix("chapters/").and_then(|n| n.split_once('/'))
                && sandbox.chapters.iter().all(|known| known.folder != chapter)
            {
                let folder = chapter.to_string();
                sandbox.chapters.push(Declared { folder, new: Vec::new(), changed: Vec::new() });
            }
        }
        sandbox
    }

    /// The same with what the chapter at `index` declares.
    pub fn declare(mut self, index: usize, new: &[&str], changed: &[&str]) -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
        self.chapters[index].new = owned(new);
        self.chapters[index].changed = owned(changed);
        self
    }

    /// Writes a file.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("there is room");
        std::fs::write(path, bytes).expect("there is room");
    }

    /// Its root.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The repository, opened. It lives no longer than the sandbox.
    pub fn workspace(&self) -> Workspace {
        let mut text = MACHINES.to_string();
        for chapter in &self.chapters {
            let Declared { folder, new, changed } = chapter;
            text += &format!(
                "\n[[chapter]]\nfolder = {folder:?}\ntitle = \"T\"\nsummary = \"S\"\n\
                 time_limit_seconds = 1\nnew = {new:?}\nchanged = {changed:?}\nexpect = []\n"
            );
        }
        self.write("build-config.toml", text.as_bytes());
        Workspace::at(self.root().to_path_buf()).expect("the made-up configuration is right")
    }
}
