//! Changes to files, in words that stay true while the files around them change.
//!
//! A line's number says nothing a month later; a text that stands in a file once either still does
//! or does no more. In that case the edit is an error, and never an edit of some other place.

use std::collections::BTreeMap;

use crate::Result;

/// Another text in the place of one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Edit {
    /// The file, from the root of the repository, such as `chapters/01-boot/src/main.rs`.
    pub file: String,
    /// The text that goes; it must stand in the file exactly once.
    pub find: String,
    /// The text that comes instead.
    pub replace: String,
}

/// The files that `edits` change, as they are afterwards; `read` gives the text of one before.
pub fn edited(
    edits: &[Edit],
    read: impl Fn(&str) -> Result<String>,
) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for edit in edits {
        let text = match files.remove(&edit.file) {
            Some(text) => text,
            None => read(&edit.file)?,
        };
        files.insert(edit.file.clone(), edit.made_in(&text)?);
    }
    Ok(files)
}

impl Edit {
    /// `text` with this edit made.
    fn made_in(&self, text: &str) -> Result<String> {
        let Self { file, find, replace } = self;
        if find.is_empty() || find == replace {
            return Err(format!("{file}: an edit that changes nothing: `{find}`"));
        }
        match overlapping(text, find) {
            1 => Ok(text.replacen(find.as_str(), replace, 1)),
            0 => Err(format!("{file}: no such text in it: `{find}`")),
            count => Err(format!("{file}: must stand in it once and not {count} times: `{find}`")),
        }
    }
}

/// How often `part` begins in `text`, also where two of them share characters.
fn overlapping(text: &str, part: &str) -> usize {
    text.char_indices().filter(|(start, _)| text[*start..].starts_with(part)).count()
}
