//! The suite of applets: scripts `awk.tests` of many cases, and folders of scripts with one each.

use std::path::Path;

use super::super::Suite;
use super::super::units::Units;
use super::{CALL, VERBOSE, files_in, names, read};
use crate::failure::Result;

/// Where it is in the sources.
const FOLDER: &str = "testsuite";

/// A script that is none of an applet's: it looks through the sources.
const OF_SOURCES: &str = "all_sourcecode.tests";

/// Those in which the machine would be changed for all that comes behind them.
const LEFT_OUT: &[&str] = &["mdev.tests", "mount.tests"];

/// The units of the suite.
pub fn units(_: &Suite, sources: &Path) -> Result<std::result::Result<Units, String>> {
    let folder = sources.join(FOLDER);
    let mut lines = Vec::new();
    for name in names(&folder)? {
        let place = folder.join(&name);
        if name.ends_with(".tests") && name != OF_SOURCES && !LEFT_OUT.contains(&name.as_str()) {
            lines.push(format!("{CALL} many {name}"));
        } else if place.is_dir() {
            lines.extend(names(&place)?.iter().map(|case| format!("{CALL} one {name}/{case}")));
        }
    }
    let files = files_in(sources, FOLDER)?;
    Ok(Ok(Units { name: "testsuite", files, lines, verbose: VERBOSE, read }))
}
