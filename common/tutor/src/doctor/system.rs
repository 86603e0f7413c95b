//! Which system this is, what it calls the packages that hold what we need, and how it installs
//! them.

use std::fs;

use super::Need;

/// The system that this tool runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// Its name for a person, such as `Debian GNU/Linux 12 (bookworm) under WSL`.
    pub name: String,
    /// What installs packages, if we know it.
    pub manager: Option<Manager>,
}

/// A package manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manager {
    /// Of Debian and Ubuntu.
    Apt,
    /// Of Fedora.
    Dnf,
    /// Of Arch.
    Pacman,
    /// Of macOS; it is Homebrew's and wants no administrator.
    Brew,
}

impl System {
    /// Finds out.
    pub fn detect() -> Self {
        if cfg!(target_os = "macos") {
            return Self { name: "macOS".into(), manager: Some(Manager::Brew) };
        }
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        let kernel = fs::read_to_string("/proc/version").unwrap_or_default();
        Self::from_texts(&release, &kernel)
    }

    /// Reads `/etc/os-release` and `/proc/version`.
    fn from_texts(release: &str, kernel: &str) -> Self {
        let value = |key: &str| {
            let mut lines = release.lines().filter_map(|line| line.split_once('='));
            let found = lines.find(|(name, _)| *name == key);
            found.map_or("", |(_, value)| value.trim_matches(['"', '\'']))
        };
        let ids = [value("ID"), value("ID_LIKE")].join(" ");
        let manager = ids.split_whitespace().find_map(|id| match id {
            "debian" | "ubuntu" => Some(Manager::Apt),
            "fedora" | "rhel" | "centos" => Some(Manager::Dnf),
            "arch" => Some(Manager::Pacman),
            _ => None,
        });
        let name = [value("PRETTY_NAME"), value("ID"), "an unknown system"];
        let name = name.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        // Microsoft builds the kernel of the Windows Subsystem for Linux and says so in its
        // version.
        let is_wsl = kernel.to_lowercase().contains("microsoft");
        Self { name: format!("{name}{}", if is_wsl { " under WSL" } else { "" }), manager }
    }
}

impl Manager {
    /// The packages that meet `need`.
    pub fn packages(self, need: &Need) -> Vec<String> {
        let [apt, dnf, pacman, brew] = match need {
            Need::Linker => ["gcc libc6-dev", "gcc", "gcc", ""],
            Need::Qemu("qemu-system-x86_64") => {
                ["qemu-system-x86", "qemu-system-x86-core", "qemu-system-x86", "qemu"]
            }
            Need::Qemu("qemu-system-aarch64") => {
                ["qemu-system-arm", "qemu-system-aarch64-core", "qemu-system-aarch64", "qemu"]
            }
            Need::Qemu(_) => ["qemu-system", "qemu", "qemu-full", "qemu"],
            Need::Linux(_) => ["qemu-user", "qemu-user", "qemu-user", ""],
            Need::Gdb("x86_64") => ["gdb-multiarch", "gdb", "gdb", "x86_64-elf-gdb"],
            Need::Gdb("aarch64") => {
                ["gdb-multiarch", "gdb", "aarch64-linux-gnu-gdb", "aarch64-elf-gdb"]
            }
            Need::Gdb(_) => ["gdb-multiarch", "gdb", "gdb", "gdb"],
            Need::Git => ["git"; 4],
            Need::Pager => ["less"; 4],
            Need::Chromium => ["chromium", "chromium", "chromium", "chromium"],
            Need::Node => ["nodejs", "nodejs", "nodejs", "node"],
            Need::Npm => ["npm", "nodejs-npm", "npm", "node"],
            // rustup's, or `rust_packages`.
            Need::Targets | Need::Musl | Need::Rustfmt | Need::Clippy => [""; 4],
        };
        let names = match self {
            Self::Apt => apt,
            Self::Dnf => dnf,
            Self::Pacman => pacman,
            Self::Brew => brew,
        };
        names.split_whitespace().map(String::from).collect()
    }

