//! Response clocks as nouns: what a placement starts, and what a timer did when the limit came. Running them is the fold's
//! affair, deciding is the engine's.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::id::{LeadId, RepId};

/// A clock as an event starts it, for the owner the event names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockStart {
    /// The rule whose `respond within` it runs by.
    pub rule: SmolStr,
    /// Steps done already under that rule; a reassignment counts as one.
    pub done: u8,
    /// Working time already used up, in milliseconds; more than 0 only after an undo.
    pub used_ms: i64,
}

/// What a timer did, with the figures it was decided by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerNote {
    pub lead: LeadId,
    pub owner: RepId,
    pub rule: SmolStr,
    /// The limit, in milliseconds of working time.
    pub within_ms: i64,
    /// What the owner had had, in milliseconds of working time.
    pub worked_ms: i64,
    pub step: TimerStep,
    /// Steps of the rule done with this one.
    pub done: u8,
    /// Another step follows when the limit has passed once more.
    pub more: bool,
}

/// The steps of a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimerStep {
    Remind,
    /// The `nth` of at most `of` times.
    Reassign {
        nth: u8,
        of: u8,
    },
    Recall,
    Park,
    Escalate(Escalation),
    RecallToPool,
}

impl TimerStep {
    /// Whether it takes the lead from its owner.
    #[must_use]
    pub fn moves(self) -> bool {
        match self {
            TimerStep::Reassign { .. } | TimerStep::Recall | TimerStep::Park | TimerStep::RecallToPool => {
                true
            }
            TimerStep::Remind | TimerStep::Escalate(_) => false,
        }
    }
}

/// Why a lead was escalated and not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Escalation {
    /// The book says so.
    ByBook,
    /// A person placed it.
    Pinned,
    /// Replies of its source are not recorded: silence proves nothing.
    NoReplies,
    /// Nobody else could take it.
    NobodyElse,
    /// Timers have moved as many leads this hour as they may.
    Budget,
}
