//! Where the repository is and what stands in its `build-config.toml`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use build_support::{Config, Machine};

use crate::doctor::{self, Toolchain};
use crate::failure::{Failure, Result};

/// The variable in which a kernel's tests find for how many seeds they make calls by chance.
const SEEDS: &str = "STRATA_SEEDS";

/// The repository.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// Its root, an absolute path.
    pub root: PathBuf,
    /// Its machines and chapters.
    pub config: Config,
    /// Where builds go, if not where they usually do.
    pub target: Option<PathBuf>,
    /// The exercise whose files the kernels take instead of the chapter's, such as `02-buddy`.
    pub exercise: Option<String>,
    /// For how many seeds tests make calls by chance, if not for as many as they usually do.
    pub seeds: Option<u64>,
    /// The words of a command that runs another with fewer rights; none for kernels of our own.
    pub confined_by: Vec<OsString>,
}

impl Workspace {
    /// Opens the repository that this tool was built from, or the one that `STRATA_ROOT` names.
    pub fn open() -> Result<Self> {
        let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
        let named = std::env::var_os("STRATA_ROOT").map(PathBuf::from);
        let root = named.or_else(|| built_from.map(Path::to_path_buf)).unwrap_or_default();
        Self::at(root)
    }

    /// Opens the repository at `root`, an absolute path.
    pub fn at(root: PathBuf) -> Result<Self> {
        let config = Config::read(&root).map_err(|error| Failure::usage(error.to_string()))?;
        Ok(Self {
            root,
            config,
            target: None,
            exercise: None,
            seeds: None,
            confined_by: Vec::new(),
        })
    }

    /// The folder of a chapter, such as `chapters/01-boot`.
    pub fn chapter_folder(&self, folder: &str) -> PathBuf {
        self.root.join("chapters").join(folder)
    }

    /// Where builds go.
    pub fn target_folder(&self) -> PathBuf {
        if let Some(target) = &self.target {
            return target.clone();
        }
        let named = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        named.map_or_else(|| self.root.join("target"), |folder| self.root.join(folder))
    }

    /// Cargo, to be run at the root, and free of what would change a kernel's flags or talk to
    /// `make`'s job server.
    pub fn cargo(&self) -> Command {
        self.cargo_of(&doctor::toolchain(self))
    }

    fn cargo_of(&self, toolchain: &Toolchain) -> Command {
        let mut cargo = toolchain.cargo();
        // A reader's own configuration may name another target folder.
        cargo.current_dir(&self.root).env("CARGO_TARGET_DIR", self.target_folder());
        for variable in [
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "RUSTDOCFLAGS",
            "CARGO_ENCODED_RUSTDOCFLAGS",
            "CARGO_BUILD_TARGET",
            "MAKEFLAGS",
            "MFLAGS",
            "MAKELEVEL",
        ] {
            cargo.env_remove(variable);
        }
        match &self.exercise {
            Some(exercise) => cargo.env(build_support::EXERCISE, exercise),
            None => cargo.env_remove(build_support::EXERCISE),
        };
        match self.seeds {
            Some(seeds) => cargo.env(SEEDS, seeds.to_string()),
            None => cargo.env_remove(SEEDS),
        };
        cargo
    }

    /// Cargo, to be run at the root with a subcommand for packages that are kernels for `machine`.
    pub fn cargo_for_kernels(&self, machine: &Machine, subcommand: &str) -> Command {
        let toolchain = doctor::toolchain(self);
        let mut cargo = self.cargo_of(&toolchain);
        cargo.arg(subcommand).args(["--config", "chapters/.cargo/config.toml"]);
        cargo.args(["--target", &machine.target]);
        toolchain.build_kernels(&mut cargo);
        cargo
    }
}
