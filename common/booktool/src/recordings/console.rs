//! A chapter's console, as a reader sees it who types `make chapter=N arch=A run`.
//!
//! Once there are threads, the order of lines hangs on who got the processor when, and so on how
//! busy the computer is. Such a chapter is recorded with `counted=1`, as its timeline is: then they
//! come in the same order each time.

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
    /// Whether its time is counted in instructions.
    pub is_counted: bool,
}

/// Those of all chapters.
pub fn all(config: &Config) -> impl Iterator<Item = Console> {
    (1..=config.chapters.len()).flat_map(move |chapter| {
        config.machines.keys().map(move |arch| Console::of(config, chapter, arch))
    })
}

impl Console {
    /// That of `chapter`, counted from 1, on `arch`.
    fn of(config: &Config, chapter: usize, arch: &str) -> Self {
        Self { chapter, arch: arch.into(), is_counted: config.has_timeline(chapter - 1) }
    }

    /// The name of its recording.
    pub fn name(&self) -> String {
        name(self.chapter, &self.arch)
    }

    /// Boots the chapter of the repository at `root`.
    pub fn record(&self, root: &Path) -> Result<String> {
        let Self { chapter, arch, is_counted } = self;
        let counted = if *is_counted { " counted=1" } else { "" };
        record::output(&format!("make chapter={chapter} arch={arch}{counted} run"), root)
    }
}

/// The name of the recording of `chapter`, counted from 1, on `arch`.
pub fn name(chapter: usize, arch: &str) -> String {
    format!("{chapter:02}-{arch}")
}
