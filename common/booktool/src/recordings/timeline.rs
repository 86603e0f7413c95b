//! A chapter's timeline: the lines in which its kernel tells who ran when.
//!
//! It is recorded from a run in which time is counted in instructions. Such a run is the same each
//! time, to the nanosecond, however busy the computer is; so a picture that is drawn from it when
//! the book is built is the one that a reader gets by `make timeline counted=1`.
//!
//! The comparison leaves the times out, and nothing else. A change of the compiler or the kernel
//! moves every time a little, which is no reason to record again; but who got the processor, in
//! which order, after how many ticks, is what the page talks about.

use std::path::Path;

use build_support::Config;

use pictures::record;

use crate::Result;

/// The timeline of a chapter on one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The chapter, counted from 1.
    pub chapter: usize,
    /// The machine.
    pub arch: String,
}

/// Those of all chapters that have one.
pub fn all(config: &Config) -> impl Iterator<Item = Timeline> {
    let chapters = (1..=config.chapters.len()).filter(|chapter| config.has_timeline(chapter - 1));
    chapters.flat_map(|chapter| {
        config.machines.keys().map(move |arch| Timeline { chapter, arch: arch.clone() })
    })
}

impl Timeline {
    /// The name of its recording.
    pub fn name(&self) -> String {
        format!("{:02}-{}-timeline", self.chapter, self.arch)
    }

    /// Boots the chapter of the repository at `root`.
    pub fn record(&self, root: &Path) -> Result<String> {
        let Self { chapter, arch } = self;
        let command = format!("make chapter={chapter} arch={arch} args=timeline counted=1 run");
        let list = pictures::timeline::lines(&record::output(&command, root)?);
        // What cannot be drawn is not kept.
        pictures::timeline::figure("a run", &list)?;
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_with_a_timeline_are_recorded_on_every_machine() {
        let mut config = Config::read(&crate::root()).expect("the repository's own is right");
        config.chapters.iter_mut().for_each(|chapter| chapter.timeline = false);
        assert_eq!(all(&config).count(), 0);
        let last = config.chapters.len();
        config.chapters[last - 1].timeline = true;
        let names: Vec<String> = all(&config).map(|timeline| timeline.name()).collect();
        let expected = ["aarch64", "x86_64"].map(|arch| format!("{last:02}-{arch}-timeline"));
        assert_eq!(names, expected);
    }
}
