//! The suite of the shell: scripts, each with what it is to print in a file beside it.

use std::path::Path;

use build_support::Entry;

use super::super::Suite;
use super::super::units::Units;
use super::{CALL, VERBOSE, files_in, helpers, names, read};
use crate::failure::Result;

/// Where it is in the sources.
const FOLDER: &str = "shell/ash_test";

/// The units of the suite.
pub fn units(suite: &Suite, sources: &Path) -> Result<std::result::Result<Units, String>> {
    let folder = sources.join(FOLDER);
    let helpers = match helpers::build(suite, &folder) {
        Ok(helpers) => helpers,
        Err(why) => return Ok(Err(why)),
    };
    let mut files = files_in(sources, FOLDER)?;
    for (name, bytes) in helpers {
        files.insert(format!("suite/{FOLDER}/{name}"), Entry::program(bytes));
    }
    files.insert(format!("suite/{FOLDER}/ash"), Entry::link("/bin/busybox"));
    let mut lines = Vec::new();
    for module in names(&folder)?.iter().filter(|name| folder.join(name).is_dir()) {
        for name in names(&folder.join(module))? {
            let Some(stem) = name.strip_suffix(".tests") else { continue };
            if folder.join(module).join(format!("{stem}.right")).is_file() {
                lines.push(format!("{CALL} ash {module}/{name}"));
            }
        }
    }
    Ok(Ok(Units { name: "ash_test", files, lines, verbose: VERBOSE, read }))
}
