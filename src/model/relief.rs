//! What was done about an alert, as a noun: what, to whom it went, and which line of the book asked for it. How it is worked
//! out is `watch::remedy`'s affair, how it is carried out the engine's.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::alert::AlertKey;
use super::id::{LeadId, RepId, Seq};

/// Leads one remedy moves at most.
pub const MOVES_MAX: usize = 50;

/// What kind of thing was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Leads of one rep went to others by their rules.
    Reassign,
    /// Back into the queue.
    Recall,
    /// Over the members of a team.
    Spread(SmolStr),
    /// What was put aside went back to the engine.
    Free,
    RaiseCap(RepId),
    Merge,
    /// The engine was put to auto.
    Resume,
    /// A publish was taken back.
    RollBack,
    /// Only the talk of it was ended.
    Silence,
}

impl Deed {
    /// The word in the log.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Reassign => "reassign",
            Self::Recall => "recall",
            Self::Spread(_) => "spread",
            Self::Free => "to the engine",
            Self::RaiseCap(_) => "raise the cap",
            Self::Merge => "merge",
            Self::Resume => "engine to auto",
            Self::RollBack => "roll the rules back",
            Self::Silence => "silence",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn word_zh(&self) -> &'static str {
        match self {
            Self::Reassign => "转派",
            Self::Recall => "回收",
            Self::Spread(_) => "分摊",
            Self::Free => "交回引擎",
            Self::RaiseCap(_) => "提高上限",
            Self::Merge => "合并",
            Self::Resume => "引擎恢复自动",
            Self::RollBack => "规则回滚",
            Self::Silence => "静音",
        }
    }
}

/// A remedy that was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedied {
    pub key: AlertKey,
    /// The episode it was meant for.
    pub episode: Seq,
    pub deed: Deed,
    /// The leads that were changed.
    pub leads: Vec<LeadId>,
    /// Who got some of them, each once, ascending.
    pub to: Vec<RepId>,
    /// The line of the book that asked for it, as written; none = a person did.
    pub line: Option<SmolStr>,
}
