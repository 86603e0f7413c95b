//! Packages of Debian's, and its static busybox, for either machine.
//!
//! They are fetched by `apt-get`, with lists and folders of its own below the target folder: the
//! system's are not touched, nothing is installed, and no other architecture is added to it. Debian
//! signs what it offers, and `apt-get` checks that.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use super::Foreign;
use crate::doctor;
use crate::failure::Result;
use crate::program::Program;
use crate::test::oracle::Trial;
use crate::workspace::Workspace;

/// The package, and the program in it.
const PACKAGE: &[&str] = &["busybox-static"];
const PROGRAM: &str = "bin/busybox";

/// Where Debian offers it, and with whose keys that is signed.
const SOURCE: &str = "http://deb.debian.org/debian bookworm main";
/// Where it offers what is newer because of some danger.
const MENDED: &str = "http://deb.debian.org/debian-security bookworm-security main";
const KEYS: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// Held by who fetches: groups run at the same time, and may want the same.
static FETCHING: Mutex<()> = Mutex::new(());

/// What is done without any file: the applet, its arguments, and what it reads.
const TRIALS: &[(&[&str], &[u8])] = &[
    (&["true"], b""),
    (&["false"], b""),
    (&["echo", "a", "b  c"], b""),
    (&["echo", "-n", "no end"], b""),
    (&["printf", "%05d|%s|%x\\n", "42", "word", "255"], b""),
    (&["expr", "6", "*", "7"], b""),
    (&["expr", "length", "seven"], b""),
    (&["seq", "1", "3", "20"], b""),
    (&["test", "a", "=", "b"], b""),
    (&["basename", "/a/b.c", ".c"], b""),
    (&["env"], b""),
    (&["cat"], b"one\ntwo\r\n\x00\x04\x16\xff"),
    (&["wc"], b"one two\nthree\n"),
    (&["head", "-n", "2"], b"1\n2\n3\n"),
    (&["tail", "-n", "1"], b"1\n2\n3\n"),
    (&["sort", "-r"], b"b\na\nc\n"),
    (&["uniq", "-c"], b"a\na\nb\n"),
    (&["grep", "-n", "t.o"], b"one\ntwo\n"),
    (&["sed", "s/a/b/g"], b"banana\n"),
    (&["awk", "{ n += $1 } END { print n, NR }"], b"1\n2\n3.5\n"),
    (&["tr", "a-z", "A-Z"], b"hello\n"),
    (&["md5sum"], b"hello\n"),
    (&["sha256sum"], b"hello\n"),
    (&["base64"], b"hello\n"),
    (&["ls", "-1d", "/dev/null", "/", "/none"], b""),
    (&["find", "/dev/null", "-type", "c"], b""),
    (&["od", "-c"], b"a\tb\x00\n"),
    (&["rev"], b"hello\n"),
    (&["sh", "-c", "echo $((6 * 7)); exit 3"], b""),
    (&["sh", "-c", "for word in a b c; do echo -$word-; done"], b""),
    (&["sh", "-c", "i=0; while [ $i -lt 3 ]; do i=$((i + 1)); echo $i; done"], b""),
    (&["sh", "-c", "read a b; echo $b; read c; echo $c $?"], b"one two three\n"),
    (&["sh", "-c", "f() { return 5; }; f; echo $?; (exit 4); echo $?"], b""),
    (
        &[
            "sh",
            "-c",
            "for word in b a; do echo $word; done | while read word; do echo -$word-; done",
        ],
        b"",
    ),
    (&["sh"], b"echo from the input\nexit 9\n"),
    (&["no-such-applet"], b""),
];

