//! How leads turned out, by rep and source: what a rep's leads could be expected to come to is what that source's leads came
//! to with everybody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::SourceNo;
use crate::model::id::RepId;
use crate::model::lead::LeadState;

/// Leads that ended well, and all that ended.
pub type Ends = (u32, u32);

/// Ends by rep and source, and by source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Outcomes {
    reps: BTreeMap<(RepId, SourceNo), Ends>,
    sources: BTreeMap<SourceNo, Ends>,
}

impl Outcomes {
    /// A lead left the open states with `rep`. Qualified and won are good ends, lost is a bad one; what was invalid or merged
    /// says nothing about anybody.
    pub(super) fn ended(&mut self, rep: RepId, source: SourceNo, to: LeadState) {
        let good = match to {
            LeadState::Qualified | LeadState::Won => 1,
            LeadState::Lost => 0,
            _ => return,
        };
        for ends in [self.reps.entry((rep, source)).or_default(), self.sources.entry(source).or_default()] {
            *ends = (ends.0 + good, ends.1 + 1);
        }
    }

    /// What `rep`'s leads came to, by source, each beside what everybody else's of that source did.
    pub fn of(&self, rep: RepId) -> impl Iterator<Item = (Ends, Ends)> {
        let of_rep = self.reps.range((rep, SourceNo::MIN)..=(rep, SourceNo::MAX));
        of_rep.map(|((_, source), mine)| {
            let all = self.sources.get(source).copied().unwrap_or_default();
            (*mine, (all.0 - mine.0, all.1 - mine.1))
        })
    }
}
