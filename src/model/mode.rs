//! Engine modes: auto, assist 建议, paused, for the whole desk or for a team, a rule or a source. Of those that apply to a
//! lead the most restrictive wins. Modes bind the engine, never a person.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::time::Millis;

/// What the engine may do by itself; the later, the less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Mode {
    #[default]
    Auto,
    /// The engine decides and proposes; a person accepts.
    Assist,
    /// Leads are taken and kept waiting; people place them.
    Paused,
}

impl Mode {
    /// Every mode, the least restrictive first.
    pub const ALL: [Mode; 3] = [Self::Auto, Self::Assist, Self::Paused];

    /// The word used in the database, on the command line and on screen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Assist => "assist",
            Self::Paused => "paused",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn word_zh(self) -> &'static str {
        match self {
            Self::Auto => "自动",
            Self::Assist => "建议",
            Self::Paused => "暂停",
        }
    }

    /// Reads either word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Mode> {
        Self::ALL.into_iter().find(|m| m.word().eq_ignore_ascii_case(word) || m.word_zh() == word)
    }
}

/// What a mode is set for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ModeScope {
    /// The whole desk; in the world only while it has an end.
    Desk,
    Team(SmolStr),
    /// A rule by its name.
    Rule(SmolStr),
    Source(SmolStr),
}

/// A mode in force for a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopedMode {
    pub mode: Mode,
    /// Exclusive; `None` = until it is changed.
    pub until: Option<Millis>,
    pub set_by: SmolStr,
    pub set_at: Millis,
}

impl ScopedMode {
    /// Whether it is in force at `now`.
    #[must_use]
    pub fn is_live(&self, now: Millis) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}