/// Debian's busybox.
pub fn busybox(
    workspace: &Workspace,
    arch: &str,
) -> Result<std::result::Result<Vec<Foreign>, String>> {
    let file = match program(workspace, arch) {
        Ok(file) => file,
        Err(why) => return Ok(Err(why)),
    };
    let program = Program::read(&file.to_string_lossy(), arch)?;
    let trials = TRIALS.iter().map(|(words, input)| Trial::new("busybox", words).reading(input));
    Ok(Ok(vec![Foreign { program, trials: trials.collect(), cases: None }]))
}

/// The file of Debian's busybox; the error says why it cannot be had here.
pub fn program(workspace: &Workspace, arch: &str) -> std::result::Result<PathBuf, String> {
    Ok(fetch(workspace, arch, "busybox", PACKAGE)?.join(PROGRAM))
}

/// Fetches `packages` for `arch`, unless that has been done, and gives the folder of what is in
/// them, which is called `name`; the error says why it cannot be done here.
pub fn fetch(
    workspace: &Workspace,
    arch: &str,
    name: &str,
    packages: &[&str],
) -> std::result::Result<PathBuf, String> {
    let names = |_: &Path, _: &str| Ok(packages.iter().map(|name| name.to_string()).collect());
    fetch_chosen(workspace, arch, name, names)
}

/// Fetches the packages that `package`, which is empty, depends on, as [`fetch`] does: that is how
/// Debian calls whatever is newest.
pub fn fetch_newest(
    workspace: &Workspace,
    arch: &str,
    name: &str,
    package: &str,
) -> std::result::Result<PathBuf, String> {
    fetch_chosen(workspace, arch, name, |folder, architecture| {
        let output = apt("apt-cache", folder, architecture).args(["depends", package]).output();
        let output = output.map_err(|error| format!("cannot start apt-cache: {error}"))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let names: Vec<String> = dependencies(&said).map(String::from).collect();
        if names.is_empty() {
            Err(format!("cannot fetch Debian's lists, which have {package}"))
        } else {
            Ok(names)
        }
    })
}

/// The packages that `said`, from `apt-cache depends`, lists.
fn dependencies(said: &str) -> impl Iterator<Item = &str> {
    said.lines().filter_map(|line| line.trim().strip_prefix("Depends: "))
}

/// Fetches the packages that `choose` names, which is called when there are lists of all.
fn fetch_chosen(
    workspace: &Workspace,
    arch: &str,
    name: &str,
    choose: impl FnOnce(&Path, &str) -> std::result::Result<Vec<String>, String>,
) -> std::result::Result<PathBuf, String> {
    let _fetching = FETCHING.lock();
    let folder = workspace.target_folder().join("strata/debian").join(arch).join(name);
    let files = folder.join("files");
    if files.is_dir() {
        return Ok(files);
    }
    let architecture = architecture(arch);
    fetch_lists(&folder, architecture, "deb")?;
    let packages = choose(&folder, architecture)?;
    quietly(apt("apt-get", &folder, architecture).arg("download").args(packages))?;
    unpack(&folder).map_err(|error| format!("{}: {error}", folder.display()))??;
    Ok(files)
}

/// Fetches the sources of `package`, as its authors have published them, with what Debian adds in
/// the folder `debian`; gives the folder of both. Debian's changes to them are not applied.
pub fn fetch_source(workspace: &Workspace, package: &str) -> std::result::Result<PathBuf, String> {
    let _fetching = FETCHING.lock();
    let folder = workspace.target_folder().join("strata/debian/source").join(package);
    let files = folder.join("files");
    if files.is_dir() {
        return Ok(files);
    }
    let architecture = architecture(std::env::consts::ARCH);
    fetch_lists(&folder, architecture, "deb-src")?;
    let mut apt = apt("apt-get", &folder, architecture);
    quietly(apt.args(["source", "--download-only", package]))?;
    let in_words = |error: std::io::Error| format!("{}: {error}", folder.display());
    let part = folder.join("part");
    fs::create_dir_all(&part).map_err(in_words)?;
    for (kind, options) in [(".orig.tar.", "--strip-components=1"), (".debian.tar.", "--overwrite")]
    {
        let entries = fs::read_dir(&folder).map_err(in_words)?.flatten();
        let is_wanted = |path: &PathBuf| path.to_string_lossy().contains(kind);
        let archive = entries.map(|entry| entry.path()).find(is_wanted);
        let archive = archive.ok_or_else(|| format!("there is no {kind}* of {package}"))?;
        let mut tar = Command::new("tar");
        quietly(tar.arg(options).arg("-xf").arg(archive).arg("-C").arg(&part))?;
    }
    fs::rename(part, &files).map_err(in_words)?;
    Ok(files)
}