    /// The packages that hold a Rust with its sources, for where rustup cannot download; and
    /// `need`, a part of it.
    ///
    /// Debian's `-web` packages are the Rust with which it builds browsers, and the only new one in
    /// a stable release.
    pub fn rust_packages(self, need: &Need) -> Vec<String> {
        let names = match (self, need) {
            (Self::Apt, Need::Targets) => "rustc-web cargo-web rust-web-src lld",
            (Self::Apt, Need::Rustfmt) => "rustfmt-web",
            (Self::Apt, Need::Clippy) => "rust-web-clippy",
            (Self::Dnf, Need::Targets) => "rust cargo rust-src lld",
            (Self::Dnf, Need::Rustfmt) => "rustfmt",
            (Self::Dnf, Need::Clippy) => "clippy",
            (Self::Pacman, Need::Targets) => "rust rust-src lld",
            _ => "",
        };
        names.split_whitespace().map(String::from).collect()
    }

    /// The command that installs `packages`, or whatever else `packages` say as arguments.
    pub fn install(self, packages: &[String]) -> Vec<String> {
        let words = match self {
            Self::Apt => "apt-get install -y --no-install-recommends --no-remove",
            Self::Dnf => "dnf install -y --setopt=install_weak_deps=False",
            Self::Pacman => "pacman -S --needed --noconfirm",
            Self::Brew => "brew install",
        };
        words.split_whitespace().map(String::from).chain(packages.iter().cloned()).collect()
    }

    /// The command that brings the lists of packages up to date, where `install` does not do so by
    /// itself.
    pub fn refresh(self) -> Option<Vec<String>> {
        let words = match self {
            Self::Apt => ["apt-get", "update"],
            Self::Pacman => ["pacman", "-Sy"],
            Self::Dnf | Self::Brew => return None,
        };
        Some(words.map(String::from).to_vec())
    }

    /// Whether only the administrator may install.
    pub fn needs_administrator(self) -> bool {
        self != Self::Brew
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIAN: &str = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n";
    const LINUX: &str = "Linux version 6.1.0 (debian-kernel@lists.debian.org)";

    fn manager(release: &str) -> Option<Manager> {
        System::from_texts(release, LINUX).manager
    }

    #[test]
    fn systems_are_known_by_name_or_by_likeness() {
        assert_eq!(manager(DEBIAN), Some(Manager::Apt));
        assert_eq!(manager("ID=linuxmint\nID_LIKE=\"ubuntu debian\""), Some(Manager::Apt));
        assert_eq!(manager("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\""), Some(Manager::Dnf));
        assert_eq!(manager("ID=manjaro\nID_LIKE=arch"), Some(Manager::Pacman));
        assert_eq!(manager("ID=plan9"), None);
        assert_eq!(manager(""), None);
    }

    #[test]
    fn the_subsystem_of_windows_is_named() {
        let name = |kernel| System::from_texts(DEBIAN, kernel).name;
        assert_eq!(name(LINUX), "Debian GNU/Linux 12 (bookworm)");
        let wsl = name("Linux version 5.15.90.1-microsoft-standard-WSL2");
        assert_eq!(wsl, "Debian GNU/Linux 12 (bookworm) under WSL");
    }

    #[test]
    fn a_system_without_a_name_is_unknown() {
        assert_eq!(System::from_texts("", "").name, "an unknown system");
    }

    #[test]
    fn every_manager_installs_every_emulator_debugger_and_browser() {
        for manager in [Manager::Apt, Manager::Dnf, Manager::Pacman, Manager::Brew] {
            for arch in ["aarch64", "x86_64"] {
                let program = format!("qemu-system-{arch}");
                assert!(!manager.packages(&Need::Qemu(&program)).is_empty());
                assert!(!manager.packages(&Need::Gdb(arch)).is_empty());
            }
            assert!(Need::BOOK_TESTS.iter().all(|need| !manager.packages(need).is_empty()));
        }
    }
}
