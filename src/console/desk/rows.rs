//! The queue's rows in order, kept as leads change: an event costs its own rows, never a scan of all of them.

use crate::model::id::LeadId;
use crate::model::lead::{Lead, LeadState};
use crate::model::time::Millis;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;

/// Changes beyond which one pass over all rows is cheaper than moving them one by one.
const ONE_BY_ONE_MAX: usize = 48;

/// Where a lead stands among the rows: waiting in the order of serving, then parked by age, then owned, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowKey {
    group: u8,
    rank: Reverse<i32>,
    at: Millis,
    lead: LeadId,
}

impl RowKey {
    /// The place of `lead`.
    #[must_use]
    pub fn of(lead: &Lead) -> Self {
        let (group, rank, at) = match lead.state {
            LeadState::Waiting => (0, lead.score, lead.received_at),
            LeadState::Parked => (1, 0, lead.waiting_since),
            _ => (2, 0, Millis(-lead.assigned_at.unwrap_or(lead.arrived_at).0)),
        };
        Self { group, rank: Reverse(rank), at, lead: lead.id }
    }
}

/// Ids in order, and the key of each.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    keys: Vec<RowKey>,
    ids: Vec<LeadId>,
    placed: FxHashMap<LeadId, RowKey>,
}

impl Rows {
    /// The ids in order.
    #[must_use]
    pub fn ids(&self) -> &[LeadId] {
        &self.ids
    }

    /// Starts anew with `keys`.
    pub fn fill(&mut self, keys: impl Iterator<Item = RowKey>) {
        self.keys = keys.collect();
        self.keys.sort_unstable();
        self.ids = self.keys.iter().map(|key| key.lead).collect();
        self.placed = self.keys.iter().map(|key| (key.lead, *key)).collect();
    }

    /// Puts each lead where its key says, or takes it out.
    pub fn put(&mut self, changes: &[(LeadId, Option<RowKey>)]) {
        if changes.len() > ONE_BY_ONE_MAX {
            return self.put_many(changes);
        }
        for (lead, key) in changes {
            if self.placed.get(lead) == key.as_ref() {
                continue;
            }
            if let Some(old) = self.placed.remove(lead)
                && let Ok(at) = self.keys.binary_search(&old)
            {
                self.keys.remove(at);
                self.ids.remove(at);
            }
            if let Some(key) = key {
                let at = self.keys.binary_search(key).unwrap_or_else(|at| at);
                self.keys.insert(at, *key);
                self.ids.insert(at, *lead);
                self.placed.insert(*lead, *key);
            }
        }
    }

    fn put_many(&mut self, changes: &[(LeadId, Option<RowKey>)]) {
        let changed: FxHashSet<LeadId> = changes.iter().map(|(lead, _)| *lead).collect();
        self.keys.retain(|key| !changed.contains(&key.lead));
        // A lead may be named twice; the last word counts.
        let last: FxHashMap<LeadId, Option<RowKey>> = changes.iter().copied().collect();
        let mut new: Vec<RowKey> = last.values().flatten().copied().collect();
        new.sort_unstable();
        self.keys.extend(new);
        // Two sorted runs: the stable sort merges them in one pass.
        self.keys.sort();
        self.ids = self.keys.iter().map(|key| key.lead).collect();
        for (lead, key) in last {
            match key {
                Some(key) => self.placed.insert(lead, key),
                None => self.placed.remove(&lead),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(lead: u64, group: u8, at: i64) -> RowKey {
        RowKey { group, rank: Reverse(0), at: Millis(at), lead: LeadId(lead) }
    }

    proptest! {
        #[test]
        fn kept_rows_equal_rows_made_anew(
            batches in prop::collection::vec(prop::collection::vec((0..80u64, prop::option::of((0..3u8, 0..9i64))), 0..120), 1..6)
        ) {
            let mut rows = Rows::default();
            let mut truth: FxHashMap<LeadId, RowKey> = FxHashMap::default();
            for batch in batches {
                let changes: Vec<_> =
                    batch.iter().map(|(l, k)| (LeadId(*l), k.map(|(g, at)| key(*l, g, at)))).collect();
                rows.put(&changes);
                for (lead, key) in changes {
                    match key {
                        Some(key) => truth.insert(lead, key),
                        None => truth.remove(&lead),
                    };
                }
                let mut fresh = Rows::default();
                fresh.fill(truth.values().copied());
                prop_assert_eq!(rows.ids(), fresh.ids());
            }
        }
    }
}
