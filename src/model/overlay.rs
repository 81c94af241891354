//! What lies over the rule book for a while: diverts 临时改道, modes of a part of the desk, promotions switched on by hand.
//! Each has an end, and whether it is in force is asked with a moment; nothing is stored when it ends.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::id::{DivertId, RepId};
use super::time::{DAY_MS, Millis};

/// Longest an overlay may last, in milliseconds (31 days): what holds longer belongs into the rule book.
pub const OVERLAY_MAX_MS: i64 = 31 * DAY_MS;

/// A promotion switched by hand: on for a time, and then off until its window would have closed. The last switch counts;
/// what its window says holds only after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionSwitch {
    /// When the run it is part of began.
    pub from: Millis,
    /// Exclusive; the moment of the switch when it was stopped.
    pub until: Millis,
    /// Its window does not put it on again before this.
    pub quiet_until: Millis,
    pub reason: SmolStr,
    pub set_by: SmolStr,
    pub set_at: Millis,
}

impl PromotionSwitch {
    /// Whether it ended the promotion instead of starting it.
    #[must_use]
    pub fn is_stop(&self) -> bool {
        self.until <= self.set_at
    }
}

/// Who a divert gives to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DivertTo {
    Team(SmolStr),
    Rep(RepId),
}

/// How a divert chooses among several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum DivertBy {
    #[default]
    Fair,
    RoundRobin,
    LeastLoaded,
    Weighted,
}

impl DivertBy {
    const ALL: [DivertBy; 4] = [Self::Fair, Self::RoundRobin, Self::LeastLoaded, Self::Weighted];

    /// The word of the rule language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Fair => "fair",
            Self::RoundRobin => "round-robin",
            Self::LeastLoaded => "least-loaded",
            Self::Weighted => "weighted",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<DivertBy> {
        Self::ALL.into_iter().find(|by| by.word().eq_ignore_ascii_case(word))
    }
}

/// An overlay before the rules: leads of its scope go to its people while it lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Divert {
    pub id: DivertId,
    /// A condition of the rule language; empty = every lead.
    pub scope: SmolStr,
    /// Lists of the book that the scope names, as they were when it was set: a later book does not change what it means.
    pub defines: Vec<(SmolStr, Vec<SmolStr>)>,
    pub to: Vec<DivertTo>,
    pub by: DivertBy,
    /// Exclusive.
    pub until: Millis,
    pub reason: SmolStr,
    pub set_by: SmolStr,
    pub set_at: Millis,
}

impl Divert {
    /// Whether it is in force at `now`.
    #[must_use]
    pub fn is_live(&self, now: Millis) -> bool {
        now < self.until
    }
}
