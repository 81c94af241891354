//! Which leads stand among the queue's rows: the view and the filter, laid over the world's own indexes. What a filter's text
//! means is `sieve`'s, the order `sorting`'s and `rows`'.

use super::Desk;
use super::rows::RowKey;
use super::sieve::{Filter, Show};
use crate::console::finding::SortBy;
use crate::model::id::LeadId;
use crate::model::lead::{Lead, LeadState};
use rustc_hash::FxHashSet;

impl Desk {
    #[must_use]
    pub fn show(&self) -> Show {
        self.show
    }

    /// Shows another view.
    pub fn set_show(&mut self, show: Show) {
        self.show = show;
        self.refill();
    }

    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Filters by `text`.
    pub fn set_filter(&mut self, text: &str) {
        let filter = Filter::after(&self.filter, text, &self.world);
        let narrows = filter.narrows(&self.filter);
        self.filter = filter;
        if narrows {
            self.narrow();
        } else {
            self.refill();
        }
    }

    /// Shows these leads only, under the name `text`.
    pub fn set_filter_to(&mut self, leads: &[LeadId], text: &str) {
        self.filter = Filter::of_leads(leads, text);
        self.refill();
    }

    /// Persons found in the file for `text`; an answer to an older text is dropped.
    pub fn set_found(&mut self, text: &str, leads: Vec<LeadId>) {
        if self.filter.text() == text {
            let mut changed: Vec<LeadId> = self.filter.found().chain(leads.iter().copied()).collect();
            self.filter.set_found(leads);
            changed.sort_unstable();
            changed.dedup();
            // Whoever asks for other rows wants to see them.
            self.frozen = None;
            self.put_rows(&changed);
        }
    }

    pub(super) fn refill(&mut self) {
        // Whoever asks for other rows wants to see them.
        self.frozen = None;
        self.fill_rows();
    }

    pub(super) fn fill_rows(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        let shown = self.candidates().filter(|lead| self.passes(lead));
        if self.sort.by == SortBy::Serving {
            // Those waiting come in that order; what follows them is put in order here.
            rows.fill_in_order(self.in_order(shown));
        } else {
            rows.fill(shown.map(|lead| self.sort_key(lead)));
        }
        self.rows = rows;
        let ids = if self.sort.by == SortBy::Name { self.rows.ids().to_vec() } else { Vec::new() };
        self.note_nameless(&ids);
    }

    /// Leaves out of the rows what a narrower filter does not pass.
    fn narrow(&mut self) {
        self.frozen = None;
        let mut rows = std::mem::take(&mut self.rows);
        // In the order of their numbers, as they mostly lie in memory: read in the queue's order a hundred thousand rows take
        // four times as long.
        let mut kept = rows.ids().to_vec();
        kept.sort_unstable();
        kept.retain(|lead| self.world.lead(*lead).is_some_and(|lead| self.passes(lead)));
        let kept: FxHashSet<LeadId> = kept.into_iter().collect();
        rows.keep(|lead| kept.contains(&lead));
        self.rows = rows;
    }

    /// The leads the view may show, those waiting in the order of serving before all others.
    fn candidates(&self) -> impl Iterator<Item = &Lead> {
        let (world, show) = (&*self.world, self.show);
        let waiting = world.waiting().iter().filter(move |_| show.has(LeadState::Waiting));
        let parked = world.parked().iter().filter(move |_| show.has(LeadState::Parked));
        let rest = waiting.map(|key| key.lead).chain(parked.copied());
        let has_owned = show.has(LeadState::Assigned);
        let owned = has_owned.then(|| world.leads().filter(|lead| lead.state.is_load()));
        rest.filter_map(|lead| world.lead(lead)).chain(owned.into_iter().flatten())
    }

    /// Ids of `leads` in the order of serving, in which those waiting come already.
    fn in_order<'a>(&self, leads: impl Iterator<Item = &'a Lead>) -> impl Iterator<Item = LeadId> {
        let mut ids: Vec<LeadId> = Vec::new();
        let mut rest: Vec<RowKey> = Vec::new();
        for lead in leads {
            match lead.state {
                LeadState::Waiting => ids.push(lead.id),
                _ => rest.push(RowKey::of(lead)),
            }
        }
        rest.sort_unstable();
        ids.into_iter().chain(rest.into_iter().map(|key| key.lead()))
    }

    /// Puts the rows of these leads where they belong by now.
    pub(super) fn put_rows(&mut self, changed: &[LeadId]) {
        let changes: Vec<_> = changed.iter().map(|id| (*id, self.key_of(*id))).collect();
        let mut rows = std::mem::take(&mut self.rows);
        rows.put(&changes, &|lead| self.world.lead(lead).map(|lead| self.sort_key(lead)));
        self.rows = rows;
    }

    pub(super) fn passes(&self, lead: &Lead) -> bool {
        let name = || self.contacts.get(lead.id).map_or("", |card| card.name.as_str());
        self.show.shows(lead) && self.filter.passes(&self.world, &self.moment, lead, name)
    }

    fn key_of(&self, lead: LeadId) -> Option<RowKey> {
        self.world.lead(lead).filter(|lead| self.passes(lead)).map(|lead| self.sort_key(lead))
    }
}
