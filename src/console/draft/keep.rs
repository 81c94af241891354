//! A draft as it is kept against a crash, and who else writes one. Plain values; the files are `runtime::drafts`' affair.

use crate::model::time::Millis;
use serde::{Deserialize, Serialize};

/// A draft that was not published, with what it was based on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub base: u32,
    pub base_text: String,
    pub text: String,
    /// The cursor's line, from 0.
    pub line: usize,
    pub at_ms: i64,
}

impl Kept {
    /// When it was last written to.
    #[must_use]
    pub fn at(&self) -> Millis {
        Millis(self.at_ms)
    }
}

/// Somebody who has a draft open on the same desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editing {
    pub actor: String,
    /// Their console's number.
    pub console: u32,
    /// The version their draft is based on.
    pub base: u32,
}
