//! What one chapter may take more of than all others, and why.

use std::fmt;

use serde::Deserialize;

use super::Chapter;

/// A limit of one chapter that replaces the one for all.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// What it limits.
    pub what: Amount,
    /// How many there may be.
    pub limit: usize,
    /// Why the lesson cannot do with less.
    pub reason: String,
}

/// What a chapter's budget limits.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub enum Amount {
    /// Older files that are touched.
    #[serde(rename = "older files")]
    OlderFiles,
    /// Lines inserted in older files.
    #[serde(rename = "inserted lines")]
    InsertedLines,
    /// Lines deleted in older files.
    #[serde(rename = "deleted lines")]
    DeletedLines,
    /// Lines in new files.
    #[serde(rename = "new lines")]
    NewLines,
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::OlderFiles => "older files",
            Self::InsertedLines => "inserted lines",
            Self::DeletedLines => "deleted lines",
            Self::NewLines => "new lines",
        })
    }
}

/// Checks the allowances of `chapter`; an error is the offending text and a message.
pub(super) fn validate(chapter: &Chapter) -> Result<(), (String, String)> {
    let folder = &chapter.folder;
    for (index, allowance) in chapter.exceeds.iter().enumerate() {
        let Allowance { what, reason, .. } = allowance;
        if reason.trim().is_empty() {
            let message = format!("{folder} exceeds the limit of {what} without a reason");
            return Err((format!("reason = {reason:?}"), message));
        }
        if chapter.exceeds[..index].iter().any(|earlier| earlier.what == *what) {
            let message = format!("{folder} exceeds the limit of {what} twice");
            return Err((format!("\"{what}\""), message));
        }
    }
    Ok(())
}
