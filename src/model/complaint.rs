//! A complaint 申诉: somebody disputes where a lead went, in words; a supervisor rules. Nouns only.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::id::{ComplaintId, LeadId, RepId, Seq};
use super::time::Millis;

/// What a supervisor said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    pub by: SmolStr,
    pub at: Millis,
    /// Upheld: the lead is moved. Else rejected.
    pub upheld: bool,
    pub reason: SmolStr,
    /// Who gets it; none = the engine decides anew, or nothing was moved.
    pub to: Option<RepId>,
}

/// A complaint and, once there is one, its ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    pub id: ComplaintId,
    pub lead: LeadId,
    pub by: SmolStr,
    /// The rep who complains, when it is one.
    pub rep: Option<RepId>,
    pub at: Millis,
    /// Who had the lead then.
    pub owner: Option<RepId>,
    /// The event that had moved the lead last: what is disputed.
    pub about: Seq,
    pub why: SmolStr,
    pub ruling: Option<Ruling>,
}
