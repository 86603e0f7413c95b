//! What a carry does to a file of one chapter.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What became of a file.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum Outcome {
    /// There was nothing to do: the chapter has the fix, or its predecessor kept its own text.
    Same,
    /// It was its predecessor's, and is again.
    Copied,
    /// The fix was worked into the chapter's own text.
    Merged,
    /// It is new here as well.
    Added,
    /// It is deleted here as well.
    Deleted,
    /// The chapter removed it long ago, so the way of this fix ends here.
    Absent,
    /// A person must decide.
    Conflict(Obstacle),
    /// A person has decided.
    Resolved,
}

/// Why a person must decide.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum Obstacle {
    /// Both chapters changed the same lines.
    Lines,
    /// Both chapters changed it, and it is no text.
    Bytes,
    /// The earlier chapter deletes what the later one has changed.
    Deletion,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Same => "same",
            Self::Copied => "copied",
            Self::Merged => "merged",
            Self::Added => "added",
            Self::Deleted => "deleted",
            Self::Absent => "absent",
            Self::Conflict(_) => "conflict",
            Self::Resolved => "resolved",
        })
    }
}
