//! Leads by their external id, and how leads stand, read from the file beside the running desk.

use std::path::Path;

use super::super::context::Done;
use crate::model::event::Body;
use crate::model::id::LeadId;
use crate::model::lead::{Lead, LeadState};
use crate::store::{FoundBy, LeadOrder, LeadPage, PAGE_MAX, Store};

/// Most ids searched for in every system; finding one searches texts too, which is slow.
const SEARCHES_MAX: usize = 200;

/// A connection of its own for look-ups.
pub struct Lookup {
    store: Store,
    /// Systems the ids of this file turned out to be from.
    systems: Vec<String>,
    searches: usize,
}

/// What an external id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    One(LeadId),
    Nobody,
    /// Leads of several systems have it.
    Several,
}

impl Lookup {
    /// Opens the desk's file; `system` = the only one to look in.
    ///
    /// # Errors
    /// The file's.
    pub fn open(path: &Path, system: Option<&str>) -> Done<Lookup> {
        let store = Store::open_readonly(path)?;
        let searches = if system.is_some() { SEARCHES_MAX } else { 0 };
        Ok(Lookup { store, systems: system.map(str::to_owned).into_iter().collect(), searches })
    }

    /// The leads known in `system`, in the order asked.
    ///
    /// # Errors
    /// The file's.
    pub fn known<'i>(&self, system: &str, ids: impl Iterator<Item = &'i str>) -> Done<Vec<Option<LeadId>>> {
        Ok(self.store.known(system, ids)?)
    }

    /// What each id names, in the given system or in those the ids turn out to be from.
    ///
    /// # Errors
    /// The file's.
    pub fn named(&mut self, ids: &[&str]) -> Done<Vec<Named>> {
        let mut found = vec![Named::Nobody; ids.len()];
        for system in self.systems.clone() {
            let known = self.known(&system, ids.iter().copied())?;
            merge(&mut found, &known);
        }
        for (at, id) in ids.iter().enumerate() {
            if found.get(at) == Some(&Named::Nobody)
                && self.searches < SEARCHES_MAX
                && let Some(system) = self.search(id)?
            {
                // The ids after it are most likely of the same system: ask for all of them exactly.
                let known = self.known(&system, ids.iter().copied())?;
                merge(&mut found, &known);
                self.systems.push(system);
            }
        }
        Ok(found)
    }

    /// The system of some lead with this external id.
    fn search(&mut self, id: &str) -> Done<Option<String>> {
        self.searches += 1;
        let found = self.store.find(id, PAGE_MAX)?;
        let Some(hit) = found.iter().find(|f| f.by == FoundBy::ExternalId) else { return Ok(None) };
        let events = self.store.lead_events(hit.lead)?;
        Ok(events.iter().find_map(|e| match &e.body {
            Body::LeadReceived(r) => Some(r.system.to_string()),
            _ => None,
        }))
    }

    /// Whether the log says already that `lead` went to `to` at `at`.
    ///
    /// # Errors
    /// The file's.
    pub fn went(&self, lead: LeadId, to: LeadState, at: crate::model::time::Millis) -> Done<bool> {
        let events = self.store.lead_events(lead)?;
        Ok(events.iter().any(|e| {
            matches!(&e.body, Body::LeadProgressed { to: went, happened_at, .. } if *went == to && *happened_at == at)
        }))
    }

    /// A lead's row.
    ///
    /// # Errors
    /// The file's.
    pub fn lead(&self, lead: LeadId) -> Done<Option<Lead>> {
        Ok(self.store.lead(lead)?)
    }

    /// How many of these leads are in each state, in the order of `LeadState::ALL`.
    ///
    /// # Errors
    /// The file's.
    pub fn states(&self, spans: &Spans) -> Done<[u64; 9]> {
        let mut counts = [0; 9];
        for &(first, last) in &spans.0 {
            let mut below = last + 1;
            while below > first {
                let limit = usize::try_from(below - first).unwrap_or(PAGE_MAX).min(PAGE_MAX);
                let order = LeadOrder::NewestFirst;
                let page = LeadPage { order, below: Some(below), limit, ..LeadPage::default() };
                let rows = self.store.leads(&page)?;
                let Some(lowest) = rows.last().map(|row| row.id.0) else { break };
                for row in rows.iter().filter(|row| row.id.0 >= first) {
                    if let Some(count) = counts.get_mut(row.state as usize) {
                        *count += 1;
                    }
                }
                below = lowest;
            }
        }
        Ok(counts)
    }
}

fn merge(found: &mut [Named], known: &[Option<LeadId>]) {
    for (named, known) in found.iter_mut().zip(known) {
        *named = match (*named, *known) {
            (Named::Nobody, Some(lead)) => Named::One(lead),
            (Named::One(one), Some(lead)) if one != lead => Named::Several,
            (named, _) => named,
        };
    }
}

/// Lead ids as ranges: an import's are nearly all in a row, however many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spans(Vec<(u64, u64)>);

impl Spans {
    /// Adds an id; ids mostly come in order.
    pub fn push(&mut self, lead: LeadId) {
        match self.0.last_mut() {
            Some((_, last)) if *last + 1 == lead.0 => *last = lead.0,
            _ => self.0.push((lead.0, lead.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_in_a_row_are_one_span() {
        let mut spans = Spans::default();
        for id in [3, 4, 5, 9, 10] {
            spans.push(LeadId(id));
        }
        assert_eq!(spans, Spans(vec![(3, 5), (9, 10)]));
    }

    #[test]
    fn an_id_in_two_systems_is_ambiguous() {
        let mut found = vec![Named::Nobody, Named::Nobody];
        merge(&mut found, &[Some(LeadId(1)), None]);
        merge(&mut found, &[Some(LeadId(2)), Some(LeadId(3))]);
        assert_eq!(found, vec![Named::Several, Named::One(LeadId(3))]);
    }
}
