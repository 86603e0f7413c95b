//! What is on this computer.
//!
//! Whether a program exists is read from the folders of `PATH`, not found out by starting it: that
//! is a hundred times quicker.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::version::Version;

/// The file that `program` is, in the first folder of `PATH` that has it.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| is_program(file))
}

fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// The C compiler with which Rust links.
pub fn find_linker() -> Option<&'static str> {
    ["cc", "gcc", "clang"].into_iter().find(|program| find(program).is_some())
}

/// What Chromium, and what is made of it, is called.
const CHROMIUMS: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Where macOS has it, which puts no programs with windows into `PATH`.
const APPLICATIONS: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// What runs programs for Linux that are for `arch`, another architecture than this computer's.
pub fn find_linux(arch: &str) -> Option<PathBuf> {
    find(&format!("qemu-{arch}"))
}

/// A browser of Chromium's kind.
pub fn find_chromium() -> Option<PathBuf> {
    let application = || APPLICATIONS.map(PathBuf::from).into_iter().find(|file| is_program(file));
    CHROMIUMS.into_iter().find_map(find).or_else(application)
}

/// What `command` prints, if it succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// The version of `program`, if it is there and tells one.
pub fn version(program: &str) -> Option<Version> {
    Version::parse(&output(Command::new(program).arg("--version"))?)
}

/// Whether the QEMU program `qemu` finds the firmware file `name` in any of its folders.
pub fn has_firmware(qemu: &str, name: &str) -> bool {
    let folders = output(Command::new(qemu).args(["-L", "help"])).unwrap_or_default();
    folders.lines().any(|folder| Path::new(folder).join(name).is_file())
}

/// A debugger that speaks `arch`, such as `aarch64`.
///
/// A debugger whose name promises it is taken at its word; a plain `gdb` speaks every architecture
/// on Fedora and only its own on Debian, so it is asked.
pub fn find_gdb(arch: &str) -> Option<String> {
    let promising =
        ["gdb-multiarch".into(), format!("{arch}-elf-gdb"), format!("{arch}-linux-gnu-gdb")];
    let found = promising.into_iter().find(|program| find(program).is_some());
    found.or_else(|| (find("gdb").is_some() && plain_gdb_speaks(arch)).then(|| "gdb".into()))
}

fn plain_gdb_speaks(arch: &str) -> bool {
    let name = if arch == "x86_64" { "i386:x86-64" } else { arch };
    let mut gdb = Command::new("gdb");
    gdb.args(["-nx", "-batch", "-ex", &format!("set architecture {name}")]);
    // An older gdb exits with 0 even if it does not know the name.
    gdb.output().is_ok_and(|output| output.status.success() && output.stderr.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_in_path_and_others_are_not() {
        assert!(find("sh").is_some_and(|file| file.is_absolute()));
        assert_eq!(find("no-such-program"), None);
    }

    #[test]
    fn a_file_that_cannot_be_executed_is_no_program() {
        assert!(!is_program(Path::new("/etc/passwd")));
        assert!(!is_program(Path::new("/")));
        assert!(is_program(Path::new("/bin/sh")));
    }

    #[test]
    fn a_missing_program_has_no_version_and_no_firmware() {
        assert_eq!(version("no-such-program"), None);
        assert!(!has_firmware("no-such-program", "qboot.rom"));
    }

    #[test]
    fn a_command_that_fails_has_no_output() {
        assert_eq!(output(Command::new("sh").args(["-c", "echo yes"])), Some("yes\n".into()));
        assert_eq!(output(Command::new("sh").args(["-c", "echo yes; exit 1"])), None);
    }
}
