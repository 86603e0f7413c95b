//! A chapter's console, as a reader sees it who types `make chapter=N arch=A run`.

use std::path::Path;

use build_support::Config;

use pictures::record;

use crate::Result;

/// The console of a chapter on one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Console {
    /// The chapter, counted from 1.
    pub chapter: usize,
    /// The machine.
    pub arch: String,
}

/// Those of all chapters.
pub fn all(config: &Config) -> impl Iterator<Item = Console> {
    (1..=config.chapters.len()).flat_map(|chapter| {
        config.machines.keys().map(move |arch| Console { chapter, arch: arch.clone() })
    })
}

impl Console {
    /// The name of its recording.
    pub fn name(&self) -> String {
        format!("{:02}-{}", self.chapter, self.arch)
    }

    /// Boots the chapter of the repository at `root`.
    pub fn record(&self, root: &Path) -> Result<String> {
        record::output(&format!("make chapter={} arch={} run", self.chapter, self.arch), root)
    }
}
