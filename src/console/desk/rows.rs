//! The queue's rows in order, kept as leads change: an event costs its own rows, never a scan of all of them.

use crate::model::id::LeadId;
use crate::model::lead::{Lead, LeadState};
use crate::model::time::Millis;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cmp::Reverse;

/// Changes beyond which one pass over all rows is cheaper than moving them one by one.
const ONE_BY_ONE_MAX: usize = 8;

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

    /// Whose place it is.
    #[must_use]
    pub fn lead(&self) -> LeadId {
        self.lead
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

/// The leads shown, in order. Keys are not kept: each follows from its lead, and a list of them would be seven times as
/// large as the list itself.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    ids: Vec<LeadId>,
}

/// Gives the key of a lead that stands among the rows.
pub type KeyOf<'a> = &'a dyn Fn(LeadId) -> Option<RowKey>;

impl Rows {
    /// The ids in order.
    #[must_use]
    pub fn ids(&self) -> &[LeadId] {
        &self.ids
    }

    /// Starts anew with `keys`, in any order.
    pub fn fill(&mut self, keys: impl Iterator<Item = RowKey>) {
        let mut keys: Vec<RowKey> = keys.collect();
        keys.sort_unstable();
        self.ids = keys.iter().map(|key| key.lead).collect();
    }

    /// Starts anew with leads that come in order already.
    pub fn fill_in_order(&mut self, leads: impl Iterator<Item = LeadId>) {
        self.ids.clear();
        self.ids.extend(leads);
    }

    /// Keeps the leads that `passes` says of.
    pub fn keep(&mut self, mut passes: impl FnMut(LeadId) -> bool) {
        self.ids.retain(|lead| passes(*lead));
    }

    /// Puts each lead where its key says, or takes it out. The others stand in the order of `key_of`.
    pub fn put(&mut self, changes: &[(LeadId, Option<RowKey>)], key_of: KeyOf<'_>) {
        if changes.len() > ONE_BY_ONE_MAX {
            return self.put_many(changes, key_of);
        }
        // All out before the first goes in: what stands at its old place would lead the search astray.
        for (lead, _) in changes {
            if let Some(at) = self.ids.iter().position(|row| row == lead) {
                self.ids.remove(at);
            }
        }
        for (nth, (lead, key)) in changes.iter().enumerate() {
            let is_named_again = changes.iter().skip(nth + 1).any(|(other, _)| other == lead);
            if let Some(key) = key.as_ref().filter(|_| !is_named_again) {
                let at = self.place(key, key_of);
                self.ids.insert(at, *lead);
            }
        }
    }

    /// Where a key belongs among the rows.
    fn place(&self, key: &RowKey, key_of: KeyOf<'_>) -> usize {
        self.ids.partition_point(|row| key_of(*row).is_some_and(|other| other < *key))
    }

    fn put_many(&mut self, changes: &[(LeadId, Option<RowKey>)], key_of: KeyOf<'_>) {
        // A lead may be named twice; the last word counts.
        let last: FxHashMap<LeadId, &Option<RowKey>> = changes.iter().map(|(l, key)| (*l, key)).collect();
        self.ids.retain(|lead| !last.contains_key(lead));
        let mut new: Vec<&RowKey> = last.into_values().flatten().collect();
        new.sort_unstable();
        let mut merged = Vec::with_capacity(self.ids.len() + new.len());
        let mut from = 0;
        for key in new {
            let at = self.place(key, key_of).max(from);
            merged.extend(self.ids.get(from..at).unwrap_or_default());
            merged.push(key.lead);
            from = at;
        }
        merged.extend(self.ids.get(from..).unwrap_or_default());
        self.ids = merged;
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
            batches in prop::collection::vec(prop::collection::vec((0..80u64, prop::option::of((0..3u8, 0..9i64))), 0..30), 1..9)
        ) {
            let mut rows = Rows::default();
            let mut truth: FxHashMap<LeadId, RowKey> = FxHashMap::default();
            for batch in batches {
                let changes: Vec<_> =
                    batch.iter().map(|(l, k)| (LeadId(*l), k.map(|(g, at)| key(*l, g, at)))).collect();
                // The desk names a lead with the key it has after all of them.
                let last: FxHashMap<LeadId, Option<RowKey>> = changes.iter().cloned().collect();
                let changes: Vec<_> = changes.iter().map(|(lead, _)| (*lead, last[lead].clone())).collect();
                for (lead, key) in &changes {
                    match key {
                        Some(key) => truth.insert(*lead, key.clone()),
                        None => truth.remove(lead),
                    };
                }
                rows.put(&changes, &|lead| truth.get(&lead).cloned());
                let mut fresh = Rows::default();
                fresh.fill(truth.values().cloned());
                prop_assert_eq!(rows.ids(), fresh.ids());
            }
        }
    }
}