/// Fetches Debian's lists of packages of this `kind` into `folder`.
fn fetch_lists(folder: &Path, architecture: &str, kind: &str) -> std::result::Result<(), String> {
    for program in ["apt-get", "dpkg-deb"] {
        if !doctor::has_program(program) {
            return Err(format!("there is no {program}: only Debian and its kin have it"));
        }
    }
    if !Path::new(KEYS).is_file() {
        let package = "debian-archive-keyring";
        return Err(format!(
            "there are no keys of Debian's: `apt-get install {package}` gets them"
        ));
    }
    let in_words = |error: std::io::Error| format!("{}: {error}", folder.display());
    for part in ["lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(folder.join(part)).map_err(in_words)?;
    }
    let line = |source| format!("{kind} [signed-by={KEYS}] {source}\n");
    let list = [SOURCE, MENDED].map(line).concat();
    fs::write(folder.join("sources.list"), list).map_err(in_words)?;
    quietly(apt("apt-get", folder, architecture).arg("update"))
}

/// What Debian calls `arch`.
pub fn architecture(arch: &str) -> &'static str {
    if arch == "aarch64" { "arm64" } else { "amd64" }
}

/// Takes the packages in `folder` apart, all or none.
fn unpack(folder: &Path) -> std::io::Result<std::result::Result<(), String>> {
    let part = folder.join("part");
    if part.is_dir() {
        fs::remove_dir_all(&part)?;
    }
    for package in fs::read_dir(folder)?.flatten().map(|entry| entry.path()) {
        if package.extension().is_some_and(|it| it == "deb") {
            let done = quietly(Command::new("dpkg-deb").arg("-x").arg(&package).arg(&part));
            if done.is_err() {
                return Ok(done);
            }
            fs::remove_file(package)?;
        }
    }
    fs::rename(part, folder.join("files"))?;
    Ok(Ok(()))
}

/// A `program` of apt's for `architecture` that keeps all that it has in `folder`.
fn apt(program: &str, folder: &Path, architecture: &str) -> Command {
    let mut apt = Command::new(program);
    apt.current_dir(folder);
    for (name, value) in [("APT::Architecture", architecture), ("APT::Architectures", architecture)]
    {
        apt.arg("-o").arg(format!("{name}={value}"));
    }
    for (name, place) in [
        ("Dir::State::Lists", folder.join("lists")),
        ("Dir::Cache", folder.join("cache")),
        ("Dir::Etc::SourceList", folder.join("sources.list")),
        ("Dir::Etc::SourceParts", "/dev/null".into()),
        ("Dir::State::Status", "/dev/null".into()),
    ] {
        apt.arg("-o").arg(format!("{name}={}", place.display()));
    }
    apt
}

/// Runs `command`, and says what it said if it failed.
pub fn quietly(command: &mut Command) -> std::result::Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("cannot start {name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{name} has failed: {}", said.trim_end().lines().last().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_found() {
        let said = "linux-image-cloud-amd64\n  Depends: linux-image-6.1.0-1-cloud-amd64\n  \
                    Recommends: firmware\n";
        assert_eq!(dependencies(said).collect::<Vec<_>>(), ["linux-image-6.1.0-1-cloud-amd64"]);
        assert_eq!(dependencies("").count(), 0);
    }
}
