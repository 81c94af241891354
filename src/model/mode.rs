//! Engine modes. Assist comes with its proposals; until then there is auto and paused.

use serde::{Deserialize, Serialize};

/// Whether the engine places leads by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Mode {
    #[default]
    Auto,
    /// Leads are taken and kept waiting; people place them.
    Paused,
}

impl Mode {
    /// The word used in the database, on the command line and on screen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Paused => "paused",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Mode> {
        [Self::Auto, Self::Paused].into_iter().find(|m| m.word().eq_ignore_ascii_case(word))
    }
}
