//! What the program `tries` prints: a section for each program that it runs.
//!
//! ```text
//!  tries: begin bin/try_random 7 500     the section's name
//!  1 openat("d/a", O_RDWR) = ENOENT      the program's lines
//!  …
//!  tries: end: exited with 0             belongs to the section, too
//!  tries: all done
//! ```

use std::collections::BTreeMap;

/// Comes before the name of a section.
const BEGIN: &str = "tries: begin ";

/// Comes behind the last section.
pub const DONE: &str = "tries: all done";

/// The lines of each program, by its path and arguments.
pub type Sections = BTreeMap<String, Vec<String>>;

/// Takes `said` apart. Lines may end as a terminal wants it.
pub fn sections(said: &[u8]) -> Sections {
    let mut sections = Sections::new();
    let mut current = None;
    for line in said.strip_suffix(b"\n").unwrap_or(said).split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = shown(line);
        if let Some(name) = line.strip_prefix(BEGIN) {
            current = Some(name.to_string());
            sections.entry(name.to_string()).or_default();
        } else if line == DONE {
            current = None;
        } else if let Some(name) = &current {
            sections.entry(name.clone()).or_default().push(line);
        }
    }
    sections
}

/// `line` as text in which every byte can be told from every other.
fn shown(line: &[u8]) -> String {
    let quoted = line.iter().map(|byte| match byte {
        b' '..=b'~' => char::from(*byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    });
    quoted.collect()
}

/// Whether the section `name` is the same in both; the error tells the first difference, with the
/// line before it.
pub fn compare(name: &str, theirs: &Sections, ours: &Sections) -> Result<(), String> {
    let Some(theirs) = theirs.get(name) else {
        return Err("Debian's kernel did not run it".into());
    };
    let Some(ours) = ours.get(name) else { return Err("this kernel did not come to it".into()) };
    if theirs == ours {
        return Ok(());
    }
    let same = theirs.iter().zip(ours).take_while(|(one, other)| one == other).count();
    let line = |lines: &[String], index: usize| match lines.get(index) {
        Some(line) => line.clone(),
        None => "(no more)".into(),
    };
    let before = same.checked_sub(1).map_or("(the beginning)".into(), |index| line(theirs, index));
    Err(format!(
        "{name}: from line {} on it differs:\n  before  {before}\n  Debian  {}\n  here    {}",
        same + 1,
        line(theirs, same),
        line(ours, same)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &[u8] =
        b"noise\r\ntries: begin bin/a\r\none\r\ntwo\r\ntries: end: exited with 0\r\n\
                          tries: begin bin/b 1\nthree\ntries: all done\nnoise\n";

    #[test]
    fn programs_are_told_apart() {
        let found = sections(SAID);
        assert_eq!(found.len(), 2);
        assert_eq!(found["bin/a"], ["one", "two", "tries: end: exited with 0"]);
        assert_eq!(found["bin/b 1"], ["three"]);
    }

    #[test]
    fn the_first_difference_is_told() {
        let theirs = sections(SAID);
        assert_eq!(compare("bin/a", &theirs, &theirs.clone()), Ok(()));
        let ours = sections(b"tries: begin bin/a\none\nTWO\ntries: end: exited with 0\n");
        let why = compare("bin/a", &theirs, &ours).expect_err("they differ");
        let expected =
            "bin/a: from line 2 on it differs:\n  before  one\n  Debian  two\n  here    TWO";
        assert_eq!(why, expected);
        assert!(
            compare("bin/b 1", &theirs, &ours).is_err_and(|why| why.contains("not come to it"))
        );
        assert!(compare("bin/c", &theirs, &ours).is_err_and(|why| why.contains("did not run it")));
        let ours = sections(b"tries: begin bin/a\none\n");
        let why = compare("bin/a", &theirs, &ours).expect_err("it is shorter");
        assert!(why.ends_with("here    (no more)"), "{why}");
    }
}
