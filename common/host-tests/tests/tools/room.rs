//! Programs of the chapter, built for this computer, and folders to try them in.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, UNIX_EPOCH};

/// What programs are built for: it needs no more than the kernel's processor.
const TARGET: &str = "x86_64-unknown-none";

/// The programs that are wanted.
const PROGRAMS: [&str; 7] = ["sh", "tools", "echo", "true", "false", "status", "sleep"];

/// The shell to compare with.
pub const DASH: &str = "dash";

/// What a program has answered.
#[derive(Debug)]
pub struct Answer {
    pub status: Option<i32>,
    pub printed: String,
    pub complaint: String,
}

/// A folder with our programs under all their names.
pub struct Room {
    programs: String,
}

impl Room {
    /// Builds the programs.
    pub fn prepare() -> &'static Self {
        static ROOM: OnceLock<Room> = OnceLock::new();
        ROOM.get_or_init(|| {
            for name in [DASH, "timeout"] {
                assert!(find(name).is_some(), "there is no `{name}` to compare with; install it");
            }
            Self { programs: build() }
        })
    }

    /// The folder of the programs.
    pub fn programs(&self) -> &str {
        &self.programs
    }

    /// The path of the program `name`.
    pub fn program(&self, name: &str) -> String {
        format!("{}/{name}", self.programs)
    }

    /// `line` with the path of ours before a name that shells have built in.
    pub fn by_path(&self, line: &str) -> String {
        by_path(line, &self.programs)
    }
}

/// `line` with the path of the installed one before a name that shells have built in.
pub fn installed(line: &str) -> String {
    by_path(line, "/usr/bin")
}

fn by_path(line: &str, folder: &str) -> String {
    let is_built_in = line.starts_with("[ ") || line.starts_with("test ");
    if is_built_in { format!("{folder}/{line}") } else { line.into() }
}

/// Where this computer has the program `name`.
fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Builds the programs; the folder in which they are.
fn build() -> String {
    let room = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chapter-9-programs");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("there is a root");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root.join("chapters/09-files/user"));
    cargo.args(["build", "--locked", "--profile", "user", "--target", TARGET, "--target-dir"]);
    cargo.arg(&room).args(PROGRAMS.map(|name| format!("--bin={name}")));
    // What is set for the tests, such as flags of a compiler, is not meant for them.
    cargo
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("CARGO_TARGET_DIR");
    let output = cargo.stdin(Stdio::null()).output().expect("Cargo runs us");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let bin = room.join("bin");
    let _ = fs::remove_dir_all(&bin);
    fs::create_dir_all(&bin).expect("there is room");
    let built = room.join(TARGET).join("user");
    PROGRAMS.iter().for_each(|name| {
        symlink(built.join(name), bin.join(name)).expect("there is room");
    });
    let names = Command::new(bin.join("tools")).output().expect("it was built").stdout;
    for name in String::from_utf8_lossy(&names).lines() {
        symlink("tools", bin.join(name)).expect("there is room");
    }
    bin.to_str().expect("the path is UTF-8").into()
}

/// Runs `program` in `folder`.
pub fn run(program: &str, words: &[&str], input: &str, folder: &Path, path: &str) -> Answer {
    // The path that is set below is not where these are looked for.
    let place = |name| find(name).expect("`Room::prepare` has found it");
    let program = if program == DASH { place(DASH) } else { program.into() };
    let mut command = Command::new(place("timeout"));
    command.arg("20").arg(program).args(words).current_dir(folder).env_clear();
    command.envs([("PATH", path), ("HOME", "/"), ("LC_ALL", "C"), ("TZ", "UTC")]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("there is a timeout(1)");
    let mut stdin = child.stdin.take().expect("it was asked for");
    // It need not read all of it.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("it ends in time");
    let folder = folder.to_string_lossy();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&*folder, "FOLDER");
    let (printed, complaint) = (text(&output.stdout), text(&output.stderr));
    Answer { status: output.status.code(), printed, complaint }
}

/// A folder that goes when nobody uses it any more.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> std::io::Result<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("folder-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path)?;
        Ok(Self(path.canonicalize()?))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is below the folder of what is built, which goes as a whole.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Files to try tools with, and what is in them.
const FILES: [(&str, &str); 11] = [
    ("a", "one two\nthree\n\nfour five six\n"),
    ("b", "\n\nx]y\n*star\n"),
    ("words", "pear\napple\nbanana\nApple\na.b\naxb\ncherry\nx-x\ndate 7\nfig\n\nxyzzy\napple\n"),
    ("numbers", "10\n9\n-3\n 2.5\n2.25\nabc\n007\n1e3\n-3.5\n\n10\n"),
    ("nonewline", "no end"),
    ("tool", "#!/bin/sh\n"),
    ("d/one", "alpha\n"),
    ("d/two", "beta\ngamma\n"),
    ("d/.hidden", "secret a\n"),
    ("d/inner/deep", "delta\n"),
    ("e/f/g", "ooo\n"),
];

/// Puts files into `folder`.
pub fn fill(folder: &Path) -> std::io::Result<()> {
    fs::create_dir(folder.join("empty"))?;
    for (name, text) in FILES {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it is below the folder"))?;
        fs::write(&path, text)?;
        let mode = if name == "tool" { 0o755 } else { 0o644 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        fs::File::open(&path)?.set_modified(UNIX_EPOCH + Duration::from_secs(1_000_000_000))?;
    }
    symlink("a", folder.join("link"))?;
    symlink("inner", folder.join("d/folder"))
}
