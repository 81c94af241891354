//! The queue's rows in order, kept as leads change: an event costs its own rows, never a scan of all of them.

use crate::model::id::LeadId;
use crate::model::lead::{Lead, LeadState};
use crate::model::time::Millis;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::cmp::Reverse;

/// Changes beyond which one pass over all rows is cheaper than moving them one by one.
const ONE_BY_ONE_MAX: usize = 48;

/// Where a lead stands among the rows. In the order of serving: waiting as they are served, then parked by age, then owned,
/// newest first; sorted by a column: by its value, equal ones by number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowKey {
    /// What has no value in the column comes last, in either direction.
    group: u8,
    rank: i64,
    text: Sorted,
    at: Millis,
    lead: LeadId,
}

/// A text in either direction; empty for columns without texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Sorted {
    Up(SmolStr),
    Down(Reverse<SmolStr>),
}

impl RowKey {
    /// The place of `lead` in the order of serving.
    #[must_use]
    pub fn of(lead: &Lead) -> Self {
        let (group, rank, at) = match lead.state {
            LeadState::Waiting => (0, lead.score, lead.received_at),
            LeadState::Parked => (1, 0, lead.waiting_since),
            _ => (2, 0, Millis(-lead.assigned_at.unwrap_or(lead.arrived_at).0)),
        };
        Self { group, rank: -i64::from(rank), text: Sorted::Up(SmolStr::default()), at, lead: lead.id }
    }

    /// The place of `lead` by a figure; `None` = it has none.
    #[must_use]
    pub fn by_number(lead: LeadId, value: Option<i64>, is_reversed: bool) -> Self {
        let rank = value.unwrap_or(0);
        let rank = if is_reversed { rank.saturating_neg() } else { rank };
        let text = Sorted::Up(SmolStr::default());
        Self { group: u8::from(value.is_none()), rank, text, at: Millis(0), lead }
    }

    /// The place of `lead` by a text; an empty one counts as none.
    #[must_use]
    pub fn by_text(lead: LeadId, value: &SmolStr, is_reversed: bool) -> Self {
        let group = u8::from(value.is_empty());
        let text = if is_reversed { Sorted::Down(Reverse(value.clone())) } else { Sorted::Up(value.clone()) };
        Self { group, rank: 0, text, at: Millis(0), lead }
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
        self.placed = self.keys.iter().map(|key| (key.lead, key.clone())).collect();
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
                self.keys.insert(at, key.clone());
                self.ids.insert(at, *lead);
                self.placed.insert(*lead, key.clone());
            }
        }
    }

    fn put_many(&mut self, changes: &[(LeadId, Option<RowKey>)]) {
        let changed: FxHashSet<LeadId> = changes.iter().map(|(lead, _)| *lead).collect();
        self.keys.retain(|key| !changed.contains(&key.lead));
        // A lead may be named twice; the last word counts.
        let last: FxHashMap<LeadId, Option<RowKey>> = changes.iter().cloned().collect();
        let mut new: Vec<RowKey> = last.values().flatten().cloned().collect();
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
        let text = Sorted::Up(SmolStr::default());
        RowKey { group, rank: 0, text, at: Millis(at), lead: LeadId(lead) }
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
                fresh.fill(truth.values().cloned());
                prop_assert_eq!(rows.ids(), fresh.ids());
            }
        }
    }
}
